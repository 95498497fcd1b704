"""The chain of a document: each document once, every line where its boxes are, the same in the picture and the list."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from chain_letters import ANSWERING, EXTENDING, REPLACING, URGING, Letter
from visiting import Visitor

from pipeline.followup.settings import Settings
from pipeline.register import chain, decide_link, find_dispatch, open_register
from pipeline.web.app import create_app
from pipeline.web.chain_graph import graph
from pipeline.web.chain_layout import HEIGHT, WIDTH, Box, Edge, lay_out


@pytest.fixture(scope="module")
def chained(tmp_path_factory, read_letters):
    folder = tmp_path_factory.mktemp("chain")
    hostile = Letter("66/STV-KT", "ngày 28 tháng 3 năm 2026", "<script>alert(1)</script> & “đê”", URGING.body)
    return read_letters(folder, [Letter(), URGING, EXTENDING, REPLACING, ANSWERING, hostile])


@pytest.fixture
def looking(chained, tmp_path):
    return Visitor(create_app(chained, tmp_path / "nobody.db", Settings()))


def number_of(path, number):
    with open_register(path) as register:
        return f"D{find_dispatch(register, number)}"


def test_the_picture_and_the_list_say_the_same(chained, looking):
    own = number_of(chained, "45/STV-KT")
    page = looking.get(f"/documents/{own}/chain").text
    svg = ElementTree.fromstring(looking.get(f"/documents/{own}/chain.svg").content)
    drawn = "".join(svg.itertext())
    for number in ("45/STV-KT", URGING.number, EXTENDING.number, REPLACING.number, ANSWERING.number):
        assert number in drawn
        assert number in page[page.index('id="list"') :]
        other = number_of(chained, number)
        assert f'href="/documents/{other}"' in page
    assert page.count("<area ") == 6
    assert "đôn đốc" in drawn and "gia hạn" in drawn


def test_what_is_only_proposed_looks_otherwise_without_its_colour(chained, looking):
    own = number_of(chained, "45/STV-KT")
    with open_register(chained, "write") as register:
        link = next(row["link"] for row in chain(register, int(own[1:])) if row["relation"] == "extends")
        decide_link(register, link, True, who="An", now="2026-05-01T08:00:00+07:00")
    drawn = "".join(ElementTree.fromstring(looking.get(f"/documents/{own}/chain.svg").content).itertext())
    assert "gia hạn ✓" in drawn
    assert "đôn đốc ?" in drawn


def test_words_of_documents_are_words_in_the_picture_too(chained, looking):
    own = number_of(chained, "45/STV-KT")
    assert "<script>alert" not in looking.get(f"/documents/{own}/chain").text
    svg = looking.get(f"/documents/{own}/chain.svg")
    assert b"<script" not in svg.content
    assert svg.headers["content-type"].startswith("image/svg+xml")


def test_a_document_without_any_other_has_a_page_too(looking, reader):
    assert looking.get("/documents/D99999/chain").status_code == 404
    alone = reader.get("/documents/D1/chain")
    assert alone.status_code == 200


def test_of_hundreds_the_nearest_are_drawn_and_the_rest_is_told():
    row = {"number": None, "proposed": None, "symbol": None, "type": None, "issuer": None, "subject": None}
    row |= {"link": None, "relation": None, "from": None, "to": None, "evidence": None, "page": None}
    row |= {"confidence": None, "status": None, "obligations": [], "issued_on": "2026-01-01"}
    rows = [{**row, "id": "D1", "distance": 0}]
    for n in range(2, 202):
        link = {"link": f"K{n}", "relation": "urges", "from": f"D{n}", "to": "D1", "confidence": 0.9, "status": "open"}
        rows.append({**row, **link, "id": f"D{n}", "distance": 1, "issued_on": f"2026-02-{n % 28 + 1:02d}"})
    found = graph(rows, 24)
    assert len(found.papers) == 24 and found.hidden == 177
    assert found.papers[0].id == "D1"
    assert {tie.later for tie in found.ties} == {paper.key for paper in found.papers} - {"D1"}


def overlap(one, other):
    return abs(one[0] - other[0]) < WIDTH and abs(one[1] - other[1]) < HEIGHT


def test_no_box_lies_on_another_and_no_line_runs_through_one():
    boxes = [Box(f"D{n}", f"2026-01-{n + 1:02d}") for n in range(14)]
    edges = [Edge(f"K{n}", f"D{n}", f"D{n * 5 % n}") for n in range(1, 14)]
    edges += [Edge("K20", "D13", "D0"), Edge("K21", "D9", "D2"), Edge("K22", "D12", "D1")]
    laid = lay_out(boxes, edges)
    places = list(laid.places.values())
    assert not [1 for n, one in enumerate(places) for other in places[:n] if overlap(one, other)]
    for edge in edges:
        points = laid.lines[edge.key]
        for place, (x, y) in ((laid.places[edge.later], points[0]), (laid.places[edge.earlier], points[-1])):
            assert x in (place[0], place[0] + WIDTH) and place[1] <= y <= place[1] + HEIGHT
        for x, y in points[1:-1]:
            assert not [p for p in places if p[0] <= x <= p[0] + WIDTH and p[1] < y < p[1] + HEIGHT]
    assert all(x >= 0 and x + WIDTH <= laid.width and y >= 0 and y + HEIGHT <= laid.height for x, y in places)


def test_older_documents_stand_left():
    laid = lay_out([Box("b", "2026-02-01"), Box("a", "2026-01-01")], [Edge("k", "b", "a")])
    assert laid.places["a"][0] < laid.places["b"][0]


def test_by_mouse_and_by_keys_in_a_browser(chained, tmp_path, browse):
    from visiting import start_server, stop

    running = start_server(chained, tmp_path / "nobody.db")
    try:
        own, other = number_of(chained, "45/STV-KT"), number_of(chained, URGING.number)
        for width, height in ((1366, 768), (390, 844)):
            window = browse(running, width=width, height=height)
            window.go(f"/documents/{own}/chain")
            assert window.faults() == []
            assert not window.is_too_wide()
            assert window.page.evaluate("document.querySelector('.chain img').naturalWidth") > 0
            area = window.page.locator(f'area[href$="/documents/{other}/chain"]')
            x, y = (int(part) + 5 for part in re.findall(r"\d+", area.get_attribute("coords"))[:2])
            image = window.page.locator(".chain img")
            image.scroll_into_view_if_needed()
            image.click(position={"x": x, "y": y})
            window.page.wait_for_url(f"**/documents/{other}/chain")
            window.page.locator(f'.papers a[href$="/documents/{own}/chain"]').focus()
            window.page.keyboard.press("Enter")
            window.page.wait_for_url(f"**/documents/{own}/chain")
    finally:
        stop(running)


@pytest.mark.parametrize("kind", ["obligations", "deadlines", "duties", "links"])
def test_every_row_has_an_address(chained, looking, kind):
    table = {"obligations": "O", "deadlines": "L", "duties": "T", "links": "K"}
    with open_register(chained) as register:
        number = register.one(f"SELECT max(id) AS id FROM {kind}")["id"]
    name = f"{table[kind]}{number}"
    answer = looking.get(f"/{kind}/{name}")
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to.endswith(f"#{name}") or to == f"/tasks/{name}"
    assert looking.get(to.partition("#")[0]).status_code in (200, 303)  # of a series to the next of its times
    if "#" in to:
        assert f'id="{name}"' in looking.get(to.partition("#")[0]).text
    assert looking.get(f"/{kind}/{table[kind]}99999").status_code == 404
    assert looking.get(f"/{kind}/X1").status_code == 404


def test_paths_lead_to_no_file(looking):
    assert looking.get("/documents/..%2f..%2fetc/chain.svg").status_code == 404
    assert not Path("/etc/chain.svg").exists()
