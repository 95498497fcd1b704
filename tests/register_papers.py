"""Small documents and dispatches made up for the register's tests: invented bodies, people and numbers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from extractors.model import (
    Deadline,
    Dispatch,
    Document,
    Found,
    Issue,
    Line,
    Mention,
    Obligation,
    Recipient,
    Signer,
    Span,
)
from pipeline.register import FileStat, Register, Saved, save_dispatch

NOW = "2026-01-31T08:30:00+07:00"
LATER = "2026-02-28T17:00:00+07:00"
WHO = "Lê Thị Thử"


class Paper:
    """Words of a document put together piece by piece, each piece remembered with its place."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, piece: str) -> Span:
        start = len(self.text)
        self.text += piece + "\n"
        return Span(start, start + len(piece))

    def found(self, piece: str | None, confidence: float = 1.0) -> Found[str] | None:
        return None if piece is None else Found(piece, self.add(piece), "test.rule", confidence)


def deadline(quote: str, due: str | None = None, kind: str = "date", **more: Any) -> Deadline:
    values: dict[str, Any] = {"start": None, "boundary": None, "rrule": None, "offset": None, "rule": "test.deadline"}
    return Deadline(quote, Span(0, 1), kind, due, **{**values, **more})  # type: ignore[arg-type]


def before(day: str, due: str) -> Deadline:
    return deadline(f"trước ngày {day}", due, boundary="before")


def obligation(quote: str, *deadlines: Deadline, lead: tuple[str, ...] = ("Sở Mây",), **more: Any) -> Obligation:
    values: dict[str, Any] = {
        "kind": "task",
        "modality": "ordered",
        "coordinating": (),
        "rule": "test.obligation",
        **more,
    }
    coordinating = tuple(Found(name, Span(0, 1), "test.body") for name in values.pop("coordinating"))
    leads = tuple(Found(name, Span(0, 1), "test.body") for name in lead)
    return Obligation(
        quote=quote, span=Span(0, 1), lead=leads, coordinating=coordinating, deadlines=deadlines, **values
    )


def paper(
    *obligations: Obligation,
    number: str | None = "12/CT-UBND",
    symbol: str | None = "CT-UBND",
    issuer: str | None = "Ủy ban nhân dân tỉnh Sông Mơ",
    issued_on: str | None = "2026-01-05",
    subject: str | None = "đôn đốc trồng cây ven đường liên xã",
    doc_type: str | None = "chỉ thị",
    addressees: tuple[str, ...] = ("Các sở, ngành",),
    issues: tuple[Issue, ...] = (),
    mentions: tuple[tuple[str, int], ...] = (),
    salt: str = "",
    confidence: float = 1.0,
    filler: str = "Trong thời gian qua việc trồng cây ở các xã đã có nhiều chuyển biến nhưng cây chết khô còn nhiều "
    "do thiếu nước tưới và người chăm sóc thường xuyên.",
) -> tuple[Document, Dispatch]:
    """A document and what is found in it; `salt` gives other bytes to the same words."""
    page = Paper()
    fields = {
        "issuer": page.found(issuer, confidence),
        "number": page.found(number, confidence),
        "issued_on": page.found(issued_on, confidence),
        "type": page.found(doc_type, confidence),
        "subject": page.found(subject, confidence),
    }
    if symbol:
        fields["symbol"] = Found(symbol, Span(0, 1), "test.rule", confidence)
    to = tuple(Found(name, page.add(name), "test.rule", confidence) for name in addressees)
    page.add(filler)
    placed = tuple(_placed(page, o) for o in obligations)
    signer = Signer(name=page.found("Nguyễn Văn Mẫu"))
    spoken_of = tuple(Mention(body, body, times, page.add(body)) for body, times in mentions)
    recipient = Recipient("Như trên", None, page.add("- Như trên;"), "test.rule")
    lines = _lines(page.text)
    sha256 = hashlib.sha256((page.text + salt).encode()).hexdigest()
    document = Document(page.text, lines, sha256, pages=1, format="pdf")
    dispatch = Dispatch(
        addressees=to,
        recipients=(recipient,),
        signer=signer,
        obligations=placed,
        issues=issues,
        mentions=spoken_of,
        citations=(Found("5/QĐ-UBND", Span(0, 1), "test.rule"),),
        **fields,
    )
    return document, dispatch


def _placed(page: Paper, o: Obligation) -> Obligation:
    span = page.add(o.quote)
    return replace(o, span=span, deadlines=tuple(replace(d, span=span) for d in o.deadlines))


def _lines(text: str) -> tuple[Line, ...]:
    lines, start = [], 0
    for row in text.splitlines():
        lines.append(Line(start, start + len(row), page=1))
        start += len(row) + 1
    return tuple(lines)


def stat(n: int = 1) -> FileStat:
    return FileStat(size=1000 + n, mtime_ns=1_700_000_000_000_000_000 + n, inode=n)


def enter(
    register: Register,
    made: tuple[Document, Dispatch],
    path: str = "inbox/a.pdf",
    version: str = "1",
    now: str = NOW,
    **more: Any,
) -> Saved:
    document, dispatch = made
    return save_dispatch(register, path, stat(), document, dispatch, version=version, now=now, **more)


def dump(register: Register) -> list[str]:
    """Every row of the register, to see whether anything changed."""
    return list(register.connection.iterdump())
