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
from datetime import date
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
_MOST = 500
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
    later = _tasks(register, link["dispatch_id"])
    counts = _TELLS_AGAIN[link["relation"]]
    found = list(_pairs(register, earlier, later, counts))
    new = _new_due(register, link, later)
    if not found:
        found = [
            _Concern(t.id, None, reason, due=_later(new, t)) for t, reason in _spoken_of(register, link, cited, earlier)
        ]
    return found


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
    days = _days_in(register, link)
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


def _days_in(register: Register, link: Row) -> set[str]:
    """The days that the citing clause names, beside the cited document's own."""
    from extractors.dates import find_times, parse_issue  # its lexicon is loaded only where something is saved
    from extractors.text import matchable

    row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (link["dispatch_id"],)) or {}
    times = find_times(matchable(link["evidence"]).lower(), parse_issue(row.get("issued_on")))
    return {t.last.isoformat() for t in times if t.kind == "day" and t.last}


def _new_due(register: Register, link: Row, later: Sequence[_Task]) -> str | None:
    """The one new last day that an extending or urging letter sets."""
    days = {day for t in later for day in t.dues} or _days_in(register, link)
    row = register.one("SELECT issued_on FROM dispatches WHERE id = ?", (link["dispatch_id"],)) or {}
    ahead = {day for day in days if day >= (row.get("issued_on") or "")}
    return ahead.pop() if len(ahead) == 1 else None


def _later(new: str | None, task: _Task) -> str | None:
    """A new day counts only where it lies after the old one."""
    return new if new and (not task.dues or date.fromisoformat(new) > date.fromisoformat(max(task.dues))) else None


def _answered(register: Register, link: Row, cited: Row, earlier: Sequence[_Task]) -> list[_Concern]:
    """What the writer of a reply or report owes by the earlier dispatch, as far as the reply is about it."""
    row = register.one("SELECT issuer_id, subject FROM dispatches WHERE id = ?", (link["dispatch_id"],)) or {}
    owed = _owed_by(register, row.get("issuer_id"), [t.id for t in earlier if t.is_task])
    own = [t for t in earlier if t.id in owed]
    if by_point := _by_point(json.loads(cited["points"]), own):
        return [_Concern(t.id, None, "point") for t in by_point]
    about = set(words_key(row.get("subject") or "").split())
    shares = [(len(about & set(t.words.split())) / len(about), t) for t in own] if len(about) >= 3 else []
    if near := [t for share, t in shares if share >= _SHARED]:
        return [_Concern(t.id, None, "words") for t in near]
    return [_Concern(own[0].id, None, "lead")] if len(own) == 1 else []


def _owed_by(register: Register, body_id: int | None, obligations: Sequence[int]) -> set[int]:
    """Those of the obligations that a body owes, by its own name or as a member of a group."""
    if body_id is None or not obligations:
        return set()
    rows = register.rows(
        "SELECT DISTINCT obligation_id AS id FROM duties WHERE body_id = ? AND is_current"
        " AND obligation_id IN (SELECT value FROM json_each(?))",
        (body_id, json.dumps(list(obligations))),
    )
    return {row["id"] for row in rows}
