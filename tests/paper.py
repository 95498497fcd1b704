"""Documents made of text, as a reader would hand them over."""

import unicodedata

from extractors.model import Document, Line

SIDE = " || "


def paper(text: str) -> Document:
    """A document of the given lines; " || " sets what stands left apart from what stands right of it."""
    parts: list[str] = []
    lines: list[Line] = []
    at = 0
    for raw in unicodedata.normalize("NFC", text).strip("\n").split("\n"):
        sides = raw.split(SIDE) if SIDE in raw else [raw]
        for column, side in enumerate(sides):
            side = side.strip(" \u00a0")
            if side:
                lines.append(Line(at, at + len(side), column=column if len(sides) == 2 else None))
            if side or len(sides) == 1:
                parts.append(side)
                at += len(side) + 1
    return Document("\n".join(parts) + "\n", tuple(lines), "0" * 64)
