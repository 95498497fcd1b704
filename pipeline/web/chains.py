"""Chuỗi văn bản: the documents around one document, as a picture and as a list."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.messages import text
from pipeline.register import Register, chain, parse_target
from pipeline.register.chaining import MOST
from pipeline.web.asking import Ask, page
from pipeline.web.chain_graph import MOST_DRAWN, Graph, graph
from pipeline.web.chain_layout import HEIGHT, WIDTH
from pipeline.web.chain_picture import layout_of, picture, size_of


def chain_of(ask: Ask) -> Response:
    """The picture with a link on each document, and below it the same as a list."""
    with ask.reading() as register:
        whole = _graph(ask, register)
        drawn = graph(chain(register, _number(ask, register)), MOST_DRAWN)
    layout = layout_of(drawn)
    own = next(paper for paper in whole.papers if paper.distance == 0)
    ties: dict[str, list[object]] = {paper.key: [] for paper in whole.papers}
    for tie in whole.ties:
        ties[tie.later].append(tie)
    width, height = size_of(layout)
    return ask.page(
        "chain.html",
        own=own,
        whole=whole,
        drawn=drawn,
        ties=ties,
        names={paper.key: paper for paper in whole.papers},
        papers=sorted(whole.papers, key=lambda paper: (paper.order, paper.key)),
        areas=[(paper, _area(layout.places[paper.key])) for paper in drawn.papers if paper.id],
        picture=ask.url("chain_picture", id=own.id),
        size=(width, height),
        at=layout.places[own.key],
        alt=text("web.chain.told", own=own.words, count=whole.total - 1),
        is_cut=whole.total >= MOST,
    )


def chain_picture(ask: Ask) -> Response:
    """The picture alone, as SVG."""
    with ask.reading() as register:
        found = graph(chain(register, _number(ask, register)), MOST_DRAWN)
    return Response(picture(found), media_type="image/svg+xml", headers={"cache-control": "private, no-cache"})


def _graph(ask: Ask, register: Register) -> Graph:
    return graph(chain(register, _number(ask, register)))


def _number(ask: Ask, register: Register) -> int:
    from pipeline.register import find_dispatch

    return find_dispatch(register, f"D{parse_target(register, ask.part('id'), 'D')[1]}")


def _area(place: tuple[int, int]) -> str:
    x, y = place
    return f"{x},{y},{x + WIDTH},{y + HEIGHT}"


routes = [
    page("/documents/{id}/chain", chain_of, "chain"),
    page("/documents/{id}/chain.svg", chain_picture),
]
