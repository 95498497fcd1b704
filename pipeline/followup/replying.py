"""Văn bản trả lời, đôn đốc, gia hạn: what a later dispatch means for the duties of the one that it speaks of.

A link between two dispatches proposes it; when a person takes the link as right, it is entered as an event, with the
later dispatch as its proof. A reply counts for what its own writer owes, and for nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.errors import CongvanError, DutyError
from pipeline.followup.explaining import first_day
from pipeline.followup.holders import Holders
from pipeline.followup.recording import Entered, Entry, enter_event, undo_event
from pipeline.followup.settings import Settings
from pipeline.followup.states import Kind
from pipeline.register import Register, Row, public_id, undo
from pipeline.register.owing import body_rows, event_rows

REPLIES: dict[str, Kind] = {"answers": "reported", "reports_on": "reported", "carries_out": "reported"}
ORDERS: dict[str, Kind] = {"urges": "reminded", "extends": "extended", "replaces": "superseded"}

_LINK = """SELECT l.*, d.issuer_id, d.issued_on FROM links l JOIN dispatches d ON d.id = l.dispatch_id
    WHERE l.id = ? AND d.removed_at IS NULL"""
_CONCERNED = """SELECT CASE WHEN :strict AND EXISTS (SELECT 1 FROM deadlines l WHERE l.obligation_id = r.later_id
        AND l.due = r.due AND l.boundary = 'before' AND l.status = 'current') THEN date(r.due, '-1 day')
        ELSE r.due END AS due, y.id AS duty, y.body_id
    FROM link_obligations r
    JOIN current_duties y ON y.obligation_id = r.obligation_id WHERE r.link_id = :link ORDER BY y.id"""
_FOLLOWED = """SELECT DISTINCT e.id FROM corrections c
    JOIN links l ON c.target = 'link' AND l.id = c.target_id
    JOIN link_obligations r ON r.link_id = l.id JOIN duties y ON y.obligation_id = r.obligation_id
    JOIN duty_events e ON e.duty_id = y.id AND e.proof = 'D' || l.dispatch_id AND e.kind <> 'undone'
    WHERE c.id = ? AND e.made_at = c.made_at AND e.made_by = c.made_by
    AND NOT EXISTS (SELECT 1 FROM duty_events u WHERE u.undoes = e.id) ORDER BY e.id DESC"""
_ADDRESSED = "SELECT DISTINCT body_id FROM involved WHERE dispatch_id = ? AND role = 'informed'"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a link meant for one duty: the event that was entered, or why none was."""

    kind: Kind
    entered: Entered | None = None
    problem: CongvanError | None = None


def follow_link(
    register: Register, number: int, settings: Settings, *, who: str, now: str, why: str = ""
) -> list[Followed]:
    """Enter what a link says happened to the duties that it concerns; what was entered by it before is not entered
    again. Nothing where it says of no duty that anything happened."""
    link = register.one(_LINK, (number,))
    kind = (REPLIES | ORDERS).get(link["relation"]) if link else None
    if link is None or kind is None:
        return []
    proof = public_id("dispatch", link["dispatch_id"])
    out = []
    for row in _concerned(register, link, kind, settings, date.fromisoformat(now[:10])):
        if (kind == "extended" and not row["due"]) or _is_entered(register, row["duty"], kind, proof):
            continue
        due = row["due"] if kind in ("extended", "reminded") else None
        entry = Entry(kind, public_id("duty", row["duty"]), due=due, proof=proof)
        out.append(_entered(register, entry, settings, who, now, why or link["evidence"]))
    return out


def undo_followed(register: Register, number: int, *, who: str, now: str, why: str = "") -> None:
    """Take a correction back; where it took a link as right, also what `follow_link` entered with it. Raises what
    `undo` and `undo_event` raise; then nothing is taken back."""
    with register.transaction():
        for event in register.rows(_FOLLOWED, (number,)):
            undo_event(register, event["id"], who=who, now=now, why=why)
        undo(register, public_id("correction", number), who=who, now=now, why=why)


def _entered(register: Register, entry: Entry, settings: Settings, who: str, now: str, why: str) -> Followed:
    try:
        return Followed(entry.kind, enter_event(register, entry, settings, who=who, now=now, why=why))
    except DutyError as problem:
        return Followed(entry.kind, problem=problem)


def _concerned(register: Register, link: Row, kind: Kind, settings: Settings, today: date) -> list[Row]:
    """The duties that are meant: of a reply those of its writer; of an order those of its addressees, or all where none
    of them is addressed by name."""
    rows = register.rows(_CONCERNED, {"link": link["id"], "strict": settings.before == "strict"})
    holders = Holders(body_rows(register))
    day = first_day(link["issued_on"]) or today
    if kind == "reported":
        writer = holders.at(link["issuer_id"], day)
        return [row for row in rows if writer.key and holders.at(row["body_id"], day).key == writer.key]
    addressed = {holders.at(row["body_id"], day).key for row in register.rows(_ADDRESSED, (link["dispatch_id"],))}
    named = [row for row in rows if holders.at(row["body_id"], day).key in addressed]
    return named or rows


def _is_entered(register: Register, duty: int, kind: Kind, proof: str) -> bool:
    events = event_rows(register, [duty]).get(duty, [])
    undone = {event["undoes"] for event in events}
    return any(e["kind"] == kind and e["proof"] == proof and e["id"] not in undone for e in events)
