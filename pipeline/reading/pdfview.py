"""Where things stand on a PDF page as it is displayed."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as c

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class View:
    """From PDF user space to the page as it is displayed: cropped, turned, origin at the top left."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        """Of the page as displayed, in points."""
        return self.top - self.bottom if self.turn % 180 else self.right - self.left

    @property
    def height(self) -> float:
        """Of the page as displayed, in points."""
        return self.right - self.left if self.turn % 180 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space as displayed."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """x0, top, x1, bottom as displayed of the lower left and the upper right corner."""
        if self.turn == 0:
            return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def view_of(page: pdfium.PdfPage) -> View:
    """How a page is displayed."""
    box = c.FS_RECTF()
    if not c.FPDF_GetPageBoundingBox(page, box) or box.right <= box.left or box.top <= box.bottom:
        width, height = page.get_size()
        return View(0, 0, width, height, 0)
    return View(box.left, box.bottom, box.right, box.top, page.get_rotation() % 360)
