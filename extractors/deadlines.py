"""Deadlines (thời hạn): which times in a sentence bound what it asks for, and on which day each of them ends.

`find_limits` reads one string in five passes over the times that stand in it, in the order of what is hardest to
mistake: recurring, relative, ranges, single days and periods, then events. A time that one reading has used is not
read again. False friends (cited documents, data, the past, names of plans) are told apart in `extractors.context`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

import regex

from extractors import context, lexicon
from extractors.bounds import Bounds, read_bounds
from extractors.dates import Issue, Time, find_times, in_year, parse_issue
from extractors.durations import next_working_day, read_relative
from extractors.model import Boundary, DeadlineKind, Offset
from extractors.oneline import one_line
from extractors.recurrence import dated_rule, fixed_rule, frequency_rule, listed_rules

Place = Literal["clause", "heading", "label", "column"]

_JOINT = regex.compile(r"\s*(?:,|và|;|/)?\s*", regex.V1)
_CITED = regex.compile(
    r"^\W*căn cứ|số\s*:?\s*\d[^,;]{0,30}$|(?:\d/[\w\-/&]+|văn bản|công văn|quyết định|thông báo|tờ trình|kế hoạch)\s*,?\s*$",
    regex.V1,
)
_OF = regex.compile(r"\s*(?:của\s+)?", regex.V1)
_DATED = {"day", "monthday", "monthdays", "weekday", "quarter_day", "day_of_quarter", "day_of_month", "last_day",
          "last_working_day", "first_days"}  # fmt: skip
_LONGEST_RUN = 12  # days side by side: the twelve of a year
_SLIP = 1  # years by which a printed slip may miss: January's letters still write the old year
_EVENT_BOUNDARY: dict[str, Boundary] = {"before": "before", "session": "on_or_before"}
_SAME_SENTENCE = regex.compile(r"(?:[^.;:]|\.(?!\s)){0,220}", regex.V1)
_SPREAD = 60  # how far a day may stand from the frequency it belongs to: "hằng năm báo cáo … trước ngày 31 tháng 12"


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit in a string: `text[start:end]` is where it stands, `quote` its words on one line.

    `due`, `start_day` are ISO dates, None where not stated; the other fields as in `extractors.model.Deadline`.
    """

    start: int
    end: int
    quote: str
    kind: DeadlineKind
    due: str | None
    start_day: str | None
    boundary: Boundary | None
    rrule: str | None
    offset: Offset | None
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Found:
    """A limit before its words are cut out; `times` are the mentions it has used."""

    start: int
    end: int
    kind: DeadlineKind
    rule: str
    due: date | None = None
    first: date | None = None
    boundary: Boundary | None = "on_or_before"
    rrule: str | None = None
    offset: Offset | None = None
    confidence: float = 1.0
    merges: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    low: str
    times: Sequence[Time]
    issue: Issue
    place: Place
    bounds: Sequence[Bounds]

    def gap(self, i: int) -> str:
        """The words between `times[i]` and the next mention's bound."""
        return self.low[self.times[i].end : self.bounds[i + 1].start]


@dataclass(frozen=True, slots=True)
class _Dated:
    """Days that belong to a frequency; `start` where their words stand apart from it, `following` the next mention."""

    rules: tuple[str, ...]
    start: int | None
    end: int
    following: int
    boundary: Boundary | None


def _scene(low: str, issue: Issue, place: Place) -> _Scene:
    times = find_times(low, issue)
    floors = [0, *(time.end for time in times)]
    bounds = [read_bounds(low, time.start, floor) for time, floor in zip(times, floors, strict=False)]
    return _Scene(low, times, issue, place, bounds)


