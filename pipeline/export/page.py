"""Bản in: a table of the register as a paper that an office prints, signs and files: DOCX, or PDF.

data = table_paper(sheet, settings.letterhead, today=date(2026, 1, 31))
write_paper(data, Path("qua-han.pdf"))
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.export.letterhead import Heading, write_foot, write_head, write_title
from pipeline.export.paper import Type, as_bytes, new_paper, paragraph, write_picture
from pipeline.export.papertable import write_table
from pipeline.export.pdf import as_pdf
from pipeline.export.saving import save_bytes
from pipeline.export.sheet import Sheet
from pipeline.followup.settings import Office

_ABOVE = Type(size=13, italic=True)
_BELOW = Type(size=12, italic=True)


def table_paper(
    sheet: Sheet,
    office: Office,
    *,
    today: date,
    symbol: str | None = "",
    recipients: tuple[str, ...] = (),
    signed: bool = True,
) -> bytes:
    """A sheet as a Word file on A4: head, title, the table with its heading on each page, notes, who signs.

    `today` gives the year of the date line, which else is left open. `symbol` as in `Heading`: by default the paper
    has no number of its own. `signed` False leaves the block for the signature out (a book). Raises PaperTooLong.
    """
    paper = new_paper(wide=not sheet.upright, made=today)
    write_head(paper, office, Heading(today.year, symbol))
    write_title(paper, sheet.title, ruled=False)
    for line in sheet.above:
        paragraph(paper, line, _ABOVE, "centre", before=0, after=2, keep=True)
    paragraph(paper, "", Type(size=6), before=0, keep=True)
    write_table(paper, sheet, keep_end=signed)
    for line in sheet.below:
        paragraph(paper, line, _BELOW, before=2, keep=signed)
    for number, picture in enumerate(sheet.pictures, 1):
        write_picture(paper, picture, keep=signed and number == len(sheet.pictures))
    if signed:
        write_foot(paper, office, recipients)
    return as_bytes(paper)


def write_paper(data: bytes, path: Path, *, replace: bool = False) -> None:
    """Write a Word file to a path, printed as PDF where the path ends so. Raises PdfProgramMissing, PdfFailed,
    FileExists (unless `replace`), NotWritten."""
    save_bytes(as_pdf(data) if path.suffix.lower() == ".pdf" else data, path, replace=replace)
