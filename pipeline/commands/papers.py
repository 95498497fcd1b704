"""What commands that write papers have in common."""

from __future__ import annotations

from pathlib import Path

from pipeline.commands.options import say

ENDINGS = (".docx", ".pdf")


def write_out(data: bytes, path: Path, *, replace: bool) -> None:
    """Write a Word file, as PDF where the path ends so; say where its letters will not look as they should."""
    from pipeline.export.page import write_paper
    from pipeline.export.pdf import lacks_letters

    write_paper(data, path, replace=replace)
    if path.suffix.lower() == ".pdf" and lacks_letters():
        say("export.typeface")
