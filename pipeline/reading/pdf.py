"""PDF through PDFium."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as c

from extractors.model import Document
from pipeline.errors import DamagedFile, NoText
from pipeline.reading.builder import Builder


def read_pdf(data: bytes, sha256: str) -> Document:
    """Every page's text, line by line."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise DamagedFile(format="pdf", reason=str(error)) from error
    builder = Builder()
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        if c.FPDFPage_GetAnnotCount(page):
            c.FPDFPage_Flatten(page, 0)
            page = pdf[number - 1]
        for line in page.get_textpage().get_text_range().splitlines():
            builder.add(line, page=number)
    if not builder.lines:
        raise NoText(pages=len(pdf))
    return builder.document(sha256, "pdf", len(pdf))
