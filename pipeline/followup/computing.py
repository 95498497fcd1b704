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

_DAY = timedelta(days=1)
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_UNITS = {
    "hour": "giờ",
    "day": "ngày",
    "working_day": "ngày làm việc",
    "week": "tuần",
    "month": "tháng",
    "year": "năm",
}
_ANCHORS: Mapping[Anchor | None, str] = {
    "issue": "ngày ký",
    "date": "ngày",
    "receipt": "ngày đến",
    "effect": "ngày có hiệu lực",
    "event": "ngày của sự kiện",
    None: "mốc không ghi trong văn bản",
}
COUNTED = "Điều 147 Bộ luật Dân sự 2015"
MOVED = "khoản 5 Điều 148 Bộ luật Dân sự 2015"
WHOLE_DAY = "khoản 6 Điều 148 Bộ luật Dân sự 2015"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`due` is the day as stated or counted, `last_day` the last day on time; both None where no day is known.

    `pending` names the anchor that is missing; `provisional` where holidays after the known calendar were counted.
    `why` is one sentence in Vietnamese that begins with the words of the document.
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
        return Reckoning(None, None, f"“{limit.quote}”: văn bản không ghi ngày cuối, không có ngày để tính quá hạn")
    due = date.fromisoformat(limit.due)
    if limit.kind == "period":
        return Reckoning(due, due, f"“{limit.quote}” → ngày cuối của kỳ là {_day(due)} (Điều 146, {WHOLE_DAY})")
    return _printed(limit, due, settings)


def _printed(limit: Deadline, due: date, settings: Settings) -> Reckoning:
    """A printed day: it stays where it is, also on a day off."""
    off = (
        "" if settings.calendar.is_working(due) else f"; {_WEEKDAYS[due.weekday()]} là ngày nghỉ, ngày ghi rõ không dời"
    )
    if limit.boundary != "before":
        return Reckoning(due, due, f"“{limit.quote}” → tính cả ngày {_day(due)} ({WHOLE_DAY}){off}")
    if settings.before == "strict":
        last = due - _DAY
        return Reckoning(
            due, last, f"“{limit.quote}” → hết ngày {_day(last)}, vì “trước ngày” không gồm chính ngày đó{off}"
        )
    return Reckoning(due, due, f"“{limit.quote}” → hết ngày {_day(due)} (cách tính lenient: gồm cả ngày đó){off}")


def _event(limit: Deadline, anchors: Mapping[Anchor, date]) -> Reckoning:
    day = anchors.get("event")
    if day is None:
        return Reckoning(None, None, f"“{limit.quote}”: chờ ngày xảy ra sự kiện", pending="event")
    before = limit.boundary == "before"
    last = day - _DAY if before else day
    return Reckoning(day, last, f"“{limit.quote}”, sự kiện ngày {_day(day)} → hết ngày {_day(last)}")


def _relative(
    limit: Deadline, offset: Offset, issued_on: str | None, anchors: Mapping[Anchor, date], settings: Settings
) -> Reckoning:
    start = _start(limit, offset, issued_on, anchors)
    length = f"{_amount(offset.amount)} {_UNITS[offset.unit]}"
    if start is None and limit.due:
        due = date.fromisoformat(limit.due)
        return Reckoning(due, due, f"“{limit.quote}”: {length} tính từ mốc ghi trong văn bản → {_day(due)}")
    if start is None:
        anchor: Anchor = offset.anchor or "event"
        return Reckoning(
            None, None, f"“{limit.quote}”: {length} tính từ {_ANCHORS[offset.anchor]}, chưa biết", pending=anchor
        )
    end = last_day(start, offset.amount, offset.unit, settings.calendar)
    if end is None:
        return Reckoning(None, None, f"“{limit.quote}”: ngày cuối nằm ngoài lịch")
    provisional = not _covered(start, end, offset, settings.calendar)
    last = end - _DAY if limit.boundary == "before" and settings.before == "strict" else end
    why = f"“{limit.quote}”: {_counting(length, offset, start, end, settings.calendar)}"
    if last != end:
        why += f", “trước ngày” không gồm chính ngày đó → {_day(last)}"
    if provisional:
        why += "; tạm tính, vì lịch nghỉ của năm đó chưa công bố"
    return Reckoning(end, last, why, provisional=provisional)


def _counting(length: str, offset: Offset, start: date, end: date, calendar: WorkingCalendar) -> str:
    """How a length leads from its anchor to its end, with the article."""
    direction = "trước" if offset.amount < 0 else "kể từ"
    said = f"{length} {direction} {_ANCHORS[offset.anchor]} {_day(start)}"
    if offset.unit == "hour":
        return f"{said}, tính từ thời điểm đó (khoản 1 {COUNTED}) → {_day(end)}"
    said += f", không tính ngày {'đó' if offset.amount < 0 else 'đầu'} ({COUNTED})"
    if offset.unit == "working_day":
        return f"{said}, chỉ tính ngày làm việc → {_day(end)}"
    plain = plain_end(start, offset.amount, offset.unit, calendar)
    if plain == end:
        return f"{said} → {_day(end)}"
    return f"{said} → {_day(plain)} là ngày nghỉ, sang ngày làm việc kế tiếp ({MOVED}) → {_day(end)}"


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


def _day(day: date) -> str:
    """A day as the decree writes it in figures: 03/7/2023.

    >>> _day(date(2023, 7, 3))
    '03/7/2023'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"
