"""Danh sách: what is owed as rows for people and programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.followup.owed import Owed, owed
from pipeline.followup.picking import is_open as is_open
from pipeline.followup.quickly import by_day as by_day
from pipeline.followup.quickly import due_ones, late_ones, may_wait
from pipeline.followup.replying import ORDERS, REPLIES
from pipeline.followup.settings import Settings
from pipeline.register import Register, Row, TaskFilter, consequences, public_id
from pipeline.register.owing import lost_rows, obligation_rows

OPEN = frozenset({"in_time", "soon", "today", "late", "no_limit", "no_day"})
_LIMIT = ("quote", "kind", "boundary", "confidence")
_DUTY = (
    "duty", "body", "body_code", "printed", "former", "waits_for", "state", "timeliness", "days_late", "last_day",
    "original_last_day", "period", "period_start", "period_end", "deadline", "asked_for", "reminders", "completed_on",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """What is late on a day, most days late first, exhortations last: rows of `as_rows` with a printed day (`dated`),
    with only a period (`periods`), and occurrences of recurring duties (`recurring`). `upcoming` duties are still to
    come; of `no_day` no last day is known or set; `lapsed`
    occurrences are late for so long that they are not followed any more."""

    dated: list[Row]
    periods: list[Row]
    recurring: list[Row]
    upcoming: int
    no_day: int
    lapsed: int


def late(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> Late:
    """What is late at the end of a day."""
    found = late_ones(register, wanted, settings, as_of=as_of)
    rows = as_rows(register, found.late)
    rows.sort(key=lambda row: not row["checkable"])
    return Late(
        dated=[row for row in rows if not row["period"] and (row["deadline"] or {}).get("kind") != "period"],
        periods=[row for row in rows if not row["period"] and (row["deadline"] or {}).get("kind") == "period"],
        recurring=[row for row in rows if row["period"]],
        upcoming=found.upcoming,
        lapsed=found.lapsed,
        no_day=found.no_day,
    )


def due_within(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date, until: date) -> list[Row]:
    """What is still to be done and has its last day from `as_of` to `until`, soonest first; occurrences too whose
    reporting period has not begun."""
    return as_rows(register, due_ones(register, wanted, settings, as_of=as_of, until=until))


def waits_for(one: Owed) -> str | None:
    """Why a person must say whose duty an open one is: nobody is named, the members of a group are not known, or who
    took over from a body that is gone; None where its body is known."""
    if not is_open(one) or one.standing.body is not None:
        return "successor" if is_open(one) and one.holder.is_unclear else None
    if one.sort in ("nobody", "group"):
        return one.sort
    return "successor" if one.holder.is_unclear else None


def waiting(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> list[Row]:
    """Duties of which a person must say whose they are, soonest first, each once whatever occurrences it has."""
    found = may_wait(register, wanted, settings, as_of=as_of)
    each: dict[int, Owed] = {}
    for one in sorted((one for one in found if waits_for(one)), key=by_day):
        each.setdefault(one.duty, one)
    rows = as_rows(register, list(each.values()))
    return [{**row, "duty": row["duty"].partition("@")[0]} for row in rows]


def as_rows(register: Register, found: Sequence[Owed]) -> list[Row]:
    """What lists show: of the obligation id ("O12"), dispatch, parent, number, issuer, type, issued_on, quote, label,
    kind, modality, lead (as printed), coordinating, lead_stated, page, confidence, confirmed; and of the duty: duty
    ("T5" or "T5@2026Q1"), body, body_code, printed, former, waits_for, state, timeliness, days_late, last_day,
    original_last_day (ISO), period, period_start, period_end, deadline {id, quote, kind, due, boundary, confidence} or
    None, asked_for, reminders, completed_on, version; and what a later dispatch proposes that happened to it, until a
    person decides: proposals [{link ("K3"), event, dispatch, number, evidence, confidence}]."""
    obligations = obligation_rows(register, (one.obligation for one in found))
    proposed = _proposed(register, obligations) if found else {}
    return [
        {**obligations[one.obligation], **_duty(one), "proposals": proposed.get(public_id("duty", one.duty), [])}
        for one in found
    ]


def _proposed(register: Register, obligations: Collection[int]) -> dict[str, list[Row]]:
    """What open links say of the duties of these obligations, by the duty's id."""
    kinds = REPLIES | ORDERS
    out: dict[str, list[Row]] = {}
    for row in consequences(register, list(kinds), obligations):
        if row["status"] != "open":
            continue
        shown = {key: row[key] for key in ("link", "dispatch", "number", "evidence", "confidence")}
        for duty in row["duties"]:
            out.setdefault(duty, []).append({**shown, "event": kinds[row["relation"]]})
    return out


def add_duties(register: Register, obligations: list[Row], settings: Settings, *, as_of: date) -> None:
    """Add to rows of obligations (id "O12") what is owed of each: duties, rows of `as_rows` without what they have of
    the obligation."""
    numbers = [int(row["id"][1:]) for row in obligations]
    duties: dict[str, list[Row]] = {row["id"]: [] for row in obligations}
    for one in owed(register, TaskFilter(), settings, as_of=as_of, of=numbers):
        duties[public_id("obligation", one.obligation)].append(_duty(one))
    for row in obligations:
        row["duties"] = duties[row["id"]]


def lost(register: Register) -> list[Row]:
    """Duties of which something was entered and which the documents ask no more, read again or corrected since: rows
    of `as_rows` as far as they are known. What was entered is kept, and counts for nothing until a person decides."""
    gone = {row["id"]: row for row in lost_rows(register)}
    obligations = obligation_rows(register, (row["obligation_id"] for row in gone.values()))
    empty = dict.fromkeys(_DUTY)
    return [
        {
            **obligations[row["obligation_id"]], **empty, "duty": public_id("duty", row["id"]), "body": row["name"],
            "printed": row["printed"], "waits_for": "lost", "reminders": 0, "proposals": [],
        }
        for row in gone.values()
    ]  # fmt: skip


def _duty(one: Owed) -> Row:
    limit, occurrence = one.time.limit, one.time.occurrence
    due = occurrence.due.isoformat() if occurrence else limit and limit["due"]
    return {
        "duty": one.id,
        "body": one.holder.name,
        "body_code": one.holder.code,
        "printed": one.printed,
        "former": one.holder.former,
        "waits_for": waits_for(one),
        "state": one.standing.state,
        "timeliness": one.timeliness,
        "days_late": one.days_late,
        "last_day": _iso(one.last_day),
        "original_last_day": _iso(one.original),
        "period": one.time.period,
        "period_start": _iso(occurrence.period_start if occurrence else None),
        "period_end": _iso(occurrence.period_end if occurrence else None),
        "deadline": limit and {"id": f"L{limit['id']}", "due": due, **{key: limit[key] for key in _LIMIT}},
        "asked_for": _iso(one.standing.asked_for),
        "reminders": one.standing.reminders,
        "completed_on": _iso(one.standing.completed_on),
        "version": one.version,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
