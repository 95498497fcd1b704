"""`congvan failures`: files that were refused and files that could not be read, apart, each with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipeline.commands.options import form_options, register_option
from pipeline.messages import reason_text, text
from pipeline.output import Column, Form, Row, console, near, show_rows
from pipeline.speaking import Command, option

CSV = tuple(Column(key) for key in ("id", "status", "code", "reason", "path", "noted_at"))


@click.command(cls=Command)
@option("--refused", "status", flag_value="refused", help="refused")
@option("--failed", "status", flag_value="failed", help="failed")
@form_options
@register_option
def command(status: Any, register_path: Path, form: Form) -> int:
    """Newest first."""
    from pipeline.register import failures, open_register

    with open_register(register_path) as register:
        rows = failures(register, status)
    for row in rows:
        row["reason"] = reason_text(row["code"], _details(row))
    if form != "table":
        show_rows(rows, CSV, form)
        return 0
    for kind in [status] if status else ["failed", "refused"]:
        part = [row for row in rows if row["status"] == kind]
        _write(part, text(f"failures.{kind}", count=len(part)))
    return 0


def _write(rows: list[Row], title: str) -> None:
    """The files under their reasons, since many files tend to share one."""
    from rich.padding import Padding
    from rich.text import Text

    page = console()
    page.print(Text(title, style="bold"))
    for reason in dict.fromkeys(row["reason"] for row in rows):
        page.print(Padding(Text(reason), (1, 0, 0, 2)))
        for row in rows:
            if row["reason"] == reason:
                page.print(Padding(Text(_place(row), overflow="fold"), (0, 0, 0, 4)))
    page.print()


def _details(row: Row) -> dict[str, Any]:
    details = row.get("details") or {}
    return json.loads(details) if isinstance(details, str) else details


def _place(row: Row) -> str:
    """The file; of one with a secrecy mark, whose name is not kept, how to find it."""
    inode = _details(row).get("inode") if row["code"] == "secrecy" else None
    return text("failures.secret", folder=near(row["path"]), inode=inode) if inode else near(row["path"])
