"""What dispatches say of one another, kept true whichever is entered, read anew, corrected or removed first or last."""

from __future__ import annotations

from pipeline.register.bodies import Bodies
from pipeline.register.citing import write_cited_keys
from pipeline.register.connection import Register
from pipeline.register.linking import refresh_links, those_citing
from pipeline.register.recovering import own_keys, refresh_recovered, those_concerned, those_that_may_bear


def refresh_references(register: Register, dispatch_id: int, bodies: Bodies, now: str) -> None:
    """Bring all that depends on one dispatch's citations, number, day, issuer or obligations in line; inside a
    transaction. Only dispatches that share a number, symbol or day with it are looked at."""
    before = own_keys(register, dispatch_id)
    write_cited_keys(register, dispatch_id, bodies)
    changed = before ^ own_keys(register, dispatch_id)
    concerned = those_concerned(register, dispatch_id) | those_that_may_bear(register, changed)
    found_anew = {one for one in (dispatch_id, *sorted(concerned)) if refresh_recovered(register, one)}
    citing = {citer for one in {dispatch_id, *found_anew} for citer in those_citing(register, one)}
    for one in (dispatch_id, *sorted(citing - {dispatch_id})):
        if not _is_removed(register, one):
            refresh_links(register, one, now)


def _is_removed(register: Register, dispatch_id: int) -> bool:
    """What a removed dispatch said stays as it was, in case the removal is undone."""
    row = register.one("SELECT removed_at FROM dispatches WHERE id = ?", (dispatch_id,))
    return row is None or row["removed_at"] is not None
