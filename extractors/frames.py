"""Mẫu câu giao việc: what one clause does: orders, requests, urges, tells, or none of these; and whom it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Literal

import regex

from extractors import lexicon
from extractors.listing import bodies
from extractors.model import Modality
from extractors.patterns import at_end, one_pattern, word
from extractors.predicates import (
    Predicate,
    Subject,
    actor_at,
    after_group,
    is_acronym,
    opens_with_predicate,
    predicates,
    subject_at,
)
from extractors.word_patterns import AT_WORDS, WordPattern, at_words

Strength = Literal["frame", "modal", "subject", "bare", "goal", "none"]

_MODALITY: dict[str, Modality] = {"order": "ordered", "request": "requested", "encourage": "encouraged"}
_LONGEST_NAME = 220
_LONGEST_CLAUSE = 4000  # the longest that was ever printed has 2800; what stands further on is not looked at
_LABELS = 4  # "Về kinh phí: Sở A: ..."; so many before one clause
_BRACKETED = regex.compile(r"\([^()]*\)")
_NEW_VOICE = regex.compile(r"[,;]\s*(?:\p{Lu}[^,;]{2,90}|nay|do đó|vì vậy)?\s*$")
_LABEL = regex.compile(r"^([^:.;]{2,170}?)\s*:\s+(?=\S)")
_ACT_WORDS = 3
_CITED = 200
_WORD = regex.compile(r"\w+")
_COMMA = regex.compile(r",\s")
_LIST = regex.compile(r",| và ")
_OF = regex.compile(r"\scủa\s")  # what somebody's is no act: "Báo cáo của ..."
_BEFORE_ACT = regex.compile(r"(?:,|(?<!\w)(?:để|đề))\s")
_BY = regex.compile(r"(?:căn cứ|trên cơ sở)(?!\w)", regex.I)
_KNOWN = regex.compile(r",?\s(?:được )?biết(?!\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clause does. `lead` are places in the clause; None where it names nobody."""

    strength: Strength
    rule: str = ""
    modality: Modality | None = None
    lead: tuple[tuple[int, int], ...] | None = None
    named: tuple[int, int] | None = None


NOTHING = Reading("none")


@cache
def _frame_patterns() -> tuple[tuple[lexicon.Entry, WordPattern | regex.Pattern[str]], ...]:
    """The entries of order and request with their patterns."""
    entries = (e for e in lexicon.load("assignment_frames") if e.role in _MODALITY)
    return tuple(
        (e, at_words("assignment_frames", e.id) if ("assignment_frames", e.id) in AT_WORDS else e.pattern)
        for e in entries
    )


@lru_cache(maxsize=4096)
def is_a(role: str, plain: str) -> bool:
    """Whether a clause matches an entry of that role in the frames."""
    return _frame_pattern(role).search(plain) is not None


@cache
def _frame_pattern(role: str) -> WordPattern | regex.Pattern[str]:
    if ("assignment_frames", role) in AT_WORDS:
        return at_words("assignment_frames", role)
    return one_pattern("assignment_frames", role)


def read_clause(plain: str) -> Reading:
    """What a clause in matchable spelling does; the strongest reading wins."""
    return _read_clause(plain[:_LONGEST_CLAUSE], _LABELS)


def _read_clause(plain: str, labels: int) -> Reading:
    return read_frame(plain) or _read_label(plain, labels) or _read_subject(plain) or _read_bare(plain) or NOTHING


def read_frame(plain: str) -> Reading | None:
    """An order or request ("Giao X làm", "đề nghị X làm", "đề nghị làm"); None where there is none."""
    return _read_frame(plain[:_LONGEST_CLAUSE])


@lru_cache(maxsize=1024)
def _read_frame(plain: str) -> Reading | None:
    for at, after, entry in _frame_matches(plain):
        modality = _MODALITY[entry.role]
        subject = subject_at(plain, after, heading=True)
        if subject is not None and not subject.told:
            lead = bodies(plain, subject.start, subject.end)
            return Reading("frame", entry.id, modality, lead, (subject.start, subject.end))
        if (
            opens_with_predicate(plain, after) is not None
            and entry.role != "encourage"
            and entry.id != "task.order.assign"
        ):
            return Reading("frame", entry.id, modality, _regarding(plain, at))
        if entry.role == "encourage" and at == 0:
            return Reading("frame", entry.id, modality, None)
    return _read_informed(plain)


