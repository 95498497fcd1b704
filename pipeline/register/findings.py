"""The rows of one dispatch's findings: written when it is read, matched with the old ones when it is read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.model import Deadline, Dispatch, Document, Found, Inferred, Issue, Obligation, Span
from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register, Row
from pipeline.register.identity import match
from pipeline.register.keys import words_key
from pipeline.shape import line_at

SCALARS = ("type", "number", "symbol", "issued_on", "place", "issuer", "subject", "urgency")
SIGNER = ("authority", "title", "name")

_OBLIGATION_COLUMNS = (
    "position",
    "label",
    "quote",
    "kind",
    "modality",
    "lead_stated",
    "check_rule",
    "check_quote",
    "span_start",
    "span_end",
    "page",
    "rule",
    "confidence",
)
_DEADLINE_COLUMNS = (
    "position",
    "quote",
    "kind",
    "due",
    "start",
    "boundary",
    "rrule",
    "offset_amount",
    "offset_unit",
    "offset_anchor",
    "scope",
    "span_start",
    "span_end",
    "page",
    "rule",
    "confidence",
)
_ISSUE_QUOTE = 200  # characters of the place shown with an issue


@dataclass(frozen=True, slots=True)
class Writer:
    """What every row of a dispatch's findings is written with."""

    register: Register
    bodies: Bodies
    document: Document
    dispatch_id: int
    now: str

    def page(self, span: Span) -> int | None:
        """The page a span begins on."""
        line = line_at(self.document, span.start)
        return line.page if line else None

    def place(self, found: Any) -> tuple[int, int, int | None, str, float]:
        """span_start, span_end, page, rule, confidence of a finding."""
        span = found.span
        return (span.start, span.end, self.page(span), found.rule, found.confidence)


def scalar_fields(dispatch: Dispatch) -> Iterator[tuple[str, Found[str]]]:
    """Each single field that has a value, by its column."""
    for name in SCALARS:
        if (found := getattr(dispatch, name)) is not None:
            yield name, found
    for name in SIGNER:
        if (found := getattr(dispatch.signer, name)) is not None:
            yield f"signer_{name}", found


def write_evidence(writer: Writer, dispatch: Dispatch) -> None:
    """Where each single field was read."""
    _clear(writer, "evidence")
    writer.register.connection.executemany(
        "INSERT INTO evidence (dispatch_id, field, value, span_start, span_end, page, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(writer.dispatch_id, name, found.value, *writer.place(found)) for name, found in scalar_fields(dispatch)],
    )


def write_lists(writer: Writer, dispatch: Dispatch) -> None:
    """Addressees, recipients, citations."""
    for table in ("addressees", "recipients", "citations"):
        _clear(writer, table)
    here = writer.dispatch_id
    run = writer.register.connection.executemany
    run(
        "INSERT INTO addressees (dispatch_id, position, name, body_id, span_start, span_end, page, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(here, n, f.value, writer.bodies.id(f.value), *writer.place(f)) for n, f in enumerate(dispatch.addressees)],
    )
    run(
        "INSERT INTO recipients (dispatch_id, position, name, purpose, span_start, span_end, page, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(here, n, r.name, r.purpose, *writer.place(r)) for n, r in enumerate(dispatch.recipients)],
    )
    run(
        "INSERT INTO citations (dispatch_id, position, number, span_start, span_end, page, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(here, n, f.value, *writer.place(f)) for n, f in enumerate(dispatch.citations)],
    )


def write_mentions(writer: Writer, dispatch: Dispatch) -> None:
    """The registered bodies that the text speaks of."""
    _clear(writer, "mentions")
    writer.register.connection.executemany(
        "INSERT INTO mentions (dispatch_id, body_id, times, span_start, span_end, page) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (writer.dispatch_id, writer.bodies.of(m.id, m.name), m.times, m.span.start, m.span.end, writer.page(m.span))
            for m in dispatch.mentions
        ],
    )


