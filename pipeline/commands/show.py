"""`congvan show`: one dispatch whole, or one obligation: what was found, where, and what people corrected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.chain import relation_words
from pipeline.commands.correct import field_name
from pipeline.commands.options import office, opened, register_option, today
from pipeline.commands.tasks import due_words, follow_up_words, lead_words
from pipeline.messages import issue_text, text, value_text
from pipeline.output import (
    Column,
    Row,
    console,
    day,
    listed,
    near,
    percent,
    proposed,
    short_of,
    write_json,
    write_table,
)
from pipeline.speaking import Command, argument, option

FIELDS = ("type", "number", "symbol", "issued_on", "place", "issuer", "subject", "urgency", "secrecy")
SIGNER = ("authority", "title", "name")
LISTS = ("addressees", "recipients", "citations")
SIGNABLE = ("pdf",)  # formats whose digital signatures are looked for


@click.command(cls=Command)
@argument("dispatch", metavar="DISPATCH")
@option("--json", "as_json", is_flag=True, help="json")
@register_option
def command(dispatch: str, register_path: Path, as_json: bool) -> int:
    """By any id (D3, O12, L5, I9, M2, P4, C7, T5, E7) by printed number (15/CT-UBND) or by the path of its file."""
    from pipeline.followup.explaining import explain
    from pipeline.followup.views import add_duties
    from pipeline.register import show

    with opened(register_path) as register:
        row = show(register, dispatch)
        on = date.fromisoformat(today())
        explain(register, row["obligations"], row["document"]["issued_on"], office(), on)
        add_duties(register, row["obligations"], office(), as_of=on)
    only = _wanted(row, dispatch.strip().upper())
    if as_json:
        write_json({**only, "dispatch": row["id"], "document": row["document"]} if only else row)
        return 0
    _show_head(row)
    _show_obligations([only] if only else row["obligations"], whole=bool(only))
    if not only:
        _show_issues(row)
    _show_corrections(row, only)
    return 0


def _wanted(row: Row, asked: str) -> Row | None:
    """The one obligation that was asked for, by its own id or a deadline's."""
    ids = {o["id"]: o for o in row["obligations"]} | {d["id"]: o for o in row["obligations"] for d in o["deadlines"]}
    ids |= {d["duty"].partition("@")[0]: o for o in row["obligations"] for d in o["duties"]}
    return ids.get(asked.partition("@")[0])


def _show_head(row: Row) -> None:
    """The fields, each with page, rule and confidence."""
    from rich.table import Table
    from rich.text import Text

    page = console()
    marks = [text("show.removed")] if row.get("removed") else []
    page.print(Text(" · ".join([row["id"], *[str(f["path"]) for f in _files(row)[:1]], *marks]), style="bold"))
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=5)
    grid.add_column(ratio=3, style="dim", overflow="fold")
    for label, value, place in _fields(row):
        grid.add_row(Text(label), Text(value), Text(place))
    page.print(grid)


def _fields(row: Row) -> list[tuple[str, str, str]]:
    document, found = row["document"], row.get("found") or {}
    out = []
    for key in FIELDS:
        if document.get(key):
            printed = day(document[key]) if key == "issued_on" else str(document[key])
            out.append((field_name(key), printed, where(found.get(key))))
    for key in SIGNER:
        if value := (document.get("signer") or {}).get(key):
            out.append((field_name(f"signer_{key}"), value, where(found.get(f"signer.{key}"))))
    for key in LISTS:
        entries = [_entry(e) for e in document.get(key) or ()]
        places = found.get(key) or []
        if entries:
            out.append((field_name(key), listed(entries), where(places[0] if places else None)))
    for proposal in row.get("inferred") or ():
        if not proposal["settled"]:
            label = text("show.proposed", field=field_name(proposal["field"]))
            source = f" · {proposal['source']}" if proposal.get("source") else ""
            out.append((label, proposed(proposal), f"{proposal['id']}{source} · {where(proposal)}"))
    if spoken_of := row.get("mentions"):
        names = [f"{m['name']} ({m['count']})" for m in spoken_of]
        out.append((field_name("mentions"), listed(names), where(spoken_of[0])))
    if came := row.get("arrival"):
        entry = text("show.arrival_entry", number=came["number"], year=came["year"], day=day(came["day"]))
        out.append((text("show.arrival"), entry, ""))
    for file in (row.get("files") or ())[:1]:
        out += [(text("show.signature"), *_signed(one)) for one in file["signatures"]]
        if file["format"] in SIGNABLE and not file["signatures"]:
            out.append((text("show.signature"), text("show.unsigned"), ""))
    for mailed in {f["received_on"]: f for f in row.get("files") or () if f.get("received_on")}:
        out.append((text("show.received"), day(mailed), ""))
    for file in _files(row)[1:]:
        out.append((text("show.also"), str(file["path"]), ""))
    for copy in row.get("copies") or ():
        if copy["status"] != "rejected":
            out.append((text(f"show.copy_{copy['status']}"), copy["id"], copy["proposal"]))
    return [*out, *_links(row)]


