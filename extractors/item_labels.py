"""Dòng ghi chú của nhiệm vụ: lines below items that say who, with whom and when ("Cơ quan thực hiện: ...")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from extractors import lexicon
from extractors.agencies import read_bodies
from extractors.drafts import Draft, found_name
from extractors.frames import only_names, read_heading
from extractors.listing import bodies, coordinating
from extractors.model import Found
from extractors.outline import Item
from extractors.predicates import actor_at
from extractors.text import Passage, matchable

_HEAD = 60
_BEGINNING = 4  # letters
_SHORTEST_VALUE = 3
_SECTIONS = frozenset({"part", "chapter", "section", "article", "capital", "roman"})


def is_label(item: Item) -> bool:
    """Whether an item is such a line, a heading over a list of names, or a heading over such lines."""
    if not item.children:
        return ":" in item.passage.text[:_HEAD] and _entry(matchable(item.passage.text)) is not None
    return _heads_names(item) or (_is_short(item) and all(is_label(c) for c in item.children))


def label_values(item: Item) -> Iterator[tuple[str, Passage]]:
    """What a label says: role (lead, coordinating, time, other) and words, one pair for each line of names."""
    plain = matchable(item.passage.text)
    entry = _entry(plain)
    if entry is not None and not item.children:
        m = entry.pattern.match(plain)
        yield entry.role, item.passage.cut(m.end() if m else 0)
    elif entry is None and not _heads_names(item):
        for child in item.children:
            yield from label_values(child)
    for child in item.children if _heads_names(item) else ():
        if not child.passage.text.startswith("("):
            yield _heading_role(item), child.passage


def apart(row: Sequence[Item]) -> Iterator[Item]:
    """The items of a row, the paragraphs that only follow a numbered label ("4. Thời gian: ...") beside it."""
    for item in row:
        follows = bool(item.children) and all(c.marker is None for c in item.children)
        if follows and item.marker is not None and _has_value(own := replace(item, children=())):
            yield own
            yield from item.children
        else:
            yield item


def _has_value(item: Item) -> bool:
    return is_label(item) and any(len(words.text) > _SHORTEST_VALUE for _, words in label_values(item))


def labels_of_all(item: Item) -> list[Item]:
    """The labels below an item that speak for all of it; none where its parts have labels one by one."""
    labels = [n for n, c in enumerate(item.children) if is_label(c)]
    parts = [n for n, c in enumerate(item.children) if c.marker is not None and not is_label(c)]
    return [] if labels and parts and parts[0] < labels[0] < parts[-1] else [item.children[n] for n in labels]


def _entry(plain: str) -> lexicon.Entry | None:
    return next((e for e in _entries_for(plain[:_BEGINNING]) if e.pattern.match(plain)), None)


@lru_cache(maxsize=2048)
def _entries_for(head: str) -> tuple[lexicon.Entry, ...]:
    """The entries that a text can match which begins with these letters: a quick look, for most items are no labels."""
    return tuple(e for e in lexicon.load("item_labels") if e.pattern.match(head, partial=True))


def _is_short(item: Item) -> bool:
    if item.marker is not None and item.marker.kind in _SECTIONS:
        return False
    return len(item.passage.text) < _HEAD and _heading_role(item) in {"lead", "coordinating"}


def _heading_role(item: Item) -> str:
    """The role of a label that stands as a heading ("Cơ quan chủ trì", "Cơ quan chủ trì, phối hợp")."""
    plain = matchable(item.passage.text).rstrip(" .:")
    for words in (plain, plain.split(",", 1)[0]):
        entry = _entry(words + ": ")
        if entry is not None:
            return entry.role
    return ""


def _heads_names(item: Item) -> bool:
    if not _is_short(item) or "," in item.passage.text or any(c.children for c in item.children):
        return False
    named = [matchable(c.passage.text) for c in item.children if not c.passage.text.startswith("(")]
    return bool(named) and all(_is_names(plain) for plain in named)


def _is_names(plain: str) -> bool:
    return (actor_at(plain, 0) is not None or bool(read_bodies(plain, 0))) and only_names(plain, 0)


def apply_leads(values: Sequence[Passage], drafts: Sequence[Draft]) -> None:
    """What a label of leads says, to the drafts that name nobody themselves."""
    plain = matchable(values[0].text)
    helpers = _places(values[0], coordinating(plain), "coordinating.row")
    reading = read_heading(plain) if len(values) == 1 else None
    lead = _places(values[0], reading.lead, "lead.row") if reading and reading.lead else named_in(values, "lead.row")
    for d in drafts:
        if not d.own_lead:
            d.lead, d.own_lead = lead, True
            d.coordinating = helpers or d.coordinating


def named_in(values: Sequence[Passage], rule: str) -> tuple[Found[str], ...]:
    """The bodies that the words of labels name."""
    return tuple(f for value in values for f in _places(value, _all_bodies(matchable(value.text)), rule))


def _places(value: Passage, places: Sequence[tuple[int, int]], rule: str) -> tuple[Found[str], ...]:
    return tuple(found_name(value.cut(a, b), rule) for a, b in places)


def _all_bodies(plain: str) -> tuple[tuple[int, int], ...]:
    return bodies(plain, 0, len(plain.rstrip(" .;")))
