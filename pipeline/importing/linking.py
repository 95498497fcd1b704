"""Which document and which duties of the register a row of a tracking table speaks of.

A number alone is none: the day must agree, else the issuer. What could be two documents, or two duties, is neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extractors.tracking_tables import TrackedRow
from pipeline.register import Register, Row
from pipeline.register.keys import cited_key, symbol_key, words_key

_BY_NUMBER = """
SELECT DISTINCT d.id, d.number, d.issued_on, d.issuer, d.subject FROM cited_keys k
JOIN dispatches own ON own.id = k.dispatch_id AND own.removed_at IS NULL
JOIN dispatches d ON d.id = coalesce(own.merged_into, own.id) AND d.removed_at IS NULL
WHERE k.key = ? AND k.kind IN ('number', 'proposed') ORDER BY d.id LIMIT 50
"""
_BY_DAY = """
SELECT d.id, d.number, d.issued_on, d.issuer, d.subject FROM current_dispatches d
WHERE d.issued_on = ? AND d.number IS NOT NULL ORDER BY d.id
"""
_DUTIES = """
SELECT y.id, y.obligation_id, y.printed, b.name, b.canonical_id, y.quote
FROM current_duties y LEFT JOIN bodies b ON b.id = y.body_id WHERE y.letter_id = ? ORDER BY y.position, y.id
"""
_DIGITS = re.compile(r"0*(\d+)")
_ALIKE = 0.55  # words in common from which a row speaks of a duty
_AHEAD = 0.05  # by how much it must be more alike than the next
_SUBJECT = 0.7
_SURE = {"day": 0.97, "issuer": 0.9, "part": 0.85, "alone": 0.7}


@dataclass(frozen=True, slots=True)
class FoundDispatch:
    """The document of a row; `others` are those that it could be as well, `other_day` that the number has another."""

    id: int | None
    sure: float = 0.0
    others: tuple[int, ...] = ()
    other_day: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class FoundDuties:
    """The obligation that a row speaks of, and of its duties those of the row's bodies; `is_whole`: the row speaks of
    the document as a whole; `is_doubtful`: several fit alike."""

    obligation: int | None = None
    duties: tuple[int, ...] = ()
    sure: float = 0.0
    is_whole: bool = False
    is_doubtful: bool = False


def find_row_dispatch(
    register: Register, number: str | None, issued_on: str | None, issuer: str | None
) -> FoundDispatch:
    """The dispatch of a number, by its day, else by its issuer; with a number that lacks its symbol only by its day."""
    if not number:
        return FoundDispatch(None)
    rows = register.rows(_BY_NUMBER, (cited_key(number),)) if "/" in number else []
    fitting = [row for row in rows if _same_day(row, issued_on) and _same_issuer(row, issuer)]
    if len(fitting) == 1:
        row = fitting[0]
        how = "day" if issued_on and row["issued_on"] else "issuer" if issuer and row["issuer"] else "alone"
        if how != "alone" or len(rows) == 1:
            return FoundDispatch(row["id"], _SURE[how], subject=row["subject"])
    if fitting:
        return FoundDispatch(None, others=tuple(row["id"] for row in fitting))
    parts = [row for row in register.rows(_BY_DAY, (issued_on,)) if _is_part(number, row)] if issued_on else []
    parts = [row for row in parts if _same_issuer(row, issuer)]
    if len(parts) == 1:
        return FoundDispatch(parts[0]["id"], _SURE["part"], subject=parts[0]["subject"])
    year = (issued_on or "")[:4]  # numbers begin anew each year
    days = [row["issued_on"] for row in rows if (row["issued_on"] or "?")[:4] == year and _same_issuer(row, issuer)]
    return FoundDispatch(None, others=tuple(row["id"] for row in parts), other_day=days[0] if len(days) == 1 else None)


def _same_day(row: Row, issued_on: str | None) -> bool:
    return not issued_on or not row["issued_on"] or issued_on.startswith(row["issued_on"])


def _same_issuer(row: Row, issuer: str | None) -> bool:
    return not issuer or not row["issuer"] or same_body(issuer, row["issuer"])


def _is_part(number: str, row: Row) -> bool:
    """Whether a number without its symbol, or with the beginning of one, may be that of a dispatch."""
    digits, _, symbol = number.partition("/")
    own, _, rest = row["number"].partition("/")
    given, printed = _DIGITS.match(digits), _DIGITS.match(own)
    if not given or not printed or given[1] != printed[1]:
        return False
    return symbol_key(rest).startswith(symbol_key(symbol))


@cache
def _identities(name: str) -> frozenset[str]:
    from extractors.agencies_identity import identities  # its lexicon is loaded only where names are compared

    return frozenset(identities(name))


def same_body(one: str, other: str) -> bool:
    """Whether two names may mean one body: the same body of the gazetteer, the same words, one within the other, or the
    letters of an abbreviation in the order of the other's words.

    >>> same_body("Phòng QLVT", "Phòng Quản lý vận tải"), same_body("Phòng Nội vụ", "Phòng Tư pháp")
    (True, False)
    """
    a, b = words_key(one), words_key(other)
    if a == b or _identities(one) & _identities(other):
        return True
    short, long = sorted((a, b), key=len)
    if len(short.split()) > 1 and f" {short} " in f" {long} ":
        return True
    return _abbreviates(short.split(), long.split())


def _abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether words are those of a longer name, some of them as the first letters of several.

    >>> _abbreviates(["ban", "ql", "cho"], ["ban", "quan", "ly", "cho"])
    True
    >>> _abbreviates(["so", "tc"], ["so", "tu", "phap"])
    False
    """
    if not short:
        return not long
    if not long:
        return False
    if short[0] == long[0]:
        return _abbreviates(short[1:], long[1:])
    size = len(short[0])
    letters = "".join(word[0] for word in long[:size])
    return 1 < size == len(letters) and letters == short[0] and _abbreviates(short[1:], long[size:])


