"""Đề xuất quy tắc: what was corrected several times in the same way, as an entry that the lexicon could have.

Nothing is changed: a person reads the proposal with its examples, sees what it would touch, and decides.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from extractors import lexicon
from pipeline.learning.likeness import opening, pattern_of, replaced_names, shape
from pipeline.register import Register, Row
from pipeline.register.corrected import confirmed_targets, corrected, found_now, names_now
from pipeline.register.keys import words_key

_Key = TypeVar("_Key")
Kind = Literal["alias", "counterexample", "pattern", "verb", "value"]
LEAST = 3
_NAME_FIELDS = ("issuer", "addressees", "lead", "coordinating")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed entry of the lexicon, or an example against an entry that it has.

    `file` and `entry` (the id of a rule) say where it belongs, None where no entry is known; `text` is the TOML that
    could be written there. `examples` are the corrections that teach it (public id, words, what a person made of them).
    `touches` are the rows of the register that it would change, `against` those among them that a person took as right
    as they are: with any of these the proposal is doubtful.
    """

    kind: Kind
    words: str
    becomes: str
    times: int
    file: str | None
    entry: str | None
    text: str
    examples: tuple[tuple[str, str, str], ...]
    touches: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    """Corrections of one way: what they teach, each target once."""

    rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    rule: str | None = None

    def add(self, row: Row, words: str, became: str) -> None:
        self.rows[row["target"]] = words, became
        self.rule = self.rule or row["rule"]

    @property
    def examples(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((target, *told) for target, told in list(self.rows.items())[:_SHOWN])


def suggestions(register: Register, *, least: int = LEAST) -> list[Suggestion]:
    """What at least so many corrections of different rows say alike, the most frequent first."""
    rows = corrected(register)
    confirmed = confirmed_targets(register)
    found: list[Suggestion] = []
    for way in (_aliases, _values, _deletions, _additions):
        found += way(register, rows, confirmed, least)
    return sorted(found, key=lambda one: (-one.times, one.kind, one.words))


def _aliases(register: Register, rows: list[Row], confirmed: set[str], least: int) -> Iterator[Suggestion]:
    """A name that people write out or put right: another name of the same body."""
    groups: dict[tuple[str, str], _Group] = defaultdict(_Group)
    for row in _of(rows, "correct", _NAME_FIELDS):
        for before, after in replaced_names(row["old"], row["new"]):
            groups[words_key(before), words_key(after)].add(row, before, after)
    for (key, _), group in _frequent(groups, least):
        before, after = next(iter(group.rows.values()))
        names = [name for name_field in _NAME_FIELDS for name in names_now(register, name_field)]
        touches = _once(row["target"] for row in names if words_key(row["name"]) == key)
        yield Suggestion(
            kind="alias",
            words=before,
            becomes=after,
            times=len(group.rows),
            file="body_aliases",
            entry=None,
            text=_toml(
                id=f"alias.{key.replace(' ', '_')}",
                role="word",
                value=after.lower(),
                forms=[before.lower()],
                source=_source(group),
                examples=[before],
                counterexamples=[],
            ),
            examples=group.examples,
            touches=touches,
            against=_against(touches, confirmed, group),
        )


def _values(register: Register, rows: list[Row], confirmed: set[str], least: int) -> Iterator[Suggestion]:
    """Another kind or boundary of limits with the same words, another kind or modality of what one rule finds."""
    groups: dict[tuple[str, str, str, str, str], _Group] = defaultdict(_Group)
    for row in _of(rows, "correct", ("kind", "boundary", "modality")):
        words = shape(row["quote"]) if row["kind"] == "deadline" else opening(row["quote"])
        key = (row["kind"], row["field"], words, row["old"] or "", row["new"] or "")
        groups[key].add(row, row["quote"], f"{row['field']}: {row['new'] or '-'}")
    for (kind, name, words, old, new), group in _frequent(groups, least):
        like = shape if kind == "deadline" else opening
        now = [row for row in found_now(register, kind, None) if row[name] == (old or None)]
        touches = _once(row["target"] for row in now if like(row["quote"]) == words)
        yield _of_rule("value", words, f"{name}: {old or '-'} -> {new or '-'}", group, touches, confirmed)


def _deletions(register: Register, rows: list[Row], confirmed: set[str], least: int) -> Iterator[Suggestion]:
    """What a rule finds and people delete: an example against the rule."""
    groups: dict[tuple[str, str, str], _Group] = defaultdict(_Group)
    for row in rows:
        if row["action"] == "delete" and row["origin"] == "reading":
            words = shape(row["quote"]) if row["kind"] == "deadline" else opening(row["quote"])
            groups[row["kind"], row["rule"], words].add(row, row["quote"], "")
    for (kind, rule, words), group in _frequent(groups, least):
        like = shape if kind == "deadline" else opening
        touches = _once(row["target"] for row in found_now(register, kind, rule) if like(row["quote"]) == words)
        yield _of_rule("counterexample", words, "", group, touches, confirmed)


def _additions(register: Register, rows: list[Row], confirmed: set[str], least: int) -> Iterator[Suggestion]:
    """What no rule finds and people add: the words of a limit, or those that tell somebody to act."""
    groups: dict[tuple[str, str], _Group] = defaultdict(_Group)
    for row in rows:
        if row["action"] == "add":
            words = shape(row["quote"]) if row["kind"] == "deadline" else opening(row["quote"])
            groups[row["kind"], words].add(row, row["quote"], "")
    for (kind, words), group in _frequent(groups, least):
        quotes = [quote for quote, _ in group.rows.values()][:_SHOWN]
        if kind == "deadline":
            entry: dict[str, object] = {
                "id": f"deadline.{words_key(words).replace(' ', '_')}",
                "pattern": pattern_of(words),
            }
        else:
            entry = {"id": f"task.verb.{words_key(words).replace(' ', '_')}", "role": "verb", "forms": [words]}
        yield Suggestion(
            kind="pattern" if kind == "deadline" else "verb",
            words=words,
            becomes="",
            times=len(group.rows),
            file="dates" if kind == "deadline" else "directive_verbs",
            entry=None,
            text=_toml(**entry, source=_source(group), examples=quotes, counterexamples=[]),
            examples=group.examples,
        )


def _of_rule(
    kind: Kind, words: str, becomes: str, group: _Group, touches: tuple[str, ...], confirmed: set[str]
) -> Suggestion:
    """A proposal that concerns an entry which the lexicon has."""
    quotes = [quote for quote, _ in group.rows.values()][:_SHOWN]
    return Suggestion(
        kind=kind,
        words=words,
        becomes=becomes,
        times=len(group.rows),
        file=_files().get(group.rule or ""),
        entry=group.rule,
        text=_toml(counterexamples=quotes),
        examples=group.examples,
        touches=touches,
        against=_against(touches, confirmed, group),
    )


def _of(rows: Iterable[Row], action: str, fields: tuple[str, ...]) -> Iterator[Row]:
    return (row for row in rows if row["action"] == action and row["field"] in fields)


def _frequent(groups: dict[_Key, _Group], least: int) -> Iterator[tuple[_Key, _Group]]:
    return ((key, group) for key, group in groups.items() if len(group.rows) >= least)


def _once(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(targets))


def _against(touches: tuple[str, ...], confirmed: set[str], group: _Group) -> tuple[str, ...]:
    return tuple(target for target in touches if target in confirmed and target not in group.rows)


def _files() -> dict[str, str]:
    """In which file of the lexicon each rule stands."""
    return {entry.id: name for name in lexicon.names() for entry in lexicon.load(name)}


def _source(group: _Group) -> str:
    return f"corrected by people: {len(group.rows)}"


def _toml(**keys: object) -> str:
    """The keys as lines of TOML, whose strings and lists of strings are written as JSON writes them."""
    head = ["[[entry]]"] if "id" in keys else []
    lines = [f"{key} = {_literal(key, value)}" for key, value in keys.items()]
    return "\n".join(head + lines)


def _literal(key: str, value: object) -> str:
    if key == "pattern" and "'" not in str(value):
        return f"'''{value}'''"
    return json.dumps(value, ensure_ascii=False)