def _read_informed(plain: str) -> Reading | None:
    """ "... trả lời để Sở A biết và hướng dẫn các trường thực hiện": who is let know is told to act on it."""
    if _KNOWN.search(plain) is None:  # most clauses
        return None
    m = one_pattern("answers", "inform").search(plain)
    if m is None or actor_at(plain, m.end()) is None or (known := _KNOWN.search(plain, m.end())) is None:
        return None
    named = (m.end(), known.start())
    return Reading("frame", "answers.inform", None, bodies(plain, *named), named)


def bare_order(plain: str) -> Modality | None:
    """How binding an announcement is that ends with the order word itself ("Sở A đề nghị:"); None for others."""
    text = plain[:_LONGEST_CLAUSE].rstrip(" :") + " "
    ends = (e for _, after, e in _frame_matches(text) if after == len(text) and plain.rstrip().endswith(":"))
    return next((_MODALITY[e.role] for e in ends), None)


def ordered_at(plain: str) -> int | None:
    """Where the first word of order or request stands; None where there is none."""
    return next((at for at, _, _ in _frame_matches(plain[:_LONGEST_CLAUSE].rstrip(" :") + " ")), None)


def goes_on(plain: str) -> bool:
    """Whether a clause goes on with the one before it: "...; khuyến khích các trường tham gia"."""
    return word("goes_on").match(plain) is not None


def read_heading(plain: str) -> Reading | None:
    """Whom a heading or chapeau names: "Giao X:", "Đối với X:", "Trách nhiệm của X", "X có trách nhiệm:", "X"."""
    return _read_heading(plain[:_LONGEST_CLAUSE])


@lru_cache(maxsize=1024)
def _read_heading(plain: str) -> Reading | None:
    text = plain.rstrip(" :.-")
    for _, after, entry in _frame_matches(text + " "):
        subject = subject_at(text, after, heading=True)
        if subject is not None and not subject.told:
            return _named(text, subject.start, subject.end, entry)
        if actor_at(text, after) is not None:
            end = _list_end(text, after)
            return _named(text, after, end, entry)
        if opens_with_predicate(text, after) is not None:
            return Reading("frame", entry.id, _MODALITY[entry.role], _regarding(text, after))
    m = word("heading_of").match(text)
    at = m.end() if m else 0
    subject = _leading_subject(text, at)
    if subject is not None and not subject.told:
        return Reading("subject", "task.heading.subject", None, bodies(text, subject.start, subject.end))
    begins = actor_at(text, at) is not None and (m is not None or not text[at].islower())
    if begins and subject is None and len(text) - at < _LONGEST_NAME and only_names(text, at):
        return Reading("subject", "task.heading.name", None, bodies(text, at, len(text)))
    return None


@lru_cache(maxsize=512)  # a clause is asked for names, for orders and for what it tells
def _frame_matches(plain: str) -> tuple[tuple[int, int, lexicon.Entry], ...]:
    trace = at_end("assignment_frames", "trace")
    told_pattern = one_pattern("assignment_frames", "told")
    cited = one_pattern("assignment_frames", "cited_order")
    found = []
    for entry, pattern in _frame_patterns():
        for m in pattern.finditer(plain):
            before = plain[: m.start()]
            if before.count("(") > before.count(")") or _in_quotes(before, plain[m.end() :]):
                continue
            if trace.search(before[-40:]) and not before.endswith(("và ", "hoặc ")):
                continue
            if cited.search(before[-_CITED:]):
                continue
            if (told := told_pattern.search(_BRACKETED.sub(_blank, before))) and not _NEW_VOICE.search(
                before, told.end()
            ):
                continue
            if _within_a_duty(plain, m.start()):
                continue
            found.append((m.start(), m.end() + 1, entry))
    return tuple(sorted(found, key=lambda f: f[0]))


def _in_quotes(before: str, after: str) -> bool:
    """Whether what stands between is quoted; a mark that is never closed, among others that are, quotes nothing."""
    opened = before.count('"')
    return opened % 2 == 1 and (opened == 1 or after.count('"') % 2 == 1)


