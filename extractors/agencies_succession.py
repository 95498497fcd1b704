"""Kế thừa: which registered body answers on a day for what another one owed.

NQ 190/2025/QH15: what is written in papers in force is read as the body that takes the function over; so the duty
passes on, the printed name stays. Where functions were split a person decides.
"""

from __future__ import annotations

from typing import Literal

from extractors.agencies_register import LOCAL, Parts, Registered, parsed, registered, validity

Passing = Literal["stands", "one", "split", "open", "unknown"]

# Departments that not every province has: that they take over is sure only where the province is known to have one.
_NOT_EVERYWHERE = frozenset({"SO_SDTTG"})


def heirs(identity: str, on: str) -> tuple[Passing, tuple[str, ...]]:
    """How a body's duties passed on by an ISO day, and the ids of those who have them, the main one first.

    >>> heirs("BKHDT", "2025-06-01"), heirs("BTTTT", "2025-06-01")
    (('one', ('BTC',)), ('split', ('BKHCN', 'BVHTTDL', 'BCA')))
    >>> heirs("SO_SXD@KONTUM_OLD", "2025-08-01")
    ('one', ('SO_SXD@QUANGNGAI',))
    """
    parts = parsed(identity)
    if parts is None:
        return "unknown", ()
    if parts.own:
        return _of_a_part(identity, parts, on)
    rows = _standing(parts.row, on)
    seats = _standing(parts.seat, on) if parts.seat else ()
    found = tuple(f"{row.id}@{seat.id.removeprefix('UBND_')}" for row in rows for seat in seats)
    ids = found if parts.seat else tuple(row.id for row in rows)
    if ids == (identity,):
        return "stands", ids
    if not ids or rows[0].id in _NOT_EVERYWHERE:
        return "open", ids
    return ("one" if len(ids) == 1 else "split"), ids


def successor(identity: str, on: str) -> str | None:
    """The id of the one body that has taken over by that day (ISO date); None where it still stands, or nobody is sure.

    >>> successor("BKHDT", "2025-06-01"), successor("BKHDT", "2024-06-01"), successor("BTTTT", "2025-06-01")
    ('BTC', None, None)
    """
    sort, ids = heirs(identity, on)
    return ids[0] if sort == "one" else None


def _of_a_part(identity: str, parts: Parts, on: str) -> tuple[Passing, tuple[str, ...]]:
    """Districts and communes went up in others; what a unit owes, its body owes where the unit went down with it."""
    if parts.row.level in LOCAL:
        return _of_a_place(identity, parts, on)
    sort, ids = heirs(identity.partition("/")[0], on)
    return ("stands", (identity,)) if sort == "stands" else ("open", ids)


def _of_a_place(identity: str, parts: Parts, on: str) -> tuple[Passing, tuple[str, ...]]:
    """A district or commune stands as long as there are any, though its province may be called otherwise."""
    seats = _standing(parts.seat, on) if parts.seat else ()
    if (parts.row.valid_to is not None and parts.row.valid_to < on) or len(seats) != 1:
        return "open", ()
    now = f"{parts.row.id}@{seats[0].id.removeprefix('UBND_')}/{'/'.join(parts.own)}"
    return ("stands" if now == identity else "one"), (now,)


def _standing(row: Registered, on: str) -> tuple[Registered, ...]:
    """The rows that a row has become by a day, itself where it stands; none where that is not known."""
    out: dict[str, Registered] = {}
    _follow(row, on, out, set())
    return tuple(out.values())


def _follow(row: Registered, on: str, out: dict[str, Registered], seen: set[str]) -> None:
    if row.id in seen:
        return
    seen.add(row.id)
    if row.valid_to is None or on <= row.valid_to:
        if row.valid_from is None or row.valid_from <= on or not seen - {row.id}:
            out[row.id] = row
        return
    for heir in row.successors:
        _follow(registered()[heir], on, out, seen)


def forerunners(identity: str) -> tuple[str, ...]:
    """The ids of the bodies that a body took over from directly, in the order of the register.

    >>> forerunners("BKHCN"), forerunners("BTC/vu-phap-che")
    (('BTTTT',), ())
    """
    parts = parsed(identity)
    if parts is None or parts.own:
        return ()
    rows = [row for row in registered().values() if parts.row.id in row.successors]
    if parts.seat is None:
        return tuple(row.id for row in rows)
    seats = [seat for seat in registered().values() if parts.seat.id in seat.successors]
    pairs = [(row, seat) for row in (*rows, parts.row) for seat in (*seats, parts.seat)][:-1]
    names = (f"{row.id}@{seat.id.removeprefix('UBND_')}" for row, seat in pairs)
    return tuple(name for name in names if _was(name))


def _was(identity: str) -> bool:
    """Whether a body of that id ever stood: its kind and its province at once."""
    parts = parsed(identity)
    begun, over = validity(parts) if parts else (None, None)
    return parts is not None and (begun is None or over is None or begun <= over)
