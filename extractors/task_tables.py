"""Bảng nhiệm vụ: one duty a row, who and when from the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from extractors.agencies import read_bodies
from extractors.deadlines import find_limits
from extractors.drafts import Draft, deadline, found_name
from extractors.flat_tables import flat_tables
from extractors.frames import read_heading
from extractors.listing import bodies, coordinating
from extractors.markers import marker_at
from extractors.model import Cell, Deadline, Document, Line, Span
from extractors.own_times import kept
from extractors.patterns import one_pattern, word
from extractors.persons import is_person
from extractors.predicates import actor_at
from extractors.task_columns import Columns, columns_named, columns_seen
from extractors.text import Passage, matchable, passage

_HEADER_ROWS = 3
_LABEL = regex.compile(r"(?:[\p{Lu}l|]\s?){1,5}\.?")
_DIRT = regex.compile(r"^[^\p{L}\d]+|[^\p{L}\d)]+$")
_FIGURE = regex.compile(r"[-+±(]?\d[\d.,/ ]*%?\)?(?<!\d{1,2}[/.]\d{4})(?<!\d{1,2}/\d{1,2})")
_FIGURES = 0.35
_ONLY_NUMBER = regex.compile(r"^[\d.IVXivxa-zđ]{0,6}[.)]?$")


def table_drafts(
    document: Document, part: Span, issued_on: str | None, noise: Sequence[Span] = (), directive: bool = True
) -> tuple[list[Draft], list[Span]]:
    """The rows of the task tables in one part as drafts, and the stretches that tables of any kind take up."""
    drafts: list[Draft] = []
    taken: list[Span] = []
    columns: Columns | None = None
    context: tuple[Deadline, ...] = ()
    for table in document.tables:
        if table.start < part.start or table.end > part.end:
            continue
        taken.append(Span(table.start, table.end))
        rows = [[_words(document, cell) for cell in row] for row in table.rows]
        found, skip = _header(rows)
        if found is not None:
            columns = found
        elif columns is None or not rows or len(rows[0]) != columns.count:
            columns = columns_seen([[matchable(cell.text) for cell in row] for row in rows])
        if columns is None:
            continue
        true = _with_true_leads(rows[skip:], columns, directive)
        if true is None or _tells_no_tasks(rows[skip:], true):
            continue
        context = _read(rows[skip:], true, context, issued_on, drafts)
    for flat in flat_tables(document, part, [*noise, *taken]):
        taken.append(flat.span)
        true = _with_true_leads(flat.rows, flat.columns, directive)
        if true is not None and not _tells_no_tasks(flat.rows, true):
            _read(flat.rows, true, (), issued_on, drafts)
    return drafts, taken


def carries_tasks_on(document: Document) -> bool:
    """Whether it is a page out of a task table: its header is lost, its cells say who leads, who helps and by when."""
    for table in document.tables:
        rows = [[_words(document, cell) for cell in row] for row in table.rows]
        if _header(rows)[0] is None:
            columns = columns_seen([[matchable(cell.text) for cell in row] for row in rows])
            return columns is not None and columns.coordinating is not None
    return False


def _read(
    rows: Sequence[Sequence[Passage]],
    columns: Columns,
    context: tuple[Deadline, ...],
    issued_on: str | None,
    drafts: list[Draft],
) -> tuple[Deadline, ...]:
    """The rows below a header as drafts; gives back the limits of the heading that stands last among them."""
    for row in rows:
        if (heading := _section(row)) is not None:
            limits = find_limits(heading.text, issued_on, "heading")
            context = tuple(deadline(heading.cut(x.start, x.end), x, "heading") for x in limits)
            continue
        drafts.extend(_row(row, columns, context, issued_on))
    return context


def _tells_no_tasks(rows: Sequence[Sequence[Passage]], columns: Columns) -> bool:
    return _is_agenda(rows, columns) or _is_statistics(rows)


def _with_true_leads(rows: Sequence[Sequence[Passage]], columns: Columns, directive: bool) -> Columns | None:
    """The columns without one of leads that holds none; None for a table that then tells nothing but measures, in a
    dispatch that does not set aims."""
    if columns.lead is not None and _leads_are_no_names(rows, columns):
        columns = replace(columns, lead=None, measured=True)
    return None if columns.measured and columns.lead is None and not directive else columns


def _leads_are_no_names(rows: Sequence[Sequence[Passage]], columns: Columns) -> bool:
    """Whether what stands in the column of leads is mostly something else: units, figures, sentences."""
    at = columns.lead
    if at is None:
        return False
    cells = [_DIRT.sub("", matchable(row[at].text)) for row in rows if len(row) > at and len({c.text for c in row}) > 2]
    said = [cell for cell in cells if cell]
    named = sum(actor_at(cell, 0) is not None or bool(read_bodies(cell)) or is_person(cell) for cell in said)
    return 2 * named < len(said)


def _is_agenda(rows: Sequence[Sequence[Passage]], columns: Columns) -> bool:
    """A programme of a meeting: hour by hour, or with the points that every meeting has."""
    points = (matchable(row[columns.task].text) for row in rows if len(row) > columns.task)
    if sum(word("agenda").search(point) is not None for point in points) > 1:
        return True
    at = columns.time
    return at is not None and any(len(row) > at and word("clock").search(matchable(row[at].text)) for row in rows)


def _is_statistics(rows: Sequence[Sequence[Passage]]) -> bool:
    """Whether a table tells figures ("Chỉ tiêu | Đơn vị | Kế hoạch | Thực hiện"): many of its cells are but numbers."""
    said = [cell.text for row in rows for cell in row[1:] if cell.text]
    figures = [text for text in said if _FIGURE.fullmatch(text)]
    return len(figures) > max(2, _FIGURES * len(said))


def _words(document: Document, cell: Cell) -> Passage:
    lines = []
    at = cell.start
    for piece in document.text[cell.start : cell.end].split("\n"):
        lines.append(Line(at, at + len(piece)))
        at += len(piece) + 1
    return passage(document, lines)


def _header(rows: Sequence[Sequence[Passage]]) -> tuple[Columns | None, int]:
    """The columns that the first rows name, and how many rows do so."""
    for n, row in enumerate(rows[:_HEADER_ROWS]):
        names = [matchable(cell.text).strip() for cell in row]
        if columns := columns_named(names):
            skip = n + 1
            while skip < len(rows) and _numbers_columns(rows[skip]):
                skip += 1
            return columns, skip
    return None, 0


def _numbers_columns(row: Sequence[Passage]) -> bool:
    """The row "(1) (2) (3)" below a header."""
    return all(regex.fullmatch(r"\(?\d{0,2}\)?", cell.text) for cell in row)


def _section(row: Sequence[Passage]) -> Passage | None:
    """A row that is a heading: one text across, or a number and one text."""
    texts = list({cell.text: cell for cell in row if cell.text}.values())
    if not texts:
        return None
    if len(texts) == 1 and len(row) > 1:
        return texts[0]
    if len(texts) == 2 and len(row) > 2 and len({cell.text for cell in row[1:]}) == 1:
        return texts[1]
    words = [cell for cell in texts[1:] if not _ONLY_NUMBER.match(cell.text)]
    # whatever a recognised Roman number was taken for: "VỊ", "HI"
    return words[0] if len(words) == 1 and len(row) > 2 and _LABEL.fullmatch(texts[0].text) else None


def _row(
    row: Sequence[Passage], columns: Columns, context: tuple[Deadline, ...], issued_on: str | None
) -> Iterator[Draft]:
    cells = dict(enumerate(row))
    task = cells.get(columns.task)
    if task is None or _ONLY_NUMBER.match(task.text):
        return
    marker = marker_at(matchable(task.text))
    words = task.cut(marker.end) if marker else task
    words = words.cut(0, len(words.text.rstrip(" ;")))
    if len(words.text) < 5:
        return
    lead_cell = cells.get(columns.lead) if columns.lead is not None else None
    lead, helpers = _names(lead_cell)
    if columns.coordinating is not None and (with_cell := cells.get(columns.coordinating)) is not None:
        helpers = [*helpers, *_list(with_cell)]
    plain = matchable(words.text)
    goal = (
        one_pattern("goals", "figure").search(plain) is not None
        or one_pattern("goals", "reach").search(plain) is not None
    )
    own = _limits(words, "clause", issued_on)
    timed = (
        _limits(cells[columns.time], "column", issued_on) if columns.time is not None and columns.time in cells else ()
    )
    yield Draft(
        words=words,
        kind="target" if goal else "task",
        modality=None,
        lead=tuple(found_name(p, "lead.row") for p in lead),
        coordinating=tuple(found_name(p, "coordinating.row") for p in helpers),
        deadlines=timed or own or kept(context, words.text, issued_on),
        rule="task.table.row",
        confidence=0.9 if lead else 0.75,
        own_lead=bool(lead),
        own_limit=bool(timed or own),
    )


def _limits(words: Passage, place: str, issued_on: str | None) -> tuple[Deadline, ...]:
    found = find_limits(words.text, issued_on, "column" if place == "column" else "clause")
    return tuple(deadline(words.cut(x.start, x.end), x, "row") for x in found)


def _names(cell: Passage | None) -> tuple[list[Passage], list[Passage]]:
    if cell is None or not cell.text.strip(" -–"):
        return [], []
    plain = matchable(cell.text)
    helpers = [cell.cut(a, b) for a, b in coordinating(plain)]
    if helpers and (reading := read_heading(plain)) is not None and reading.lead:
        return [cell.cut(a, b) for a, b in reading.lead], helpers
    return _list(cell), []


def _list(cell: Passage) -> list[Passage]:
    plain = matchable(cell.text).rstrip(" .;")
    if not plain.strip(" -"):
        return []
    found = [_clean(cell.cut(a, _without_note(plain, a, b))) for a, b in bodies(plain, 0, len(plain))]
    return [p for p in found if p.text]


def _clean(name: Passage) -> Passage:
    """A name without the dashes, quotes and specks at its ends."""
    start, end = 0, len(name.text)
    for m in _DIRT.finditer(name.text):
        start, end = (m.end(), end) if m.start() == 0 else (start, m.start())
    return name.cut(start, max(start, end))


def _without_note(plain: str, start: int, end: int) -> int:
    m = word("scope_note").search(plain, start, end)
    return m.start() if m and m.start() > start else end
