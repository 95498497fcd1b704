"""Vế câu thành nhiệm vụ: one item or paragraph cut into duties where lead or time limit change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import regex

from extractors.answers import is_private
from extractors.clauses import Piece, pieces
from extractors.deadlines import Limit, find_limits
from extractors.frames import (
    NOTHING,
    Reading,
    goes_on,
    is_a,
    lists_names,
    only_names,
    read_clause,
    read_frame,
)
from extractors.listing import coordinating
from extractors.model import Deadline, Kind, Modality
from extractors.papers_due import is_due, is_phase, names_paper, read_due
from extractors.passives import read_done_by
from extractors.patterns import one_pattern, word
from extractors.predicates import actor_at, opens_with_predicate, subject_at
from extractors.scene import Place
from extractors.text import Passage, matchable
from extractors.word_patterns import at_words

_CONFIDENCE = {"frame": 0.95, "modal": 0.9, "subject": 0.85, "bare": 0.8, "goal": 0.75, "none": 0.5}
_HEAD = 30
_SHORTEST_EVENT = 12
_COMMA = regex.compile(r",\s")
_LONGEST_LIST = 600
_LONGEST_NAMES = 150
_LONGEST_READ = 3000
_LARGEST_GROUP = 100
_AND = regex.compile(r"(?:,\s(?:đồng thời\s)?|\s(?:và|đồng thời)\s)(?=\p{Ll})")
_BRACKETED_END = regex.compile(r"\([^()]*\)[\s.;,]*$")


@dataclass(slots=True)
class Duty:
    """A duty in the making; `lead` is None where it names nobody."""

    words: Passage
    kind: Kind
    reading: Reading
    lead: list[Passage] | None
    coordinating: list[Passage]
    limits: list[tuple[Passage, Limit]]
    confidence: float
    label: str = ""
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the place of an item allows: readings that count as duties there, whether bare aims do, the day of issue;
    `inherited` limits, and whether a body is named above (`led`)."""

    accepted: frozenset[str]
    goals: bool
    issued_on: str | None
    inherited: frozenset[tuple[object, ...]] = frozenset()
    led: bool = False


@dataclass(slots=True)
class _Part:
    start: int
    end: int
    reading: Reading
    limits: tuple[Limit, ...]
    goal: bool


def duties(words: Passage, rules: Rules) -> list[Duty]:
    """The duties of one item, in order; clauses that only give grounds, contacts or thanks are left out."""
    plain = matchable(words.text)
    told = [Piece(0, len(plain), "")] if is_phase(plain) else _with_lists(plain)
    cut = [x for piece in told for x in _cut_between_limits(words, plain, piece, rules)]
    parts = [p for piece in cut if (p := _part(words, plain, piece, rules)) is not None]
    _clear_grounds(plain, parts)
    if rules.led:
        _pass_on(plain, parts)
    out = [_duty(words, plain, group) for group in _grouped(plain, parts, rules.inherited)]
    for before, after in pairwise(out):
        after.lead = after.lead or before.lead
    return out


def _with_lists(plain: str) -> list[Piece]:
    """The clauses, semicolons inside a list of names left alone ("Giám đốc Sở A; Thủ trưởng các đơn vị chịu ...")."""
    out: list[Piece] = []
    for piece in pieces(plain):
        if (
            out
            and out[-1].stop == ";"
            and out[-1].end - out[-1].start < _LONGEST_LIST
            and (lists_names(plain[out[-1].start : out[-1].end]) or _breaks_off(plain, out[-1], piece))
        ):
            piece = Piece(out.pop().start, piece.end, piece.stop)
        out.append(piece)
    return out


def _breaks_off(plain: str, before: Piece, after: Piece) -> bool:
    """Whether a clause ends with those it speaks of before it says what they do ("vận động các hội; đoàn viên ...")."""
    cues = [m.end() for m in at_words("clause_words", "calls_upon").finditer(plain, before.start, before.end)]
    if not cues or actor_at(plain, cues[-1]) is None or actor_at(plain, after.start) is None:
        return False
    return before.end - cues[-1] < _LONGEST_NAMES and only_names(plain[cues[-1] : before.end], 0)


