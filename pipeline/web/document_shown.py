"""Một văn bản như người xem thấy: what the page of a dispatch shows, each value with its place and how sure it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.followup.explaining import explain
from pipeline.followup.views import add_duties
from pipeline.messages import known, text, value_text
from pipeline.output import day, listed, proposed
from pipeline.register import DOUBTFUL, FIELDS, Register, Row, show, version_of
from pipeline.register.arriving import last_entry
from pipeline.register.queueing import count_waiting_in
from pipeline.web.asking import Ask
from pipeline.web.document_source import SHOWN_PAGES, Excerpt, Original, document_of, excerpt, original_of

SURE = 0.95
_READ_ONLY = ("recipients", "citations")
_MOST_DUTIES = 3
_MOST_CHANGES = 60


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure a value is: the kind of its badge, the code of its words, and its confidence where that says more."""

    kind: str
    words: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a dispatch: its value as people read it, where it stands, what may be proposed for it."""

    name: str
    value: str
    place: str
    href: str | None
    sure: Sure | None
    proposals: list[Row]
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows. `arrival` is the entry made last in the book of what came in; `version` is that of the
    dispatch, `versions` of whatever hangs on it, by id."""

    row: Row
    number: int
    original: Original
    fields: list[Field]
    obligations: list[Row]
    gone: list[Row]
    lists: list[Field]
    issues: list[Row]
    links: list[Row]
    copies: list[Row]
    changes: list[Row]
    more_changes: int
    last_own: str | None
    versions: dict[str, str]
    as_text: bool
    excerpt: Excerpt | None
    arrival: Row | None
    pages: range
    counts: dict[str, int]

    @property
    def version(self) -> str:
        """Of the dispatch itself."""
        return self.versions[self.row["id"]]

    @property
    def title(self) -> str:
        """What the dispatch is called: its type and number."""
        document = self.row["document"]
        named = [document["type"], document["number"] or document["symbol"]]
        return " ".join(filter(None, named)).strip() or self.row["id"]


def shown(register: Register, ask: Ask, number: int) -> Shown:
    """What there is to be shown of a dispatch. Raises UnknownId."""
    row = show(register, f"D{number}")
    settings = ask.site.office
    explain(register, row["obligations"], row["document"]["issued_on"], settings, ask.today)
    add_duties(register, row["obligations"], settings, as_of=ask.today)
    original = original_of(register, number)
    as_text = not original.pages or original.state != "here" or ask.query("view") == "text"
    part = _part(register, row, number, _asked_place(ask)) if as_text else None
    where = _Where(row, original, part)
    obligations = [_obligation(one, where) for one in row["obligations"]]
    current = [one for one in obligations if one["status"] == "current"]
    links = [{**link, "side": side} for side in ("earlier", "later") for link in row["links"][side]]
    issues = [issue for issue in row["issues"] if not issue["closed"]]
    fields = [_field(row, name, where) for name in FIELDS["dispatch"]]
    changes = _changes(row["corrections"], ask)
    return Shown(
        row=row,
        number=number,
        original=original,
        fields=fields,
        obligations=current,
        gone=[one for one in obligations if one["status"] != "current"],
        lists=[_list_field(row, name, where) for name in _READ_ONLY if row["document"][name]] + _mentions(row, where),
        issues=issues,
        links=links,
        copies=row["copies"],
        changes=changes[:_MOST_CHANGES],
        more_changes=max(0, len(changes) - _MOST_CHANGES),
        last_own=next((c["id"] for c in changes if c["may_undo"] and c["made_by"] == _signature(ask)), None),
        versions=_versions(register, row, [*obligations, *issues], links),
        as_text=as_text,
        excerpt=part,
        arrival=last_entry(register, number),
        pages=_window(ask, original) if not as_text else range(0),
        counts={"obligations": len(current), "to_check": count_waiting_in(register, number)},
    )


def _signature(ask: Ask) -> str:
    return ask.person.signature if ask.person else ""


