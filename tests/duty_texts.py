"""Little documents for the tests of duties: plain lines, no letterhead. People, bodies and places are invented."""

from __future__ import annotations

from extractors.model import Cell, Document, Found, Issue, Line, Obligation, Span, Table
from extractors.sections import Sections
from extractors.tasks import Header, find_obligations

ISSUER = "Ủy ban nhân dân tỉnh Trường Giang"


def document(text: str) -> Document:
    """A document of which each line of the text is a line."""
    lines, at = [], 0
    for words in text.split("\n"):
        lines.append(Line(at, at + len(words)))
        at += len(words) + 1
    return Document(text=text, lines=tuple(lines), sha256="", format="txt")


def table_document(rows: list[list[str]]) -> Document:
    """A document that holds nothing but one ruled table."""
    text, cells = "", []
    for row in rows:
        line = []
        for words in row:
            line.append(Cell(len(text), len(text) + len(words)))
            text += words + "\n"
        cells.append(tuple(line))
    plain = document(text)
    return Document(text=text, lines=plain.lines, sha256="", tables=(Table(0, len(text), tuple(cells)),), format="docx")


def found(value: str) -> Found[str]:
    return Found(value, Span(0, 0), "test")


def read(
    text: str | Document,
    type_name: str = "kế hoạch",
    addressees: tuple[str, ...] = (),
    issued_on: str = "2023-03-05",
) -> tuple[tuple[Obligation, ...], tuple[Issue, ...]]:
    """The duties and issues of a body text."""
    doc = text if isinstance(text, Document) else document(text)
    header = Header(type_name, issued_on, found(ISSUER), tuple(found(a) for a in addressees))
    sections = Sections(letterhead=None, body=Span(0, len(doc.text)), signature=None, recipients=None)
    return find_obligations(doc, sections, header)


def obligations(*args: object, **kwargs: object) -> tuple[Obligation, ...]:
    return read(*args, **kwargs)[0]  # type: ignore[arg-type]


def issues_of(*args: object, **kwargs: object) -> tuple[Issue, ...]:
    return read(*args, **kwargs)[1]  # type: ignore[arg-type]


def quotes(*args: object, **kwargs: object) -> list[str]:
    return [o.quote for o in obligations(*args, **kwargs)]


def leads(o: Obligation) -> list[str]:
    return [f.value for f in o.lead]
