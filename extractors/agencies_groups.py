"""Nhóm cơ quan: groups of bodies by common nouns, people, and clauses that tell which of them are meant."""

from __future__ import annotations

import regex

from extractors.agencies_names import read_full, read_name, read_named, tails
from extractors.agencies_words import Reading
from extractors.phrases import WORD

_JOIN = regex.compile(r"\s?(?:-|/|&)\s?|,\s|\s(?:và|&)\s|\s")
_GROUP_JOIN = regex.compile(r",\s?(?:và\s)?|\svà\s|\s?/\s?|\s-\s|\s")
_CLAUSE = regex.compile(r"[.;:()]|,(?:\s(?=(?:đề nghị|yêu cầu)\b))?|\w+")
_AFTER_DUTY = regex.compile(r"(?:đối với|riêng)\s$", regex.IGNORECASE)
_OPEN_REACH = 200
_NEAR = 36
_COLON = regex.compile(r"\s?:\s")
_FIELDED = frozenset({"bộ", "sở", "vụ", "cục", "phòng"})


def read_people(r: Reading, at: int) -> int:
    """End of people who are told to act: "cán bộ, công chức", "giáo viên cốt cán", "Nhóm trưởng"."""
    end = r.end("person", at)
    if end < 0 or r.compound(at):
        return -1
    while (join := _GROUP_JOIN.match(r.low, end)) and (nxt := r.end("person", join.end())) > 0:
        end = nxt
    return tails(r, max(end, r.end("complement", r.skip(end))))


def read_group(r: Reading, at: int, many: bool, listed: bool) -> int:
    """End of common nouns in one group: "các sở, ban, ngành tỉnh", "cơ quan, tổ chức liên quan".

    A noun by itself needs "các" before it (`many`), or to be one that names a body alone, or to stand in a list.
    """
    end = _member(r, at, many)
    if end < 0:
        return -1
    members = 1
    while (tail := tails(r, end)) == end:
        nxt = _next_member(r, at, end, many)
        if nxt < 0:
            break
        end, members = nxt, members + 1
    if many or members > 1 or r.has("noun.alone", at) or (listed and r.ends_here(tail)):
        return _named_after_colon(r, at, tail) if many else tail
    return -1


def _named_after_colon(r: Reading, at: int, end: int) -> int:
    """ "các Bộ, ngành liên quan: Tài chính, Nội vụ": the fields after the colon tell which; one group still."""
    colon = _COLON.match(r.low, end)
    if colon is None or r.word(at) not in _FIELDED or not r.capital(colon.end()):
        return end
    field = max(r.end("field", colon.end()), r.end("field.noun", colon.end()))
    if field < 0 or not r.low.startswith((",", " và "), field):
        return end
    return read_name(r, colon.end(), True, True)


def _member(r: Reading, at: int, many: bool = False) -> int:
    """One common noun with its complement: "cơ quan ngang bộ", "tổ chức chính trị - xã hội"."""
    noun = r.end("noun", at)
    if noun < 0 or r.blocked(at, noun) or r.compound(at):
        return -1
    end = noun
    if r.has("noun.described", at):
        while (grown := _complement(r, end, first=end == noun)) > end:
            end = grown
    if not many and r.low[at:end] == "tổ chức" and not _organisation(r, end):
        return -1
    return end


def _complement(r: Reading, end: int, first: bool) -> int:
    """The end of the next word of a complement; `end` where it is over."""
    join = _JOIN.match(r.low, end)
    if join is None:
        return end
    at = join.end()
    if join[0].strip() not in ("", ",") or (first and join[0].strip()) or (not first and r.has("noun", at)):
        return end
    known = r.end("complement", at)
    if known > 0:
        return known
    verb = r.end("complement.verb", at)
    if verb > 0:
        return verb if first and _over(r, verb) else end
    if r.capital(at) or r.has("noun", at) or r.has("predicate", at):
        return end
    return max(end, r.end("field", at), r.end("field.noun", at))


def _over(r: Reading, end: int) -> bool:
    at = r.skip(end)
    if at >= len(r.low) or r.low[at] in ":;.)" or (r.low[at] == "," and r.has("complement", at + 2)):
        return True
    return at > end and (r.has("predicate", at) or r.has("relative", at) or tails(r, end) > end)


def _organisation(r: Reading, end: int) -> bool:
    """Whether "tổ chức" is the noun here, not the verb."""
    at = r.skip(end)
    return r.ends_here(end, weak=False) or r.has("relative", at) or tails(r, end) > end


