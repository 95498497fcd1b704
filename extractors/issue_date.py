"""Địa danh và thời gian ban hành: where and when a dispatch was issued (Decree 30/2020/NĐ-CP, Annex I, II.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import regex

from extractors.letterhead import Letterhead
from extractors.model import Document, Found, Issue, Span
from extractors.naming import normal_capitals
from extractors.pieces import Piece, place_date
from extractors.sureness import FAIRLY_SURE, is_printed, sureness
from extractors.text import skeleton

_PARTS = regex.compile(
    r"ng[ad][yuvj](?P<d>.{0,14}?)th[aio]?n?g(?P<m>.{0,12}?)[nhjm ]?.?am\W{0,4}(?P<y>\d[\d ]{0,5}\d|\d)?(?!\d)"
)
_SIGNED = regex.compile(r"(?:thoi gian k\w{1,2}|ngay k\w)\W{1,3}(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_PASSED = regex.compile(r"thong qua ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_LIKELY_YEAR = regex.compile(r"(?:19[4-9]|20[0-4])\d\d?$")
_LOOKALIKES = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"})
# Two strokes where a month stands: only "11" has them, however they were read.
_ELEVEN = regex.compile(r"\W*?[1lIiÍÌ|!\]\[]{2}\W*?")
_SURE_OF_YEAR = 0.5  # a year is seldom written by hand
_SURE_OF_STROKES = 0.45
_PARTLY = 0.92
_STRICT = regex.compile(r"[\s:./]*(\d{0,2}|\d \d)\s*[.,]?\s*$")


@dataclass(frozen=True, slots=True)
class IssueDate:
    """Place as printed, and the day as an ISO prefix: as sharp as the line is (2021, 2021-07, 2021-07-15)."""

    place: Found[str] | None = None
    day: Found[str] | None = None
    issues: tuple[Issue, ...] = ()


def find_issue_date(head: Letterhead, document: Document, tail: tuple[Piece, ...] = ()) -> IssueDate:
    """From the line under the motto; else from a line of that form above the signature."""
    if head.date:
        return _checked(_trusted(read_issue_date(head.date), head.date, document), document)
    for piece in tail:
        if place_date(piece.text, piece.key) and len(piece.text) < 60:
            return read_issue_date(piece, "issued_on.signature", 0.85)
    return _adoption(head, document)


def read_issue_date(piece: Piece, rule: str = "issued_on.line", confidence: float = 0.97) -> IssueDate:
    """Place and day of one "Hà Nội, ngày … tháng … năm …" line."""
    at = place_date(piece.text, piece.key) or (0, 0, len(piece.text))
    place = piece.words.cut(at[0], at[1])
    name = place.text.strip(" ,.;:-|_'’\"(")
    named = Found(name, place.span(), "place.line", confidence) if any(c.isalpha() for c in name) else None
    m = _PARTS.search(piece.key, at[1])
    if not m:
        return IssueDate(
            named, None, (Issue("issued_on.unreadable", "the date line cannot be read", piece.words.span()),)
        )
    day, issues, sure = _date(m, piece.text, piece.words.span(m.start(), m.end()))
    if day is None:
        return IssueDate(named, None, issues)
    return IssueDate(named, Found(day, piece.words.span(m.start(), m.end()), rule, min(confidence, sure)), issues)


def _date(m: regex.Match[str], text: str, span: Span) -> tuple[str | None, tuple[Issue, ...], float]:
    year, (day, day_sure), (month, month_sure) = (
        _year(m["y"] or ""),
        _two(text[slice(*m.span("d"))]),
        _month(text[slice(*m.span("m"))]),
    )
    sure = min(day_sure, month_sure)
    if year is None:
        return None, (Issue("issued_on.blank", "the date line holds no year", span),), sure
    if month is None or not 1 <= month <= 12:
        return year, (Issue("issued_on.incomplete", "month and day are blank or cannot be read", span),), sure
    if day is None:
        return f"{year}-{month:02d}", (Issue("issued_on.incomplete", "the day is blank or cannot be read", span),), sure
    try:
        return dt.date(int(year), month, day).isoformat(), (), sure
    except ValueError:
        return f"{year}-{month:02d}", (Issue("issued_on.impossible", "there is no such day", span),), sure


def _year(text: str) -> str | None:
    digits = text.replace(" ", "")
    return digits[:4] if _LIKELY_YEAR.match(digits) else None


def _month(text: str) -> tuple[int | None, float]:
    number, sure = _two(text)
    return (11, 0.6) if number is None and _ELEVEN.fullmatch(text) else (number, sure)


def _two(text: str) -> tuple[int | None, float]:
    """A day or month slot: its number (None where blank or unreadable) and how sure the reading is."""
    if m := _STRICT.match(text):
        digits = m[1].replace(" ", "")
        return (int(digits) if digits else None), 0.97
    repaired = text.strip(" :.,/~").translate(_LOOKALIKES)
    return (int(repaired), 0.6) if regex.match(r"\d{1,2}$", repaired) else (None, 0.6)


def _trusted(read: IssueDate, piece: Piece, document: Document) -> IssueDate:
    """On a scan a day or month counts only where it is surely print: by hand it is mostly read wrongly."""
    if read.place and sureness(document, read.place.span) is not None:
        read = replace(read, place=replace(read.place, value=_spelt(read.place.value)))
    m = _PARTS.search(piece.key)
    if not m or not read.day:
        return read
    parts = [(slot, piece.words.span(*m.span(slot))) for slot in "ymd" if m[slot] and m[slot].strip()]
    least = min((s for _, part in parts if (s := sureness(document, part)) is not None), default=None)
    if least is None:
        return read
    eleven = _SURE_OF_STROKES if _ELEVEN.fullmatch(piece.text[slice(*m.span("m"))]) else FAIRLY_SURE
    need = {"y": _SURE_OF_YEAR, "m": eleven, "d": FAIRLY_SURE}
    printed = (is_printed(document, part, need[slot]) for slot, part in parts)
    sharp = next((n for n, known in enumerate(printed) if not known), len(parts))
    kept = read.day.value[: (0, 4, 7, 10)[sharp]]
    if kept == read.day.value:
        return replace(read, day=replace(read.day, confidence=min(read.day.confidence, least)))
    known = f"only {kept} is surely print" if kept else "nothing of it is surely print"
    issue = Issue("issued_on.doubtful_hand", f"the date line is written by hand or badly read: {known}", read.day.span)
    day = Found(kept, read.day.span, read.day.rule, min(read.day.confidence, _PARTLY)) if kept else None
    return IssueDate(read.place, day, (*read.issues, issue))


def _spelt(place: str) -> str:
    """A place whose accents a reading has changed, spelt as the province or city is."""
    name, known = normal_capitals(place)
    return name if known and skeleton(name) == skeleton(place) else place


def _checked(read: IssueDate, document: Document) -> IssueDate:
    """A day that a bad reading gave, far from the time of the digital signature, is not believed beyond its year."""
    if not read.day or read.day.confidence > 0.9 or len(read.day.value) < 7:
        return read
    signed = _SIGNED.search(skeleton(document.text[:3000]))
    if not signed or read.day.value[:7] == f"{signed[3]}-{int(signed[2]):02d}":
        return read
    issue = Issue("issued_on.doubtful", "the date line does not agree with the time of signature", read.day.span)
    year = Found(read.day.value[:4], read.day.span, read.day.rule, 0.5)
    return IssueDate(read.place, year, (*read.issues, issue))


def _adoption(head: Letterhead, document: Document) -> IssueDate:
    """Laws and resolutions of the National Assembly print the day of adoption at their end instead."""
    missing = IssueDate(issues=(Issue("issued_on.missing", "no line with place and date was found"),))
    if head.type not in ("luật", "bộ luật", "pháp lệnh", "nghị quyết", "hiến pháp"):
        return missing
    said = list(_PASSED.finditer(skeleton(document.text).replace("\n", " ")))
    if not said:
        return missing
    m = said[-1]
    try:
        day = dt.date(int(m[3]), int(m[2]), int(m[1])).isoformat()
    except ValueError:
        return missing
    return IssueDate(None, Found(day, Span(m.start(1), m.end()), "issued_on.adoption", 0.7))