def _cut_between_limits(words: Passage, plain: str, piece: Piece, rules: Rules) -> Iterator[Piece]:
    """A clause cut before "và <verb>" where both halves have a limit ("... cuối năm 2023 và tổng kết vào năm 2025")."""
    limits = find_limits(words.text[piece.start : piece.end], rules.issued_on, "clause")
    start = piece.start
    for one, two in pairwise(limits):
        if one.due == two.due or one.rrule or two.rrule:
            continue
        a, b = piece.start + one.end, piece.start + two.start
        between = plain[a:b]
        for m in reversed(list(_AND.finditer(between))):
            p = opens_with_predicate(plain, a + m.end())
            if (
                p is not None
                and p.role == "verb"
                and between[: m.start()].count("(") == between[: m.start()].count(")")
            ):
                yield Piece(start, a + m.start(), ",")
                start = a + m.end()
                break
    yield Piece(start, piece.end, piece.stop)


def _clear_grounds(plain: str, parts: list[_Part]) -> None:
    """No duty is read in what only tells why ("Để A; bảo đảm B; yêu cầu ...") or who came to a meeting."""
    frame = next((n for n, p in enumerate(parts) if p.reading.strength == "frame"), 0)
    if parts and word("purpose").match(plain[parts[0].start :]):
        for part in parts[:frame]:
            part.reading = NOTHING
    told = assigned = False
    for part in parts:
        text = plain[part.start : part.end]
        follows = plain[part.start - 2 : part.start].startswith(";")
        told = _tells(text, part.reading) or (told and follows)
        assigned = _tells_of_orders(text, part.reading) or (assigned and follows and text[:1].islower())
        if assigned or (told and part.reading.strength != "frame"):
            part.reading = NOTHING


def _tells_of_orders(text: str, reading: Reading) -> bool:
    """Whether a clause tells what somebody was ordered before, and orders nothing itself."""
    return reading.strength == "none" and is_a("assigned", text)


def _pass_on(plain: str, parts: list[_Part]) -> None:
    """What a body named above has others do ("Lập kế hoạch; yêu cầu doanh nghiệp gửi hồ sơ") is its own duty."""
    if not parts or parts[0].reading.strength != "bare":
        return
    for part in parts[1:]:
        lead = part.reading.lead or ()
        orders = part.reading.strength == "frame" and part.reading.modality != "encouraged"
        if orders and lead and all(_is_private(plain, part, x) for x in lead):
            part.reading = replace(part.reading, strength="bare", lead=None, named=None, modality=None)


def _is_private(plain: str, part: _Part, place: tuple[int, int]) -> bool:
    return is_private(plain[part.start + place[0] : part.start + place[1]])


def _part(words: Passage, plain: str, piece: Piece, rules: Rules) -> _Part | None:
    """A clause with its reading; None where its words are boilerplate that belongs to no duty."""
    text = plain[piece.start : min(piece.end, piece.start + _LONGEST_READ)]
    frame = read_frame(text)
    if _is_contact(text) or (frame is None and _is_boilerplate(text)):
        return None
    limits = limits_in(words.text[piece.start : piece.end], rules.issued_on)
    if rules.goals and _is_goal(text):
        return _Part(piece.start, piece.end, Reading("goal", "task.goal"), limits, True)
    reading = Reading("bare", "task.encourage", "encouraged") if goes_on(text) and piece.start else read_clause(text)
    if reading.strength == "none" and _may_aim(text, rules) and _has_amount(text):
        return _Part(piece.start, piece.end, Reading("goal", "task.goal"), limits, True)
    if reading.strength == "none":
        reading = read_done_by(text) or reading
    if reading.strength not in rules.accepted or _tells(text, reading):
        reading = NOTHING
    silent = reading.strength == "none" or (reading.strength == "bare" and names_paper(text))
    if silent and not is_a("told", text) and (due := read_due(text, limits, rules.issued_on)) is not None:
        reading = due if due.strength in rules.accepted else NOTHING
    goal = reading.strength == "bare" and _has_amount(text) and _is_goal(text)
    return _Part(piece.start, piece.end, reading, limits, goal)


