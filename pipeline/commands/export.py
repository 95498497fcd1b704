"""`congvan export`: papers, tables and calendars out of the register."""

from __future__ import annotations

from importlib.util import find_spec

import click

from pipeline.speaking import Program

PAPERS = (
    "arrivals",
    "handling",
    "overdue",
    "summary",
    "report",
    "reminder",
    "calendar",
    "edxml",
    "charts",
    "dataset",
)


def _modules() -> dict[str, str]:
    places = {name: f"pipeline.commands.export_{name}" for name in PAPERS}
    return {name: place for name, place in places.items() if find_spec(place)}


@click.command(cls=Program, name="export", under="export", modules=_modules(), no_args_is_help=True)
def command() -> None:
    """All that can be exported."""
