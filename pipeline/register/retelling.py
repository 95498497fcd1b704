"""Which obligations of an earlier dispatch a link concerns, and which of the later one's say the same again.

A letter that urges, extends or goes on tells old tasks again: the old ones count, with their own limits. One that
amends, corrects or replaces puts its own words in their place: there the new ones count. A reply or report concerns
what its issuer owes by the earlier dispatch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.register.connection import Register, Row
from pipeline.register.identity import match
from pipeline.register.keys import words_key

Reason = Literal["words", "point", "day", "lead", "only"]

_TELLS_AGAIN = {"urges": "earlier", "extends": "earlier", "continues": "earlier"} | {
    "amends": "later",
    "corrects": "later",
    "replaces": "later",
}
_ALIKE = 0.6  # likeness of two quotes from which they may be the same task
_SAME = 0.8  # and from which it is counted once
_SHARED = 0.5  # share of a reply's subject that the obligation must hold
_SURE_ENOUGH = 0.65  # of a link, to say that a task was answered: a mere basis is not
_FEWEST_WORDS = 3
_PERHAPS = 0.7  # a member of a group whose members are not known
_MOST = 500
_LETTER = 6000  # characters of a letter in which its one new day is looked for
_FACTOR: dict[Reason, float] = {"words": 1.0, "point": 0.95, "day": 0.85, "only": 0.8, "lead": 0.7}

_OBLIGATIONS = """
    SELECT o.id, o.quote, o.label, o.kind,
        (SELECT json_group_array(body_id) FROM duties y
            WHERE y.obligation_id = o.id AND y.is_current AND y.body_id IS NOT NULL) AS bodies,
        (SELECT json_group_array(due) FROM (SELECT due FROM deadlines l
            WHERE l.obligation_id = o.id AND l.status = 'current' AND l.due IS NOT NULL AND l.kind <> 'recurring'
            ORDER BY due)) AS dues
    FROM obligations o WHERE o.dispatch_id = ? AND o.status = 'current' ORDER BY o.position, o.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class _Task:
    """An obligation as it is compared: `words` are the key of its quote, `bodies` owe it, `dues` are its last days."""

    id: int
    words: str
    label: str
    is_task: bool
    bodies: frozenset[int]
    dues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Concern:
    """One row of `link_obligations`."""

    earlier: int
    later: int | None
    reason: Reason
    sure: float = 1.0
    due: str | None = None
    counts: str | None = None


def relate_obligations(register: Register, link_id: int, cited: Row) -> None:
    """Bring the obligations that a link concerns in line with both dispatches."""
    link = register.one("SELECT * FROM links WHERE id = ?", (link_id,))
    assert link is not None
    register.connection.execute("DELETE FROM link_obligations WHERE link_id = ?", (link_id,))
    earlier = _tasks(register, link["earlier_id"])
    if not earlier:
        return
    if link["relation"] in _TELLS_AGAIN:
        found = _told_again(register, link, cited, earlier)
    else:
        found = _answered(register, link, cited, earlier)
    register.connection.executemany(
        "INSERT INTO link_obligations (link_id, obligation_id, later_id, reason, confidence, due, counts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                link_id,
                c.earlier,
                c.later,
                c.reason,
                round(link["confidence"] * _FACTOR[c.reason] * c.sure, 2),
                c.due,
                c.counts,
            )
            for c in found
        ],
    )


def _tasks(register: Register, dispatch_id: int) -> list[_Task]:
    return [
        _Task(
            row["id"],
            words_key(row["quote"]),
            row["label"],
            row["kind"] == "task",
            frozenset(json.loads(row["bodies"])),
            tuple(json.loads(row["dues"])),
        )
        for row in register.rows(_OBLIGATIONS, (dispatch_id, _MOST))
    ]


def _told_again(register: Register, link: Row, cited: Row, earlier: Sequence[_Task]) -> list[_Concern]:
    """Pairs that say the same; where there are none, what the citing clause speaks of, with the one new day."""
    later = _tasks(register, link["dispatch_id"])
    if found := list(_pairs(register, earlier, later, _TELLS_AGAIN[link["relation"]])):
        return found
    new = _new_due(register, link, later)
    sooner = _TELLS_AGAIN[link["relation"]] == "later"  # a correction may also bring a day forward
    return [
        _Concern(t.id, None, reason, due=new if new and (sooner or new > max(t.dues, default="")) else None)
        for t, reason in _spoken_of(register, link, cited, earlier)
    ]


def _pairs(register: Register, earlier: Sequence[_Task], later: Sequence[_Task], counts: str) -> Iterable[_Concern]:
    """Tasks of the two that say the same; told twice only in the same words, and to no body beside those of the one
    that counts."""
    alike = match([t.words for t in earlier], [t.words for t in later], _ALIKE)
    for n, o in alike.items():
        old, new = earlier[o], later[n]
        if old.bodies and new.bodies and not old.bodies & new.bodies:
            continue
        sure = _dice(old.words, new.words)
        kept, hidden = (old, new) if counts == "earlier" else (new, old)
        covered = not hidden.bodies or not kept.bodies or hidden.bodies <= kept.bodies
        twice = sure >= _SAME and covered and not _is_circle(register, old.id, new.id)
        due = next((day for day in new.dues if day not in old.dues), None)
        yield _Concern(old.id, new.id, "words", sure, due, counts if twice else None)