def _links(row: Row) -> list[tuple[str, str, str]]:
    """How it stands to earlier dispatches, and later ones to it; `congvan chain` has all of the chain."""
    out = []
    for side in ("earlier", "later"):
        for link in (row.get("links") or {}).get(side, ()):
            if link["status"] != "rejected":
                number = link["number"] or link["symbol"] or ""
                words = f"{relation_words(link)} · {number} {day(link['issued_on'])}".rstrip()
                out.append((text(f"show.{side}"), words, f"{link['link']} · {where(link | {'page': None})}"))
    return out


def _signed(signature: Row) -> tuple[str, str]:
    """Who signed and when, and how the file stands to that."""
    at = signature["signed_at"] or ""
    who = [signature["signer"], signature["organization"] if signature["organization"] != signature["signer"] else None]
    state = [text(f"show.signed_{signature['state']}")]
    if signature["later"] != "nothing":
        state.append(text(f"show.later_{signature['later']}"))
    if signature["trusted"] is not None:
        trust = "trusted" if signature["trusted"] else "expired" if signature["problem"] == "expired" else "not_trusted"
        state.append(text(f"show.{trust}"))
    when = f"{day(at[:10])} {at[11:16]}" if at else None
    return " · ".join(filter(None, [*who, when])), " · ".join(state)


def _entry(entry: Any) -> str:
    if isinstance(entry, dict):
        return f"{entry['name']} ({entry['purpose']})" if entry.get("purpose") else str(entry["name"])
    return str(entry)


def _files(row: Row) -> list[Row]:
    return [{**f, "path": near(p)} for f in row.get("files") or () for p in f.get("paths") or ()]


def where(found: Row | None) -> str:
    """Page (or line), confidence and rule of a finding; that a person entered or confirmed it."""
    if not found:
        return ""
    parts: list[str] = [text("show.page", page=found["page"])] if found.get("page") else []
    parts += [text("show.line", line=found["line"])] if found.get("line") else []
    confirmed = found.get("confirmed")
    sure = percent(found.get("confidence")) if found.get("confidence") not in (None, 1, 1.0) else ""
    parts += [text("show.confirmed")] if confirmed else [sure] if sure else []
    return " · ".join([*parts, *([str(found["rule"])] if found.get("rule") else [])])


def _show_obligations(obligations: list[Row], whole: bool) -> None:
    columns = (
        Column("id", lambda o: f"{o['id']}\n{o.get('label') or ''}".strip(), fixed=True),
        Column("quote", lambda o: _what(o), ratio=9),
        Column("lead", _who, ratio=4),
        Column("due", _due, width=13),
        Column("found", where, width=16),
    )
    write_table(obligations, columns, text("show.obligations", count=len(obligations)))
    if whole:
        for obligation in obligations:
            _show_words(obligation)
            write_table(
                obligation["deadlines"],
                (
                    Column("id", fixed=True),
                    Column("due", lambda d: day(d.get("due")), fixed=True),
                    Column("quote", ratio=4),
                    Column("kind", lambda d: deadline_words(d), ratio=4),
                    Column("why", _why, ratio=6),
                    Column("found", where, ratio=3),
                ),
                text("show.deadlines", count=len(obligation["deadlines"])),
            )
            _show_duties(obligation)


