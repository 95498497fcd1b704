"""PDF: each page through PDFium, and those that are pictures through recognition."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.model import Document
from extractors.syllables import is_vietnamese, vietnamese_share
from pipeline.errors import DamagedFile, EncryptedFile, NoText, TooLarge, UnreadableFile
from pipeline.reading.pages import Page, PageContent, document_of, page_of
from pipeline.reading.pdfpage import read_page
from pipeline.reading.pictures import COVERED
from pipeline.reading.progress import beat

MAX_PAGES = 2000
MAX_CHARS = 20_000_000
_OBJECT = re.compile(rb"\d\s{1,4}\d{1,5}\s{1,4}obj\b")
_START = re.compile(rb"startxref\s{1,4}(\d{1,12})\s")
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
_FOREIGN = 0.02  # the share of letters with accents up to which a text is not Vietnamese at all
_BETTER = 0.1
_STAMPED = 2  # pages of a scan with words of its own on which stamps are looked for; on others the first one
_PASSWORD = {c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY}


def read_pdf(data: bytes, sha256: str) -> Document:
    """The document of a PDF. Boxes are as displayed, in points, from the top left.

    Pages that are pictures, or whose words are a bad reading, are recognised; those where that fails are issues
    `page.not_recognised`. Where that is the first page, on which a secrecy mark would stand, or there is no other
    page, its error is raised. A file without any text raises NoText. Raises DamagedFile, EncryptedFile and TooLarge
    too.
    """
    pdf = _opened(data)
    try:
        pages, failure = _pages(pdf)
    except pdfium.PdfiumError as error:
        raise DamagedFile(format="pdf", reason=str(error)) from error
    finally:
        pdf.close()
    if failure and pages[0].content.unread:
        raise failure
    if not any(page.content.readable for page in pages):
        raise failure or NoText(format="pdf", pages=len(pages))
    return document_of(pages, sha256, "pdf")


def _opened(data: bytes) -> pdfium.PdfDocument:
    """The file opened; `data` must live as long as what is returned, since PDFium goes on reading from it."""
    handle = c.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        if c.FPDF_GetLastError() in _PASSWORD:
            raise EncryptedFile(format="pdf")
        raise DamagedFile(format="pdf", reason="syntax" if _whole(data) else "truncated")
    pdf = pdfium.PdfDocument(handle)
    pages = len(pdf)
    reason = "truncated" if not _whole(data) else "no_pages" if pages < 1 else ""
    if reason or pages > MAX_PAGES:
        pdf.close()
        if pages > MAX_PAGES:
            raise TooLarge(format="pdf", what="pages", size=pages, limit=MAX_PAGES)
        raise DamagedFile(format="pdf", reason=reason)
    return pdf


def _whole(data: bytes) -> bool:
    """Whether nothing was cut off: PDFium mends what is left of a file, and what is lost would be missed by nobody.

    The last revision must end where it says where its table of objects stands, and no object may follow. Other bytes
    may, and the mark of the end may be missing where the table is there.
    """
    end = data.rfind(b"startxref")
    if end < 0 or _OBJECT.search(data, end):
        return False
    found = _START.match(data, end)
    return b"%%EOF" in data[end:] or bool(found and _TABLE.match(data, int(found[1])))


def _pages(pdf: pdfium.PdfDocument) -> tuple[list[Page], UnreadableFile | None]:
    """All pages, and the first error that kept one from being recognised."""
    pages: list[Page] = []
    failure: UnreadableFile | None = None
    total = 0
    for number in range(1, len(pdf) + 1):
        above = pages[-1].grids[-1] if pages and pages[-1].grids else None
        content = read_page(pdf, number)
        if not content.readable or _misread(content):
            content, error = _best_reading(pdf, number, content)
            failure = failure or error
        if content.pictures and number <= (_STAMPED if content.pictured > COVERED else 1):
            content = _stamped(pdf, number, content)
        pages.append(page_of(number, content, above))
        total += pages[-1].chars
        beat()
        if total > MAX_CHARS:
            raise TooLarge(format="pdf", what="characters", size=total, limit=MAX_CHARS)
    return pages, failure


def _recognised(
    pdf: pdfium.PdfDocument, number: int, content: PageContent
) -> tuple[PageContent, UnreadableFile | None]:
    """The page as it is recognised on its picture, or as it was with the error that prevented that."""
    from pipeline.reading.scanned import picture_of, scanned_page

    picture = picture_of(pdf, number)
    if picture is None:  # nothing is drawn on it
        return content, None
    try:
        found = scanned_page(*picture, first=number == 1)
    except UnreadableFile as error:
        return replace(content, unread=error.code), error
    return replace(found, stamps=content.stamps, pictured=content.pictured), None


def _misread(content: PageContent) -> bool:
    """Whether the words of a page look like a bad reading of it: a scanner's, or of fonts that do not name all letters.

    Words without any accent are what is printed where no picture lies over them: another language, a table of codes.
    """
    text = _text_of(content)
    if is_vietnamese(text) is not False:
        return False
    return content.pictured > COVERED or sum(not c.isascii() for c in text) > _FOREIGN * len(text)


def _best_reading(
    pdf: pdfium.PdfDocument, number: int, content: PageContent
) -> tuple[PageContent, UnreadableFile | None]:
    """The page as it is recognised on its picture, or its own words where these read as well.

    Where recognition fails, the words of a picture are not taken: in what was misread no mark of secrecy is found.
    """
    again, error = _recognised(pdf, number, content)
    if not content.readable:
        return again, error
    if error:
        return (replace(again, words=()), error) if content.pictured > COVERED else (content, None)
    before, after = vietnamese_share(_text_of(content)), vietnamese_share(_text_of(again))
    if (after or 0.0) > (before or 0.0) + _BETTER:
        return again, None
    return replace(content, headings=again.headings, pictures=()), None


def _stamped(pdf: pdfium.PdfDocument, number: int, content: PageContent) -> PageContent:
    """The page, which has words, with the stamps that lie on it as pictures."""
    from pipeline.reading.pdfstamps import with_stamps

    return with_stamps(pdf, number, content)


def _text_of(content: PageContent) -> str:
    return " ".join(word.text for word in content.words)