def _versions(register: Register, row: Row, parts: list[Row], links: list[Row]) -> dict[str, str]:
    ids = [row["id"], *(one["id"] for one in parts), *(link["link"] for link in links)]
    ids += [copy["proposal"] for copy in row["copies"]] + [p["id"] for p in row["inferred"] if not p["settled"]]
    return {name: version_of(register, name) for name in ids}


# ------------------------------------------------------------------------------------------------ places


class _Where:
    """Where a value is shown: on the picture of its page, or in the text."""

    def __init__(self, row: Row, original: Original, part: Excerpt | None) -> None:
        self._pages = original.pages
        self._part = part

    def href(self, found: Row | None) -> str | None:
        """The place on this page or on another one of the same document."""
        if not found or "span" not in found:
            return None
        start = found["span"][0]
        if self._part is None:
            return f"#page-{found.get('page') or 1}"
        if self._part.start <= start < self._part.end:
            return f"#t{start}"
        return f"?view=text&at={start}#t{start}"


def place(*found: Row | None) -> str:
    """The stretches of text that were read: "4-13 20-25"."""
    return " ".join("{}-{}".format(*one["span"]) for one in found if one and "span" in one)


def _asked_place(ask: Ask) -> int:
    asked = ask.query("at")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0


def _part(register: Register, row: Row, number: int, at: int) -> Excerpt:
    spans = [tuple(found["span"]) for found in _found_in(row)]
    return excerpt(document_of(register, number).text, spans, at)


def _found_in(row: Row) -> Iterator[Row]:
    for found in row["found"].values():
        yield from (one for one in (found if isinstance(found, list) else [found]) if "span" in one)
    for obligation in row["obligations"]:
        yield from (one for one in (obligation, *obligation["deadlines"]) if "span" in one)
    yield from (one for one in (*row["mentions"], *row["inferred"]) if "span" in one and not one.get("source"))


def _window(ask: Ask, original: Original) -> range:
    """The pages that are shown at once, around the one asked for."""
    asked = ask.query("page")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    page = max(1, min(page, original.pages))
    first = (page - 1) // SHOWN_PAGES * SHOWN_PAGES + 1
    return range(first, min(original.pages, first + SHOWN_PAGES - 1) + 1)


# ------------------------------------------------------------------------------------------------ values


def sureness(found: Row | None, *, by_person: bool = False) -> Sure:
    """How sure a value is, and by what."""
    if found and found.get("confirmed"):
        return Sure("good", "web.document.sure.confirmed")
    if by_person or not found:
        return Sure("good", "web.document.sure.entered")
    confidence = float(found["confidence"])
    if confidence >= SURE:
        return Sure("", "web.document.sure.high")
    if confidence >= DOUBTFUL:
        return Sure("", "web.document.sure.fair", confidence)
    return Sure("soon", "web.document.sure.low", confidence)


def _field(row: Row, name: str, where: _Where) -> Field:
    value = row["document"]["signer"][name[7:]] if name.startswith("signer_") else row["document"][name]
    found = row["found"].get(name.replace("signer_", "signer."))
    places = found if isinstance(found, list) else [found] if found else []
    first = places[0] if places else None
    least = min(places, key=lambda one: one["confidence"]) if places else None
    waiting = [_proposal(one) for one in row["inferred"] if one["field"] == name and not one["settled"]]
    by_person = all(one.get("rule") == "person" for one in places)
    return Field(
        name=name,
        value=day(value) if name == "issued_on" else listed(value),
        place=place(*places),
        href=where.href(first),
        sure=sureness(least, by_person=by_person) if value or (first and first.get("confirmed")) else None,
        proposals=waiting,
        is_settled=bool(least and least.get("confirmed")) or bool(value and by_person),
    )


def _proposal(one: Row) -> Row:
    own = {"source": None, "page": None, **one}
    return {**own, "words": proposed(one), "place": "" if own["source"] else place(one)}


