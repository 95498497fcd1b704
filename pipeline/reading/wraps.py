"""A symbol broken at the end of a printed line ("12/AB-" and "CDEF") is put together again; its hyphen stays."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading.layout import Piece

_SHORT = 5


def rejoined(lines: Sequence[tuple[Piece, int]]) -> list[tuple[Piece, int]]:
    """The lines with their pages, each symbol that a line end cut through wholly on the line where it begins."""
    out: list[tuple[Piece, int]] = []
    for one, page in lines:
        if out and out[-1][0].column == one.column and broken(out[-1][0].text, one.text):
            head, _, tail = one.text.partition(" ")
            above, number = out[-1]
            out[-1] = above._replace(text=above.text + head, words=above.words + one.words[:1]), number
            if not tail:
                continue
            one = one._replace(text=tail, words=one.words[1:])
        out.append((one, page))
    return out


def broken(line: str, following: str) -> bool:
    """Whether a line ends inside a symbol that the next one carries on.

    Vietnamese breaks no words, so a hyphen or slash set against a letter or digit at a line's end is the symbol's own.
    """
    return len(line) > _SHORT and line[-1] in "-/" and line[-2].isalnum() and following[:1].isalnum()
