"""Biểu đồ trong bảng tính: the pictures of a table on a tab of their own, none of them cut by the end of a page."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

from pipeline.export.excelcells import clean
from pipeline.export.sheet import Picture

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_INCH = 25.4
_DOTS = 96  # of a screen, an inch
_ROW = 20  # dots of a row of the usual height
_ROWS_OF_PAGE = 46  # of A4 between its margins


def draw(page: Worksheet, pictures: Sequence[Picture]) -> None:
    """Put pictures below each other on an empty tab; what reads aloud finds what they say."""
    row, first, breaks = 0, 0, []
    for picture in pictures:
        width, height = (side / _INCH * _DOTS for side in picture.shape)
        rows = ceil(height / _ROW) + 1
        if row > first and row + rows - first > _ROWS_OF_PAGE:
            breaks.append(row)
            first = row
        data = picture.png()
        across, down = _size(data)
        how = {"x_scale": width / across, "y_scale": height / down, "description": clean(picture.told)}
        page.insert_image(row, 0, "1.png", {"image_data": BytesIO(data), **how})
        row += rows
    page.set_h_pagebreaks(breaks)


def _size(png: bytes) -> tuple[float, float]:
    """Width and height of a picture as the library sets it unless told otherwise, in dots of a screen."""
    from xlsxwriter.image import Image

    seen = Image(BytesIO(png))
    return seen.width * _DOTS / seen.x_dpi, seen.height * _DOTS / seen.y_dpi
