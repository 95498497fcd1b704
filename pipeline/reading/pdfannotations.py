"""What annotations print on a PDF page: signature widgets, stamps and typed notes."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.reading.pdfview import Rect, View, view_of

_PRINTED = {c.FPDF_ANNOT_WIDGET, c.FPDF_ANNOT_STAMP, c.FPDF_ANNOT_FREETEXT}
_MAX_OBJECTS = 1000


def printing_annotations(page: pdfium.PdfPage, view: View) -> list[Rect]:
    """The places where signature widgets, stamps and typed notes print something."""
    rects = []
    rect = c.FS_RECTF()
    for annotation in _annotations(page):
        if c.FPDFAnnot_GetSubtype(annotation) in _PRINTED and c.FPDFAnnot_GetRect(annotation, rect):
            x0, top, x1, bottom = view.box(rect.left, rect.bottom, rect.right, rect.top)
            if x1 - x0 > 1 and bottom - top > 1:
                rects.append((x0, top, x1, bottom))
    return rects


def may_print_text(page: pdfium.PdfPage) -> bool:
    """Whether some annotation draws letters, or too many things to look through.

    Most signatures draw pictures alone: to see that takes a fifth of the time of making them a part of the page.
    """
    left = _MAX_OBJECTS
    for annotation in _annotations(page):
        count = c.FPDFAnnot_GetObjectCount(annotation)
        todo = [c.FPDFAnnot_GetObject(annotation, n) for n in range(min(count, left))]
        left -= max(0, count)
        while todo:
            item = todo.pop()
            kind = c.FPDFPageObj_GetType(item)
            if kind == c.FPDF_PAGEOBJ_TEXT:
                return True
            if kind == c.FPDF_PAGEOBJ_FORM:
                count = c.FPDFFormObj_CountObjects(item)
                todo += [c.FPDFFormObj_GetObject(item, n) for n in range(min(count, left))]
                left -= max(0, count)
        if left < 0:
            return True
    return False


def printed_page(pdf: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Page `number` (from 1) with what these annotations draw as a part of it; to be closed."""
    page = pdf[number - 1]
    if printing_annotations(page, view_of(page)):
        c.FPDFPage_Flatten(page, c.FLAT_NORMALDISPLAY)
        page.close()  # they are a part of the page when it is loaded again
        return pdf[number - 1]
    return page


def _annotations(page: pdfium.PdfPage) -> Iterator[object]:
    for n in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, n)
        if annotation:
            try:
                yield annotation
            finally:
                c.FPDFPage_CloseAnnot(annotation)
