"""Recurring limits (định kỳ): a frequency, the days beside it, and mentions that recur by their own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import regex

from extractors import context
from extractors.dates import Time
from extractors.model import Boundary
from extractors.points import read_range
from extractors.recurrence import dated_rule, fixed_rule, frequency_rule, listed_rules
from extractors.scene import Found, Scene, found_at, pattern_of

_JOINT = regex.compile(r"\s*(?:,|và|;|/)?\s*", regex.V1)
_OF = regex.compile(r"\s*(?:của\s+)?", regex.V1)
_DATED = {"day", "monthday", "monthdays", "weekday", "quarter_day", "day_of_quarter", "day_of_month", "last_day",
          "last_working_day", "first_days"}  # fmt: skip
_SAME_SENTENCE = regex.compile(r"(?:[^.;:]|\.(?!\s)){0,220}", regex.V1)
_SPREAD = 60  # how far a day may stand from its frequency and still share its quote
_LONGEST_RUN = 12  # days side by side: the twelve of a year


@dataclass(frozen=True, slots=True)
class _Dated:
    """Days that belong to a frequency; `start` where their words stand apart from it, `following` the next mention."""

    rules: tuple[str, ...]
    start: int | None
    end: int
    following: int
    boundary: Boundary | None


def read_recurring(scene: Scene, i: int) -> tuple[list[Found], int] | None:
    """A frequency with what stands beside it, or a mention that recurs by itself; None where there is neither."""
    run = _run(scene, i)
    after = i + run
    if run and _is_frequency(scene, after):
        between = scene.low[scene.times[after - 1].end : scene.times[after].start]
        if _OF.fullmatch(between):
            return _day_then_frequency(scene, i, after)
    if scene.times[i].kind == "frequency":
        return _frequency_first(scene, i)
    if scene.times[i].kind == "duration" and _listed_before(scene, i):
        return _duration_then_frequency(scene, i)
    if (rule := fixed_rule(scene.times[i])) is not None:
        return [found_at(scene, i, scene.times[i].end, "recurring", rrule=rule, boundary=bound_of(scene, i))], i + 1
    return _reported(scene, i)


def _day_then_frequency(scene: Scene, i: int, f: int) -> tuple[list[Found], int] | None:
    """ "trước ngày 25 hàng tháng", "vào thứ Hai và thứ Năm hằng tuần", "15/6 và 15/12 hằng năm"."""
    frequency = scene.times[f]
    base = frequency_rule(frequency.unit, frequency.amount, frequency.times)
    rules = [rule for time in scene.times[i:f] if (rule := dated_rule(base, time))]
    if len(rules) < f - i:
        return None
    due, first, end, following = _until(scene, f, frequency.end)
    boundary = bound_of(scene, i)
    return [
        found_at(scene, i, end, "recurring", rrule=rule, boundary=boundary, due=due, first=first) for rule in rules
    ], following


def _frequency_first(scene: Scene, i: int) -> tuple[list[Found], int] | None:
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
        rules = (*plain, *dated.rules)
        found = [found_at(scene, i, dated.end, "recurring", rrule=r, boundary=dated.boundary) for r in rules]
        return [f if dated.start is None else replace(f, start=dated.start) for f in found], dated.following
    if _is_cap(scene.low, bounds.start, frequency.start):
        return [], i + 1
    if scene.place == "clause" and frequency.rule == "recurrence.every" and not bounds.hour:
        left, right = context.before(scene.low, frequency.start), scene.low[end : end + 30]
        if context.of_yearly_noun(left, right):
            return [], i + 1
    due, first, end, following = _until(scene, following - 1, end)
    boundary: Boundary | None = "on_or_before" if due or bounds.hour else None
    sure = frequency.rule != "recurrence.every" or context.opens_clause(scene.low, bounds.start, end)
    confidence = 0.9 if sure else 0.7
    return [
        found_at(scene, i, end, "recurring", rrule=r, boundary=boundary, due=due, first=first, confidence=confidence)
        for r in (base, *listed)
    ], following


def _is_cap(low: str, start: int, at: int) -> bool:
    """Whether words say how often something may happen at most: "không quá một lần/năm"."""
    return context.capped(low[max(0, start - 20) : at])


def _duration_then_frequency(scene: Scene, i: int) -> tuple[list[Found], int] | None:
    listed = _frequency_first(scene, i + 1)
    if not listed or not listed[0]:
        return listed
    rule = frequency_rule(scene.times[i].unit, scene.times[i].amount)
    start = scene.bounds[i].start
    return [replace(f, start=start) for f in (replace(listed[0][0], rrule=rule), *listed[0])], listed[1]


def _listed_before(scene: Scene, i: int) -> bool:
    """Whether a length opens a list of frequencies: "6 tháng, hằng năm"."""
    if not _is_frequency(scene, i + 1) or scene.times[i].unit not in ("tháng", "quý"):
        return False
    between = scene.low[scene.times[i].end : scene.times[i + 1].start]
    return not scene.bounds[i].values and regex.fullmatch(r"\s*(?:,|/|và|hoặc)\s*", between) is not None


def _is_frequency(scene: Scene, i: int) -> bool:
    return i < len(scene.times) and scene.times[i].kind == "frequency"


def _run(scene: Scene, i: int) -> int:
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


def _dated(scene: Scene, i: int, end: int, base: str) -> _Dated | None:
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
    return _Dated(rules, None if together else bounds.start, scene.times[i + run - 1].end, i + run, bound_of(scene, i))


def _yearly(dated: _Dated) -> bool:
    """Whether several printed days of the year say by themselves how often ("6 tháng và hằng năm … 25/5 và 25/11")."""
    return len(dated.rules) > 1 and all(rule.startswith("FREQ=YEARLY;BYMONTH") for rule in dated.rules)


def _until(scene: Scene, i: int, end: int) -> tuple[date | None, date | None, int, int]:
    """An end that a recurring limit states: "đến hết năm 2025", "từ năm 2025 đến năm 2030"."""
    following = i + 1
    if following >= len(scene.times):
        return None, None, end, following
    if scene.low[end : scene.bounds[following].start].strip() == "":
        if ranged := read_range(scene, following):
            found = ranged[0]
            if found:
                return found[0].due, found[0].first, found[0].end, ranged[1]
        time, values = scene.times[following], scene.bounds[following].values
        if time.kind in ("day", "period") and time.year_printed and values & {"full", "until"}:
            return time.last, None, time.end, following + 1
    return None, None, end, following


def _reported(scene: Scene, i: int) -> tuple[list[Found], int] | None:
    """ "báo cáo năm trước ngày 15/12": a report named by its period recurs with it."""
    time = scene.times[i]
    if time.kind != "day" or time.month is None or time.year_printed:
        return None
    bounds = scene.bounds[i]
    rule = dated_rule("FREQ=YEARLY", time)
    if pattern_of("reported_after").match(scene.low, time.end, time.end + 60):
        out = Found(bounds.start, time.end, "recurring", "cue.reported_after", rrule=rule, boundary=bound_of(scene, i))
        return [replace(out, confidence=0.6)], i + 1
    found = pattern_of("reported").search(scene.low, max(0, bounds.start - 80), bounds.start)
    if found is None or not bounds.strong:
        return None
    out = Found(found.start("quote"), time.end, "recurring", "cue.reported", None, None, bounds.boundary, rule)
    return [replace(out, confidence=0.6)], i + 1


def bound_of(scene: Scene, i: int) -> Boundary | None:
    """The boundary of a recurring limit: only where words say it."""
    bounds, time = scene.bounds[i], scene.times[i]
    if time.kind in ("monthdays", "first_days"):
        return "on_or_before"
    says = bounds.strong or bounds.hour or bounds.values & {"until", "within"}
    return bounds.boundary if says else None
