"""The limits of the register as days: why each ends when it ends, and when recurring ones come round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from extractors.calendar import add_months
from extractors.model import Deadline, Offset, Span
from pipeline.followup.computing import reckon, spoken_day
from pipeline.followup.occurrences import Occurrence, Recurrence, lay_out
from pipeline.followup.settings import Settings
from pipeline.messages import text
from pipeline.register import Register, Row, TaskFilter, anchors_of, tasks

SHOWN = 4
_DAY = timedelta(days=1)
# What people made of a limit: of each field the newest correction that says something else than was read.
_CORRECTED = """SELECT c.field, c.new, c.made_by, c.made_at FROM corrections_in_force c
JOIN settled_fields f ON f.target = c.target AND f.target_id = c.target_id AND f.field = c.field
WHERE c.target = 'deadline' AND c.target_id = ? AND c.action = 'correct' AND c.field <> 'quote'
AND c.new IS NOT f.read_value ORDER BY c.id"""


def explain(register: Register, obligations: list[Row], issued_on: str | None, settings: Settings, today: date) -> None:
    """Add to every deadline of these obligations (rows of `show`): why, last_day, pending, provisional, and for
    recurring ones the next occurrences."""
    for obligation in obligations:
        for row in obligation["deadlines"]:
            row.update(_explained(register, row, issued_on, settings, today))


def occurrences(
    register: Register, wanted: TaskFilter, settings: Settings, *, since: date, until: date
) -> Iterator[Row]:
    """Occurrences that fall due from `since` to `until`, soonest first: due, last_day, period_start, period_end,
    by_policy, and of their obligation id, dispatch, number, issuer, quote, lead, deadline {id, quote, rrule}."""
    found: list[tuple[date, int, Row]] = []
    rows = tasks(register, wanted, as_of=since.isoformat(), policy=settings.before)
    for task in rows:
        for limit in task["deadlines"]:
            if limit["kind"] == "recurring":
                for one in laid_out(limit, task["issued_on"], settings, until):
                    if one.due >= since:
                        found.append((one.due, len(found), {**task, **_row(one), "deadline": limit}))
    yield from (row for _, _, row in sorted(found, key=lambda item: item[:2]))


def laid_out(limit: Row, issued_on: str | None, settings: Settings, until: date) -> Iterator[Occurrence]:
    """The occurrences of one recurring limit since the issue; none where the day of issue is not known at all."""
    recurrence = recurrence_of(limit, issued_on)
    if recurrence is None:
        return iter(())
    return lay_out(recurrence, until, strict=settings.before == "strict", calendar=settings.calendar)


def recurrence_of(limit: Row, issued_on: str | None) -> Recurrence | None:
    """A recurring limit as it is laid out; None without a rule or where the day of issue is not known at all."""
    start = first_day(limit.get("start") or issued_on)
    if start is None or not limit.get("rrule"):
        return None
    end = date.fromisoformat(limit["due"]) if limit.get("due") else None
    return Recurrence(limit["rrule"], limit["quote"], start, end, limit.get("boundary"))


@lru_cache(maxsize=20_000)
def first_day(stated: str | None) -> date | None:
    """The first day of what is stated: a day, a month or a year.

    >>> first_day("2023-07")
    datetime.date(2023, 7, 1)
    """
    if not stated:
        return None
    year, month, day = (*(int(part) for part in stated.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _explained(register: Register, row: Row, issued_on: str | None, settings: Settings, today: date) -> dict[str, Any]:
    number = int(row["id"][1:])
    said = {one["field"]: one for one in register.rows(_CORRECTED, (number,))}
    if row["kind"] == "recurring":
        until = add_months(today, settings.months_ahead)
        coming = [_row(one) for one in laid_out(row, issued_on, settings, until) if one.due >= today][:SHOWN]
        return {"why": _why_recurring(row, coming) + _by_whom(said), "last_day": None, "occurrences": coming}
    if "due" in said:
        return _by_person(row, said.pop("due"), said, settings)
    found = reckon(_deadline(row), issued_on, anchors_of(register, number), settings)  # type: ignore[arg-type]
    return {
        "why": found.why + _by_whom(said),
        "due": row["due"] if row.get("confirmed") or not found.due else found.due.isoformat(),
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "pending": found.pending,
        "provisional": found.provisional,
    }


def _by_person(row: Row, one: Row, others: Mapping[str, Row], settings: Settings) -> dict[str, Any]:
    """A limit whose day a person has set: that day holds, whatever the dispatch says."""
    told: dict[str, Any] = {"who": one["made_by"], "when": _said_on(one), "quote": row["quote"]}
    due = date.fromisoformat(row["due"]) if row["due"] else None
    if due is None:
        why, last = text("reckoning.emptied", **told), None
    elif row["boundary"] == "before" and row["kind"] != "period":
        last = due - _DAY if settings.before == "strict" else due
        holds = text(f"reckoning.holds_before_{settings.before}", day=spoken_day(last), id=row["id"])
        why = text("reckoning.corrected", due=spoken_day(due), **told) + holds
    else:
        last = due
        why = text("reckoning.corrected", due=spoken_day(due), **told) + text("reckoning.holds", day=spoken_day(due))
    last_day = last.isoformat() if last else None
    return {
        "why": why + _by_whom(others), "due": row["due"], "last_day": last_day, "pending": None, "provisional": False,
    }  # fmt: skip


def _by_whom(said: Mapping[str, Row]) -> str:
    """Who corrected what the reckoning goes by, and when."""
    return "".join(
        text("reckoning.by_person", field=text(f"field.{name}"), who=one["made_by"], when=_said_on(one))
        for name, one in said.items()
    )


def _said_on(one: Row) -> str:
    return spoken_day(date.fromisoformat(one["made_at"][: len("2026-01-31")]))


def _why_recurring(row: Row, coming: list[Row]) -> str:
    code = "none" if not coming else "policy" if coming[0]["by_policy"] else "printed"
    return text(f"reckoning.recurring_{code}", quote=row["quote"])


def _deadline(row: Row) -> Deadline:
    offset = row.get("offset")
    return Deadline(
        quote=row["quote"],
        span=Span(0, 0),
        kind=row["kind"],
        due=row["due"],
        start=row["start"],
        boundary=row["boundary"],
        rrule=row["rrule"],
        offset=Offset(offset["amount"], offset["unit"], offset["anchor"]) if offset else None,
        rule="",
    )


def _row(one: Occurrence) -> Row:
    days = {key: getattr(one, key).isoformat() for key in ("due", "last_day", "period_start", "period_end")}
    return {**days, "by_policy": one.by_policy}
