"""`congvan remind`: one digest a body and day, by mail or webhook; shown unless `--send` is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands.options import (
    as_of_option,
    form_options,
    now,
    opened,
    policy_line,
    policy_option,
    register_option,
    say,
    settings_for,
)
from pipeline.errors import CongvanError
from pipeline.messages import text, value_text
from pipeline.output import Column, Form, Row, day, day_of, moment, short_of, show_rows
from pipeline.speaking import Command, WrongUsage, option

if TYPE_CHECKING:
    from pipeline.followup.settings import Settings
    from pipeline.register import Register
    from pipeline.reminding.configuring import Recipient
    from pipeline.reminding.digest import Digest, Digests
    from pipeline.reminding.parcels import Parcel
    from pipeline.reminding.sending import Result

PARTS = ("late", "today", "soon", "escalated", "reported", "waiting")


class NobodyToRemind(CongvanError):
    """The settings name nobody who is to be reminded (details: file)."""

    code = "nobody_to_remind"


def _count_of(part: str) -> Callable[[Row], str]:
    return lambda row: str(row[part] or "")


def _standing_cell(row: Row) -> str:
    words = value_text("delivery", row["state"])
    return f"{words} {moment(row['at'])}" if row["at"] else words


def error_words(error: str | None) -> str:
    """A stored error as people say it, with the server's numbers."""
    if not error:
        return ""
    code, _, numbers = error.partition(" ")
    words = value_text("delivery_error", code)
    return f"{words} ({numbers})" if numbers else words


COLUMNS = (
    Column("body", short_of("body", 80), ratio=5),
    Column("destination", ratio=4),
    *(Column(f"remind_{part}", _count_of(part), right=True, only="table") for part in PARTS),
    *(Column(part, only="csv") for part in PARTS),
    Column("delivery", _standing_cell, ratio=4, only="table"),
    Column("delivery_error", lambda row: error_words(row["error"]), ratio=4, only="table"),
    *(Column(key, only="csv") for key in ("day", "channel", "state", "error", "at", "message_id", "message")),
)
LOG = (
    Column("delivered_at", lambda row: moment(row["at"]), fixed=True, only="table"),
    Column("at", only="csv"),
    Column("digest_day", day_of("day"), fixed=True, only="table"),
    Column("body", short_of("body", 80), ratio=5),
    Column("destination", ratio=4),
    Column("delivery", lambda row: value_text("delivery", row["state"]), ratio=3, only="table"),
    Column("delivery_error", lambda row: error_words(row["error"]), ratio=4, only="table"),
    *(Column(key, only="csv") for key in ("day", "channel", "state", "tries", "error", "begun", "digest", "delivery")),
)


@click.command(cls=Command)
@option("--send", "is_sent", is_flag=True, help="remind_send")
@option("--resend", is_flag=True, help="remind_resend")
@option("--show", "is_shown", is_flag=True, help="remind_show")
@option("--log", "is_log", is_flag=True, help="remind_log")
@option("--body", metavar="BODY", help="remind_body")
@as_of_option
@policy_option
@form_options
@register_option
@click.pass_context
def command(
    ctx: click.Context,
    register_path: Path,
    form: Form,
    as_of: str,
    policy: Any,
    is_sent: bool,
    resend: bool,
    is_shown: bool,
    is_log: bool,
    body: str | None,
) -> int:
    """To whom congvan.toml says."""
    if resend and not is_sent:
        raise WrongUsage("usage.resend_alone")
    if is_log:
        if is_sent:
            raise WrongUsage("usage.log_and_send")
        asked = ctx.get_parameter_source("as_of") is click.core.ParameterSource.COMMANDLINE
        return _show_log(register_path, form, as_of if asked else None, body)
    settings = settings_for(policy)
    if not settings.reminders.to:
        raise NobodyToRemind(file=settings.path or "congvan.toml")
    when = date.fromisoformat(as_of)
    if not settings.reminders.days_off and not settings.calendar.is_working(when):
        show_rows([], COLUMNS, form)
        say("remind.day_off", day=day(as_of))
        return 0
    with opened(register_path, "write" if is_sent else "read") as register:
        return _remind(register, settings, when, form, is_sent=is_sent, resend=resend, is_shown=is_shown, body=body)


def _remind(
    register: Register,
    settings: Settings,
    when: date,
    form: Form,
    *,
    is_sent: bool,
    resend: bool,
    is_shown: bool,
    body: str | None,
) -> int:
    from pipeline.reminding.digest import digests
    from pipeline.reminding.sending import standings

    found = digests(register, settings, as_of=when)
    made = _parcels(register, found, settings, when, body)
    if is_sent:
        results, interrupted = _send(register, made, settings, resend)
    else:
        results, interrupted = standings(register, made), []
    show_rows(
        [_row(result) for result in results], COLUMNS, form, title=text("remind.title", day=day(when.isoformat()))
    )
    if is_shown:
        _show(made, settings)
    _say_what_lacks(found)
    for row in interrupted:
        say("remind.interrupted", body=row["body"], destination=row["destination"], day=day(row["day"]))
    say("policy.as_of", policy=policy_line(settings.before), day=day(when.isoformat()))
    return _say_outcome(results, is_sent=is_sent, lacks=bool(found.unreached), more=bool(interrupted))


