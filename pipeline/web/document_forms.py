"""Biểu mẫu sửa văn bản: what a form asks of a value, and what was typed as the register takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from extractors.dates import find_times, parse_issue
from extractors.model import Anchor, Boundary, DeadlineKind, Kind, Modality, Unit
from extractors.text import lowered, matchable
from pipeline.errors import InvalidValue
from pipeline.messages import text, value_text
from pipeline.output import day
from pipeline.register import FIELDS
from pipeline.speaking import parse_day
from pipeline.web.document_shown import field_words

Look = Literal["line", "words", "lines", "day", "choice"]
Choice = tuple[str, str]

LISTS = frozenset({"addressees", "lead", "coordinating"})
DAYS = frozenset({"issued_on", "due", "start"})
_LONG = frozenset({"quote", "subject"})
_CHOICES: dict[tuple[str, str], tuple[str, Sequence[str]]] = {
    ("obligation", "kind"): ("kind", get_args(Kind)),
    ("obligation", "modality"): ("modality", get_args(Modality)),
    ("deadline", "kind"): ("deadline", get_args(DeadlineKind)),
    ("deadline", "boundary"): ("boundary", ("", *get_args(Boundary))),
}
_PARTIAL = re.compile(r"(?:(\d{1,2})/)?(\d{4})")
_MOST = 20_000
_OFFSET = ("offset_amount", "offset_unit", "offset_anchor")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a form asks for."""

    name: str
    label: str
    look: Look
    value: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""


def inputs_of(kind: str, values: Mapping[str, str | None], only: str = "") -> list[Input]:
    """What a form asks about a target; `values` as the register has them, `only` one field of it."""
    out: list[Input] = []
    for name in FIELDS[kind]:
        if only and name != only:
            continue
        if name == "offset":
            out += _offset_inputs(values.get(name))
        else:
            out.append(_input(kind, name, values.get(name)))
    return out


def _input(kind: str, name: str, value: str | None) -> Input:
    label = field_words(name)
    if choices := _CHOICES.get((kind, name)):
        words, allowed = choices
        named = tuple((one, value_text(words, one) if one else "–") for one in allowed)
        return Input(name, label, "choice", value or allowed[0], _plain_boundary(name, named))
    if name in LISTS:
        entries = json.loads(value) if value else []
        return Input(name, label, "lines", "\n".join(entries), hint=text("web.document.hint.lines"))
    if name in DAYS:
        hint = "web.document.hint.part" if name == "issued_on" else "web.document.hint.day"
        return Input(name, label, "day", day(value), hint=text(hint))
    hint = text("web.document.hint.rrule") if name == "rrule" else ""
    return Input(name, label, "words" if name in _LONG else "line", value or "", hint=hint)


def _plain_boundary(name: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    if name != "boundary":
        return choices
    return tuple((one, text("web.document.on_or_before") if one == "on_or_before" else words) for one, words in choices)


def _offset_inputs(value: str | None) -> list[Input]:
    offset = json.loads(value) if value else {"amount": None, "unit": "", "anchor": ""}
    units = (("", "–"), *((one, value_text("unit", one)) for one in get_args(Unit)))
    anchors = (("", "–"), *((one, value_text("anchor", one)) for one in get_args(Anchor)))
    amount = "" if offset["amount"] is None else f"{offset['amount']:g}"
    return [
        Input(_OFFSET[0], field_words("offset"), "line", amount),
        Input(_OFFSET[1], text("web.document.unit"), "choice", offset["unit"] or "", units),
        Input(_OFFSET[2], text("web.document.anchor"), "choice", offset["anchor"] or "", anchors),
    ]


# ------------------------------------------------------------------------------------------------ what was typed


def typed(kind: str, given: Mapping[str, str]) -> dict[str, str | None]:
    """The fields that a form sent, as the register takes them. Raises InvalidValue."""
    out: dict[str, str | None] = {}
    for name in FIELDS[kind]:
        if name == "offset" and _OFFSET[0] in given:
            out[name] = _offset(given)
        elif name in given:
            out[name] = _typed(name, given[name])
    return out


def _typed(name: str, value: str) -> str | None:
    if len(value) > _MOST:
        raise InvalidValue(field=name, value=value[:40], allowed=f"<= {_MOST}")
    if name in LISTS:
        return json.dumps([" ".join(line.split()) for line in value.splitlines() if line.strip()], ensure_ascii=False)
    if name in DAYS and value:
        return typed_day(name, value)
    return value or None


def typed_day(name: str, value: str) -> str:
    """A day as people write it; of the day of issue also a month or a year alone. Raises InvalidValue."""
    if found := parse_day(value):
        return found
    partial = _PARTIAL.fullmatch(value.replace(" ", "")) if name == "issued_on" else None
    if partial and 1 <= int(partial[1] or 1) <= 12:
        return "-".join(filter(None, [partial[2], partial[1] and partial[1].zfill(2)]))
    raise InvalidValue(field=name, value=value, allowed="dd/mm/yyyy")


def _offset(given: Mapping[str, str]) -> str | None:
    amount, unit, anchor = (given.get(name, "") for name in _OFFSET)
    if not amount:
        return None
    try:
        number = float(amount.replace(",", "."))
    except ValueError as error:
        raise InvalidValue(field="offset", value=amount, allowed="1, 2, 4.5 ...") from error
    return json.dumps({"amount": number, "unit": unit, "anchor": anchor})


def offered(name: str, words: str, issued_on: str | None) -> str:
    """Words that were marked in the document, as the value of a field: of a day the last one that they name."""
    words = " ".join(words.split())[:_MOST]
    if name not in DAYS:
        return words
    if found := parse_day(words):
        return day(found)
    low = lowered(matchable(words))
    days = [time.last for time in find_times(low, parse_issue(issued_on)) if time.last]
    return day(days[-1].isoformat()) if days else ""
