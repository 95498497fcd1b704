"""What is put on a paper by hand: a number, a signature, the seal and the stamps, drawn on a canvas of its own.

Points, from the bottom left, as reportlab counts.
"""

from __future__ import annotations

import random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from making.pdf import BOLD

RED, BLUE = (0.86, 0.10, 0.16), (0.13, 0.22, 0.62)

# Each digit as a pen draws it: the points that it passes, in a box of 0.6 by 1.
_STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.42, 0.95), (0.12, 0.75), (0.08, 0.25), (0.3, 0.02), (0.5, 0.3), (0.48, 0.75), (0.3, 0.98)]],
    "1": [[(0.14, 0.68), (0.34, 0.98), (0.28, 0.5), (0.22, 0.0)]],
    "2": [[(0.08, 0.75), (0.28, 0.98), (0.48, 0.78), (0.3, 0.42), (0.04, 0.04), (0.3, 0.1), (0.58, 0.04)]],
    "3": [[(0.1, 0.9), (0.36, 0.97), (0.42, 0.72), (0.2, 0.54), (0.46, 0.38), (0.36, 0.06), (0.04, 0.08)]],
    "4": [[(0.34, 0.98), (0.06, 0.38), (0.3, 0.36), (0.58, 0.4)], [(0.44, 0.66), (0.38, 0.3), (0.34, -0.06)]],
    "5": [
        [(0.18, 0.95), (0.12, 0.56), (0.4, 0.56), (0.46, 0.22), (0.2, 0.0), (0.02, 0.12)],
        [(0.18, 0.95), (0.54, 0.98)],
    ],
    "6": [[(0.46, 0.98), (0.16, 0.6), (0.08, 0.18), (0.3, 0.0), (0.46, 0.24), (0.28, 0.44), (0.1, 0.26)]],
    "7": [[(0.06, 0.88), (0.3, 0.94), (0.56, 0.94), (0.36, 0.5), (0.24, -0.04)], [(0.14, 0.46), (0.5, 0.52)]],
    "8": [
        [(0.48, 0.84), (0.24, 0.98), (0.12, 0.76), (0.44, 0.34), (0.28, 0.0), (0.06, 0.22), (0.3, 0.54), (0.48, 0.84)]
    ],
    "9": [[(0.48, 0.78), (0.26, 0.98), (0.08, 0.72), (0.26, 0.5), (0.48, 0.76), (0.42, 0.36), (0.26, 0.0)]],
}


def stroke(canvas: Canvas, points: list[tuple[float, float]]) -> None:
    """A smooth line through points (Catmull-Rom as Bézier curves)."""
    path = canvas.beginPath()
    path.moveTo(*points[0])
    padded = [points[0], *points, points[-1]]
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        path.curveTo(bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    canvas.drawPath(path, stroke=1, fill=0)


def pen(canvas: Canvas, width: float) -> None:
    """A blue pen."""
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(width)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)


def number_by_hand(canvas: Canvas, digits: str, x: float, y: float, width: float, hand: random.Random) -> None:
    """Digits in a hurry, a little larger than print, over a gap of some width."""
    pen(canvas, 1.15)
    step = width / len(digits)
    for n, digit in enumerate(digits):
        height, lean, drop = hand.uniform(13.5, 16), hand.uniform(0.12, 0.3), hand.uniform(-2.5, 0.5)
        left, right = x + n * step, x + (n + 1.25) * step
        for points in _STROKES[digit]:
            placed = [(left + (right - left) * px + lean * height * py, y + drop + height * py) for px, py in points]
            stroke(canvas, [(px + hand.uniform(-0.3, 0.3), py + hand.uniform(-0.3, 0.3)) for px, py in placed])


def signature(canvas: Canvas, x: float, y: float, hand: random.Random) -> None:
    """A scrawl with a long last stroke, its middle at a point."""
    pen(canvas, 1.4)
    loops = [(x - 45 + 11 * n, y + (24 if n % 2 else -14) * hand.uniform(0.5, 1.2)) for n in range(7)]
    stroke(canvas, [(x - 62, y - 18), *loops, (x + 34, y + 4), (x + 78, y + 14)])
    stroke(canvas, [(x - 30, y + 26), (x - 44, y - 4), (x - 24, y - 24), (x + 10, y - 12)])


def seal(canvas: Canvas, ring: str, inside: list[str], x: float, y: float, angle: float) -> None:
    """A round red seal of 36 mm: words along its ring, a star below, words inside."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    for radius, width in ((51, 1.8), (47.5, 0.6), (34, 0.9)):
        canvas.setLineWidth(width)
        canvas.circle(0, 0, radius)
    _around(canvas, ring, 37.5)
    canvas.setFont(BOLD, 8.5)
    for n, text in enumerate(inside):
        canvas.drawCentredString(0, 5.5 * len(inside) - 11 * n - 8, text)
    canvas.setFont(BOLD, 11)
    canvas.drawCentredString(0, -45, "*")
    canvas.restoreState()


def _around(canvas: Canvas, text: str, radius: float) -> None:
    """Words from the lower left round the top to the lower right of a circle, heads outward."""
    canvas.setFont(BOLD, 8)
    for n, letter in enumerate(text):
        canvas.saveState()
        canvas.rotate(145 - 290 * n / (len(text) - 1))
        canvas.drawCentredString(0, radius, letter)
        canvas.restoreState()


def arrow_stamp(canvas: Canvas, text: str, x: float, y: float, angle: float) -> None:
    """A red arrow that carries a word, its middle at a point: the degree of urgency."""
    width = pdfmetrics.stringWidth(text, BOLD, 19)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    canvas.setLineWidth(1.3)
    half = width / 2 + 5
    for side in (-1, 1):
        for level in (-2.5, 2.5):
            canvas.line(side * half, level, side * (half + 20), level)
    _outline(canvas, [(half + 20, 8), (half + 38, 0), (half + 20, -8)])
    _outline(canvas, [(-half - 20, 8), (-half - 34, 8), (-half - 28, 0), (-half - 34, -8), (-half - 20, -8)])
    canvas.setFont(BOLD, 19)
    canvas.drawCentredString(0, -6.5, text)
    canvas.restoreState()


def _outline(canvas: Canvas, points: list[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=1, fill=0)


def boxed_stamp(canvas: Canvas, text: str, x: float, y: float, angle: float) -> None:
    """A red word in a double frame, its middle at a point: the degree of secrecy."""
    width = pdfmetrics.stringWidth(text, BOLD, 17)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    for margin, line in ((7, 1.8), (4, 0.7)):
        canvas.setLineWidth(line)
        canvas.rect(-width / 2 - margin, -12 - margin / 2, width + 2 * margin, 24 + margin)
    canvas.setFont(BOLD, 17)
    canvas.drawCentredString(0, -6, text)
    canvas.restoreState()