def write_inferred(writer: Writer, found: Sequence[Inferred]) -> None:
    """Values taken from elsewhere than other dispatches; one that is found again keeps its row."""
    old = writer.register.rows(
        "SELECT * FROM inferred WHERE dispatch_id = ? AND source_id IS NULL ORDER BY id", (writer.dispatch_id,)
    )
    free = {tuple(row[key] for key in ("field", "value", "evidence", "rule")): row["id"] for row in reversed(old)}
    for i in found:
        start, end, page = (i.span.start, i.span.end, writer.page(i.span)) if i.span else (None, None, None)
        kept = free.pop((i.field, i.value, i.evidence, i.rule), None)
        writer.register.connection.execute(
            "INSERT INTO inferred"
            " (id, dispatch_id, field, value, evidence, span_start, span_end, page, rule, confidence)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET span_start = excluded.span_start,"
            " span_end = excluded.span_end, page = excluded.page, confidence = excluded.confidence",
            (kept, writer.dispatch_id, i.field, i.value, i.evidence, start, end, page, i.rule, i.confidence),
        )
    gone = [(number,) for number in free.values()]
    writer.register.connection.executemany("DELETE FROM inferred WHERE id = ?", gone)


def write_issues(writer: Writer, dispatch: Dispatch) -> None:
    """Issues keep their row, and whether a person closed it, as long as each reading has them again."""
    old = writer.register.rows(
        "SELECT id, source, code, message, quote, closed_at FROM issues"
        " WHERE dispatch_id = ? AND source <> 'register' ORDER BY id",
        (writer.dispatch_id,),
    )
    found = [("reading", i) for i in writer.document.issues] + [("extracting", i) for i in dispatch.issues]
    free: dict[tuple[str, str, str, str | None], list[int]] = {}
    for row in reversed(old):
        free.setdefault((row["source"], row["code"], row["message"], row["quote"]), []).append(row["id"])
    for source, issue in found:
        quote = _quote(writer.document, issue)
        same = free.get((source, issue.code, issue.message, quote))
        if same:
            _move_issue(writer, same.pop(), issue)
        else:
            _insert_issue(writer, source, issue, quote)
    gone = [(writer.now, number) for numbers in free.values() for number in numbers]
    writer.register.connection.executemany("UPDATE issues SET closed_at = coalesce(closed_at, ?) WHERE id = ?", gone)


def write_obligations(writer: Writer, found: Sequence[Obligation]) -> int:
    """Each finding takes the row of the old one that it matches, or a new row; returns how many old ones match none."""
    old = _old_obligations(writer)
    pairs = _pairs(old, found)
    for n, obligation in enumerate(found):
        values = _obligation_values(writer, n, obligation)
        if n in pairs:
            number = old[pairs[n]]["id"]
            _update(writer.register, "obligations", _OBLIGATION_COLUMNS, values, number)
        else:
            number = _insert_obligation(writer, values)
        _write_bodies(writer, number, obligation)
        _write_deadlines(writer, number, obligation.deadlines, is_new=n not in pairs)
    matched = set(pairs.values())
    gone = [row["id"] for i, row in enumerate(old) if i not in matched]
    _mark_gone(writer.register, "obligations", gone)
    return len([row for row in old if row["id"] in set(gone) and row["origin"] == "reading" and row["is_found"]])


def _pairs(old: Sequence[Row], found: Sequence[Obligation] | Sequence[Deadline]) -> dict[int, int]:
    """Indices of `found` -> indices of `old`, by the words of their quotes."""
    if not old or not found:
        return {}
    return match([words_key(row["quote"]) for row in old], [words_key(finding.quote) for finding in found])


def _old_obligations(writer: Writer) -> list[Row]:
    """As the program read them (a person may have corrected the quote), those of the last reading first."""
    return writer.register.rows(
        "SELECT o.id, coalesce(s.read_value, o.quote) AS quote, o.origin, o.is_found FROM obligations o"
        " LEFT JOIN settled_fields s ON s.target = 'obligation' AND s.target_id = o.id AND s.field = 'quote'"
        " WHERE o.dispatch_id = ? ORDER BY o.is_found DESC, o.position, o.id",
        (writer.dispatch_id,),
    )


def _obligation_values(writer: Writer, n: int, o: Obligation) -> tuple[Any, ...]:
    check = (o.check.rule, o.check.value) if o.check else ("", None)
    return (n, o.label, o.quote, o.kind, o.modality, int(o.lead_stated), *check, *writer.place(o))


def _insert_obligation(writer: Writer, values: tuple[Any, ...]) -> int:
    cursor = writer.register.connection.execute(
        f"INSERT INTO obligations (dispatch_id, {', '.join(_OBLIGATION_COLUMNS)}, status, origin, created_at)"
        f" VALUES (?, {', '.join('?' * len(values))}, 'current', 'reading', ?)",
        (writer.dispatch_id, *values, writer.now),
    )
    return int(cursor.lastrowid or 0)