def _next_member(r: Reading, start: int, end: int, many: bool) -> int:
    join = _GROUP_JOIN.match(r.low, end)
    if join is None:
        return -1
    nxt = join.end()
    if not join[0].strip() and not r.has("noun.beside", nxt):
        return -1
    if _another(r, start, end, nxt, join[0].strip(), many):
        return -1
    return _member(r, nxt)


def _another(r: Reading, start: int, end: int, nxt: int, mark: str, many: bool) -> bool:
    """Whether another body begins at `nxt`, not a further noun of this group."""
    if any(r.has(role, nxt) for role in ("quantifier", "official", "person")):
        return True
    if r.has("institution", nxt) and not r.has("noun", nxt):
        return True
    if r.has("noun.association", nxt) and not (many and _joins_association(r, start, nxt)):
        return True
    if "và" in mark and r.has("noun.grassroots", nxt) and not r.has("noun.grassroots", start):
        return True
    if r.capital(nxt) and not r.capital(start):
        return True
    noun = r.end("noun", nxt)
    if noun > 0 and r.low[nxt:noun] == r.low[start : r.end("noun", start)]:
        return True
    return r.capital(nxt) and read_named(r, nxt) > 0


def _joins_association(r: Reading, start: int, nxt: int) -> bool:
    return r.has("noun.association", start) or r.low.startswith("doanh nghiệp", nxt)


def read_house(r: Reading, at: int) -> int:
    """End of a kind of body that stands for the body itself, in its own house: "Văn phòng", "Sở"."""
    end = r.end("house", at)
    if end < 0 or not r.capital(at) or r.blocked(at, end):
        return -1
    tail = tails(r, end)
    return tail if tail > end or r.ends_here(end) else -1


# -- clauses that tell which bodies are meant ------------------------------------------------------------------------


def open_end(r: Reading, start: int, end: int) -> int:
    """The end of a clause that tells which bodies are meant, where it plainly ends; else `end`.

    `start` is where the mention begins. "các đơn vị được giao vốn | có trách nhiệm …": the clause ends before what
    they have to do, before a colon, or before the next body.
    """
    cue = r.end("relative", r.skip(end))
    verb = r.end("relative.verb", r.skip(end))
    at = r.skip(end)
    if at == end or max(cue, verb) < 0:
        return end
    set_apart = _AFTER_DUTY.search(r.plain[max(0, start - 12) : start]) is not None
    strong, weak = _boundaries(r, max(cue, verb), set_apart)
    complete = r.end("relative.complete", at)
    if strong > 0 and (verb < 0 or set_apart or strong_modal(r, strong)):
        return strong
    if complete > 0 and (r.ends_here(complete) or r.low.startswith(("được chỉ định", "được mời"), at)):
        return complete
    if weak > 0 and (verb < 0 or (r.has("provider", _last_noun(r, start)) and weak - end < _NEAR)):
        return weak
    return end


def strong_modal(r: Reading, end: int) -> bool:
    """Whether a word that opens a predicate and nothing else follows."""
    return r.has("predicate.modal", r.skip(end))


def _last_noun(r: Reading, start: int) -> int:
    quantified = r.end("quantifier", start)
    return r.skip(quantified) if quantified > 0 else start


def _boundaries(r: Reading, cue: int, set_apart: bool) -> tuple[int, int]:
    """(sure end, likely end) of the clause that the cue before `cue` opens; -1 where there is none."""
    weak, comma = -1, False
    for found in _CLAUSE.finditer(r.low, cue, min(len(r.low), cue + _OPEN_REACH)):
        here, mark = found.start(), found[0]
        if mark in ".;()":
            break
        if mark == ":" or mark.startswith(", ") or (set_apart and mark in (",", "theo")):
            return _back(r, here), weak
        if mark in (",", "và"):
            if _full_body(r, r.skip(found.end())):
                return _back(r, here), weak
            if mark == "," and weak > 0:
                break
            comma = comma or mark == ","
        elif here > cue + 1 and r.has("predicate.modal", here):
            return _back(r, here), weak
        elif weak < 0 and not comma and here > cue + 1 and r.has("predicate", here) and not r.has("person", here):
            weak = _back(r, here)
    return -1, weak


def _back(r: Reading, end: int) -> int:
    while r.low[end - 1] == " ":
        end -= 1
    return end


def _full_body(r: Reading, at: int) -> bool:
    quantified = r.end("quantifier", at)
    if quantified > 0:
        nxt = r.skip(quantified)
        return r.has("noun", nxt) or r.has("institution", nxt)
    return r.capital(at) and WORD.match(r.low, at) is not None and read_full(r, at) > 0