def find_limits(text: str, issued_on: str | None, place: Place = "clause") -> tuple[Limit, ...]:
    """The time limits of one string, in order; times that bound nothing are left out.

    `issued_on` (ISO date, month or year, or None) gives missing years and relative days. `place` says where the string
    stands: running text, a heading over items, a line "Thời gian thực hiện: …", or a cell of a time column. Line breaks,
    doubled spaces, markdown marks and decomposed accents are read over; offsets are those of `text` as it was given.

    >>> [(limit.quote, limit.due) for limit in find_limits("Gửi về Sở trước ngày 10/12.", "2021-11-25")]
    [('trước ngày 10/12', '2021-12-10')]
    """
    line = one_line(text)
    scene = _scene(line.lower, parse_issue(issued_on), place)
    timed = _timed(scene)
    found = sorted([*timed, *_beside(_events(scene), timed)], key=lambda f: (f.start, f.end))
    return tuple(_limit(f, line.text, line.span(f.start, f.end)) for f in _distinct(_apart(found)))


def _limit(found: _Found, text: str, span: tuple[int, int]) -> Limit:
    return Limit(
        start=span[0],
        end=span[1],
        quote=text[found.start : found.end],
        kind=found.kind,
        due=found.due.isoformat() if found.due else None,
        start_day=found.first.isoformat() if found.first else None,
        boundary=found.boundary,
        rrule=found.rrule,
        offset=found.offset,
        rule=found.rule,
        confidence=found.confidence,
    )


def _timed(scene: _Scene) -> list[_Found]:
    """The limits that have a time in them."""
    out = [
        _Found(r.start, r.end, "relative", r.rule, r.due, None, r.boundary, None, r.offset, r.confidence)
        for r in next_working_day(scene.low, scene.issue)
    ]
    last: tuple[int, list[_Found]] = (-2, [])
    i = 0
    while i < len(scene.times):
        found, following = _recurring(scene, i) or _relative(scene, i) or _range(scene, i) or ([], i)
        if not found and following == i:
            found, following = _point(scene, i, last[1] if last[0] == i else []), i + 1
        _join(out, found, scene.low)
        last = following, found
        i = following
    return out


def _beside(events: list[_Found], timed: list[_Found]) -> list[_Found]:
    """The events that share no word with a limit that has a time in it."""
    taken = sorted((t.start, t.end) for t in timed)
    starts = [start for start, _ in taken]
    out = []
    for event in events:
        k = bisect_left(starts, event.end)
        if not any(event.start < end for _, end in taken[max(0, k - 3) : k]):
            out.append(event)
    return out


def _join(out: list[_Found], found: list[_Found], low: str) -> None:
    """Add what was found; months and quarters side by side are one period ("tháng 10 và quý IV") and end together."""
    if out and found and out[-1].merges and found[0].merges and context.same_again(low[out[-1].end : found[0].start]):
        one, other = out.pop(), found[0]
        due = max(d for d in (one.due, other.due) if d) if one.due or other.due else None
        out.append(replace(one, end=other.end, due=due))
        found = found[1:]
    out.extend(found)


def _apart(found: list[_Found]) -> list[_Found]:
    """Without what stands inside another limit; several rules that share one quote stay."""
    out: list[_Found] = []
    reach = 0
    for f in sorted(found, key=lambda f: (f.start, -f.end)):
        if f.end > reach or (out and (out[-1].start, out[-1].end) == (f.start, f.end)):
            out.append(f)
            reach = max(reach, f.end)
    return out


def _distinct(found: list[_Found]) -> list[_Found]:
    """Each limit once: not repeated, and no "hàng quý" beside "trước ngày 15 của quý tiếp theo"."""
    dated = {f.rrule.split(";BY")[0] for f in found if f.rrule and ";BY" in f.rrule}
    seen: set[object] = set()
    out: list[_Found] = []
    for f in found:
        value = (f.start, f.end) if f.kind == "event" else _value(f)
        if value not in seen and f.rrule not in dated:
            out.append(f)
        seen.add(value)
    return out


def _value(found: _Found) -> tuple[object, ...]:
    return found.kind, found.due, found.first, found.boundary, found.rrule, found.offset


# --- recurring ------------------------------------------------------------------------------------------------------


