"""`congvan export report`: the periodic report on a dispatch, as a paper (DOCX, PDF) or as tables (Excel, CSV)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.commands.filing import ENDINGS, FOLDER, free_place
from pipeline.commands.options import opened, policy_option, register_option, say, settings_for, today
from pipeline.commands.papers import write_out
from pipeline.output import near
from pipeline.speaking import Command, Date, option


@click.command(cls=Command)
@option("--directive", required=True, metavar="DISPATCH", help="directive")
@option("--period", required=True, metavar="PERIOD", help="report_period")
@option("--as-of", "as_of", type=Date(), metavar="DATE", help="closed_on")
@option("--to", "to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="to_paper")
@option("--force", is_flag=True, help="force")
@policy_option
@register_option
def command(
    register_path: Path, directive: str, period: str, as_of: str | None, to: Path | None, force: bool, policy: Any
) -> int:
    """All that the register knows of one dispatch's tasks, closed on a day."""
    from pipeline.export.reporting import gather
    from pipeline.export.spans import parse_span

    settings, now, span = settings_for(policy), date.fromisoformat(today()), parse_span(period)
    path = free_place(to or FOLDER / _file_name(directive, span.code), ENDINGS, force=force)
    with opened(register_path) as register:
        day = date.fromisoformat(as_of) if as_of else None
        report = gather(register, directive, span, settings, today=now, as_of=day)
    _write(report, path, settings.letterhead, now, force)
    say("export.report", path=near(path), count=len(report.duties), day=f"{report.as_of:%d/%m/%Y}")
    if path.suffix.lower() not in (".xlsx", ".csv"):
        say("export.left_open")
    if report.is_silent:
        say("export.report_silent")
    return 0


def _file_name(directive: str, code: str) -> str:
    """The file that is written where none is named: "bao-cao-01-CT-ABC-2022-Q1.docx"."""
    from pipeline.export.forms import printed

    plain = "-".join("".join(c if c.isalnum() else " " for c in directive).split())
    return f"{printed('report.file')}-{plain}-{code}.docx"


def _write(report: Any, path: Path, office: Any, now: date, force: bool) -> None:
    from pipeline.export.report import report_paper, report_sheets
    from pipeline.export.saving import new_file

    ending = path.suffix.lower()
    if ending == ".xlsx":
        from pipeline.export.excel import write_workbook

        with new_file(path, replace=force) as beside:
            write_workbook(report_sheets(report), beside, office=office, today=now)
    elif ending == ".csv":
        from pipeline.export.csvfile import write_csv

        with new_file(path, replace=force) as beside:
            write_csv(report_sheets(report)[0], beside)
    else:
        write_out(report_paper(report, office, year=now.year), path, replace=force)
