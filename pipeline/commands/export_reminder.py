"""`congvan export reminder`: the draft of a letter that urges a body on (công văn đôn đốc)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.filing import FOLDER, free_place
from pipeline.commands.options import as_of_option, opened, policy_option, register_option, say, settings_for, today
from pipeline.commands.papers import ENDINGS, write_out
from pipeline.output import near
from pipeline.speaking import Command, Date, option


@click.command(cls=Command)
@option("--body", required=True, metavar="BODY", help="reminded_body")
@option("--directive", metavar="DISPATCH", help="only_directive")
@option("--new-deadline", "due", type=Date(), metavar="DATE", help="new_deadline")
@option("--to", "to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="to_letter")
@option("--force", is_flag=True, help="force")
@as_of_option
@policy_option
@register_option
def command(
    register_path: Path,
    body: str,
    directive: str | None,
    due: str | None,
    to: Path | None,
    force: bool,
    as_of: str,
    policy: Any,
) -> int:
    """What the body is late with on a day and has not reported."""
    from pipeline.export.overdue_letter import find_late
    from pipeline.export.reminder import reminder_letter

    settings, day = settings_for(policy), date.fromisoformat(as_of)
    new_day = date.fromisoformat(due) if due else None
    with opened(register_path) as register:
        late = find_late(register, body, settings, as_of=day, directive=directive, due=new_day)
    path = free_place(to or FOLDER / _file_name(str(late.body.name), as_of), ENDINGS, force=force)
    letter = reminder_letter(late, settings.letterhead, year=date.fromisoformat(today()).year)
    write_out(letter, path, replace=force)
    say("export.reminder", path=near(path), count=len(late.tasks), body=late.body.name, day=f"{day:%d/%m/%Y}")
    return 0


def _file_name(body: str, as_of: str) -> str:
    from extractors.text import fold
    from pipeline.export.forms import printed

    plain = "-".join("".join(c if c.isalnum() else " " for c in fold(body)).split())
    return f"{printed('reminder.file')}-{plain}-{as_of}.docx"
