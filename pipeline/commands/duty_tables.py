"""How lists of duties look: columns that several commands share, and members of a group in one line of a table."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.messages import text, value_text
from pipeline.output import Column, Row, day, listed, shortened, value_of

_NAMED = 3


def grouped(rows: Iterable[Row]) -> list[Row]:
    """One line for all bodies that owe the same by the same day, in the order of the first."""
    out: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in ("id", "period", "last_day", "timeliness", "state"))
        line = out.setdefault(key, {**row, "bodies": [], "duties": []})
        line["bodies"].append(row["body"])
        line["duties"].append(row["duty"])
    return list(out.values())


def series(rows: Iterable[Row]) -> list[Row]:
    """One line for all occurrences and bodies of the same recurring duty; `periods` are those that it speaks of."""
    out: dict[tuple[object, ...], Row] = {}
    for row in rows:
        line = out.setdefault((row["id"],), {**row, "bodies": [], "duties": [], "periods": []})
        duty = row["duty"].partition("@")[0]
        for key, value in (("bodies", row["body"]), ("periods", row["period"]), ("duties", duty)):
            if value not in line[key]:
                line[key].append(value)
    return list(out.values())


def due_cell(row: Row) -> str:
    """The day that is printed, or the one that it was extended to, and the words that set it."""
    parts = [day(value_of(row, "deadline.due") or row["last_day"])]
    if row["original_last_day"] != row["last_day"]:
        parts = [day(row["last_day"]), text("duties.extended_from", day=parts[0])]
    if row["asked_for"]:
        parts.append(text("duties.asked_for", day=day(row["asked_for"])))
    if periods := row.get("periods") or ([row["period"]] if row["period"] else []):
        code = "duties.periods" if len(periods) > 1 else "duties.period"
        parts.append(text(code, first=periods[0], last=periods[-1], count=len(periods)))
    if quote := value_of(row, "deadline.quote"):
        parts.append(f"“{shortened(listed(quote), 60)}”")
    return "\n".join(part for part in parts if part)


def body_cell(row: Row) -> str:
    """Who owes: the body, a few bodies, or how many of a group; in brackets where the dispatch itself names nobody."""
    names = [name or text("list.nobody") for name in row.get("bodies") or [row["body"]]]
    if len(names) > _NAMED:
        words = text("duties.of_group", group=shortened(listed(row["printed"]), 70), count=len(names))
    else:
        words = shortened("; ".join(names), 120)
    if row["former"] and len(names) == 1:
        words = text("duties.former", body=words, former=row["former"])
    return words if row["lead_stated"] and row["body"] else f"({words})"


def id_cell(row: Row) -> str:
    """The duty's id; of several the obligation's."""
    ids = row.get("duties") or [row["duty"]]
    return str(ids[0]) if len(ids) == 1 else str(row["id"])


def state_cell(row: Row) -> str:
    """State and timeliness, with the days late; and what is proposed that happened."""
    parts = [value_text("duty_state", row["state"])]
    if row["timeliness"] != "none":
        parts.append(value_text("timeliness", row["timeliness"]))
    if row["days_late"]:
        parts[-1] = text("tasks.late", state=parts[-1], days=row["days_late"])
    for one in row.get("proposals") or ():
        parts.append(text("duties.proposed", event=value_text("event", one["event"]), link=one["link"]))
    return "\n".join(parts)


def quote_cell(row: Row) -> str:
    """What is to be done."""
    return shortened(listed(row["quote"]), 160)


def source_cell(row: Row) -> str:
    """The dispatch that a row comes from: its number, or its id where no number is printed."""
    return f"{row['number']} ({row['dispatch']})" if row["number"] else str(row["dispatch"])


DUE = Column("due", due_cell, width=13, only="table")
BODY = Column("body", body_cell, ratio=5, only="table")
QUOTE = Column("quote", quote_cell, ratio=9, only="table")
SOURCE = Column("number", source_cell, width=14, only="table")
ID = Column("id", id_cell, fixed=True, only="table")
STATE = Column("state", state_cell, width=13, only="table")
CSV = tuple(
    Column(key, only="csv")
    for key in (
        "duty", "body", "body_code", "printed", "former", "state", "timeliness", "days_late", "last_day",
        "original_last_day", "period", "deadline.quote", "completed_on", "coordinating", "quote", "id", "parent",
        "deadline.id", "dispatch", "number", "type", "issued_on", "issuer", "page", "version",
    )
)  # fmt: skip
