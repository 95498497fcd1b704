"""Charts of the first page: drawn anew after changes, but not for every one of them."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import anyio
import pytest

from pipeline.followup.settings import Settings
from pipeline.web import pictures
from pipeline.web.book import Book
from pipeline.web.pictures import Picture, Pictures

DAY = date(2026, 1, 31)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def drawing(book, monkeypatch):
    """Pictures that count how often they are drawn; `drawing.takes` seconds each time."""
    clock = Clock()
    kept = Pictures(Book(book, Settings().calendar), Settings(), clock)
    kept.times, kept.takes = 0, 1.0

    def drawn(as_of):
        kept.times += 1
        clock.now += kept.takes
        return {"due-by-week": Picture(b"<svg/>", f"{as_of} {kept.times}")}, {"dispatches": kept.times}

    monkeypatch.setattr(kept, "_drawn_beside", drawn)
    return kept


def look(drawing, day=DAY):
    with ThreadPoolExecutor(1) as apart:  # the browser of other tests has a loop in this thread
        return apart.submit(anyio.run, drawing.of, day).result()["due-by-week"].told


def change(book):
    stamp = book.stat()

    os.utime(book, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 10**9))


def test_nothing_is_drawn_twice_while_nothing_changes(drawing):
    assert look(drawing) == look(drawing)
    drawing.clock.now += 10**6
    look(drawing)
    assert drawing.times == 1


def test_a_change_is_drawn_after_a_rest_that_grows_with_the_work(drawing, book):
    first = look(drawing)
    change(book)
    assert look(drawing) == first
    drawing.clock.now += pictures._FRESH_SECONDS
    drawing.takes = 60.0
    assert look(drawing) != first
    change(book)
    drawing.clock.now += pictures._FRESH_SECONDS * 10
    assert drawing.times == 2
    look(drawing)
    assert drawing.times == 2


def test_no_more_than_a_few_days_are_kept(drawing):
    for day in range(1, 20):
        look(drawing, date(2026, 1, day))
    assert drawing.times == 19
    assert drawing.kept(date(2026, 1, 1)) is None
    assert drawing.kept(date(2026, 1, 19)).size == {"dispatches": 19}
    assert len(drawing._kept) <= pictures._MOST_DAYS


def test_a_process_that_dies_leaves_a_page_without_charts(reader, monkeypatch):
    monkeypatch.setattr(pictures, "draw", no_picture)
    assert reader.get("/charts/due-by-week.svg").status_code == 503
    page = reader.get("/")
    assert page.status_code == 200
    assert "<img" not in page.text


def no_picture(path, office, as_of):

    os._exit(1)


def test_charts_are_pictures_with_words(reader):
    answer = reader.get("/charts/overdue-by-body.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<title" in answer.content
    assert "Trong sổ:" in reader.get("/").text
    assert reader.get("/charts/nothing.svg").status_code == 404
