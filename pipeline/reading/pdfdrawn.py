"""What is drawn on a PDF page beside its words: rules, and where pictures lie."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Set
from itertools import pairwise, repeat
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.reading.pdfcalls import Address, address_of, bounds_of, kind_of, object_on
from pipeline.reading.pdfview import Rect, View
from pipeline.reading.tables import Edge

MAX_OBJECTS = 20_000
_MAX_DEPTH = 4
_WANTED = {c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE}
_THIN = 3.0

Matrix = tuple[float, float, float, float, float, float]


def drawn(page: pdfium.PdfPage, view: View, texts: Set[int]) -> tuple[list[Edge], list[Rect]]:
    """The rules drawn on the page, and where its pictures lie; `texts` are where objects lie that are known as text."""
    edges: list[Edge] = []
    images: list[Rect] = []
    bounds = (ctypes.c_float * 4)()
    sides = [Address(ctypes.addressof(bounds) + n * ctypes.sizeof(ctypes.c_float)) for n in range(4)]
    for kind, item, matrix in _objects(page, texts):
        if not bounds_of(item, *sides):
            continue
        left, bottom, right, top = bounds
        ax, ay = view.point(*_moved(matrix, left, bottom))
        bx, by = view.point(*_moved(matrix, right, top))
        x0, x1, y0, y1 = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        if kind == c.FPDF_PAGEOBJ_IMAGE:
            images.append((x0, y0, x1, y1))
        elif min(x1 - x0, y1 - y0) <= _THIN:
            edges.extend(_edge(x0, y0, x1, y1))
        else:
            edges.extend(_outlines(ctypes.cast(item, c.FPDF_PAGEOBJECT), matrix, view))
    return edges, images


def _objects(page: pdfium.PdfPage, texts: Set[int]) -> Iterator[tuple[int, Any, Matrix | None]]:
    """Paths and pictures of the page and of the forms on it, with the matrix that the forms add."""
    count = c.FPDFPage_CountObjects(page)
    found = map(object_on, repeat(address_of(page.raw)), range(min(count, MAX_OBJECTS)))
    items = [item for item in found if item not in texts]
    kinds = list(map(kind_of, map(Address, items)))
    todo: list[tuple[object, Matrix | None, int]] = []
    for kind, item in zip(kinds, items, strict=True):
        if kind in _WANTED:
            yield kind, Address(item), None
        elif kind == c.FPDF_PAGEOBJ_FORM:
            form = ctypes.cast(item, c.FPDF_PAGEOBJECT)
            todo.append((form, _matrix_of(form), 1))
    left = MAX_OBJECTS - max(0, count)
    while todo and left > 0:
        form, matrix, depth = todo.pop()
        count = c.FPDFFormObj_CountObjects(form)
        for n in range(min(count, left)):
            item = c.FPDFFormObj_GetObject(form, n)
            kind = c.FPDFPageObj_GetType(item)
            if kind in _WANTED:
                yield kind, item, matrix
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                todo.append((item, _times(_matrix_of(item), matrix), depth + 1))
        left -= max(0, count)


def _outlines(item: object, matrix: Matrix | None, view: View) -> Iterator[Edge]:
    """The upright and level sides of a path that is more than one thin rule: a frame, or many rules drawn at once."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(item, fill, stroke)
    count = c.FPDFPath_CountSegments(item)
    if count > MAX_OBJECTS or not (stroke.value or count > 5):
        return
    for line in _subpaths(item, count, _times(_matrix_of(item), matrix), view):
        xs, ys = [p[0] for p in line], [p[1] for p in line]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
            yield from _edge(min(xs), min(ys), max(xs), max(ys))
        elif stroke.value:
            for (ax, ay), (bx, by) in pairwise(line):
                if min(abs(ax - bx), abs(ay - by)) <= 0.5:
                    yield from _edge(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _subpaths(item: object, count: int, matrix: Matrix | None, view: View) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    line: list[tuple[float, float]] = []
    for n in range(count):
        segment = c.FPDFPath_GetPathSegment(item, n)
        if not c.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        if c.FPDFPathSegment_GetType(segment) == c.FPDF_SEGMENT_MOVETO and line:
            yield line
            line = []
        line.append(view.point(*_moved(matrix, x.value, y.value)))
        if c.FPDFPathSegment_GetClose(segment):
            line.append(line[0])
    if line:
        yield line


def _edge(x0: float, top: float, x1: float, bottom: float) -> Iterator[Edge]:
    """A thin rectangle as the rule along its middle."""
    if x1 - x0 > 3 * (bottom - top):
        yield Edge(x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    elif bottom - top > 3 * (x1 - x0):
        yield Edge((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)


def _matrix_of(item: object) -> Matrix | None:
    m = c.FS_MATRIX()
    return (m.a, m.b, m.c, m.d, m.e, m.f) if c.FPDFPageObj_GetMatrix(item, m) else None


def _times(inner: Matrix | None, outer: Matrix | None) -> Matrix | None:
    """First `inner`, then `outer`; None changes nothing."""
    if inner is None or outer is None:
        return inner or outer
    a, b, cc, d, e, f = inner
    u, v, w, x, y, z = outer
    return (a * u + b * w, a * v + b * x, cc * u + d * w, cc * v + d * x, e * u + f * w + y, e * v + f * x + z)


def _moved(matrix: Matrix | None, x: float, y: float) -> tuple[float, float]:
    if matrix is None:
        return x, y
    a, b, cc, d, e, f = matrix
    return a * x + cc * y + e, b * x + d * y + f
