"""Runs of text with their fonts as plain runs: what legacy fonts draw becomes Unicode, stretch by stretch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from extractors.legacy import LegacyFont, evidence, legacy_font, set_in

_LIST = re.compile("[,;]")
SOFT_HYPHEN = "\u00ad"  # what a file may have instead of this letter of TCVN3


class Run(NamedTuple):
    """Text in one font; `font` is None for every font of Unicode."""

    text: str
    bold: bool = False
    font: LegacyFont | None = None


class Fonts:
    """The legacy text of one document. Where letters fit Unicode too, the text before them decides."""

    def __init__(self) -> None:
        self._balance = 0

    def plain(self, runs: Iterable[Run]) -> Iterator[tuple[str, bool]]:
        """Text and weight of runs that follow each other; neighbours are joined, as a letter may go over two runs."""
        for (bold, font), alike in groupby(runs, lambda run: (run.bold, run.font)):
            yield self.text("".join(run.text for run in alike), font), bold

    def text(self, text: str, font: LegacyFont | None) -> str:
        """Text in one font as a reader sees it."""
        if font is None:
            return text
        self._balance += evidence(text)
        return set_in(text, font, trusted=self._balance >= 0)


def font_named(name: str | None) -> LegacyFont | None:
    """The legacy font of that name (or the first of a list of names); None for others."""
    return legacy_font(_LIST.split(name, maxsplit=1)[0].strip(" \t\r\n\"'")) if name else None