def _blank(m: regex.Match[str]) -> str:
    return " " * len(m[0])


def _within_a_duty(plain: str, at: int) -> bool:
    """Whether the words before an order word already tell somebody to act ("kiểm tra, đề nghị các trường sửa")."""
    if at == 0:
        return False
    start = m.end() if (m := _LABEL.match(plain)) and m.end() <= at else 0
    if start == at:
        return False
    first = opens_with_predicate(plain, start)
    if first is not None and first.role in {"verb", "adverb", "modal"} and first.start < at:
        return not (word("adverbial").match(plain[start:]) or word("noun_opening").match(plain[start:]))
    if word("to_know").search(plain, start, at):
        return False
    subject = subject_at(plain, start, at)
    return subject is not None and not subject.told and subject.predicate.start < at


def _named(plain: str, start: int, end: int, entry: lexicon.Entry) -> Reading:
    return Reading("frame", entry.id, _MODALITY[entry.role], bodies(plain, start, end), (start, end))


def _list_end(plain: str, start: int) -> int:
    stop = regex.compile(r"[:(]|\s(?:để|nhằm|về việc|trong việc)\s").search(plain, start)
    return stop.start() if stop else len(plain)


def _regarding(plain: str, before: int) -> tuple[tuple[int, int], ...] | None:
    """ "Đối với các địa phương chưa nộp, đề nghị nộp": those that the request regards."""
    m = word("regarding").match(plain)
    if m is None or actor_at(plain, m.end()) is None:
        return None
    end = plain.find(",", m.end())
    end = before if end < 0 or end > before else plain.rfind(",", m.end(), before)
    if cited := word("cited").search(plain, m.end(), end):
        end = cited.start()
    return ((m.end(), end),) if end > m.end() else None


def _read_label(plain: str, labels: int) -> Reading | None:
    """ "Các trường: tổ chức...": a name before a colon leads."""
    m = _LABEL.match(plain) if labels else None
    if m is None or after_group(plain, 0):
        return None
    heading = read_heading(plain[: m.end(1)])
    if heading is not None and heading.strength == "frame" and heading.lead:
        return Reading("frame", heading.rule, heading.modality, heading.lead, heading.named)
    if actor_at(plain, 0) is not None and only_names(plain[: m.end(1)], 0):
        inner = _read_bare(plain[m.end() :])
        if inner is not None:
            end = plain.find("(", 0, m.end(1))
            return Reading("subject", "task.label", None, bodies(plain, 0, end if end > 0 else m.end(1)))
    inner = _read_clause(plain[m.end() :], labels - 1)
    if inner.strength == "none":
        return None
    if inner.strength == "bare" and heading is not None and heading.lead and word("heading_of").match(plain):
        return Reading("subject", "task.label", inner.modality, heading.lead)
    shift = m.end()
    lead = tuple((a + shift, b + shift) for a, b in inner.lead) if inner.lead else None
    return Reading(inner.strength, inner.rule, inner.modality, lead)


def _read_subject(plain: str) -> Reading | None:
    subject = _leading_subject(plain, 0)
    if subject is None or subject.told:
        return None
    lead = bodies(plain, subject.start, subject.end)
    named = (subject.start, subject.end)
    if subject.predicate.role == "modal":
        return Reading("modal", subject.predicate.rule, "ordered", lead, named)
    return Reading("subject", "task.subject", None, lead, named)


def _leading_subject(plain: str, at: int) -> Subject | None:
    """The one who acts at the head of a clause, before or after "Trong quá trình ...," and the like."""
    subject = subject_at(plain, at)
    if subject is not None:
        return subject
    if m := word("lead_in").match(plain[at:]):
        if (subject := subject_at(plain, at + m.end())) is not None:
            return subject
        if opens_with_predicate(plain, at + m.end()) is not None:
            return None
    if (m := at_words("clause_words", "hence").search(plain, at)) and (
        subject := subject_at(plain, m.end())
    ) is not None:
        return subject
    if word("adverbial").match(plain[at:]) or word("noun_opening").match(plain[at:]):
        return _subject_after_comma(plain, at)
    return None


