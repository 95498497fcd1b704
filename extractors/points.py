"""Days, periods and ranges (ngày, kỳ, khoảng thời gian) as limits, and how surely each of them is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import regex

from extractors import context
from extractors.bounds import Bounds
from extractors.dates import Time, in_year
from extractors.scene import Found, Scene, ages_ago, background, found_at

_CITED = regex.compile(
    r"^\W*căn cứ|số\s*:?\s*\d[^,;]{0,30}$"
    r"|(?:\d/[\w\-/&]+|văn bản|công văn|quyết định|thông báo|tờ trình|kế hoạch)\s*,?\s*$",
    regex.V1,
)
_NUMBERED = regex.compile(r"\d\s?/[\d/]*\p{L}[\w\-/&]*\s*,?\s*$", regex.V1)
_AUTHOR = regex.compile(r"\s+của\s+(?!(?:năm|quý|tháng|tuần)(?!\w))", regex.V1)
_CLOSES = regex.compile(r"\s*\)\s*(?:$|[.;])", regex.V1)
_SHORT = frozenset({"month", "quarter", "half"})
_DOING = frozenset({"hoàn thành", "thực hiện", "thực hiện xong", "xong", "triển khai", "hoàn tất"})
_STATE = 100  # how far after a day "chưa …" may stand
_SPREAD = 120  # how far the start of a range may stand from its end


def read_range(scene: Scene, i: int) -> tuple[list[Found], int] | None:
    """ "từ ngày A đến ngày B", "từ quý II đến quý IV/2025", "từ nay đến hết năm"."""
    if i + 1 >= len(scene.times):
        return None
    one, other = scene.times[i], scene.times[i + 1]
    bounds, later = scene.bounds[i], scene.bounds[i + 1]
    gap = scene.gap(i).strip()
    joined = gap == "-" or (gap in ("", ",") and later.values & {"until", "full"})
    stated = {"from"} if gap else {"from", "within"}
    if not joined or not (stated & bounds.values or bounds.label or one.kind == "now" or scene.place != "clause"):
        return None
    ends = ("day", "period", "figures")
    if one.kind not in (*ends, "now") or other.kind not in ends or other.last is None:
        return None
    if not one.year_printed and other.year_printed:
        one = in_year(one, other.last.year)
        if one.first and one.first > other.last:
            one = in_year(one, other.last.year - 1)
    last = _last_day(other, later)
    left = context.before(scene.low, bounds.start)
    if scene.place == "clause" and (background(left) or context.of_data(left) or context.cut_off(left)):
        return [], i + 2
    if one.kind == "now" and scene.place == "clause" and context.of_name(left):
        return [], i + 2
    if (one.first and last and one.first > last) or ages_ago(scene, last):
        return [], i + 2
    boundary = later.boundary if other.kind == "day" else "on_or_before"
    rule = bounds.rule or "bound.from"
    return [Found(bounds.start, other.end, "period", rule, last, one.first, boundary, confidence=0.9)], i + 2


def read_point(scene: Scene, i: int, before: list[Found]) -> list[Found]:
    """One day or period, if it bounds anything; `before` is what the mention just before it was read as."""
    time, bounds = scene.times[i], scene.bounds[i]
    if time.kind == "lunar" and bounds.strong:
        # What day that is the calendar of the moon says, and a person sets: no solar day is made of it here.
        return [found_at(scene, i, time.end, "event", boundary=bounds.boundary, confidence=0.6)]
    bare = scene.place == "column" or bounds.label
    if time.kind == "year_figures" and bare and not bounds.values - {"until", "full"}:
        time = replace(time, kind="period")
    if time.kind not in ("day", "period", "figures"):
        return []
    ranged = time.granularity in ("days", "years") or _spans(time)
    of_meeting = bounds.hour and (bounds.label or scene.place in ("label", "column"))
    if (bounds.only_start and not (ranged or of_meeting)) or _names_what(scene, i):
        return []
    again = _like_the_last(scene, i, bounds, before)
    confidence = again or _weight(scene, i, bounds)
    if not confidence:
        return []
    if time.kind == "day":
        if again and not bounds.values:
            return [replace(before[-1], start=time.start, end=time.end, due=time.last, confidence=again)]
        if first := _started(scene, i, bounds):
            return [found_at(scene, i, time.end, "period", due=time.last, first=first, confidence=confidence)]
        return [found_at(scene, i, time.end, "date", due=time.last, boundary=bounds.boundary, confidence=confidence)]
    return [_period(scene, i, bounds, confidence)]


def _names_what(scene: Scene, i: int) -> bool:
    """Whether a period names what is asked, its limit behind it: "tổng kết giai đoạn 2026-2030 vào năm 2031",
    "riêng năm 2026 hoàn thành trong quý II"."""
    if scene.place == "heading" or scene.times[i].kind != "period" or i + 1 >= len(scene.times):
        return False
    behind, gap = scene.bounds[i + 1].values, scene.gap(i).strip(" :")
    if scene.bounds[i].values or not behind or behind & {"until", "full"}:
        return False
    return not gap or (gap in _DOING and _within(scene.times[i + 1], scene.times[i]))


def _within(inner: Time, outer: Time) -> bool:
    """Whether one time lies in another."""
    if inner.first is None or inner.last is None or outer.first is None or outer.last is None:
        return False
    return outer.first <= inner.first and inner.last <= outer.last


def _started(scene: Scene, i: int, bounds: Bounds) -> date | None:
    """The start that the same sentence states earlier: "từ ngày A, các đơn vị ra quân đến hết ngày B"."""
    if i == 0 or not bounds.values & {"full", "until"} or bounds.values & {"latest", "before"}:
        return None
    start = scene.times[i - 1]
    between = scene.low[start.end : bounds.start]
    if start.kind != "day" or "from" not in scene.bounds[i - 1].values or len(between) > _SPREAD:
        return None
    first, last = start.first, scene.times[i].last
    if first is None or last is None or first > last:
        return None
    return first if not regex.search(r"[.;]\s", between) else None


def _like_the_last(scene: Scene, i: int, bounds: Bounds, before: list[Found]) -> float:
    """The confidence of a bare time that is joined to a limit of its own kind ("trước 15/6 và 15/12"), else 0."""
    if not before or bounds.strong or not context.same_again(scene.low[before[-1].end : bounds.start]):
        return 0
    kind = "date" if scene.times[i].kind == "day" else "period"
    return before[-1].confidence if before[-1].kind == kind and not bounds.only_start else 0


def _period(scene: Scene, i: int, bounds: Bounds, confidence: float) -> Found:
    time = scene.times[i]
    due = _last_day(time, bounds)
    several = time.granularity in ("years", "days") or _spans(time)
    first = time.first if several and not bounds.values & {"before", "middle", "end"} else None
    found = found_at(scene, i, time.end, "period", due=due, first=first, confidence=confidence)
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


def _weight(scene: Scene, i: int, bounds: Bounds) -> float:
    """How surely a day or period is a limit; 0 where it is a false friend."""
    time = scene.times[i]
    left = context.before(scene.low, bounds.start)
    if scene.place in ("label", "column"):
        return 0 if not bounds.values and _of_document(scene, time, left) else 0.95
    if context.opens(scene.low[max(0, bounds.start - 80) : bounds.start]):
        return 0
    if time.kind == "figures" and not bounds.values - {"on"}:
        return 0
    if scene.place == "heading":
        return 0.8 if bounds.strong or (time.kind == "period" and not _over(scene, time, bounds)) else 0
    if background(left) or (bounds.label and context.service_time(scene.low[bounds.start : time.end])):
        return 0
    if time.kind == "day":
        return _weight_of_day(scene, time, bounds, left)
    return _weight_of_period(scene, i, left)


def _weight_of_day(scene: Scene, time: Time, bounds: Bounds, left: str) -> float:
    if context.cut_off(left) or context.elsewhere(left) or ages_ago(scene, time.last):
        return 0
    if bounds.values & {"before", "latest"} or bounds.label:
        return 0.95
    if "full" in bounds.values:
        return 0 if context.of_data(left) else 0.9
    if time.last is None or scene.issue.passed(time.last):
        return 0
    if "until" in bounds.values:
        state = context.of_data(left) or context.not_yet(scene.low[time.end : time.end + _STATE])
        return 0 if state else 0.9
    if bounds.values & {"within", "on", "hour"}:
        return 0.85
    if scene.issue.full is None or time.last == scene.issue.full or _cited(left):
        return 0
    return 0.6 if context.meeting(left) and not context.holiday(left) else 0


def _weight_of_period(scene: Scene, i: int, left: str) -> float:
    time, bounds = scene.times[i], scene.bounds[i]
    if time.granularity == "days" and not bounds.values and _long_ago(scene, time):
        return 0
    if _over(scene, time, bounds):
        return 0
    if time.granularity in ("year", "years") and context.in_quotes(scene.low, time.start, time.end):
        return 0
    opens = context.opens_clause(scene.low, bounds.start, time.end)
    if context.cut_off(left) or context.elsewhere(left) or context.vision(left):
        return 0
    if bounds.strong or bounds.label:
        return 0.95
    if context.prepared_for(left):
        return 0
    if opens and not bounds.values and context.not_yet(scene.low[time.end : time.end + _STATE]):
        return 0
    if opens:
        return 0.85 if bounds.values else 0.7
    if not bounds.values and time.granularity in _SHORT and in_brackets(scene, i):
        return 0 if context.of_data(left) or context.holiday(left) else 0.7
    if "until" in bounds.values:
        right = scene.low[time.end : time.end + 40]
        return 0 if context.of_name(left) or context.of_plan(left, right) else 0.7
    if bounds.values & {"on", "end", "middle", "start"}:
        return 0 if context.of_data(left) and "on" not in bounds.values else 0.8
    if "within" in bounds.values:
        return 0 if context.of_data(left) and time.granularity != "week" else 0.8
    if time.granularity == "days" or "from" in bounds.values:
        return 0 if context.of_data(left) or context.holiday(left) else 0.85 if "from" in bounds.values else 0.6
    return 0.6 if context.doing(left) and not context.of_name(left) else 0


def in_brackets(scene: Scene, i: int) -> bool:
    """Whether a time stands alone in brackets that end its sentence, or with others of its kind: "… (quý II/2024)."."""
    if not scene.low[: scene.bounds[i].start].endswith("("):
        return False
    while i + 1 < len(scene.times) and context.same_again(scene.low[scene.times[i].end : scene.times[i + 1].start]):
        i += 1
    return _CLOSES.match(scene.low, scene.times[i].end) is not None


def behind_number(left: str) -> bool:
    """Whether a document's number stands directly before the time."""
    return _NUMBERED.search(left) is not None


def _over(scene: Scene, time: Time, bounds: Bounds) -> bool:
    """Whether a period lies behind the issue, or would have to lie most of a year ahead because it has no year."""
    if time.last is None or bounds.values & {"before", "latest"} or bounds.label:
        return False
    if time.year_printed:
        return scene.issue.passed(time.last) and "full" not in bounds.values
    return time.granularity in ("month", "quarter", "half") and scene.issue.far_ahead(time.last)


def _long_ago(scene: Scene, time: Time) -> bool:
    """Whether a range is over, or began years before the issue: an anniversary rather than a plan."""
    if time.first is None or time.last is None or scene.issue.year is None:
        return time.last is None
    return scene.issue.passed(time.last) or time.first.year < scene.issue.year - 1


def _of_document(scene: Scene, time: Time, left: str) -> bool:
    """Whether a day or year beside a column's times is that of a document: a number before it, or its author behind."""
    if scene.place == "column" and _AUTHOR.match(scene.low, time.end):
        return True
    return time.kind == "day" and behind_number(left)


def _cited(left: str) -> bool:
    """A document's number or name stands directly before the day."""
    return bool(_CITED.search(left))
