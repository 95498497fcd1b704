"""Where a table is filed, and in which form: as the ending of its file says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.commands.options import say, today
from pipeline.commands.papers import ENDINGS as PAPERS
from pipeline.commands.papers import write_out
from pipeline.output import near
from pipeline.speaking import WrongUsage, option

if TYPE_CHECKING:
    from pipeline.export.sheet import Sheet
    from pipeline.followup.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = Path("outputs")
ENDINGS = (".xlsx", ".csv", ".docx", ".pdf")


def file_options(command: F) -> F:
    """Where a table goes, and whether it may take the place of an older one."""
    command = option("--force", is_flag=True, help="force")(command)
    path = click.Path(path_type=Path, dir_okay=False)
    return option("--to", "target", type=path, metavar="FILE", help="export_to")(command)


def destination(target: Path | None, name: str, as_of: str, *, force: bool) -> Path:
    """The file that is asked for, else one that is named after the table and the day. Asked before the work is done.
    Raises WrongUsage, FileExists."""
    return free_place(target or FOLDER / f"{name}-{as_of}{ENDINGS[0]}", ENDINGS, force=force)


def free_place(path: Path, endings: Sequence[str], *, force: bool) -> Path:
    """The path, if it has one of these endings and no file stands there. Raises WrongUsage, FileExists."""
    from pipeline.export.saving import FileExists

    if path.suffix.lower() not in endings:
        raise WrongUsage("usage.export_ending", name=path.name, endings=", ".join(endings))
    if path.exists() and not force:
        raise FileExists(path=near(path))
    return path


def is_paper(path: Path) -> bool:
    """Whether a file is one that is printed, not one that is calculated with."""
    return path.suffix.lower() in PAPERS


def file_table(sheet: Sheet, path: Path, settings: Settings, *, force: bool, signed: bool = True) -> None:
    """Write a table to a file in the form that its ending says, and say where it is. A book is not `signed`. Raises as
    `new_file` and `write_paper`."""
    from pipeline.export.saving import new_file

    if is_paper(path):
        from pipeline.export.page import table_paper

        data = table_paper(sheet, settings.letterhead, today=date.fromisoformat(today()), signed=signed)
        write_out(data, path, replace=force)
        say("export.saved", path=near(path))
        return
    with new_file(path, replace=force) as beside:
        said = _write_cells(sheet, beside, settings)
    say("export.saved", path=near(path))
    for code, count in said.items():
        if count or code == "export.rows":
            say(code, count=count)


def _write_cells(sheet: Sheet, path: Path, settings: Settings) -> dict[str, int]:
    """What there is to say of it, by code."""
    if path.suffix.lower() == ".csv":
        from pipeline.export.csvfile import write_csv

        return {"export.rows": write_csv(sheet, path)}
    from pipeline.export.excel import write_workbook

    done = write_workbook([sheet], path, office=settings.letterhead, today=date.fromisoformat(today()))
    return {f"export.{code}": getattr(done, code) for code in ("rows", "shortened", "hidden", "unlinked")}