def _recurring(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    """A frequency with what stands beside it, or a mention that recurs by itself; None where there is neither."""
    run = _run(scene, i)
    after = i + run
    if run and after < len(scene.times) and scene.times[after].kind == "frequency":
        if _OF.fullmatch(scene.low, scene.times[after - 1].end, scene.times[after].start):
            return _day_then_frequency(scene, i, after)
    if scene.times[i].kind == "frequency":
        return _frequency_first(scene, i)
    if scene.times[i].kind == "duration" and _listed_before(scene, i):
        return _duration_then_frequency(scene, i)
    if (rule := fixed_rule(scene.times[i])) is not None:
        return [_at(scene, i, scene.times[i].end, "recurring", rrule=rule, boundary=_bound_of(scene, i))], i + 1
    return _reported(scene, i)


def _listed_before(scene: _Scene, i: int) -> bool:
    """Whether a length opens a list of frequencies: "6 tháng, hằng năm"."""
    if i + 1 >= len(scene.times) or scene.times[i + 1].kind != "frequency" or scene.times[i].unit not in ("tháng", "quý"):
        return False
    between = scene.low[scene.times[i].end : scene.times[i + 1].start]
    return not scene.bounds[i].values and regex.fullmatch(r"\s*(?:,|/|và|hoặc)\s*", between) is not None


def _duration_then_frequency(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    listed = _frequency_first(scene, i + 1)
    if not listed or not listed[0]:
        return listed
    rule = frequency_rule(scene.times[i].unit, scene.times[i].amount)
    start = scene.bounds[i].start
    return [replace(f, start=start) for f in (replace(listed[0][0], rrule=rule), *listed[0])], listed[1]


def _run(scene: _Scene, i: int) -> int:
    """How many days stand side by side from there: "15/6 và 15/12"."""
    count = 0
    while count < _LONGEST_RUN and i + count < len(scene.times) and _datable(scene.times[i + count]):
        count += 1
        if i + count >= len(scene.times) or not _JOINT.fullmatch(scene.gap(i + count - 1)):
            break
    return count


def _datable(time: Time) -> bool:
    if time.kind == "period":
        return time.granularity == "month" and not time.year_printed
    return time.kind in _DATED and not (time.kind == "day" and time.year_printed)


def _day_then_frequency(scene: _Scene, i: int, f: int) -> tuple[list[_Found], int] | None:
    """ "trước ngày 25 hàng tháng", "vào thứ Hai và thứ Năm hằng tuần", "15/6 và 15/12 hằng năm"."""
    frequency = scene.times[f]
    base = frequency_rule(frequency.unit, frequency.amount, frequency.times)
    rules = [rule for time in scene.times[i:f] if (rule := dated_rule(base, time))]
    if len(rules) < f - i:
        return None
    due, first, end, following = _until(scene, f, frequency.end)
    return [
        _at(scene, i, end, "recurring", rrule=rule, boundary=_bound_of(scene, i), due=due, first=first) for rule in rules
    ], following


def _frequency_first(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    """ "định kỳ hàng quý/6 tháng/năm", "hằng tháng trước ngày 20", "hằng năm … trước ngày 31 tháng 12"."""
    frequency = scene.times[i]
    base = frequency_rule(frequency.unit, frequency.amount, frequency.times)
    listed, end = listed_rules(scene.low, frequency.end)
    following = i + 1
    while following < len(scene.times) and scene.times[following].start < end:
        following += 1
    bounds = scene.bounds[i]
    if dated := _dated(scene, following, end, [base, *listed][-1]):
        plain = [] if listed and _yearly(dated) else [base, *listed][:-1]
        found = [_at(scene, i, dated.end, "recurring", rrule=r, boundary=dated.boundary) for r in (*plain, *dated.rules)]
        return [f if dated.start is None else replace(f, start=dated.start) for f in found], dated.following
    if scene.place == "clause" and frequency.rule == "recurrence.every" and not bounds.hour:
        left, right = context.before(scene.low, frequency.start), scene.low[end : end + 30]
        if context.of_yearly_noun(left, right):
            return [], i + 1
    due, first, end, following = _until(scene, following - 1, end)
    boundary = "on_or_before" if due or bounds.hour else None
    rules = [base, *listed]
    confidence = 0.9 if frequency.rule != "recurrence.every" or context.opens_clause(scene.low, bounds.start, end) else 0.7
    return [
        _at(scene, i, end, "recurring", rrule=r, boundary=boundary, due=due, first=first, confidence=confidence)
        for r in rules
    ], following


def _dated(scene: _Scene, i: int, end: int, base: str) -> _Dated | None:
    """The days that follow a frequency: at once ("hằng tháng trước ngày 20") or later in its sentence."""
    if i >= len(scene.times) or not (run := _run(scene, i)):
        return None
    bounds = scene.bounds[i]
    gap = scene.low[end : bounds.start]
    near = regex.fullmatch(r"\s*[,(:]?\s*", gap) is not None
    if not near and not (bounds.strong and scene.times[i].kind != "weekday" and _SAME_SENTENCE.fullmatch(gap)):
        return None
    rules = tuple(rule for time in scene.times[i : i + run] if (rule := dated_rule(base, time)))
    if len(rules) < run:
        return None
    together = near or (len(gap) <= _SPREAD and not regex.search(r"[,:]", gap))
    return _Dated(rules, None if together else bounds.start, scene.times[i + run - 1].end, i + run, _bound_of(scene, i))


def _yearly(dated: _Dated) -> bool:
    """Whether several printed days of the year say by themselves how often ("6 tháng và hằng năm … 25/5 và 25/11")."""
    return len(dated.rules) > 1 and all(rule.startswith("FREQ=YEARLY;BYMONTH") for rule in dated.rules)


def _until(scene: _Scene, i: int, end: int) -> tuple[date | None, date | None, int, int]:
    """An end that a recurring limit states: "đến hết năm 2025", "từ năm 2025 đến năm 2030"."""
    following = i + 1
    if following >= len(scene.times):
        return None, None, end, following
    if scene.low[end : scene.bounds[following].start].strip() == "":
        if ranged := _range(scene, following):
            found = ranged[0]
            if found:
                return found[0].due, found[0].first, found[0].end, ranged[1]
        time, values = scene.times[following], scene.bounds[following].values
        if time.kind in ("day", "period") and time.year_printed and values & {"full", "until"}:
            return time.last, None, time.end, following + 1
    return None, None, end, following


def _reported(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    """ "báo cáo năm trước ngày 15/12": a report named by its period recurs with it."""
    time = scene.times[i]
    if time.kind != "day" or time.month is None or time.year_printed:
        return None
    bounds = scene.bounds[i]
    found = _pattern("reported").search(scene.low, max(0, bounds.start - 80), bounds.start)
    if found is None or not bounds.strong:
        return None
    rule = dated_rule("FREQ=YEARLY", time)
    out = _Found(found.start("quote"), time.end, "recurring", "cue.reported", None, None, bounds.boundary, rule)
    return [replace(out, confidence=0.6)], i + 1


def _bound_of(scene: _Scene, i: int) -> Boundary | None:
    """The boundary of a recurring limit: only where words say it."""
    bounds, time = scene.bounds[i], scene.times[i]
    if time.kind in ("monthdays", "first_days"):
        return "on_or_before"
    says = bounds.strong or bounds.hour or bounds.values & {"until", "within"}
    return bounds.boundary if says else None


# --- relative, ranges -------------------------------------------------------------------------------------------------


def _relative(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    if scene.times[i].kind != "duration":
        return None
    found = read_relative(scene.low, scene.times, i, scene.bounds[i], scene.issue)
    left = context.before(scene.low, found.start) if found else ""
    if found is None or context.retold(left) or context.elsewhere(left):
        return [], i + 1
    following = i + 1
    while following < len(scene.times) and scene.times[following].start < found.end:
        following += 1
    r = found
    return [_Found(r.start, r.end, "relative", r.rule, r.due, None, r.boundary, None, r.offset, r.confidence)], following


def _range(scene: _Scene, i: int) -> tuple[list[_Found], int] | None:
    """ "từ ngày A đến ngày B", "từ quý II đến quý IV/2025", "từ nay đến hết năm"."""
    if i + 1 >= len(scene.times):
        return None
    one, other = scene.times[i], scene.times[i + 1]
    bounds, later = scene.bounds[i], scene.bounds[i + 1]
    joined = scene.gap(i).strip() in ("", ",") and later.values & {"until", "full"} or scene.gap(i).strip() == "-"
    stated = {"from"} if scene.gap(i).strip() else {"from", "within"}
    if not joined or not (stated & bounds.values or bounds.label or one.kind == "now" or scene.place != "clause"):
        return None
    if one.kind not in ("day", "period", "now") or other.kind not in ("day", "period") or other.last is None:
        return None
    if not one.year_printed and other.year_printed:
        one = in_year(one, other.last.year)
        if one.first and one.first > other.last:
            one = in_year(one, other.last.year - 1)
    last = _last_day(other, later)
    left = context.before(scene.low, bounds.start)
    if scene.place == "clause" and (_background(left) or context.of_data(left) or context.cut_off(left)):
        return [], i + 2
    if one.kind == "now" and scene.place == "clause" and context.of_name(left):
        return [], i + 2
    if (one.first and last and one.first > last) or _ages_ago(scene, last):
        return [], i + 2
    found = _Found(bounds.start, other.end, "period", bounds.rule or "bound.from", last, one.first, confidence=0.9)
    return [found], i + 2


# --- days and periods -------------------------------------------------------------------------------------------------


def _point(scene: _Scene, i: int, before: list[_Found]) -> list[_Found]:
    """One day or period, if it bounds anything; `before` is what the mention just before it was read as."""
    time, bounds = scene.times[i], scene.bounds[i]
    if time.kind == "lunar" and "before" in bounds.values:
        return [_at(scene, i, time.end, "event", boundary="before", confidence=0.6)]
    if time.kind not in ("day", "period", "figures"):
        return []
    ranged = time.granularity in ("days", "years") or _spans(time)
    if bounds.only_start and not (ranged or (bounds.hour and scene.place in ("label", "column"))):
        return []
    again = _like_the_last(scene, i, bounds, before)
    confidence = again or _weight(scene, i, bounds)
    if not confidence:
        return []
    if time.kind == "day":
        if again and not bounds.values:
            return [replace(before[-1], start=time.start, end=time.end, due=time.last, confidence=again)]
        if first := _started(scene, i, bounds):
            return [_at(scene, i, time.end, "period", due=time.last, first=first, confidence=confidence)]
        return [_at(scene, i, time.end, "date", due=time.last, boundary=bounds.boundary, confidence=confidence)]
    return [_period(scene, i, bounds, confidence)]


def _started(scene: _Scene, i: int, bounds: Bounds) -> date | None:
    """The start that the same sentence states earlier: "từ ngày A, các đơn vị ra quân đến hết ngày B"."""
    if i == 0 or not bounds.values & {"full", "until"} or bounds.values & {"latest", "before"}:
        return None
    start = scene.times[i - 1]
    between = scene.low[start.end : bounds.start]
    if start.kind != "day" or "from" not in scene.bounds[i - 1].values or len(between) > 2 * _SPREAD:
        return None
    later = start.first and scene.times[i].last and start.first <= scene.times[i].last
    return start.first if later and not regex.search(r"[.;]\s", between) else None


def _like_the_last(scene: _Scene, i: int, bounds: Bounds, before: list[_Found]) -> float:
    """The confidence of a bare time that is joined to a limit of its own kind ("trước 15/6 và 15/12"), else 0."""
    if not before or bounds.strong or not context.same_again(scene.low[before[-1].end : bounds.start]):
        return 0
    kind = "date" if scene.times[i].kind == "day" else "period"
    return before[-1].confidence if before[-1].kind == kind and not bounds.only_start else 0


def _period(scene: _Scene, i: int, bounds: Bounds, confidence: float) -> _Found:
    time = scene.times[i]
    due = _last_day(time, bounds)
    several = time.granularity in ("years", "days") or _spans(time)
    first = time.first if several and not bounds.values & {"before", "middle", "end"} else None
    found = _at(scene, i, time.end, "period", due=due, first=first, confidence=confidence)
    merges = time.granularity in ("month", "quarter") and not bounds.strong
    unstated = due is None and bounds.values & {"start", "middle"}
    return replace(found, boundary=None if unstated else "on_or_before", merges=merges)


def _spans(time: Time) -> bool:
    """Whether a mention names several months or quarters."""
    if time.first is None or time.last is None or time.granularity not in ("month", "quarter"):
        return False
    months = time.last.month - time.first.month + 1
    return months > (3 if time.granularity == "quarter" else 1)


def _last_day(time: Time, bounds: Bounds) -> date | None:
    """The last day of a period under its bound; None where no day is stated ("đầu năm", "giữa quý")."""
    if time.first is None or time.last is None or time.kind == "day":
        return time.last
    if "before" in bounds.values:
        return time.first - timedelta(days=1)
    if "start" in bounds.values:
        return None
    if "middle" in bounds.values:
        # Civil Code 2015, Article 146.2-3: the 15th of a month, 30 June of a year; a quarter has no middle in law.
        return {"month": time.last.replace(day=15), "year": date(time.last.year, 6, 30)}.get(time.granularity or "")
    return time.last


def _weight(scene: _Scene, i: int, bounds: Bounds) -> float:
    """How surely a day or period is a limit; 0 where it is a false friend."""
    time = scene.times[i]
    left = context.before(scene.low, bounds.start)
    if scene.place in ("label", "column"):
        return 0.95
    if time.kind == "figures" and not bounds.values - {"on"}:
        return 0
    if scene.place == "heading":
        return 0.8 if time.kind == "period" or bounds.strong else 0
    if _background(left) or (bounds.label and context.service_time(scene.low[bounds.start : time.end])):
        return 0
    if time.kind == "day":
        return _weight_of_day(scene, time, bounds, left)
    return _weight_of_period(scene, time, bounds, left)


def _weight_of_day(scene: _Scene, time: Time, bounds: Bounds, left: str) -> float:
    if context.cut_off(left) or context.elsewhere(left) or _ages_ago(scene, time.last):
        return 0
    if bounds.values & {"before", "latest"} or bounds.label:
        return 0.95
    if "full" in bounds.values:
        return 0 if context.of_data(left) else 0.9
    if time.last is None or scene.issue.passed(time.last):
        return 0
    if "until" in bounds.values:
        return 0 if context.of_data(left) else 0.9
    if bounds.values & {"within", "on", "hour"}:
        return 0.85
    if scene.issue.full is None or time.last == scene.issue.full or _cited(left):
        return 0
    return 0.6 if context.meeting(left) and not context.holiday(left) else 0


def _weight_of_period(scene: _Scene, time: Time, bounds: Bounds, left: str) -> float:
    if time.granularity == "days" and not bounds.values and _long_ago(scene, time):
        return 0
    if _over(scene, time, bounds):
        return 0
    opens = context.opens_clause(scene.low, bounds.start, time.end)
    if context.cut_off(left) or context.elsewhere(left):
        return 0
    if bounds.strong or bounds.label:
        return 0.95
    if opens:
        return 0.85 if bounds.values else 0.7
    if "until" in bounds.values:
        return 0 if context.of_name(left) else 0.7
    if bounds.values & {"on", "end", "middle", "start"}:
        return 0 if context.of_data(left) and "on" not in bounds.values else 0.8
    if "within" in bounds.values:
        return 0 if context.of_data(left) and time.granularity != "week" else 0.8
    if time.granularity == "days" or "from" in bounds.values:
        return 0 if context.of_data(left) or context.holiday(left) else 0.85 if "from" in bounds.values else 0.6
    return 0.6 if context.doing(left) and not context.of_name(left) else 0


def _over(scene: _Scene, time: Time, bounds: Bounds) -> bool:
    """Whether a period lies behind the issue, or would have to lie most of a year ahead because it has no year."""
    if time.last is None or bounds.values & {"before", "latest"} or bounds.label:
        return False
    if time.year_printed:
        return scene.issue.passed(time.last) and "full" not in bounds.values
    return time.granularity in ("month", "quarter", "half") and scene.issue.far_ahead(time.last)


def _ages_ago(scene: _Scene, last: date | None) -> bool:
    """Whether a day lies years before the issue: more than a slip in its year can make."""
    return last is not None and scene.issue.year is not None and last.year < scene.issue.year - _SLIP


def _long_ago(scene: _Scene, time: Time) -> bool:
    """Whether a range is over, or began years before the issue: an anniversary rather than a plan."""
    if time.first is None or time.last is None or scene.issue.year is None:
        return time.last is None
    return scene.issue.passed(time.last) or time.first.year < scene.issue.year - 1


def _background(left: str) -> bool:
    """The words before tell the past rather than what is asked."""
    return context.past(left) or context.retold(left)


def _cited(left: str) -> bool:
    """A document's number or name stands directly before the day."""
    return bool(_CITED.search(left))


def _at(
    scene: _Scene,
    i: int,
    end: int,
    kind: DeadlineKind,
    due: date | None = None,
    first: date | None = None,
    boundary: Boundary | None = "on_or_before",
    rrule: str | None = None,
    confidence: float = 0.9,
) -> _Found:
    """A limit from the bound of `times[i]` to `end`; "định kỳ" before it belongs to its words."""
    bounds = scene.bounds[i]
    start = bounds.start
    if kind == "recurring" and (periodic := regex.search(r"định kỳ\s+$", scene.low, pos=max(0, start - 12), endpos=start)):
        start = periodic.start()
    return _Found(start, end, kind, bounds.rule or scene.times[i].rule, due, first, boundary, rrule, confidence=confidence)


# --- events -----------------------------------------------------------------------------------------------------------


def _events(scene: _Scene) -> list[_Found]:
    """Limits bound to an event without a printed day: "trước khi khai giảng", "ngay sau khi kết thúc …"."""
    out = []
    for entry in lexicon.by_role("deadlines", "event"):
        for found in _event_pattern(entry).finditer(scene.low):
            start, end = found.span("quote")
            if entry.value in ("before", "after"):
                end = _event_end(scene.low, start, end)
            left = context.before(scene.low, found.start())
            if "hiệu lực" in scene.low[start:end] or _background(left):
                continue
            boundary = _EVENT_BOUNDARY.get(entry.value or "")
            out.append(_Found(start, end, "event", entry.id, boundary=boundary, confidence=0.6))
    return out


def _event_end(low: str, start: int, at: int) -> int:
    """Where the words of an event end: at a punctuation mark or at the purpose that follows."""
    end = _stop(low, at)
    if low[end : end + 1] == "," and not _pattern("event_verb").search(low, start, end):
        further = _stop(low, end + 1)
        end = further if _pattern("event_verb").search(low, end, further) else end
    return start + len(low[start:end].rstrip())


def _stop(low: str, at: int) -> int:
    stop = _pattern("event_stop").search(low, at, at + 160)
    return stop.start() if stop else min(len(low), at + 160)


@cache
def _pattern(role: str) -> regex.Pattern[str]:
    return regex.compile(lexicon.by_role("deadlines", role)[0].pattern.pattern, regex.V1)


@cache
def _event_pattern(entry: lexicon.Entry) -> regex.Pattern[str]:
    return regex.compile(entry.pattern.pattern, regex.V1)
