"""Thời gian ký, ngày đến: days that the time of a digital signature or a stamp of arrival gives.

A dispatch is signed digitally by its office and arrives elsewhere after it was issued: such a day is an upper bound for
the day of issue and, where the printed line leaves the day open, a proposal; never its value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import regex

from extractors.lexicon import by_role
from extractors.model import Document, Inferred, Span
from extractors.sureness import is_printed, line_at
from extractors.text import matchable, skeleton

_SURE = {"inferred.signature_time": 0.6, "inferred.received_stamp": 0.4}
_LESS = {7: 1.0, 4: 0.8, 0: 0.6}  # by how much of the day is printed


def infer_issue_day(document: Document, printed: str | None, attached: Span | None) -> tuple[Inferred, ...]:
    """The earliest such day on the first page of the dispatch that fits what is printed of the day of issue.

    `printed` is the ISO prefix that the date line gives; nothing is proposed where it is a full day.
    """
    prefix = printed or ""
    if len(prefix) == 10:
        return ()
    found = [f for f in _days(document) if f[0].startswith(prefix) and _is_of(document, f[1], attached)]
    if not found:
        return ()
    day, span, rule = min(found, key=lambda f: (f[2] != "inferred.signature_time", f[0]))
    evidence = " ".join(document.text[span.start : span.end].split())
    return (Inferred("issued_on", day, evidence, span, rule, round(_SURE[rule] * _LESS[len(prefix)], 2)),)


def _days(document: Document) -> Iterator[tuple[str, Span, str]]:
    for role in ("signature_time", "received_stamp"):
        for entry in by_role("noise", role):
            text = skeleton(document.text) if entry.bare else matchable(document.text)
            for m in entry.pattern.finditer(text):
                digits = Span(m.start("d"), m.end("y"))
                if (day := _iso(m)) and is_printed(document, digits):
                    yield day, Span(m.start(), m.end()), f"inferred.{role}"


def _iso(m: regex.Match[str]) -> str | None:
    try:
        return dt.date(int(m["y"]), int(m["m"]), int(m["d"])).isoformat()
    except ValueError:
        return None


def _is_of(document: Document, span: Span, attached: Span | None) -> bool:
    """Whether words stand on the first page (or in a file without pages), and in no second dispatch bound in."""
    line = line_at(document, span.start)
    first = line is None or line.page in (None, 1)
    return first and not (attached and attached.start <= span.start < attached.end)
