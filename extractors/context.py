"""Context (ngữ cảnh): is a time a limit of what is asked, or does it name a plan, the data, the past, a procedure?

Each question looks at the words before a time, back to the last end of a sentence, so the work for one time is bounded.
"""

from __future__ import annotations

from functools import cache

import regex

from extractors import lexicon

_REACH = 240
# a full stop that stands apart from its word is a speck on the paper
_SENTENCE_END = regex.compile(r"(?:(?<!\s)\.|[;!?…]|:(?!\d))\s|[•●▪]", regex.V1 | regex.REVERSE)
_SAME_AGAIN = regex.compile(r"\s*(?:,|và|hoặc|;)\s*(?:(?:định hướng|tầm nhìn|mục tiêu)\s+)?$", regex.V1)


def before(low: str, at: int) -> str:
    """The words before `at`, back to the end of the last sentence or clause, or into the bracket that holds it."""
    words = _sentence(low, at)
    opened = words.rfind("(")
    return words[opened + 1 :] if opened > words.rfind(")") else words


def opens_clause(low: str, at: int, end: int) -> bool:
    """Whether the time opens its sentence, or stands between two commas."""
    left = _sentence(low, at)
    if len(left) < _REACH and _matches("clause_start", left):
        return True
    return left.rstrip().endswith(",") and low[end : end + 1] == ","


def same_again(gap: str) -> bool:
    """Whether two times are joined as equals: "năm 2022 và giai đoạn 2022-2024"."""
    return len(gap) < 25 and bool(_SAME_AGAIN.match(gap))


def in_quotes(low: str, start: int, end: int) -> bool:
    """The time stands between quotation marks that its sentence opens and closes: a name, a motto."""
    left = low[max(0, start - _REACH) : start]
    return left.count('"') % 2 == 1 and '"' in low[end : end + _REACH]


def past(left: str) -> bool:
    """The time qualifies what happened before: "giấy phép đã cấp trước ngày …"."""
    return _matches("past", left[-90:])


def cut_off(left: str) -> bool:
    """The time is the cut-off day of data: "tính đến ngày …"."""
    return _matches("cut_off", left[-60:])


def vision(left: str) -> bool:
    """The time is that of an aim far above the task: "… khát vọng trở thành nước phát triển vào năm …"."""
    return _matches("vision", left)


def not_yet(right: str) -> bool:
    """What had not been done by the time: "đến ngày … các xã chưa phân bổ"."""
    return _pattern("not_yet").match(right) is not None


def unmet(right: str) -> bool:
    """What has not been done when so long is over: "sau 10 ngày … vẫn không nộp"."""
    return _pattern("unmet").match(right) is not None


def prepared_for(left: str) -> bool:
    """The time is that of a meeting which the task only prepares: "chuẩn bị tài liệu phục vụ hội nghị vào …"."""
    return _matches("to_prepare", left)


def opens(left: str) -> bool:
    """The time is that of a beginning: "Thời gian bắt đầu …: "."""
    return _matches("opens", left)


def elsewhere(left: str) -> bool:
    """The time says when something takes place that the task only mentions."""
    return _matches("elsewhere", left[-40:])


def of_plan(left: str, right: str) -> bool:
    """The year belongs to a plan's name: "… đến năm 2030, tầm nhìn đến năm 2045"."""
    return _pattern("horizon").match(right) is not None or left.rstrip().endswith(("tầm nhìn", "định hướng"))


def retold(left: str) -> bool:
    """The sentence tells what somebody has been told before, and no order follows it."""
    told = _last("retold", left)
    return told >= 0 and _last("order", left) < told


def of_data(left: str) -> bool:
    """A noun of data stands before the time, and no verb of doing between the two."""
    return _last("data_noun", left) > _last("reset", left)


def of_name(left: str) -> bool:
    """A noun that takes a year as its name (plan, budget, task) stands before the time, and no verb between."""
    return max(_last("named_noun", left), _last("data_noun", left)) > _last("reset", left)


def of_yearly_noun(left: str, right: str) -> bool:
    """A frequency describes the noun before it ("kế hoạch hằng năm") or a rate ("hằng năm tăng 5%")."""
    near = left[-60:].rsplit(",", 1)[-1]
    if _matches("yearly_pair", left[-90:]):
        return True
    return _matches("rate", right) or _last("recurring_noun", near) > _last("reset", near)


def capped(left: str) -> bool:
    """The words before a frequency make it the most that is allowed: "không quá", "tối đa"."""
    return _matches("cap", left)


def service_time(words: str) -> bool:
    """Words of a procedure's service time, a contract's term, storage, an age."""
    return _matches("service_time", words)


def holiday(left: str) -> bool:
    """The day is the name of a holiday or an event."""
    return _matches("holiday", left)


def meeting(left: str) -> bool:
    """What is asked is to be somewhere, or to hold something, on the day."""
    return _matches("meeting", left)


def doing(left: str) -> bool:
    """A verb of doing stands directly before."""
    return _matches("doing", left[-30:])


def _sentence(low: str, at: int) -> str:
    window = low[max(0, at - _REACH) : at]
    end = _SENTENCE_END.search(window)
    return window[end.end() :] if end else window


@cache
def _pattern(role: str) -> regex.Pattern[str]:
    return regex.compile(_either(role), regex.V1)


@cache
def _backwards(role: str) -> regex.Pattern[str]:
    return regex.compile(_either(role), regex.V1 | regex.REVERSE)


def _either(role: str) -> str:
    return "|".join(e.expression for e in lexicon.by_role("deadlines", role))


def _matches(role: str, words: str) -> bool:
    return _pattern(role).search(words) is not None


def _last(role: str, words: str) -> int:
    """Where the last of these words begins, -1 where there is none."""
    found = _backwards(role).search(words)
    return found.start() if found else -1
