"""Lời thư nhắc việc: a digest in words, plain and as HTML, in Vietnamese whatever language the program speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from pipeline.export.forms import printed
from pipeline.followup.settings import Settings
from pipeline.output import day, listed, shortened
from pipeline.reminding.configuring import one_line
from pipeline.reminding.digest import PARTS, Digest, Item, Part

MOST_ITEMS = 100  # of a part of a digest
_MOST_WORDS = 400  # characters of a duty
_NAMED = 3
_CELL = 'style="border:1px solid #999;padding:4px 8px;vertical-align:top"'


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty as it is written: its words, and lines under them."""

    words: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `more` duties are left out."""

    title: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest in words: what a mail shows."""

    subject: str
    greeting: str
    opening: str
    counts: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]

    @property
    def plain(self) -> str:
        """As text."""
        lines = [self.greeting, "", self.opening, *(f"- {count}" for count in self.counts), ""]
        for section in self.sections:
            lines += [section.title, ""]
            for number, entry in enumerate(section.entries, 1):
                lines += [f"{number}. {entry.words}", *(f"   {line}" for line in entry.about), ""]
            lines += [printed("digest.more", count=section.more), ""] if section.more else []
        return "\n".join([*lines, *self.notes]) + "\n"

    @property
    def html(self) -> str:
        """As a page; every word of a document is escaped."""
        counts = "".join(f"<li>{escape(count)}</li>" for count in self.counts)
        sections = "".join(_section_html(section) for section in self.sections)
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        return (
            '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">'
            f"<title>{escape(self.subject)}</title></head>"
            "<body style=\"font-family:'Times New Roman',Tinos,serif;font-size:16px\">\n"
            f"<p><b>{escape(self.greeting)}</b></p>\n<p>{escape(self.opening)}</p>\n<ul>{counts}</ul>\n"
            f"{sections}{notes}</body></html>\n"
        )


def write_letter(digest: Digest, settings: Settings) -> Letter:
    """A digest as a letter."""
    office = printed("digest.of_office", office=settings.letterhead.name) if settings.letterhead.name else ""
    return Letter(
        subject=printed("digest.subject", day=_day(digest.day), body=digest.body, counts=counts_line(digest)),
        greeting=printed("digest.greeting", body=digest.body),
        opening=printed("digest.opening", office=office, day=_day(digest.day)),
        counts=tuple(_counts(digest)),
        sections=tuple(_sections(digest, settings.reminders.escalate_after_days)),
        notes=(printed(f"digest.{settings.before}"), printed("digest.closing")),
    )


def counts_line(digest: Digest) -> str:
    """How many of each: no word of a document."""
    return ", ".join(_counts(digest)) or printed("digest.nothing")


def chat_line(digest: Digest) -> str:
    """A digest in one sentence for a chat: no word of a document."""
    return printed("digest.chat", body=digest.body, day=_day(digest.day), counts=counts_line(digest))


def _counts(digest: Digest) -> Iterator[str]:
    for part in PARTS:
        if count := digest.count(part):
            yield printed(f"digest.count_{part}", count=count)


def _sections(digest: Digest, escalated_after: int | None) -> Iterator[Section]:
    for part in PARTS:
        items = digest.parts.get(part, ())
        if part == "soon":
            yield from _soon(items, digest.near)
        elif items:
            yield _section(part, printed(f"digest.title_{part}", days=escalated_after), items)


def _soon(items: Sequence[Item], near: Sequence[int]) -> Iterator[Section]:
    """Apart by how many days are left."""
    first = 1
    for days in sorted(near):
        found = [item for item in items if item.days is not None and first <= item.days <= days]
        code = "digest.title_soon" if first == days else "digest.title_soon_within"
        if found:
            yield _section("soon", printed(code, first=first, days=days), found)
        first = days + 1


def _section(part: Part, title: str, items: Sequence[Item]) -> Section:
    count = sum(len(item.duties) for item in items)
    shown, left = items[:MOST_ITEMS], items[MOST_ITEMS:]
    entries = tuple(_entry(part, item) for item in shown)
    return Section(f"{title} ({count})", entries, sum(len(item.duties) for item in left))


def _entry(part: Part, item: Item) -> Entry:
    about = [_source(item)]
    if part in ("escalated", "waiting", "reported"):
        about.append(_bodies(item))
    if item.former:
        about.append(printed("digest.former", former=shortened(one_line(item.former), 120)))
    about.append("; ".join(_when(item)))
    return Entry(shortened(one_line(item.words), _MOST_WORDS), tuple(about))


def _source(item: Item) -> str:
    issued = _issued(item.issued_on) if item.issued_on else ""
    issuer = printed("digest.issuer", issuer=shortened(one_line(listed(item.issuer)), 120)) if item.issuer else ""
    if item.number:
        return printed("digest.source", number=one_line(item.number), issued=issued, issuer=issuer)
    return printed("digest.source_unnumbered", dispatch=item.dispatch, issued=issued, issuer=issuer)


def _issued(value: str) -> str:
    """The day of a document, as sharp as it is printed."""
    sharp = ("year", "month", "day")[value.count("-")]
    return printed(f"digest.issued_{sharp}", day=day(value))


def _bodies(item: Item) -> str:
    names = [shortened(one_line(name), 120) if name else printed("digest.nobody") for name, _ in item.bodies]
    more = len(names) - _NAMED
    if more <= 1:
        return printed("digest.bodies", names="; ".join(names))
    return printed("digest.bodies_more", names="; ".join(names[:_NAMED]), count=more)


def _when(item: Item) -> Iterator[str]:
    series = len(item.duties) > len(item.bodies)
    if item.last_day is None or item.days is None:
        yield printed("digest.no_day")
    else:
        yield printed("digest.due_first" if series else "digest.due", day=_day(item.last_day))
        code = "days_late" if item.days < 0 else "days_left" if item.days else "today"
        yield printed(f"digest.{code}", days=abs(item.days))
    if series:
        yield printed("digest.periods", count=len(item.duties))
    if item.is_doubtful:
        yield printed("digest.doubtful")
    yield printed("digest.id", id=item.duties[0] if len(item.duties) == 1 else item.obligation)


def _section_html(section: Section) -> str:
    rows = "".join(
        f"<tr><td {_CELL}>{number}</td><td {_CELL}>{escape(entry.words)}"
        f"<br><small>{'<br>'.join(escape(line) for line in entry.about)}</small></td></tr>\n"
        for number, entry in enumerate(section.entries, 1)
    )
    more = f"<p>{escape(printed('digest.more', count=section.more))}</p>" if section.more else ""
    return (
        f'<h3 style="font-size:16px">{escape(section.title)}</h3>\n'
        f'<table style="border-collapse:collapse">\n{rows}</table>{more}\n'
    )


def _day(value: date) -> str:
    return day(value.isoformat())
