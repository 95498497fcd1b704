"""What is late and what is owed, read piece by piece: the same as worked out at once, whatever happened."""

from __future__ import annotations

from datetime import date

import pytest
from office_year import Year

from pipeline.followup import piecewise
from pipeline.followup.owed import owed
from pipeline.followup.piecewise import late_lines, owed_by_letter
from pipeline.followup.settings import Settings
from pipeline.register import TaskFilter, open_register

FILTERS = (
    TaskFilter(),
    TaskFilter(body="Bộ Xây dựng"),
    TaskFilter(body="Bộ Y tế", role="informed"),
    TaskFilter(text="danh muc"),
    TaskFilter(checkable=False),
    TaskFilter(year=2025),
    TaskFilter(timeliness="late"),
)
DAYS = (date(2025, 2, 1), date(2025, 7, 1), date(2025, 11, 3), date(2027, 3, 1))


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of an office of which everything has happened."""
    with open_register(tmp_path_factory.mktemp("year") / "register.db", "create") as register:
        Year(register, seed=11).live(letters=40)
        yield register


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_lines_are_those_that_are_worked_out_without_the_index(year, wanted, monkeypatch):
    monkeypatch.setattr(piecewise, "PIECE", 3)
    lines = 0
    for day in DAYS:
        for settings in (Settings(), Settings(before="lenient", months_back=1)):

            def answer(day=day, settings=settings):
                found = late_lines(year, wanted, settings, as_of=day)
                pieces = [line for piece in found.pieces for line in piece]
                return found.bodies, pieces, found.each, found.upcoming, found.no_day, found.lapsed

            quickly = answer()
            lines += len(quickly[1])
            with monkeypatch.context() as without:
                without.setattr("pipeline.followup.upkeep._is_fresh", lambda *_: False)
                without.setattr("pipeline.followup.upkeep._bring", lambda *_: False)
                assert answer() == quickly
    assert lines > 20 or wanted != TaskFilter()


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_what_is_owed_of_a_letter_is_that_of_the_whole_list(year, wanted):
    for day in DAYS:
        everything = owed(year, wanted, Settings(), as_of=day)
        letters = sorted({one.letter for one in everything})
        of = owed_by_letter(year, wanted, Settings(), as_of=day)
        for n in range(0, len(letters), 4):
            some = letters[n : n + 4]
            assert of(some) == {letter: [one for one in everything if one.letter == letter] for letter in some}
        del of  # a moment that is held lets nobody else ask for a body
