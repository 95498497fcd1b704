"""A number or a day that a dispatch does not print, proposed from other dispatches that cite it.

What is known of it must agree with what they print beside the number: its symbol or issuer, its day as far as it is
printed, and what is left of its subject. A number that another dispatch bears, or that would fit two alike, is proposed
to none. `proposed` keys let the number be found by those that cite it while nobody has decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.register.bodies import Bodies
from pipeline.register.citing import WHOLE_DAY, body_key, keys_of_cited, same_body
from pipeline.register.connection import Register, Row
from pipeline.register.keys import cited_key, ends_of, symbol_key, words_key
from pipeline.register.merging import linked_dispatches

RULE = "inferred.citation"
_MOST = 200  # cited numbers that are held against one dispatch
_RIVALS = 50
_SURE = 0.97
_AHEAD = 0.05  # by how much the best number must be surer than the next
_EVIDENCE = 400

_TELLING = """
    SELECT c.*, max(length(coalesce(c.subject, ''))) AS told, count(DISTINCT c.dispatch_id) AS times
    FROM cited c JOIN dispatches s ON s.id = c.dispatch_id AND s.removed_at IS NULL
    WHERE c.dispatch_id <> :id AND {where} GROUP BY c.number_key, c.issued_on ORDER BY c.id LIMIT :most
