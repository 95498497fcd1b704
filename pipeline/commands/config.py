"""`congvan config`: the settings that hold, and where they come from."""

from __future__ import annotations

from dataclasses import asdict

import click

from pipeline.commands.options import no_register_option, office
from pipeline.messages import text
from pipeline.output import Column, listed, write_json, write_table
from pipeline.speaking import Command, option


@click.command(cls=Command)
@option("--json", "as_json", is_flag=True, help="json")
@no_register_option
def command(as_json: bool) -> int:
    """Of congvan.toml, or the defaults."""
    from pipeline.reminding.configuring import shown

    held = office()
    values = {
        "register.agency": held.agency,
        **{f"office.{key}": value for key, value in asdict(held.office).items()},
        "deadlines.before": held.before,
        "deadlines.soon": list(held.soon),
        "calendar.days_off": [day.isoformat() for day in held.days_off],
        "calendar.worked_days": [day.isoformat() for day in held.worked_days],
        "occurrences.months_ahead": held.months_ahead,
        "occurrences.months_back": held.months_back,
        **shown(held.reminders),
        "signatures.authorities": str(held.authorities) if held.authorities else None,
    }
    if as_json:
        write_json({"file": str(held.path) if held.path else None, **values})
        return 0
    source = text("config.file", path=held.path) if held.path else text("config.defaults")
    rows = [{"setting": key, "value": listed(v)} for key, v in values.items()]
    write_table(rows, (Column("setting", fixed=True), Column("value", ratio=1)), source)
    return 0