def limits_in(text: str, issued_on: str | None, place: Place = "clause") -> tuple[Limit, ...]:
    """The limits of a text; the words of an event end before the one who acts ("Ngay sau hội thi, các lớp ...")."""
    found = find_limits(text, issued_on, place)
    if not any(x.kind == "event" for x in found):
        return found
    plain = matchable(text)
    return tuple(_to_the_actor(plain, text, x) if x.kind == "event" else x for x in found)


def _to_the_actor(plain: str, text: str, limit: Limit) -> Limit:
    for m in _COMMA.finditer(plain, limit.start, limit.end):
        subject = subject_at(plain, m.end(), limit.end)
        if subject is not None and not subject.told and m.start() - limit.start >= _SHORTEST_EVENT:
            return replace(limit, end=m.start(), quote=text[limit.start : m.start()])
    return limit


def _is_contact(text: str) -> bool:
    """Where to call; an order that stands before that in one sentence is still an order."""
    m = at_words("assignment_frames", "contact").search(text)
    if m is None or m.start() < 20:
        return m is not None
    return read_frame(text[: m.start()]) is None and not is_due(text[: m.start()])


def _tells(text: str, reading: Reading) -> bool:
    """A clause about what took place, unless somebody is told to act after that ("... quan trọng, do đó X cần ...")."""
    if reading.strength == "frame":
        return False
    if is_a("law", text):
        return True
    event = at_words("assignment_frames", "event").search(text)
    if event is None:
        return False
    return reading.named is None or reading.named[0] < event.end()


def _is_boilerplate(text: str) -> bool:
    if is_a("thanks", text) or is_a("effect", text):
        return True
    first = opens_with_predicate(text)
    return (first is None or first.rule == "task.verb.report") and is_a("notify", text)


def _may_aim(text: str, rules: Rules) -> bool:
    return rules.goals or ("bare" in rules.accepted and _is_goal(text))


def _is_goal(text: str) -> bool:
    return any(one_pattern("goals", role).search(text) for role in ("figure", "reach"))


def _has_amount(text: str) -> bool:
    return one_pattern("goals", "amount").search(text) is not None


def _grouped(plain: str, parts: list[_Part], inherited: frozenset[tuple[object, ...]]) -> list[list[_Part]]:
    """Clauses of one lead and one set of limits together; what is no duty leans on the one before it."""
    groups: list[list[_Part]] = []
    for part in parts:
        said = bool(groups) and any(p.reading.strength != "none" for p in groups[-1])
        room = bool(groups) and len(groups[-1]) < _LARGEST_GROUP
        if room and (_leans(plain, part) or (said and not _differs(plain, groups[-1], part, inherited))):
            groups[-1].append(part)
        elif groups or part.reading.strength != "none" or not _only_ground(plain, part):
            groups.append([part])
    if len(groups) > 1 and all(p.reading.strength == "none" for p in groups[0]):
        if not _stands_alone(plain, groups[0][-1], groups[1][0]):
            groups[1] = groups[0] + groups[1]
        groups = groups[1:]
    return [g for g in groups if any(p.reading.strength != "none" for p in g)]


def _stands_alone(plain: str, before: _Part, part: _Part) -> bool:
    """A sentence that names who acts, after sentences that only tell why: "... Hiệu trưởng yêu cầu ..."."""
    named = part.reading.named
    return named is not None and named[0] < 60 and plain[before.end - 1] in ".!"


def _only_ground(plain: str, part: _Part) -> bool:
    text = plain[part.start : part.end]
    return is_a("ground", text) and is_a("told", text)


def _leans(plain: str, part: _Part) -> bool:
    if part.reading.strength == "none" and not part.limits:
        return True
    if word("preposition").match(plain, part.start):
        return True
    return is_a("dependent", plain[part.start : part.end]) and part.reading.lead is None and not part.limits


