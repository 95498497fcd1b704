"""Lists page by page: what the index answers is what is worked out without it, whatever happened in the register."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from office_year import Year
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper

from pipeline import errors
from pipeline.followup import browsing_exactly
from pipeline.followup.browsing import SORTS, browse, facets
from pipeline.followup.owed import owed
from pipeline.followup.pages import order_of
from pipeline.followup.quickly import owed_quickly
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.register import TaskFilter, correct, open_register, remove

STRICT, LENIENT = Settings(), Settings(before="lenient")
DAY = date(2025, 11, 3)
FILTERS = (
    TaskFilter(),
    TaskFilter(body="Bộ Xây dựng"),
    TaskFilter(body="Bộ Giao thông vận tải", role="lead"),
    TaskFilter(body="Sở Mây", role="coordinating"),
    TaskFilter(body="Bộ Y tế", role="informed"),
    TaskFilter(body="Sở Tài chính tỉnh Quảng Ngãi"),
    TaskFilter(body="UBND tỉnh Quảng Ngãi"),
    TaskFilter(body="BYT"),
    TaskFilter(issuer="song mo"),
    TaskFilter(issuer="Bộ Tài chính"),
    TaskFilter(type="chi thi"),
    TaskFilter(year=2025),
    TaskFilter(year=2024),
    TaskFilter(issued_from="2025-03-15", issued_to="2025-06-30"),
    TaskFilter(due_from="2025-06-01", due_to="2025-08-31"),
    TaskFilter(text="danh muc"),
    TaskFilter(text='"khoản 1" việc'),
    TaskFilter(text="- *"),
    TaskFilter(dispatch="D3"),
    TaskFilter(checkable=True),
    TaskFilter(checkable=False),
    TaskFilter(unnamed=True),
    TaskFilter(duty="T5"),
    TaskFilter(kind="target"),
    *(TaskFilter(standing=state) for state in ("waiting", "started", "reported", "done", "suspended", "withdrawn")),
    *(
        TaskFilter(timeliness=how)
        for how in ("in_time", "soon", "today", "late", "no_limit", "no_day", "on_time", "done_late", "lapsed", "none")
    ),
    *(TaskFilter(state=state) for state in ("overdue", "upcoming", "no_day", "closed", "target")),  # type: ignore[arg-type]
    *(TaskFilter(window=window) for window in ("late", "week", "month", "quarter", "later", "no_day")),  # type: ignore[arg-type]
    TaskFilter(body="Bộ Xây dựng", text="danh mục", window="late"),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of an office of which everything has happened."""
    with open_register(tmp_path_factory.mktemp("year") / "register.db", "create") as register:
        story = Year(register, seed=7)
        story.live(letters=45)
        yield story


def in_order(found):
    return sorted(found, key=lambda one: (one.duty, one.time.period or ""))


def same(register, wanted, settings, day, **more):
    with up_to_date(register, settings, day) as is_ready:
        assert is_ready
    exact = owed(register, wanted, settings, as_of=day, **more)
    assert in_order(owed_quickly(register, wanted, settings, as_of=day, **more)) == in_order(exact)
    return exact


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_whatever_is_asked_the_index_answers_as_the_register_does(year, wanted):
    chance = random.Random(str(wanted))
    days = [DAY, *(date(2024, 12, 20) + timedelta(days=chance.randrange(800)) for _ in range(5))]
    for day in days:
        for settings in (STRICT, LENIENT):
            same(year.register, wanted, settings, day)
            same(year.register, wanted, settings, day, ahead=day + timedelta(days=40))
