"""A progress bar while files are read, on a terminal only; lines said meanwhile stand above it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


class Silent:
    """No bar: standard error is no terminal."""

    def advance(self) -> None:
        """Nothing to show."""

    def say(self, line: str) -> None:
        click.echo(line, err=True)


class Bar(Silent):
    """A bar with the number of files done and the time left."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar, self._task = bar, task

    def advance(self) -> None:
        self._bar.advance(self._task)

    def say(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress(label: str, total: int) -> Iterator[Silent]:
    """A bar over `total` files, or silence where nobody watches."""
    if not sys.stderr.isatty() or total < 2:
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task(label, total=total))