def _differs(plain: str, group: list[_Part], part: _Part, inherited: frozenset[tuple[object, ...]]) -> bool:
    if part.reading.strength == "none":
        return False
    before = next((_names(plain, p) for p in reversed(group) if p.reading.lead), None)
    here = _names(plain, part) if part.reading.lead else before
    if part.reading.lead and here != before:
        return True
    mine = [x for p in group for x in p.limits]
    if (limit_key(mine) or inherited) == (limit_key(part.limits) or inherited):
        return False
    completes = word("completes").match(plain, part.start) is not None
    if part.limits and not mine and (completes or _governs_all(plain, part) or _recurs_within(part)):
        return False
    return bool(part.limits) or not _opens_with_limit(group[0])


def _opens_with_limit(part: _Part) -> bool:
    """A limit that stands at the head of an item bounds what follows too ("Trong năm 2030, ...; ...")."""
    return bool(part.limits) and all(x.start < _HEAD for x in part.limits)


def _governs_all(plain: str, part: _Part) -> bool:
    """A limit in the brackets that end an item bounds all of it."""
    text = plain[part.start : part.end]
    tail = _BRACKETED_END.search(text)
    return tail is not None and all(x.start >= tail.start() for x in part.limits)


def _recurs_within(part: _Part) -> bool:
    """A recurrence said in passing ("...; báo cáo kết quả hàng tháng") goes with the clauses before it."""
    return all(x.rrule and x.start >= _HEAD for x in part.limits)


def _names(plain: str, part: _Part) -> tuple[str, ...]:
    lead = part.reading.lead or ()
    return tuple(plain[part.start + a : part.start + b].lower().removeprefix("các ") for a, b in lead)


def limit_key(limits: Iterable[Limit | Deadline]) -> frozenset[tuple[object, ...]]:
    """What tells limits apart: first and last day, rule, offset; the words where there is none of these."""
    return frozenset(_limit_key(x) for x in limits)


def _limit_key(limit: Limit | Deadline) -> tuple[object, ...]:
    start = limit.start if isinstance(limit, Deadline) else limit.start_day
    if limit.due or limit.rrule or limit.offset:
        return (start, limit.due, limit.rrule, limit.offset)
    return (limit.quote.lower(),)


def _duty(words: Passage, plain: str, group: list[_Part]) -> Duty:
    first, last = group[0], group[-1]
    main = next((p for p in group if p.reading.strength == "frame"), None) or next(
        p for p in group if p.reading.strength != "none"
    )
    named = next((p for p in group if p.reading.lead), None)
    lead = None
    if named is not None and named.reading.lead:
        lead = [words.cut(named.start + a, named.start + b) for a, b in named.reading.lead]
    helpers = [words.cut(p.start + a, p.start + b) for p in group for a, b in coordinating(plain[p.start : p.end])]
    limits = [(words.cut(p.start + x.start, p.start + x.end), x) for p in group for x in p.limits]
    all_goals = all(p.goal for p in group if p.reading.strength != "none")
    modality: Modality | None = next((p.reading.modality for p in group if p.reading.modality), None)
    reading = Reading(main.reading.strength, main.reading.rule, modality, main.reading.lead)
    return Duty(
        words=_whole(words, first.start, last.end),
        kind="target" if all_goals else "task",
        reading=reading,
        lead=lead,
        coordinating=_once(helpers, lead),
        limits=_unlike(limits),
        confidence=_CONFIDENCE[main.reading.strength],
    )


def _whole(words: Passage, start: int, end: int) -> Passage:
    cut = words.cut(start, end)
    text = cut.text.rstrip(" ;,")
    return cut.cut(0, len(text))


def _once(found: list[Passage], lead: list[Passage] | None) -> list[Passage]:
    seen = {p.text.lower() for p in lead or []}
    out = []
    for one in found:
        if one.text.lower() not in seen:
            seen.add(one.text.lower())
            out.append(one)
    return out


def _unlike(limits: list[tuple[Passage, Limit]]) -> list[tuple[Passage, Limit]]:
    seen: set[tuple[object, ...]] = set()
    out = []
    for words, limit in limits:
        key = next(iter(limit_key([limit])))
        if key not in seen:
            seen.add(key)
            out.append((words, limit))
    return out
