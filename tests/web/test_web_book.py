"""Pages read and write the register from many threads at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.errors import RegisterError
from pipeline.followup.settings import Settings
from pipeline.register import correct, history
from pipeline.web.book import Book

NOW = "2026-01-31T08:30:00+07:00"


@pytest.fixture
def shared(book):
    return Book(book, Settings().calendar)


def test_nothing_is_lost_or_doubled_where_many_write_and_read(shared):
    def change(n):
        with shared.writing() as register:
            correct(register, "D1", "subject", f"việc {n}", who=f"người {n}", now=NOW, why="thử")
        with shared.reading() as register:
            return register.one("SELECT subject FROM dispatches WHERE id = 1")["subject"]

    with ThreadPoolExecutor(8) as many:
        seen = list(many.map(change, range(40)))
    assert all(words.startswith("việc ") for words in seen)
    with shared.reading() as register:
        assert sorted(row["made_by"] for row in history(register)) == sorted(f"người {n}" for n in range(40))


def test_what_is_read_with_cannot_write(shared):
    with shared.reading() as register, pytest.raises(RegisterError):
        register.rows("DELETE FROM dispatches")


def test_every_change_is_seen_in_the_stamp(shared):
    for _ in range(2):
        with shared.reading() as register:
            register.rows("SELECT * FROM dispatches")
        before = shared.stamp()
    assert shared.stamp() == before
    with shared.writing() as register:
        correct(register, "D1", "subject", "việc khác", who="ai", now=NOW, why="thử")
    assert shared.stamp() != before