def _show_duties(obligation: Row) -> None:
    """Who owes it, and how that stands today."""
    from pipeline.commands.duty_tables import BODY, DUE, ID, STATE, grouped

    duties = [{**obligation, **duty} for duty in obligation["duties"] if duty["timeliness"] != "lapsed"]
    write_table(grouped(duties), (ID, BODY, DUE, STATE), text("show.duties", count=len(duties)))


def _why(deadline: Row) -> str:
    """How the day comes about, and when a recurring limit comes round next."""
    coming = ", ".join(day(one["due"]) for one in deadline.get("occurrences") or ())
    return f"{deadline['why']}\n→ {coming}" if coming else str(deadline["why"])


def _show_words(finding: Row) -> None:
    """The finding between the words around it, to be looked up in the file itself."""
    from rich.text import Text

    if "before" not in finding:
        return
    words = f"…{finding['before']} [{listed(finding['quote'])}] {finding['after']}…"
    page = console()
    page.print(Text(text("show.in_text", words=words)))
    page.print()


def _what(obligation: Row) -> str:
    words = [value_text("modality", obligation["modality"])]
    words += [value_text("kind", "target")] if obligation["kind"] == "target" else []
    words += [] if obligation["checkable"] else [text("tasks.urging")]
    words += _standing(obligation)
    words += [text("show.counts_as", id=obligation["counts_as"])] if obligation.get("counts_as") else []
    return "\n".join([f"{listed(obligation['quote'])} [{', '.join(words)}]", *follow_up_words(obligation)])


def _standing(finding: Row) -> list[str]:
    return [text(f"show.{finding['status']}")] if finding["status"] != "current" else []


def _who(obligation: Row) -> str:
    helpers = listed(obligation.get("coordinating"))
    return lead_words(obligation) + (f"\n+ {helpers}" if helpers else "")


def _due(obligation: Row) -> str:
    current = [d for d in obligation["deadlines"] if d["status"] == "current"]
    days = [d for d in current if d["due"]]
    return due_words({"deadlines": current, "due": min(d["due"] for d in days) if days else None})


def deadline_words(deadline: Row) -> str:
    """What sort of time limit it is, with its recurrence or distance."""
    words = [value_text("deadline", deadline["kind"])]
    words += [value_text("boundary", deadline["boundary"])] if deadline.get("boundary") == "before" else []
    words += [str(deadline["rrule"])] if deadline.get("rrule") else []
    if offset := deadline.get("offset"):
        anchor, unit = value_text("anchor", offset["anchor"]), value_text("unit", offset["unit"])
        words.append(f"{offset['amount']} {unit} – {anchor}")
    words += [value_text("scope", deadline["scope"])] if deadline.get("scope", "item") != "item" else []
    words += _standing(deadline)
    return ", ".join(words)


def _show_issues(row: Row) -> None:
    issues = [
        {**i, "message": issue_text(i["code"], i["message"]) + (f" [{text('show.closed')}]" if i["closed"] else "")}
        for i in row["issues"]
    ]
    columns = (
        Column("id", fixed=True),
        Column("message", ratio=6),
        Column("quote", short_of("quote", 120), ratio=5),
        Column("page", right=True, fixed=True),
    )
    if issues:
        write_table(issues, columns, text("issues.title", count=len(issues)))


def _show_corrections(row: Row, only: Row | None) -> None:
    from pipeline.commands.history import COLUMNS

    ids = {only["id"], *(d["id"] for d in only["deadlines"])} if only else set()
    rows = [c for c in row["corrections"] if not only or c["target"] in ids]
    if rows:
        write_table(rows, [c for c in COLUMNS if c.only != "csv"], text("history.title", count=len(rows)))
