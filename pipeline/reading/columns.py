"""Two-column strips: a letterhead, or Nơi nhận beside the signature, found by the empty gutter that runs down them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.reading.layout import Piece, Row, gaps_of, piece, rows_of, usual_gap

_GUTTER = 7.0
_WIDE = 1.5
_SIDE = 40.0
_SIGNING_SPACE = 150.0
_NEAR = 1.8
_CENTRED = 25.0
_INDENT = 14.0
_EDGE = 3.0
_OVERHANG = 0.4
_MOST_ROWS = 150
_MEMORY = 40


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows `first` to `last` (inclusive) that fall apart at the gutter between the x positions `left` and `right`.

    Where it `overhangs`, its last row is the end of the left column, and runs on over the gutter.
    """

    first: int
    last: int
    left: float
    right: float
    paired: int = 0
    overhangs: bool = False

    @property
    def middle(self) -> float:
        """Where the gutter runs: words left and right of it belong to one column each."""
        return (self.left + self.right) / 2


def pieces_of(rows: Sequence[Row]) -> list[Piece]:
    """The rows of a page (or of the part between two tables) as lines in reading order, columns told apart."""
    out: list[Piece] = []
    at = 0
    for strip in strips_of(rows):
        out.extend(piece(row) for row in rows[at : strip.first])
        out.extend(_sides(rows, strip))
        at = strip.last + 1
    out.extend(piece(row) for row in rows[at:])
    return out


def strips_of(rows: Sequence[Row]) -> list[Strip]:
    """The two-column strips from top to bottom; they do not overlap."""
    found: list[Strip] = []
    at = 0
    while at < len(rows):
        tried = (_grown(rows, at, gap, found[-1].last + 1 if found else 0) for gap in _openings(rows[at]))
        good = [s for s in tried if s and _holds(rows, s)]
        if good:
            found.append(_with_overhang(rows, max(good, key=lambda s: (s.paired, s.right - s.left))))
            at = found[-1].last
        at += 1
    return found


def _sides(rows: Sequence[Row], strip: Strip) -> list[Piece]:
    end = strip.last if strip.overhangs else strip.last + 1
    left, right = _columns(rows[strip.first : end], strip.middle)
    left += rows[end : strip.last + 1]
    return [piece(r, 0) for r in left] + [piece(r, 1) for r in right]


def _with_overhang(rows: Sequence[Row], strip: Strip) -> Strip:
    """The strip with the row below, where that ends the left column's paragraph and nothing stands right of it."""
    if strip.last + 1 == len(rows):
        return strip
    row, above = rows[strip.last + 1], rows[strip.last]
    close = row.top - above.bottom < _OVERHANG * row.height and abs(row.x0 - above.x0) < _EDGE
    inside = above.x1 < strip.right and row.x0 + row.x1 < 2 * strip.middle
    last = strip.last + 2 == len(rows) or rows[strip.last + 2].top - row.bottom > row.height
    return replace(strip, last=strip.last + 1, overhangs=True) if close and inside and last else strip


def _openings(row: Row) -> list[tuple[float, float]]:
    """The gaps of a row that are too wide for a space: a gutter may run there."""
    gaps = gaps_of(row)
    wide = [(a, b) for a, b in gaps if b - a >= _GUTTER]
    if not wide or len(gaps) == 1:
        return wide
    if len(gaps) > 2 and min(b - a for a, b in gaps) > row.height / 2:
        return []  # a line stretched to the margins: all its spaces are wide
    least = 1.8 * usual_gap(row)
    return [(a, b) for a, b in wide if b - a >= least]


def _grown(rows: Sequence[Row], at: int, gap: tuple[float, float], floor: int) -> Strip | None:
    """The strip that grows from one row with a gap, downwards and upwards as far as the gutter stays empty."""
    strip = Strip(at, at, *gap, paired=1)
    left, right = _columns([rows[at]], strip.middle)
    for n in range(at + 1, min(len(rows), at + _MOST_ROWS)):
        wider = _joined_below(rows, strip, n, (left[-_MEMORY:], right[-_MEMORY:]))
        if wider is None:
            break
        strip = wider
        more_left, more_right = _columns([rows[n]], strip.middle)
        left += more_left
        right += more_right
    tried = strip
    for n in range(at - 1, max(floor, at - _MOST_ROWS) - 1, -1):
        found = _joined_above(rows[n], n, tried, (left[:1], right[:1]), listed=tried is not strip)
        if found is None:
            break
        tried, sure = found
        if sure:
            strip = tried
        more_left, more_right = _columns([rows[n]], tried.middle)
        left[:0] = more_left
        right[:0] = more_right
    return strip


def _joined_below(rows: Sequence[Row], strip: Strip, n: int, above: tuple[list[Row], list[Row]]) -> Strip | None:
    row = rows[n]
    for narrowed, left, right in _narrowings(strip, row):
        if left and right:
            near = row.top - rows[n - 1].bottom < 4 * row.height
            fits = near and narrowed.right - narrowed.left > 1.8 * usual_gap(row) and _in_line(row, narrowed, above)
        else:
            fits = _continues_left(row, above[0], rows[n - 1]) if left else _continues_right(row, above[1])
        if fits:
            return replace(narrowed, last=n, paired=strip.paired + (left and right))
    return None