def _write_bodies(writer: Writer, obligation_id: int, obligation: Obligation) -> None:
    connection = writer.register.connection
    connection.execute("DELETE FROM obligation_bodies WHERE obligation_id = ?", (obligation_id,))
    roles = (("lead", obligation.lead), ("coordinating", obligation.coordinating))
    connection.executemany(
        "INSERT INTO obligation_bodies"
        " (obligation_id, role, position, name, body_id, span_start, span_end, page, rule, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (obligation_id, role, n, f.value, writer.bodies.id(f.value), *writer.place(f))
            for role, bodies in roles
            for n, f in enumerate(bodies)
        ],
    )


def _write_deadlines(writer: Writer, obligation_id: int, found: Sequence[Deadline], *, is_new: bool) -> None:
    old = [] if is_new else _old_deadlines(writer, obligation_id)
    pairs = _pairs(old, found)
    for n, deadline in enumerate(found):
        values = _deadline_values(writer, n, deadline)
        if n in pairs:
            _update(writer.register, "deadlines", _DEADLINE_COLUMNS, values, old[pairs[n]]["id"])
            continue
        writer.register.connection.execute(
            f"INSERT INTO deadlines (obligation_id, {', '.join(_DEADLINE_COLUMNS)}, status, origin, created_at)"
            f" VALUES (?, {', '.join('?' * len(values))}, 'current', 'reading', ?)",
            (obligation_id, *values, writer.now),
        )
    matched = set(pairs.values())
    _mark_gone(writer.register, "deadlines", [row["id"] for i, row in enumerate(old) if i not in matched])


def _old_deadlines(writer: Writer, obligation_id: int) -> list[Row]:
    return writer.register.rows(
        "SELECT l.id, coalesce(s.read_value, l.quote) AS quote FROM deadlines l"
        " LEFT JOIN settled_fields s ON s.target = 'deadline' AND s.target_id = l.id AND s.field = 'quote'"
        " WHERE l.obligation_id = ? ORDER BY l.is_found DESC, l.position, l.id",
        (obligation_id,),
    )


def _deadline_values(writer: Writer, n: int, d: Deadline) -> tuple[Any, ...]:
    offset = (d.offset.amount, d.offset.unit, d.offset.anchor) if d.offset else (None, None, None)
    return (n, d.quote, d.kind, d.due, d.start, d.boundary, d.rrule, *offset, d.scope, *writer.place(d))


def _update(register: Register, table: str, columns: Sequence[str], values: tuple[Any, ...], number: int) -> None:
    register.connection.execute(
        f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in columns)}, is_found = 1, status = 'current' WHERE id = ?",
        (*values, number),
    )


def _mark_gone(register: Register, table: str, numbers: Sequence[int]) -> None:
    register.connection.executemany(
        f"UPDATE {table} SET is_found = 0, status = iif(origin = 'reading', 'unmatched', 'current') WHERE id = ?",
        [(number,) for number in numbers],
    )


def _clear(writer: Writer, table: str) -> None:
    writer.register.connection.execute(f"DELETE FROM {table} WHERE dispatch_id = ?", (writer.dispatch_id,))


def _quote(document: Document, issue: Issue) -> str | None:
    if issue.span is None:
        return None
    return " ".join(document.text[issue.span.start : min(issue.span.end, issue.span.start + _ISSUE_QUOTE)].split())


def _insert_issue(writer: Writer, source: str, issue: Issue, quote: str | None) -> None:
    span = issue.span
    place = (span.start, span.end, writer.page(span)) if span else (None, None, None)
    writer.register.connection.execute(
        "INSERT INTO issues (dispatch_id, source, code, message, span_start, span_end, page, quote, found_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (writer.dispatch_id, source, issue.code, issue.message, *place, quote, writer.now),
    )


def _move_issue(writer: Writer, number: int, issue: Issue) -> None:
    writer.register.connection.execute(
        "UPDATE issues SET closed_at = NULL WHERE id = ? AND NOT EXISTS (SELECT 1 FROM corrections_in_force c"
        " WHERE c.target = 'issue' AND c.target_id = issues.id)",
        (number,),
    )
    if issue.span:
        writer.register.connection.execute(
            "UPDATE issues SET span_start = ?, span_end = ?, page = ? WHERE id = ?",
            (issue.span.start, issue.span.end, writer.page(issue.span), number),
        )