def _parcels(register: Register, found: Digests, settings: Settings, when: date, body: str | None) -> list[Parcel]:
    """What is to go out, of the bodies that are asked for."""
    from pipeline.reminding.addressing import chosen
    from pipeline.reminding.parcels import environment, parcels

    is_chosen = chosen(register, body, when) if body else lambda *_: True
    wanted = [(to, digest) for to, digest in found.each if not digest.is_quiet and is_chosen(to.body, digest.key)]
    calendars = _calendars(register, wanted, settings, when)
    each = ((*one, settings, environment(), calendars.get(one[1].key)) for one in wanted)
    made = [parcel for one in each for parcel in parcels(*one)]
    return list({parcel.id: parcel for parcel in made}.values())


def _calendars(
    register: Register, wanted: Sequence[tuple[Recipient, Digest]], settings: Settings, when: date
) -> dict[str, bytes]:
    """The calendars that mails bring along, by the keys of their bodies, where the settings want them."""
    from pipeline.export.calendar import feed

    bodies = {digest.key: digest.body for to, digest in wanted if to.mails and settings.reminders.calendar}
    made = {key: feed(register, body if key[0] == "~" else key, when, settings) for key, body in bodies.items()}
    return {key: data for key, data in made.items() if b"BEGIN:VTODO" in data}  # an empty one tells nothing


def _send(
    register: Register, made: Sequence[Parcel], settings: Settings, resend: bool
) -> tuple[list[Result], list[Row]]:
    from pipeline.reminding.couriers import bounds_of, courier_for
    from pipeline.reminding.parcels import environment
    from pipeline.reminding.sending import send

    courier = courier_for(settings, environment(), lambda: datetime.now().astimezone())
    sent = send(register, made, courier, bounds_of(settings.reminders), now=now, resend=resend)
    return sent.results, sent.interrupted


def _row(result: Result) -> Row:
    from pipeline.reminding.writing import chat_line

    parcel = result.parcel
    return {
        "day": parcel.digest.day.isoformat(),
        "body": parcel.digest.body,
        "channel": parcel.channel,
        "destination": parcel.destination,
        **{part: parcel.digest.count(part) for part in PARTS},  # type: ignore[arg-type]
        "state": result.standing,
        "error": result.error,
        "at": result.at,
        "message_id": parcel.token,
        "message": chat_line(parcel.digest),
    }


def _show(made: Sequence[Parcel], settings: Settings) -> None:
    """What each of them says, on standard output after the table."""
    from pipeline.reminding.writing import write_letter

    for parcel in made:
        click.echo(f"\n=== {parcel.destination}")
        if parcel.channel == "webhook":
            click.echo(parcel.content.decode())
        else:
            letter = write_letter(parcel.digest, settings)
            click.echo(f"{letter.subject}\n\n{letter.plain}")


def _say_what_lacks(found: Digests) -> None:
    for name in dict.fromkeys(found.unknown):
        say("remind.unknown_body", body=name)
    for name, late in found.unreached:
        say("remind.unreached", body=name, count=late)
    if found.unaddressed:
        say("remind.unaddressed", count=found.unaddressed)
    quiet = sum(digest.is_quiet for _, digest in found.each)
    if quiet:
        say("remind.quiet", count=quiet)


def _say_outcome(results: Sequence[Result], *, is_sent: bool, lacks: bool, more: bool) -> int:
    """What was done, what was not, and what to do about it."""
    count = {state: sum(result.standing == state for result in results) for state in ("sent", "failed", "unknown")}
    if not is_sent:
        waiting = sum(result.standing in ("new", "failed") for result in results)
        say("remind.dry" if waiting else "remind.dry_none", count=waiting)
        return 0
    say("remind.sent", new=sum(r.standing == "sent" and r.is_new for r in results), sent=count["sent"])
    for result in results:
        if result.standing in ("failed", "unknown"):
            code = f"remind.{result.standing}"
            where = {"body": result.parcel.digest.body, "destination": result.parcel.destination}
            say(code, **where, error=error_words(result.error))
    if count["failed"]:
        say("remind.try_again")
    if count["unknown"]:
        say("remind.ask_first")
    return 1 if count["failed"] or count["unknown"] or lacks or more else 0


def _show_log(path: Path, form: Form, as_of: str | None, body: str | None) -> int:
    from pipeline.register.delivering import deliveries
    from pipeline.register.keys import words_key

    with opened(path) as register:
        rows = deliveries(register, since=as_of, until=as_of)
    key = words_key(body) if body else ""
    rows = [row for row in rows if not key or f" {key} " in f" {words_key(row['body'])} "]
    show_rows(rows, LOG, form, title=text("remind.log_title", count=len(rows)))
    return 0
