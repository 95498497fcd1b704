"""Một việc chờ quyết định: each row of the review queue as people read it, with the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from pipeline.commands.import_words import imported_value
from pipeline.messages import issue_text, text, value_text
from pipeline.output import day, listed, proposed, shortened
from pipeline.register import Register, Row, public_id, version_of
from pipeline.web.asking import Ask
from pipeline.web.document_shown import field_words, spoken

AROUND = 90  # characters before and behind what was read
_LONGEST = 420
_READ = """SELECT substr(t.text, max(1, :start + 1 - :around), min(:start, :around)) AS before,
    substr(t.text, :start + 1, min(:end - :start, 600)) AS words, substr(t.text, :end + 1, :around) AS after
    FROM dispatches d JOIN texts t ON t.file_id = d.file_id WHERE d.id = :dispatch"""
_CONCERNED = """SELECT 'O' || o.id AS id, o.quote, r.due FROM link_obligations r
    JOIN obligations o ON o.id = r.obligation_id AND o.status <> 'deleted' WHERE r.link_id = ? ORDER BY r.id LIMIT 4"""
_OTHER = "SELECT id, number, type, issued_on, issuer, subject FROM dispatches WHERE id = ?"
_TABLE = "SELECT p.number, i.path FROM import_proposals p JOIN imports i ON i.id = p.import_id WHERE p.id = ?"
_NEEDS_DAY = ("table.event", "table.deadline")
# Those of which a person only says that they are worked off.
_NOT_REJECTED = ("issue",)


@dataclass(frozen=True, slots=True)
class Letter:
    """A dispatch in one line, and its page."""

    id: str
    words: str
    about: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the queue. `before`, `words`, `after` are what stands in the document; `on` names the row in a form,
    `seen` is its version; `place` is where it stands (an id within the page)."""

    place: str
    on: str
    seen: str
    what: str
    id: str
    title: str
    value: str
    before: str
    words: str
    after: str
    page: int | None
    href: str | None
    confidence: float | None
    why: str
    letter: Letter | None
    other: Letter | None
    concerned: list[Row]
    may_reject: bool
    needs_day: bool


def item_of(ask: Ask, register: Register, row: Row) -> Item:
    """A row of `waiting_page` or `unnamed_page`, to be shown."""
    source = _source(register, row)
    read = _read(register, source or row["dispatch"], row["span"])
    field = row["field"] or ""
    return Item(
        place=f"r-{row['id']}{'-' if field else ''}{field}",
        on=f"{row['what']} {row['id']} {field}".strip(),
        seen=seen_of(register, row["id"]),
        what=row["what"],
        id=row["id"],
        title=field_words(field) if row["what"] in ("field", "inferred") else value_text("what", row["what"]),
        value=shortened(_value(register, row), _LONGEST),
        **read,
        page=row["page"],
        href=_href(ask, source or row["dispatch"], row),
        confidence=row["confidence"] or None,
        why=_why(register, row),
        letter=_letter(ask, row["letter"]),
        other=_other(ask, register, row),
        concerned=register.rows(_CONCERNED, (int(row["id"][1:]),)) if row["what"] == "link" else [],
        may_reject=row["what"] not in _NOT_REJECTED,
        needs_day=row["rule"] in _NEEDS_DAY,
    )


def seen_of(register: Register, target: str) -> str:
    """The version of a row as a form carries it."""
    if not target.startswith("N"):
        return version_of(register, target)
    row = register.one("SELECT status FROM import_proposals WHERE id = ?", (int(target[1:]),))
    return str(row["status"]) if row else ""


def _source(register: Register, row: Row) -> str | None:
    """The dispatch in which the words stand, where it is another one."""
    if row["what"] != "inferred":
        return None
    found = register.one("SELECT source_id FROM inferred WHERE id = ?", (int(row["id"][1:]),))
    return f"D{found['source_id']}" if found and found["source_id"] else None


def _read(register: Register, dispatch: str | None, span: list[int] | None) -> dict[str, str]:
    """The words of a place, and those around it."""
    if dispatch is None or span is None:
        return {"before": "", "words": "", "after": ""}
    place = {"dispatch": int(dispatch[1:]), "start": span[0], "end": span[1], "around": AROUND}
    row = register.one(_READ, place) or {}
    before, words, after = (row.get(name) or "" for name in ("before", "words", "after"))
    return {
        # the outermost word may be cut in two
        "before": " ".join((before if len(before) < AROUND else before.partition(" ")[2]).split()),
        "words": shortened(listed(words), _LONGEST),
        "after": " ".join((after if len(after) < AROUND else after.rpartition(" ")[0]).split()),
    }


def _value(register: Register, row: Row) -> str:
    if row["what"] == "inferred":
        return proposed(row | {"evidence": row["why"]})
    if row["what"] == "import":
        table = register.one(_TABLE, (int(row["id"][1:]),)) or {}
        return imported_value(row["rule"].rpartition(".")[2], row["value"], table.get("number"))
    if row["what"] == "issue":
        return issue_text(row["rule"], row["why"] or "")
    return spoken(row["field"], row["value"]) if row["what"] == "field" else listed(row["value"])


def _why(register: Register, row: Row) -> str:
    """Why a row waits, where more than its low confidence is known."""
    what, why = row["what"], row["why"]
    if what == "link":
        return value_text("relation", why.partition(" ")[0])
    if what == "merge":
        return text(f"web.review.same.{row['rule'].rpartition('.')[2]}")
    if what == "import":
        table = register.one(_TABLE, (int(row["id"][1:]),)) or {}
        return text("web.review.table", path=PurePath(table.get("path") or "").name, place=why)
    if what == "unmatched":
        return text("web.review.unmatched_corrected" if why == "corrected" else "web.review.unmatched")
    return ""


def _other(ask: Ask, register: Register, row: Row) -> Letter | None:
    """The other dispatch of a link, of a merge, or the one that says what is inferred."""
    if row["what"] == "inferred":
        name = _source(register, row)
    else:
        name = row["why"].rpartition(" ")[2] if row["what"] in ("link", "merge") else None
    return _letter(ask, register.one(_OTHER, (int(name[1:]),))) if name else None


def _letter(ask: Ask, letter: Row | None) -> Letter | None:
    if letter is None:
        return None
    number = public_id("dispatch", letter["id"])
    words = [letter["type"], letter["number"], day(letter["issued_on"])]
    about = " – ".join(filter(None, (letter["issuer"], shortened(letter["subject"] or "", 110))))
    return Letter(number, " ".join(filter(None, words)) or number, about, ask.link("document", id=number))


def _href(ask: Ask, dispatch: str | None, row: Row) -> str | None:
    """The place on the page of the dispatch where the words stand, or the row that is to be decided."""
    if dispatch is None:
        return None
    at = row["span"][0] if row["span"] and not row["page"] else None
    address = ask.link("document", id=dispatch, q={"page": row["page"], "at": at})
    if address is None or dispatch != row["dispatch"]:
        return address
    return f"{address}#{'f-' if row['what'] == 'field' else ''}{row['field'] if row['what'] == 'field' else row['id']}"