def _in_line(row: Row, strip: Strip, above: tuple[list[Row], list[Row]]) -> bool:
    """Whether at least one half of a row stands as its column stands: centred, or at its edge."""
    for half, column in zip(_columns([row], strip.middle), above, strict=True):
        if not half or not column or abs(_centre(half[0]) - median(_centre(r) for r in column)) < _CENTRED:
            return True
    return bool(above[0]) and abs(row.x0 - above[0][-1].x0) < _INDENT / 2


def _continues_left(row: Row, above: list[Row], before: Row) -> bool:
    """What stands left goes on at its own left edge or centred, with no gap but one row (`before`) at the right."""
    if not above or row.top - max(above[-1].bottom, min(before.bottom, above[-1].bottom + row.height)) > row.height:
        return False
    edge = min(r.x0 for r in above)
    listed = abs(row.x0 - edge) < _INDENT and abs(above[-1].x0 - edge) < _INDENT
    return listed or abs(_centre(row) - median(_centre(r) for r in above)) < _CENTRED


def _continues_right(row: Row, above: list[Row]) -> bool:
    """What stands right is centred; room for the signature may lie between."""
    if not above or row.top - above[-1].bottom > _SIGNING_SPACE:
        return False
    return any(abs(_centre(row) - _centre(r)) < _CENTRED for r in above)


def _joined_above(
    row: Row, n: int, strip: Strip, columns: tuple[list[Row], list[Row]], listed: bool
) -> tuple[Strip, bool] | None:
    """The strip with a row above it, and whether that row surely belongs to it.

    What stands right is centred over its column; beside a list (`listed`) room for the signature may lie between. What
    stands left belongs where something at the right begins as high: the last line of a body above does not.
    """
    for narrowed, left, right in _narrowings(strip, row):
        below, beside = columns if left else columns[::-1]
        if not below or (left and right):
            continue
        gap, off_centre = below[0].top - row.bottom, abs(_centre(row) - _centre(below[0]))
        if right and gap < (_SIGNING_SPACE if listed else _NEAR * row.height):
            return (replace(narrowed, first=n), True) if off_centre < _CENTRED / (1 if listed else 2) else None
        if left and beside and row.bottom > beside[0].top and gap < _NEAR * row.height and off_centre < _CENTRED / 2:
            return replace(narrowed, first=n), True
        if left and gap < row.height and abs(row.x0 - below[0].x0) < _INDENT:
            return replace(narrowed, first=n), bool(beside) and row.bottom > beside[0].top
    return None


def _narrowings(strip: Strip, row: Row) -> list[tuple[Strip, bool, bool]]:
    """How the gutter can run on through a row: what is left of it, and whether words stand left and right of it."""
    ways = []
    through = [(max(a, strip.left), min(b, strip.right)) for a, b in gaps_of(row)]
    wide = [(b - a, a, b) for a, b in through if b - a >= _GUTTER]
    if wide:
        _, a, b = max(wide)
        ways.append((replace(strip, left=a, right=b), True, True))
    if strip.right - max(strip.left, row.x1) >= _GUTTER:
        ways.append((replace(strip, left=max(strip.left, row.x1)), True, False))
    if min(strip.right, row.x0) - strip.left >= _GUTTER:
        ways.append((replace(strip, right=min(strip.right, row.x0)), False, True))
    return ways


def _columns(rows: Sequence[Row], middle: float) -> tuple[list[Row], list[Row]]:
    words = [w for row in rows for w in row.words]
    left = rows_of(w for w in words if w.x0 + w.x1 < 2 * middle)
    return left, rows_of(w for w in words if w.x0 + w.x1 >= 2 * middle)


def _holds(rows: Sequence[Row], strip: Strip) -> bool:
    """Whether a strip is two columns rather than a list with tabs, a row of numbers or a river in a paragraph."""
    part = rows[strip.first : strip.last + 1]
    left, right = _columns(part, strip.middle)
    if not left or not right or min(_width(left), _width(right)) < _SIDE:
        return False
    height = max(r.height for r in part)
    opening = max(b - a for row in part for a, b in gaps_of(row) if a < strip.middle < b)
    return len(left) + len(right) > 2 and opening > _WIDE * height and not _tabbed(right)


def _tabbed(right: list[Row]) -> bool:
    """Whether lines start at one x and end anywhere: the second part of a list with tabs, read across."""
    if len(right) < 2:
        return False
    lines = [r for r in right if sum(len(w.text) for w in r.words) > 3]
    starts, ends = [r.x0 for r in lines], [r.x1 for r in lines]
    return len(ends) > 1 and max(ends) - min(ends) > max(4.0, 3 * (max(starts) - min(starts)))


def _centre(row: Row) -> float:
    return (row.x0 + row.x1) / 2


def _width(rows: list[Row]) -> float:
    return max(r.x1 for r in rows) - min(r.x0 for r in rows)