def _subject_after_comma(plain: str, at: int) -> Subject | None:
    """The first name after a comma that begins a clause rather than goes on with a list of names."""
    doubtful: Subject | None = None
    before = at
    timed = word("time_opening").match(plain[at:]) is not None
    for n, comma in enumerate(_COMMA.finditer(plain[at:])):
        if n > 8:
            break
        start = at + comma.end()
        start = m.end() if (m := word("time_words").match(plain, start)) else start
        subject = subject_at(plain, start)
        part, before = plain[before : start - 2], start
        if n == 0 and subject is None and timed and _is_act(plain, start):
            return None
        if subject is None or is_acronym(plain, start) or _is_asked(plain, part, subject):
            continue
        if word("superior").match(plain, start) and (word("submits").search(part) or _ends_in_name(part)):
            continue
        if plain[start].isupper() or word("determiner").match(plain, start):
            return subject
        if len(_LIST.split(plain[subject.start : subject.end])[0].split()) > 6:
            continue
        if not _ends_in_name(part):
            return subject
        doubtful = subject if subject.predicate.role == "modal" else doubtful
    return None if plain[at:].lower().startswith("căn cứ") else doubtful


def _is_act(plain: str, at: int) -> bool:
    """Whether what is to be done is said at `at`, before anybody is named ("Ngày 25, báo cáo Sở A, Sở B ...")."""
    p = opens_with_predicate(plain, at)
    return p is not None and p.role == "verb" and len(plain[p.end :].split(",", 1)[0].split()) >= _ACT_WORDS


def _is_asked(plain: str, part: str, subject: Subject) -> bool:
    """ "... đề xuất UBND tỉnh, Tổng cục xem xét": those that decide, not those that act."""
    p = subject.predicate
    return word("decides").match(plain[p.start : p.end]) is not None and word("submits").search(part) is not None


def _ends_in_name(part: str) -> bool:
    words = part.split(" ")
    return any(actor_at(" ".join(words[n:]), 0) is not None for n in range(max(0, len(words) - 5), len(words)))


def _read_bare(plain: str) -> Reading | None:
    """An imperative without a subject: the verb stands first, or after an adverbial and its comma."""
    p = opens_with_predicate(plain)
    if p is None and (m := word("lead_in").match(plain)):
        p = opens_with_predicate(plain, m.end())
    if p is not None and (_OF.match(plain, p.end) or word("when").fullmatch(plain, p.start, p.end)):
        p = None
    least = _ACT_WORDS if p is not None and word("how_often").match(plain, p.start) else 1
    if p is not None and sum(1 for _ in islice(_WORD.finditer(plain, p.end), least)) < least:
        return None
    if p is not None and p.role != "basis":
        return _bare(p)
    if p is not None or (word("adverbial").match(plain) and not word("purpose").match(plain)):
        for m in _BEFORE_ACT.finditer(plain):
            after = opens_with_predicate(plain, m.end()) if plain[m.end() : m.end() + 1].islower() else None
            if after is not None and after.role != "modal":
                return _bare(after)
        if p is not None or _BY.match(plain):
            for q in predicates(plain, p.end if p else 0):
                if q.role in {"verb", "adverb"} and plain[q.start].islower():
                    return _bare(q)
    return None


def _bare(p: Predicate) -> Reading:
    return Reading("bare", p.rule, "ordered" if p.role == "modal" else None)


def lists_names(plain: str) -> bool:
    """Whether a clause only begins a list of those who are to act ("Đề nghị các sở, ngành")."""
    plain = plain[:_LONGEST_CLAUSE]
    if only_names(plain, 0):
        return True
    return any(actor_at(plain, after) is not None and only_names(plain, after) for _, after, _ in _frame_matches(plain))


def only_names(plain: str, at: int) -> bool:
    """Whether a short text is nothing but names: no predicate in lower case follows its head."""
    head = actor_at(plain, at) or at
    for p in predicates(plain, head):
        if p.role in {"modal", "past"} or (
            p.role in {"adverb", "verb"} and plain[p.start].islower() and p.start - head > 1
        ):
            before = plain[at : p.start].rstrip()
            if not before.endswith((" được", " cơ quan", " đơn vị", " do", " có", " và")):
                return False
    return True