def _is_circle(register: Register, one: int, other: int) -> bool:
    """Two dispatches that cite each other must not hide each other's tasks."""
    row = register.one(
        "SELECT 1 FROM retold_obligations WHERE (obligation_id = ? AND retold_id = ?)"
        " OR (obligation_id = ? AND retold_id = ?)",
        (one, other, other, one),
    )
    return row is not None


def _dice(one: str, other: str) -> float:
    a, b = Counter(one.split()), Counter(other.split())
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def _spoken_of(register: Register, link: Row, cited: Row, earlier: Sequence[_Task]) -> list[tuple[_Task, Reason]]:
    """By the item that is named, the day that is recalled, or because there is but one task."""
    if by_point := _by_point(json.loads(cited["points"]), earlier):
        return [(t, "point") for t in by_point]
    days = _days_in(register, link, link["evidence"])
    if recalled := [t for t in earlier if days & set(t.dues)]:
        return [(t, "day") for t in recalled]
    tasks = [t for t in earlier if t.is_task]
    return [(tasks[0], "only")] if len(tasks) == 1 else []


def _by_point(points: Sequence[str], earlier: Sequence[_Task]) -> list[_Task]:
    """The tasks of an item: of the whole path, else of a path that ends so, if there is but one."""
    if not points:
        return []
    path = ".".join(points).casefold()
    labels = {t.label.casefold() for t in earlier}
    ending = {label for label in labels if label == path or label.endswith(f".{path}")}
    wanted = {path} & labels or (ending if len(ending) == 1 else set())
    below = tuple(f"{label}." for label in wanted)
    return [t for t in earlier if t.label.casefold() in wanted or (below and t.label.casefold().startswith(below))]


def _days_in(register: Register, link: Row, text: str) -> set[str]:
    """The days that words of the later dispatch name."""
    from extractors.dates import find_times, parse_issue  # its lexicon is loaded only where something is saved
    from extractors.text import matchable

    times = find_times(matchable(text).lower(), parse_issue(_issued_on(register, link)))
    return {t.last.isoformat() for t in times if t.kind == "day" and t.last}


def _issued_on(register: Register, link: Row) -> str | None:
    row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (link["dispatch_id"],))
    return row["issued_on"] if row else None


def _new_due(register: Register, link: Row, later: Sequence[_Task]) -> str | None:
    """The one last day to come that the later letter sets: for its tasks, in the citing clause, else anywhere."""
    issued = _issued_on(register, link) or ""
    for days in (
        {day for task in later for day in task.dues},
        _days_in(register, link, link["evidence"]),
        _days_in(register, link, _text(register, link)),
    ):
        if ahead := {day for day in days if day > issued}:
            return ahead.pop() if len(ahead) == 1 else None
    return None


def _text(register: Register, link: Row) -> str:
    row = register.one(
        "SELECT substr(t.text, 1, ?) AS words FROM texts t JOIN dispatches d ON d.file_id = t.file_id WHERE d.id = ?",
        (_LETTER, link["dispatch_id"]),
    )
    return row["words"] if row else ""


def _answered(register: Register, link: Row, cited: Row, earlier: Sequence[_Task]) -> list[_Concern]:
    """What the writer of a reply or report owes by the earlier dispatch, as far as the reply is about it."""
    if link["confidence"] < _SURE_ENOUGH:
        return []
    row = register.one("SELECT issuer_id, subject FROM dispatches WHERE id = ?", (link["dispatch_id"],)) or {}
    owed = _owed_by(register, row.get("issuer_id"), [t.id for t in earlier if t.is_task])
    own = [t for t in earlier if t.id in owed]
    if by_point := _by_point(json.loads(cited["points"]), own):
        return [_Concern(t.id, None, "point", owed[t.id]) for t in by_point]
    about = set(words_key(row.get("subject") or "").split())
    if near := [t for t in own if _is_about(about, t)]:
        return [_Concern(t.id, None, "words", owed[t.id]) for t in near]
    return [_Concern(own[0].id, None, "lead", owed[own[0].id])] if len(own) == 1 else []


def _is_about(about: set[str], task: _Task) -> bool:
    """Whether a task holds so much of a reply's subject that the reply is about it."""
    return len(about) >= _FEWEST_WORDS and len(about & set(task.words.split())) >= _SHARED * len(about)


def _owed_by(register: Register, body_id: int | None, obligations: Sequence[int]) -> dict[int, float]:
    """Those of the obligations that a body owes, by its own name or as a member of a group: surely, or (where it owes
    none so, and a group's members are not known) perhaps."""
    rows = register.rows(
        "SELECT obligation_id AS id, body_id = ? AS own FROM duties WHERE is_current"
        " AND (body_id = ? OR sort = 'group') AND obligation_id IN (SELECT value FROM json_each(?)) ORDER BY own",
        (body_id, body_id, json.dumps(list(obligations))),
    )
    own = {row["id"]: 1.0 for row in rows if row["own"]}
    return own or {row["id"]: _PERHAPS for row in rows}
