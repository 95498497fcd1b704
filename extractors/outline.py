"""Bố cục mục: the tree of items (Phần, Chương, Điều, I, 1, 1.1, a, -, +) that paragraphs form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.markers import Marker
from extractors.paragraphs import Paragraph
from extractors.text import Passage, matchable

_TITLE_RANK = -1
_CHAPEAU_RANK = 19
_PLAIN_RANK = 22
_DEEPEST = 20  # rows within rows of the same kind come to an end in any text


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its number or bullet, its own words, and the items and paragraphs below it.

    A paragraph without a number is an item with `marker` None; it stands below the numbered item it follows.
    `label` is the path of numbers down to it ("II.1.a").
    """

    marker: Marker | None
    passage: Passage
    label: str
    bold: bool
    children: tuple[Item, ...]

    def walk(self) -> Iterator[Item]:
        """This item and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class _Node:
    rank: float
    paragraph: Paragraph
    children: list[_Node] = field(default_factory=list)


def outline(found: Sequence[Paragraph]) -> tuple[Item, ...]:
    """The items at the top of the tree."""
    root = _Node(-2, Paragraph(None, Passage("", ())))
    stack = [root]
    for one in found:
        _settle_title(one.marker, stack)
        rank = _rank(one, stack)
        while stack[-1].rank >= rank:
            stack.pop()
        node = _Node(rank, one)
        stack[-1].children.append(node)
        stack.append(node)
    return tuple(_frozen(n, ()) for n in root.children)


def _settle_title(marker: Marker | None, stack: Sequence[_Node]) -> None:
    """A title that "II." follows without an "I." was the first of that row: a scan lost its number."""
    if marker is None or marker.kind != "roman" or marker.value != 2:
        return
    title = next((n for n in stack[1:] if n.rank == _TITLE_RANK), None)
    if title is not None and not any(n.rank == marker.rank for n in title.children):
        title.rank = marker.rank


def is_title(text: str) -> bool:
    """Whether a paragraph without a number is a heading: in capitals throughout and short."""
    return all(c.isupper() for c in text if c.isalpha()) and 4 < sum(map(str.isalpha, text)) < 200


def _rank(one: Paragraph, stack: list[_Node]) -> float:
    marker = one.marker
    if marker is None:
        return _plain_rank(one, stack)
    if _opens_a_list_within(marker, stack):
        return stack[-1].rank + 0.25
    within = _row_within(marker, stack)
    return marker.rank if within is None else within


def _plain_rank(one: Paragraph, stack: list[_Node]) -> float:
    """Without a number: a title stands at the top, other words below the number they follow, beside the bullets;
    words that announce a list stand above its bullets."""
    if is_title(matchable(one.passage.text)):
        return _TITLE_RANK
    rank = _CHAPEAU_RANK if one.passage.text.rstrip().endswith(":") else _PLAIN_RANK
    numbered = [n.rank for n in stack if n.paragraph.marker is not None and n.paragraph.marker.kind not in _BULLETS]
    return max(rank, numbered[-1] + 0.5) if numbered else rank


_BULLETS = frozenset({"bullet", "plus"})


def _opens_a_list_within(marker: Marker, stack: list[_Node]) -> bool:
    """A row that begins again at its first number under a deeper item that announces a list ("a) ...: 1. ...")."""
    if marker.value != 1 or not any(n.rank == marker.rank for n in stack):
        return False
    if stack[-1].rank >= marker.rank + _DEEPEST:
        return False
    top = stack[-1].paragraph
    return top.marker is not None and top.marker.rank >= marker.rank and top.passage.text.endswith(":")


def _row_within(marker: Marker, stack: list[_Node]) -> float | None:
    """The rank of a row that began again within an item, where this number goes on with it and not with the outer."""
    if marker.value is None:
        return None
    same = [n for n in stack if n.paragraph.marker is not None and n.paragraph.marker.kind == marker.kind]
    if len(same) < 2 or same[-1].rank == marker.rank:
        return None
    inner, outer = (n.paragraph.marker.value for n in (same[-1], same[-2]) if n.paragraph.marker is not None)
    goes_on = inner is not None and marker.value == inner + 1
    return same[-1].rank if goes_on and (outer is None or marker.value != outer + 1) else None


def _frozen(node: _Node, path: tuple[str, ...]) -> Item:
    marker = node.paragraph.marker
    here = path
    if marker is not None and marker.label and marker.kind not in _BULLETS:
        here = (marker.label,) if marker.kind == "decimal" else (*path, marker.label)
    children = tuple(_frozen(child, here) for child in node.children)
    return Item(marker, node.paragraph.passage, ".".join(here), node.paragraph.bold, children)