"""
_WITHOUT_DAY = """
    SELECT d.id FROM cited_keys k JOIN dispatches d ON d.id = k.dispatch_id
    WHERE k.key = ? AND k.kind = 'number' AND length(coalesce(d.issued_on, '')) < 10 LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a dispatch whose number or day is not printed; `words` of its subject or what is left of it."""

    id: int
    number_key: str | None
    symbol_key: str | None
    issuer_key: str | None
    day: str
    words: tuple[str, ...]
    has_subject: bool


def refresh_recovered(register: Register, dispatch_id: int) -> bool:
    """Bring what is inferred for a dispatch from its citations in line with the register. Returns whether the number
    that it is found by has changed."""
    known = known_of(register, dispatch_id)
    found = list(_proposals(register, known)) if known else []
    _write(register, dispatch_id, found)
    return _write_keys(register, dispatch_id, _numbers(register, dispatch_id) if known else set())


def own_keys(register: Register, dispatch_id: int) -> set[tuple[str, str]]:
    """What a dispatch is found by: (kind, key), proposed numbers aside."""
    rows = register.rows(
        "SELECT kind, key FROM cited_keys WHERE dispatch_id = ? AND kind <> 'proposed'", (dispatch_id,)
    )
    return {(row["kind"], row["key"]) for row in rows}


def those_that_may_bear(register: Register, keys: set[tuple[str, str]]) -> set[int]:
    """Dispatches without a number to which one may belong that a dispatch has taken or given back, or has, or had, as
    good a claim to."""
    found: set[int] = set()
    for kind, key in keys:
        if kind != "number":
            found |= _rivals(register, kind, key)
            continue
        for cited in register.rows(
            "SELECT * FROM cited WHERE number_key = ? AND issued_on IS NOT NULL GROUP BY issued_on, issuer_key LIMIT ?",
            (key, _RIVALS),
        ):
            found |= set(_without_number(register, cited))
    return found


def _rivals(register: Register, kind: str, key: str) -> set[int]:
    """Dispatches that are found by the same words or day."""
    rows = register.rows(
        "SELECT dispatch_id AS id FROM cited_keys WHERE key = ? AND kind = ? ORDER BY dispatch_id LIMIT ?",
        (key, kind, _RIVALS),
    )
    return {row["id"] for row in rows}


def those_concerned(register: Register, dispatch_id: int) -> set[int]:
    """Dispatches for which what a dispatch says or bears proves or disproves something: to be refreshed after it."""
    rows = register.rows("SELECT dispatch_id AS id FROM inferred WHERE source_id = ?", (dispatch_id,))
    rows += register.rows(
        "SELECT p.dispatch_id AS id FROM cited_keys k JOIN cited_keys p ON p.key = k.key AND p.kind = 'proposed'"
        " WHERE k.dispatch_id = ? AND k.kind IN ('number', 'proposed')",
        (dispatch_id,),
    )
    found = {row["id"] for row in rows}
    for cited in register.rows("SELECT * FROM cited WHERE dispatch_id = ?", (dispatch_id,)):
        found |= set(_without_number(register, cited))
        found |= {row["id"] for row in register.rows(_WITHOUT_DAY, (cited["number_key"], _RIVALS))}
    return found - {dispatch_id}


def known_of(register: Register, dispatch_id: int) -> Known | None:
    """What is known of a dispatch, as people corrected it; None where it lacks nothing or is removed."""
    row = register.one(
        "SELECT d.*, e.value AS read_number, y.value AS read_day FROM dispatches d"
        " LEFT JOIN evidence e ON e.dispatch_id = d.id AND e.field = 'number'"
        " LEFT JOIN evidence y ON y.dispatch_id = d.id AND y.field = 'issued_on' WHERE d.id = ?",
        (dispatch_id,),
    )
    if row is None or row["removed_at"] or (row["read_number"] and len(row["read_day"] or "") == WHOLE_DAY):
        return None
    bodies = Bodies(register, row["issued_on"], row["place"])
    return Known(
        dispatch_id,
        cited_key(row["read_number"]) if row["read_number"] else None,
        symbol_key(row["symbol"]) if row["symbol"] else None,
        body_key(bodies.key(row["issuer"])),
        row["read_day"] or "",
        tuple(words_key(row["subject"] or row["subject_rest"] or "").split()),
        bool(row["subject"]),
    )


def _proposals(register: Register, known: Known) -> Iterator[tuple[str, str, float, Row]]:
    """(field, value, confidence, the row of `cited` that says so): at most one of each field."""
    best = _best(register, known)
    if best is None:
        return
    sure, cited = best
    if not known.number_key:
        yield "number", cited["number"], sure, cited
    if len(known.day) < WHOLE_DAY and cited["issued_on"]:
        yield "issued_on", cited["issued_on"], sure, cited
    if not known.has_subject and cited["subject"] and likeness(known.words, cited["subject"]):
        yield "subject", cited["subject"], round(sure - 0.1, 2), cited


def _best(register: Register, known: Known) -> tuple[float, Row] | None:
    found = [(agreement(known, cited), cited) for cited in _telling(register, known)]
    ranked = sorted(((sure, c) for sure, c in found if sure), key=lambda one: (-one[0], one[1]["id"]))
    if not ranked or _is_doubtful(ranked) or _is_taken(register, known, ranked[0]):
        return None
    sure, cited = ranked[0]
    return min(_SURE, round(sure + 0.02 * (cited["times"] - 1), 2)), cited


def _is_doubtful(ranked: list[tuple[float, Row]]) -> bool:
    """Another number (or day) fits nearly as well."""
    sure, first = ranked[0]
    same = ("number_key", "issued_on")
    return any(sure - other < _AHEAD and any(first[k] != c[k] for k in same) for other, c in ranked[1:])


def _is_taken(register: Register, known: Known, best: tuple[float, Row]) -> bool:
    """Another letter bears the number, or has as good a claim to it."""
    if known.number_key:
        return False
    sure, cited = best
    copies = {known.id, *linked_dispatches(register, known.id)}
    if any(row["kind"] == "number" and row["dispatch_id"] not in copies for row in _bearing(register, cited)):
        return True
    rivals = (known_of(register, other) for other in _without_number(register, cited) if other not in copies)
    return any(rival and agreement(rival, cited) > sure - _AHEAD for rival in rivals)


def _telling(register: Register, known: Known) -> Iterable[Row]:
    """What others say of documents that may be this one, one row a number and day."""
    by = "c.symbol_key = :head" if known.symbol_key else "c.issuer_key = :head" if known.issuer_key else None
    ends = ends_of(" ".join(known.words))
    if known.number_key:
        wheres = ["c.number_key = :number AND c.issued_on BETWEEN :day AND :day || '~'"]
    elif len(known.day) == WHOLE_DAY:
        wheres = [f"{by or '1'} AND c.issued_on = :day"]
    else:
        wheres = [f"{by} AND c.{end} = :{end}" for end in ("opening", "ending")] if by and ends else []
    opening, ending = ends or (None, None)
    values = {
        "id": known.id, "most": _MOST, "day": known.day, "number": known.number_key, "opening": opening,
        "ending": ending, "head": known.symbol_key or known.issuer_key,
    }  # fmt: skip
    rows = [row for where in wheres for row in register.rows(_TELLING.format(where=where), values)]
    return {row["id"]: row for row in rows}.values()


def agreement(known: Known, cited: Row) -> float:
    """How surely a cited document is this one, 0 where anything contradicts."""
    issuer = same_body(known.issuer_key, cited["issuer_key"])
    symbol = None if not known.symbol_key else known.symbol_key == cited["symbol_key"]
    fits = not cited["issued_on"] or cited["issued_on"].startswith(known.day)
    words = likeness(known.words, cited["subject"])
    if issuer is False or symbol is False or not fits or words is False:
        return 0.0
    whole = len(known.day) == WHOLE_DAY and known.day == cited["issued_on"]
    if not (issuer or symbol):
        return 0.75 if words and whole and not known.number_key else 0.0
    if known.number_key:
        return 0.9 if words else 0.8 if issuer else 0.0
    if words:
        return 0.95 if whole else 0.85 if known.day else 0.7
    return (0.75 if symbol else 0.45) if whole else 0.0


def likeness(words: tuple[str, ...], subject: str | None) -> bool | None:
    """Whether the words of a subject, or what is left of them, are in the one cited; None where that cannot be told."""
    cited = _words(subject)
    fewer = min(len(words), len(cited))
    if fewer < 3:
        return None
    share = (Counter(words) & Counter(cited)).total() / fewer
    if fewer >= 4 and share >= 0.8:
        return True
    return False if share < 0.4 else None


@lru_cache(maxsize=4096)
def _words(subject: str | None) -> tuple[str, ...]:
    return tuple(words_key(subject or "").split())


def _bearing(register: Register, cited: Row) -> list[Row]:
    """Dispatches with the number of a cited document that nothing tells apart from it: dispatch_id, kind."""
    rows = register.rows(
        "SELECT k.dispatch_id, k.kind, d.issuer, d.place, d.issued_on FROM cited_keys k"
        " JOIN dispatches d ON d.id = k.dispatch_id AND d.removed_at IS NULL"
        " WHERE k.key = ? AND k.kind IN ('number', 'proposed') LIMIT ?",
        (cited["number_key"], _MOST),
    )
    return [row for row in rows if _may_be(register, row, cited)]


def _may_be(register: Register, row: Row, cited: Row) -> bool:
    issuer = body_key(Bodies(register, row["issued_on"], row["place"]).key(row["issuer"]))
    day = row["issued_on"] or ""
    fits = not cited["issued_on"] or cited["issued_on"].startswith(day)
    return fits and same_body(issuer, cited["issuer_key"]) is not False


def _without_number(register: Register, cited: Row) -> list[int]:
    """Dispatches without a number that a cited document may be."""
    keys = sorted(keys_of_cited(cited))
    rows = register.rows(
        f"SELECT DISTINCT dispatch_id AS id FROM cited_keys WHERE key IN ({', '.join('?' * len(keys))})"
        " AND kind IN ('symbol', 'issuer') ORDER BY dispatch_id LIMIT ?",
        (*keys, _RIVALS),
    )
    return [row["id"] for row in rows]


def _write(register: Register, dispatch_id: int, found: list[tuple[str, str, float, Row]]) -> None:
    """A proposal that is found again keeps its row; those of which a person decided stay."""
    old = register.rows(
        "SELECT id, field, value FROM inferred WHERE dispatch_id = ? AND source_id IS NOT NULL ORDER BY id",
        (dispatch_id,),
    )
    free = {(row["field"], row["value"]): row["id"] for row in reversed(old)}
    for field, value, sure, cited in found:
        register.connection.execute(
            "INSERT INTO inferred (id, dispatch_id, field, value, evidence, span_start, span_end, page, rule,"
            " confidence, source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " evidence = excluded.evidence, span_start = excluded.span_start, span_end = excluded.span_end,"
            " page = excluded.page, confidence = excluded.confidence, source_id = excluded.source_id",
            (
                free.pop((field, value), None), dispatch_id, field, value, clause(register, cited),
                cited["words_start"], cited["words_end"], cited["page"], RULE, sure, cited["dispatch_id"],
            ),
        )  # fmt: skip
    register.connection.executemany("DELETE FROM inferred WHERE id = ?", [(number,) for number in free.values()])


def clause(register: Register, cited: Row) -> str:
    """The words in which a document is cited, on one line."""
    row = register.one(
        "SELECT substr(t.text, ?, ?) AS words FROM texts t JOIN dispatches d ON d.file_id = t.file_id WHERE d.id = ?",
        (cited["words_start"] + 1, min(cited["words_end"] - cited["words_start"], _EVIDENCE), cited["dispatch_id"]),
    )
    return " ".join(row["words"].split()) if row else ""


def _numbers(register: Register, dispatch_id: int) -> set[str]:
    """All numbers that are proposed for a dispatch, by its file's name too."""
    rows = register.rows("SELECT value FROM inferred WHERE dispatch_id = ? AND field = 'number'", (dispatch_id,))
    return {cited_key(row["value"]) for row in rows}


def _write_keys(register: Register, dispatch_id: int, numbers: set[str]) -> bool:
    old = register.rows("SELECT key FROM cited_keys WHERE dispatch_id = ? AND kind = 'proposed'", (dispatch_id,))
    if {row["key"] for row in old} == numbers:
        return False
    register.connection.execute("DELETE FROM cited_keys WHERE dispatch_id = ? AND kind = 'proposed'", (dispatch_id,))
    register.connection.executemany(
        "INSERT INTO cited_keys (dispatch_id, kind, key) VALUES (?, 'proposed', ?)",
        [(dispatch_id, key) for key in sorted(numbers)],
    )
    return True
