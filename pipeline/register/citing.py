"""What a dispatch says of others, and what others find it by: rows that are written anew with each reading."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extractors.model import Cited
from pipeline.register.bodies import Bodies
from pipeline.register.connection import Register, Row
from pipeline.register.findings import Writer
from pipeline.register.keys import cited_key, ends_of, symbol_key, symbol_key_of, words_key

WHOLE_DAY = len("2026-03-02")
UNKNOWN = "?"  # in place of an issuer that is not known
_COLUMNS = (
    "dispatch_id", "position", "number", "number_key", "symbol_key", "issued_on", "issuer", "issuer_key", "type",
    "subject", "points", "relation", "span_start", "span_end", "page", "words_start", "words_end", "rule", "confidence",
    "opening", "ending",
)  # fmt: skip


def write_cited(writer: Writer, found: tuple[Cited, ...], home: str | None) -> None:
    """The documents that a dispatch cites; `home` is the province of its issuer, for bodies named without theirs."""
    bodies = Bodies(writer.register, writer.bodies.on, home) if home else writer.bodies
    connection = writer.register.connection
    connection.execute("DELETE FROM cited WHERE dispatch_id = ?", (writer.dispatch_id,))
    connection.executemany(
        f"INSERT INTO cited ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
        [_values(writer, bodies, n, cited) for n, cited in enumerate(found)],
    )


def _values(writer: Writer, bodies: Bodies, n: int, c: Cited) -> tuple[object, ...]:
    return (
        writer.dispatch_id,
        n,
        c.number,
        cited_key(c.number),
        symbol_key_of(c.number),
        c.issued_on,
        c.issuer,
        _issuer_key(bodies, c),
        c.type,
        c.subject,
        json.dumps(c.points, ensure_ascii=False),
        c.relation,
        c.span.start,
        c.span.end,
        writer.page(c.span),
        c.words.start,
        c.words.end,
        c.rule,
        c.confidence,
        *(ends_of(c.subject) or (None, None)),
    )


def _issuer_key(bodies: Bodies, c: Cited) -> str | None:
    """The body as of the day of the cited document; where none is printed, that of the symbol if there is but one."""
    from extractors.relations import office_of  # its lexicon is loaded only where something is saved

    if c.issuer:
        return body_key(bodies.key(c.issuer, c.issued_on))
    office = office_of(c.number.partition("/")[2])
    known = bodies.known(office, c.issued_on) if office else None
    return known if known and "@" not in known else None


def body_key(name: str | None) -> str | None:
    """A canonical id as it is, a printed name by its words."""
    return name if name is None or is_canonical(name) else words_key(name)


def is_canonical(key: str) -> bool:
    """Whether a key is the id of a registered body."""
    return key[:1].isupper() and " " not in key and not any(c.islower() for c in key.partition("/")[0])


def same_body(one: str | None, other: str | None) -> bool | None:
    """Whether two keys mean one body; None where that cannot be told."""
    if not one or not other:
        return None
    if one == other:
        return True
    if is_canonical(one) != is_canonical(other):
        return None
    if is_canonical(one):
        return False
    short, long = sorted((one, other), key=len)
    return None if len(short.split()) < 3 and long.startswith(short) else long.startswith(short)


def write_cited_keys(register: Register, dispatch_id: int, bodies: Bodies) -> None:
    """What a dispatch is found by, as its values are now; a removed one by nothing."""
    row = register.one(
        "SELECT number, symbol, issued_on, issuer, coalesce(subject, subject_rest) AS subject, removed_at"
        " FROM dispatches WHERE id = ?",
        (dispatch_id,),
    )
    register.connection.execute("DELETE FROM cited_keys WHERE dispatch_id = ? AND kind <> 'proposed'", (dispatch_id,))
    register.connection.executemany(
        "INSERT INTO cited_keys (dispatch_id, kind, key) VALUES (?, ?, ?)",
        [(dispatch_id, kind, key) for kind, key in _keys(row, bodies)] if row and not row["removed_at"] else [],
    )


def _keys(row: Row, bodies: Bodies) -> Iterator[tuple[str, str]]:
    if row["number"]:
        yield "number", cited_key(row["number"])
        return
    issuer = body_key(bodies.key(row["issuer"])) or UNKNOWN
    kind, head = ("symbol", symbol_key(row["symbol"])) if row["symbol"] else ("issuer", issuer)
    day = row["issued_on"] or ""
    if len(day) == WHOLE_DAY:
        yield kind, f"{head}|{day}"
    elif head != UNKNOWN and (ends := ends_of(row["subject"])):
        for end in sorted(set(ends)):
            yield kind, f"{head}|{end}"


def keys_of_cited(cited: Row) -> set[str]:
    """The keys under which a dispatch without a number is found that a row of `cited` may mean."""
    heads = [head for head in (cited["symbol_key"], cited["issuer_key"]) if head]
    ends = {end for end in (cited["opening"], cited["ending"]) if end}
    keys = {f"{head}|{end}" for head in heads for end in ends}
    if cited["issued_on"]:
        keys |= {f"{head}|{cited['issued_on']}" for head in (*heads, UNKNOWN)}
    return keys
