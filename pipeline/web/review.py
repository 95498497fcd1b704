"""Chờ duyệt: what the program is not sure of, least certain first, for a person to decide with one key each."""

from __future__ import annotations

import json

from starlette.responses import Response

from pipeline.errors import InvalidValue
from pipeline.register import Register, Row, count_failures
from pipeline.register.queueing import (
    MOST_COUNTED,
    WHATS,
    count_unnamed_page,
    count_waiting,
    unnamed_page,
    waiting_page,
)
from pipeline.register.seen import RowChanged
from pipeline.web.asking import Ask, action, page
from pipeline.web.review_clash import clash_page
from pipeline.web.review_deciding import LEAD, Decided, decide, decided, may_take_back, name_lead, noted, require_seen
from pipeline.web.review_deciding import take_back as take_back_all
from pipeline.web.review_rows import item_of
from pipeline.web.site import MenuEntry

PAGE = 25
NO_LEAD = "no-lead"
_KNOWN_BODIES = """
SELECT name FROM (SELECT DISTINCT b.id, b.name FROM involved i JOIN bodies b ON b.id = i.body_id
    WHERE i.dispatch_id IN (SELECT value FROM json_each(:letters))
    UNION SELECT DISTINCT b.id, b.name FROM addressees a JOIN bodies b ON b.id = a.body_id
    WHERE a.dispatch_id IN (SELECT value FROM json_each(:letters))
    UNION SELECT id, name FROM (SELECT id, name FROM bodies WHERE canonical_id IS NOT NULL ORDER BY id LIMIT 150))
GROUP BY name ORDER BY name LIMIT 300
"""


def review(ask: Ask) -> Response:
    """A page of the queue, or (`what=no-lead`) of the obligations that name nobody."""
    what, at = ask.query("what"), ask.query("at")
    with ask.reading() as register:
        if what == NO_LEAD:
            found = unnamed_page(register, at=at, limit=PAGE)
        else:
            found = waiting_page(register, what=what, at=at, limit=PAGE)
        if at and not found.rows:  # all of this page is decided
            return ask.go(ask.url("review", q={"what": what, "undo": ask.query("undo")}))
        items = [item_of(ask, register, row) for row in found.rows]
        bodies = _bodies_of(register, found.rows) if what == NO_LEAD else []
        undo = may_take_back(ask, register, ask.query("undo")) if ask.person else ""
        counts, failed = _counts(register), count_failures(register, "failed")
    return ask.page(
        "review.html",
        items=items,
        what=what,
        at=at,
        bodies=bodies,
        undo=undo,
        counts=counts,
        total=sum(counts[name][0] for name in WHATS),
        is_exact=all(counts[name][1] for name in WHATS),
        failed=failed,
        before=ask.url("review", q={"what": what, "at": found.previous}) if found.previous else None,
        after=ask.url("review", q={"what": what, "at": found.next}) if found.next else None,
        sorts=WHATS,
    )


def _counts(register: Register) -> dict[str, tuple[int, bool]]:
    """How many there are of each sort, and whether that is exact or at least so many."""
    counts = {**count_waiting(register), NO_LEAD: count_unnamed_page(register)}
    return {name: (count, count < MOST_COUNTED) for name, count in counts.items()}


def _bodies_of(register: Register, rows: list[Row]) -> list[str]:
    """Names to choose from: of the bodies that the dispatches on the page speak to or of, and the first known ones."""
    letters = sorted({int(row["dispatch"][1:]) for row in rows if row["dispatch"]})
    return [row["name"] for row in register.rows(_KNOWN_BODIES, {"letters": json.dumps(letters)})]


def decide_row(ask: Ask) -> Response:
    """One row: accepted or rejected; of the obligations that name nobody: who leads."""
    verdict, _, mixed = ask.given("on").partition(" ")
    row = decided(mixed or ask.given("row"), ask.given("seen"))
    with ask.writing() as register, register.transaction():
        try:
            require_seen(register, row)
        except RowChanged:
            return clash_page(ask, register, row, verdict, ask.given("value"), ask.given("names"))
        with noted(register, row) as written:
            _enter(ask, register, row, verdict)
    return _back(ask, written, f"web.review.done.{_done(row, verdict)}", id=row.id)


def _enter(ask: Ask, register: Register, row: Decided, verdict: str) -> None:
    if verdict == "name" and row.what == LEAD:
        name_lead(ask, register, row, ask.given("names"))
    elif verdict in ("accept", "reject"):
        decide(ask, register, row, verdict == "accept", day=ask.given("day") or None)
    else:
        raise InvalidValue(field="on", value=verdict[:40], allowed="accept, reject")


def _done(row: Decided, verdict: str) -> str:
    return "named" if verdict == "name" else "accepted" if verdict == "accept" else "rejected"


def decide_page(ask: Ask) -> Response:
    """All rows of a page are accepted, or none of them where one was changed meanwhile."""
    given = [str(value).split("|", 1) for value in ask.form.getlist("rows")][:PAGE]
    rows = [decided(on, seen) for on, seen in (pair for pair in given if len(pair) == 2)]
    written: list[str] = []
    with ask.writing() as register, register.transaction():
        for row in rows:
            try:
                require_seen(register, row)
            except RowChanged:
                return clash_page(ask, register, row, "accept", "", "", is_page=True)
        for row in rows:
            with noted(register, row) as more:
                decide(ask, register, row, True)
            written += more
    return _back(ask, written, "web.review.done.page", count=len(rows))


def take_back(ask: Ask) -> Response:
    """What was just decided is open again."""
    with ask.writing() as register, register.transaction():
        take_back_all(ask, register, ask.given("undo"))
    return _back(ask, [], "web.review.done.undone")


def _back(ask: Ask, written: list[str], words: str, **details: object) -> Response:
    """To the page where it was decided, at the next row; what was written can be taken back there."""
    place = ask.given("next")
    asked = {"what": ask.given("what"), "at": ask.given("at"), "undo": ".".join(written)}
    address = ask.url("review", q=asked)
    return ask.go(f"{address}#{place}" if _is_place(place) else address, words, **details)


def _is_place(place: str) -> bool:
    return place.startswith("r-") and place.replace("-", "").replace("_", "").replace(".", "").isalnum()


menu = (MenuEntry("review", "web.menu.review"),)
routes = [
    page("/review", review),
    action("/review", decide_row, needs="correct"),
    action("/review/page", decide_page, needs="correct"),
    action("/review/undo", take_back, "review_undo", needs="correct"),
]