def _list_field(row: Row, name: str, where: _Where) -> Field:
    entries = [
        f"{one['name']} ({one['purpose']})" if isinstance(one, dict) and one.get("purpose") else _name(one)
        for one in row["document"][name]
    ]
    places = row["found"].get(name) or []
    return Field(name, listed(entries), place(*places), where.href(places[0] if places else None), None, [])


def _name(one: Any) -> str:
    return str(one["name"]) if isinstance(one, dict) else str(one)


def _mentions(row: Row, where: _Where) -> list[Field]:
    spoken_of = row["mentions"]
    if not spoken_of:
        return []
    words = listed([f"{one['name']} ({one['count']})" for one in spoken_of])
    return [Field("mentions", words, place(*spoken_of), where.href(spoken_of[0]), None, [])]


def _obligation(one: Row, where: _Where) -> Row:
    limits = [_limit(limit, where) for limit in one["deadlines"]]
    return {
        **one,
        "place": place(one),
        "href": where.href(one),
        "sure": sureness(one, by_person=one["origin"] == "person"),
        "limits": [limit for limit in limits if limit["status"] == "current"],
        "owed": one["duties"] if len(one["duties"]) <= _MOST_DUTIES else [],
        "owed_counts": _owed_counts(one["duties"]),
    }


def _owed_counts(duties: list[Row]) -> list[tuple[str, int]]:
    """Of duties of many bodies only how many stand how."""
    if len(duties) <= _MOST_DUTIES:
        return []
    return Counter(duty["timeliness"] for duty in duties).most_common()


def _limit(limit: Row, where: _Where) -> Row:
    return {
        **limit,
        "place": place(limit),
        "href": where.href(limit),
        "sure": sureness(limit, by_person=limit["origin"] == "person"),
        "words": limit_words(limit),
        "coming": next((one["due"] for one in limit.get("occurrences") or ()), None),
    }


def limit_words(limit: Row) -> str:
    """What sort of time limit it is, with its distance from a day; when it recurs its own words say."""
    words = [value_text("deadline", limit["kind"])]
    words += [value_text("boundary", limit["boundary"])] if limit["boundary"] == "before" else []
    if offset := limit["offset"]:
        unit, anchor = value_text("unit", offset["unit"]), value_text("anchor", offset["anchor"])
        words.append(f"{offset['amount']:g} {unit} – {anchor}")
    words += [value_text("scope", limit["scope"])] if limit["scope"] != "item" else []
    return ", ".join(words)


# ------------------------------------------------------------------------------------------------ history


def _changes(said: list[Row], ask: Ask) -> list[Row]:
    """What people said, newest first; what was said as a part of something else is counted with that."""
    parts = Counter(row["part_of"] for row in said if row["part_of"])
    undone = {row["id"] for row in said if row["undone_by"]}
    return [
        {
            **row,
            "field_words": field_words(row["field"]),
            "old_words": spoken(row["field"], row["old"]),
            "new_words": spoken(row["field"], row["new"]),
            "parts": parts[row["id"]],
            "may_undo": row["action"] != "undo" and row["id"] not in undone,
        }
        for row in reversed(said)
        if not row["part_of"]
    ]


def field_words(name: str | None) -> str:
    """A field as people call it."""
    if not name:
        return ""
    return text(f"field.{name}") if known(f"field.{name}") else name


def spoken(field: str | None, value: str | None) -> str:
    """A stored value of a field as people read it; of a whole row its words."""
    if value is None:
        return ""
    if field is None:
        try:
            return str(json.loads(value).get("quote") or "")
        except (ValueError, AttributeError):
            return ""
    if field in ("addressees", "lead", "coordinating"):
        try:
            return listed(json.loads(value))
        except ValueError:
            return value
    if field in ("issued_on", "due", "start"):
        return day(value)
    kinds = {"modality": "modality", "boundary": "boundary"}
    return value_text(kinds[field], value) if field in kinds else value
