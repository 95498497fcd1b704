"""Hình chuỗi văn bản: the picture of a chain as SVG, without a script, a style sheet or a font of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from pipeline.messages import text
from pipeline.output import listed, shortened
from pipeline.web.chain_graph import Graph, Paper, Tie, shown_day
from pipeline.web.chain_layout import HEIGHT, MARGIN, WIDTH, Box, Edge, Layout, lay_out

_FOOT = 34  # for what the lines mean
_INK, _DIM, _PAPER, _OWN, _SHADE = "#1c1b19", "#57534b", "#ffffff", "#7a1f1f", "#f4f2ee"
_FONT = "system-ui, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_LETTERS = {"words": 23, "about": 27}


def layout_of(graph: Graph) -> Layout:
    """Where everything stands."""
    boxes = [Box(paper.key, paper.order) for paper in graph.papers]
    return lay_out(boxes, [Edge(tie.key, tie.later, tie.earlier) for tie in graph.ties])


def size_of(layout: Layout) -> tuple[int, int]:
    """Width and height of the picture."""
    return max(layout.width, 560), layout.height + _FOOT


def picture(graph: Graph) -> bytes:
    """The whole picture."""
    layout = layout_of(graph)
    width, height = size_of(layout)
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "width": str(width), "height": str(height),
            "viewBox": f"0 0 {width} {height}", "font-family": _FONT, "font-size": "13",
        },
    )  # fmt: skip
    SubElement(svg, "rect", {"width": str(width), "height": str(height), "fill": _PAPER})
    _arrow(svg)
    for tie in graph.ties:
        _line(svg, tie, layout.lines[tie.key])
    for paper in graph.papers:
        _box(svg, paper, *layout.places[paper.key])
    for tie in graph.ties:
        _words(svg, tie, layout.lines[tie.key])
    _legend(svg, height)
    out: bytes = tostring(svg, encoding="utf-8", xml_declaration=True)
    return out


def _arrow(svg: Element) -> None:
    marker = SubElement(
        SubElement(svg, "defs"),
        "marker",
        {"id": "to", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "markerWidth": "8", "markerHeight": "8",
         "orient": "auto"},
    )  # fmt: skip
    SubElement(marker, "path", {"d": "M0 0 L8 4 L0 8 z", "fill": _DIM})


def _line(svg: Element, tie: Tie, points: Sequence[tuple[int, int]]) -> None:
    drawn = {"d": _curve(points), "fill": "none", "stroke": _DIM, "marker-end": "url(#to)"}
    drawn |= {"stroke-width": "2.5" if tie.status == "accepted" else "1.5"}
    drawn |= {"stroke-dasharray": "6 4"} if tie.is_proposed else {}
    SubElement(svg, "path", drawn)


def _curve(points: Sequence[tuple[int, int]]) -> str:
    """Through the points: level within columns, bent between them."""
    out = [f"M{points[0][0]} {points[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        if y == to_y or x == to_x:
            out.append(f"L{to_x} {to_y}")
        else:
            middle = (x + to_x) // 2
            out.append(f"C{middle} {y} {middle} {to_y} {to_x} {to_y}")
    return " ".join(out)


def _box(svg: Element, paper: Paper, x: int, y: int) -> None:
    own = paper.distance == 0
    shape = {
        "x": str(x), "y": str(y), "width": str(WIDTH), "height": str(HEIGHT), "rx": "5",
        "fill": _SHADE if paper.id else _PAPER, "stroke": _OWN if own else _DIM, "stroke-width": "3" if own else "1",
    }  # fmt: skip
    SubElement(svg, "rect", shape | ({} if paper.id else {"stroke-dasharray": "2 3"}))
    mark = "● " if own else ""
    lines = (
        (f"{mark}{_cut(paper.words, _LETTERS['words'])}", _INK, "bold", "13"),
        (" ".join(filter(None, (shown_day(paper), paper.id or text("web.chain.not_here")))), _DIM, "normal", "12"),
        (_cut(paper.about, _LETTERS["about"]), _INK, "normal", "11"),
    )
    for n, (words, fill, weight, size) in enumerate(lines):
        place = {"x": str(x + 9), "y": str(y + 20 + 18 * n), "fill": fill, "font-weight": weight, "font-size": size}
        SubElement(svg, "text", place).text = words


def _words(svg: Element, tie: Tie, points: Sequence[tuple[int, int]]) -> None:
    """How the later document stands to the earlier one: beside the later one, above its line."""
    x, y = points[0]
    is_left = points[1][0] < x
    mark = " ✓" if tie.status == "accepted" else " ?" if tie.is_proposed else ""
    place = {
        "x": str(x - 6 if is_left else x + 6), "y": str(y - 4), "font-size": "12", "fill": _INK,
        "text-anchor": "end" if is_left else "start", "stroke": _PAPER, "stroke-width": "3", "paint-order": "stroke",
    }  # fmt: skip
    SubElement(svg, "text", place).text = f"{tie.words}{mark}"


def _legend(svg: Element, height: int) -> None:
    """What the lines mean, by their looks and not by a colour."""
    x, y = MARGIN, height - 14
    for name, more in (("read", {}), ("accepted", {"stroke-width": "2.5"}), ("proposed", {"stroke-dasharray": "6 4"})):
        SubElement(svg, "path", {"d": f"M{x} {y - 4} L{x + 34} {y - 4}", "stroke": _DIM, "stroke-width": "1.5", **more})
        words = text(f"web.chain.line.{name}")
        SubElement(svg, "text", {"x": str(x + 40), "y": str(y), "font-size": "12", "fill": _DIM}).text = words
        x += 70 + 7 * len(words)


def _cut(words: str, most: int) -> str:
    """Words that fit, without what XML may not hold."""
    return shortened("".join(c if c.isprintable() else " " for c in listed(words)), most)