class Duties:
    """The duties of dispatches, read once for all rows that speak of them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._of: dict[int, dict[int, list[Row]]] = {}

    def find(self, dispatch: FoundDispatch, row: TrackedRow) -> FoundDuties:
        """What a row speaks of, by its words; where its words are the document's subject, by the bodies alone."""
        if dispatch.id is None or not row.content:
            return FoundDuties()
        obligations = self._obligations(dispatch.id)
        key = words_key(row.content)
        ranked = sorted(
            ((alike(key, words_key(duties[0]["quote"])), number) for number, duties in obligations.items()),
            key=lambda one: (-one[0], one[1]),
        )
        about = alike(key, words_key(dispatch.subject or ""))
        if ranked and ranked[0][0] >= _ALIKE and ranked[0][0] >= about:
            return self._by_words(obligations, ranked, row)
        if about >= _SUBJECT or (row.subject and row.subject == row.content):
            return self._as_a_whole(obligations, row)
        return FoundDuties()

    def _obligations(self, dispatch: int) -> dict[int, list[Row]]:
        if dispatch not in self._of:
            out: dict[int, list[Row]] = {}
            for row in self._register.rows(_DUTIES, (dispatch,)):
                out.setdefault(row["obligation_id"], []).append(row)
            self._of[dispatch] = out
        return self._of[dispatch]

    def _by_words(
        self, obligations: dict[int, list[Row]], ranked: Sequence[tuple[float, int]], row: TrackedRow
    ) -> FoundDuties:
        best = ranked[0][0]
        near = [number for sure, number in ranked if sure > best - _AHEAD]
        if len(near) > 1:  # told alike to several bodies: the row's own
            near = [number for number in near if _of_bodies(obligations[number], row.lead)] or near
        if len(near) > 1:
            return FoundDuties(is_doubtful=True)
        duties = obligations[near[0]]
        mine = _of_bodies(duties, row.lead) if row.lead else []
        if not mine and len(duties) == 1:
            mine = duties
        return FoundDuties(near[0], tuple(duty["id"] for duty in mine), round(best, 2))

    def _as_a_whole(self, obligations: dict[int, list[Row]], row: TrackedRow) -> FoundDuties:
        mine = {number: found for number, duties in obligations.items() if (found := _of_bodies(duties, row.lead))}
        if len(mine) == 1:
            number, duties = next(iter(mine.items()))
            return FoundDuties(number, tuple(duty["id"] for duty in duties), _SUBJECT, is_whole=True)
        return FoundDuties(is_whole=True)


def _of_bodies(duties: Sequence[Row], lead: Sequence[str]) -> list[Row]:
    names = [[name for name in (duty["name"], duty["printed"]) if name] for duty in duties]
    return [
        duty
        for duty, own in zip(duties, names, strict=True)
        if any(same_body(name, body) for name in own for body in lead)
    ]


def alike(one: str, other: str) -> float:
    """How alike two texts are by their words (keys as of `words_key`): what they share of both, or, where the shorter
    has some length, nearly all of it within the other.

    >>> alike("gui bao cao", "gui bao cao"), alike("gui bao cao", "cu can bo")
    (1.0, 0.0)
    """
    a, b = Counter(one.split()), Counter(other.split())
    common = (a & b).total()
    shorter, both = min(a.total(), b.total()), a.total() + b.total()
    if not common:
        return 0.0
    within = common / shorter if shorter >= 6 else 0.0
    return max(2 * common / both, 0.9 * within if within >= 0.85 else 0.0)
