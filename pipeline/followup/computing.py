"""Hạn cuối: the last day on time of one limit, and in one sentence how it is reckoned and on which article it rests.

A printed day never moves. Periods are counted by the Civil Code 2015 (91/2015/QH13), Articles 145-148. What counts
from a receipt, an effect or an event is pending until its day is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.calendar import WorkingCalendar, last_day, plain_end
from extractors.dates import find_times, parse_issue
from extractors.model import Anchor, Deadline, Offset
from extractors.text import matchable
from pipeline.followup.settings import Settings
from pipeline.messages import text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`due` is the day as stated or counted, `last_day` the last day on time; both None where no day is known.

    `pending` names the anchor that is missing; `provisional` where holidays after the known calendar were counted.
    `why` is one sentence that begins with the words of the document.
    """

    due: date | None
    last_day: date | None
    why: str
    pending: Anchor | None = None
    provisional: bool = False


def reckon(
    limit: Deadline, issued_on: str | None, anchors: Mapping[Anchor, date], settings: Settings | None = None
) -> Reckoning:
    """One limit of a document of that day of issue (ISO, may lack day and month).

    `anchors` are days that a person or the register has given: receipt, effect, event.
    """
    settings = settings or Settings()
    if limit.kind == "relative" and limit.offset:
        return _relative(limit, limit.offset, issued_on, anchors, settings)
    if limit.kind == "event":
        return _event(limit, anchors)
    if limit.due is None:
        return Reckoning(None, None, text("reckoning.no_day", quote=limit.quote))
    due = date.fromisoformat(limit.due)
    if limit.kind == "period":
        return Reckoning(due, due, text("reckoning.period", quote=limit.quote, day=spoken_day(due)))
    return _printed(limit, due, settings)


def _printed(limit: Deadline, due: date, settings: Settings) -> Reckoning:
    """A printed day: it stays where it is, also on a day off."""
    off = "" if settings.calendar.is_working(due) else text("reckoning.stays", weekday=text(f"weekday.{due.weekday()}"))
    if limit.boundary != "before":
        return Reckoning(due, due, text("reckoning.printed", quote=limit.quote, day=spoken_day(due)) + off)
    last = due - _DAY if settings.before == "strict" else due
    return Reckoning(
        due, last, text(f"reckoning.before_{settings.before}", quote=limit.quote, day=spoken_day(last)) + off
    )


def _event(limit: Deadline, anchors: Mapping[Anchor, date]) -> Reckoning:
    day = anchors.get("event")
    if day is None:
        return Reckoning(None, None, text("reckoning.event_pending", quote=limit.quote), pending="event")
    last = day - _DAY if limit.boundary == "before" else day
    return Reckoning(day, last, text("reckoning.event", quote=limit.quote, event=spoken_day(day), day=spoken_day(last)))


def _relative(
    limit: Deadline, offset: Offset, issued_on: str | None, anchors: Mapping[Anchor, date], settings: Settings
) -> Reckoning:
    start = _start(limit, offset, issued_on, anchors)
    length = f"{_amount(offset.amount)} {text(f'value.unit.{offset.unit}')}"
    if start is None and limit.due:
        due = date.fromisoformat(limit.due)
        return Reckoning(due, due, text("reckoning.as_stated", quote=limit.quote, length=length, day=spoken_day(due)))
    if start is None:
        anchor = text(f"reckoning.anchor_{offset.anchor or 'unstated'}")
        why = text("reckoning.pending", quote=limit.quote, length=length, anchor=anchor)
        return Reckoning(None, None, why, pending=offset.anchor or "event")
    end = last_day(start, offset.amount, offset.unit, settings.calendar)
    if end is None:
        return Reckoning(None, None, text("reckoning.beyond", quote=limit.quote))
    last = end - _DAY if limit.boundary == "before" and settings.before == "strict" else end
    provisional = not _covered(start, end, offset, settings.calendar)
    why = text(
        "reckoning.counted",
        quote=limit.quote,
        length=length,
        anchor=text(f"reckoning.anchor_{offset.anchor or 'unstated'}"),
        start=spoken_day(start),
        end=_counting(offset, start, end, settings.calendar),
    )
    why += text("reckoning.day_before", day=spoken_day(last)) if last != end else ""
    why += text("reckoning.provisional") if provisional else ""
    return Reckoning(end, last, why, provisional=provisional)


def _counting(offset: Offset, start: date, end: date, calendar: WorkingCalendar) -> str:
    """How a length leads from its anchor to its end, with the article."""
    if offset.unit == "hour":
        return text("reckoning.hours", day=spoken_day(end))
    if offset.amount < 0:
        return text("reckoning.back", day=spoken_day(end))
    if offset.unit == "working_day":
        return text("reckoning.working_days", day=spoken_day(end))
    plain = plain_end(start, offset.amount, offset.unit, calendar)
    code = "reckoning.plain" if plain == end else "reckoning.moved"
    return text(code, plain=spoken_day(plain), day=spoken_day(end))


def _start(limit: Deadline, offset: Offset, issued_on: str | None, anchors: Mapping[Anchor, date]) -> date | None:
    """The day that a length counts from, None where it is not known."""
    if offset.anchor == "issue":
        return parse_issue(issued_on).full
    if offset.anchor == "date":
        return _printed_start(limit, offset, issued_on)
    return anchors.get(offset.anchor or "event")


def _printed_start(limit: Deadline, offset: Offset, issued_on: str | None) -> date | None:
    """The day that is printed beside the length."""
    found = find_times(matchable(limit.quote).lower(), parse_issue(issued_on))
    days = [time.first for time in found if time.kind == "day" and time.first]
    return days[-1] if days else None


def _covered(start: date, end: date, offset: Offset, calendar: WorkingCalendar) -> bool:
    """Whether every holiday that counted is known."""
    days = (start, end) if offset.unit == "working_day" else (end,)
    return all(calendar.covers(day) for day in days)


def _amount(amount: float) -> str:
    """How long, as one writes it: 4,5; a count back without its sign.

    >>> _amount(-4.5)
    '4,5'
    """
    return f"{abs(amount):g}".replace(".", ",")


def spoken_day(day: date) -> str:
    """A day as the decree writes it in figures: 03/7/2023.

    >>> spoken_day(date(2023, 7, 3))
    '03/7/2023'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"
