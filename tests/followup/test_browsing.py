"""Lists page by page: what the index answers is what is worked out without it, whatever happened in the register."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from office_year import Year
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper

from extractors.model import Offset
from pipeline import errors
from pipeline.followup import browsing_exactly, upkeep
from pipeline.followup.agenda import agenda
from pipeline.followup.browsing import SORTS, browse, facets, listing
from pipeline.followup.looking import Look
from pipeline.followup.owed import owed
from pipeline.followup.pages import order_of
from pipeline.followup.quickly import due_ones, late_ones, owed_quickly, scoreboard, told
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.followup.views import waiting
from pipeline.register import TaskFilter, correct, decide_merge, delete, open_register, remove, set_anchor, undo

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


@pytest.mark.parametrize(
    "beside",
    [{"body": "Bộ Xây dựng"}, {"issuer": "Bộ Tài chính"}, {"dispatch": "D3"}, {"due_to": "2025-12-31"}],
    ids=str,
)
def test_words_that_very_many_rows_have_are_found_in_what_the_rest_leaves(year, beside, monkeypatch):
    monkeypatch.setattr("pipeline.followup.wanting.MOST_HITS", 5)
    for day in (DAY, date(2025, 7, 1)):
        wanted = TaskFilter(text="danh mục", **beside)
        exact = same(year.register, wanted, STRICT, day)
        assert browse(year.register, wanted, STRICT, as_of=day).is_total_exact
        found = facets(year.register, wanted, STRICT, as_of=day)
        assert sum(one.count for one in found["state"]) == sum(one.timeliness != "lapsed" for one in exact)


def test_of_words_that_very_many_rows_have_the_newest_are_listed(year, monkeypatch):
    monkeypatch.setattr("pipeline.followup.wanting.MOST_HITS", 60)
    page = browse(year.register, TaskFilter(text="danh mục"), STRICT, as_of=DAY)
    assert page.rows and not page.is_total_exact
    assert not facets(year.register, TaskFilter(text="danh mục"), STRICT, as_of=DAY).is_exact


@pytest.mark.parametrize("sort", [order for name in SORTS for order in (name, f"-{name}")])
@pytest.mark.parametrize("beside", [{}, {"issued_from": "2025-03-01"}, {"window": "late"}], ids=str)
def test_the_newest_with_words_that_very_many_rows_have_are_leafed_through(year, beside, sort, monkeypatch):
    monkeypatch.setattr("pipeline.followup.wanting.MOST_HITS", 60)
    monkeypatch.setattr("pipeline.followup.looking.MOST_TESTED", 5)
    ask = partial(browse, year.register, TaskFilter(text="danh mục", **beside), STRICT, as_of=DAY, sort=sort)
    whole = ask(limit=500)
    assert len(whole.rows) > 7 and not whole.is_total_exact
    monkeypatch.setattr("pipeline.followup.browsing.MOST", 3)
    pages = [ask(limit=7)]
    while pages[-1].next:
        pages.append(ask(after=pages[-1].next, limit=7))
    assert [row for page in pages for row in page.rows] == whole.rows


LOOKS = (TaskFilter(), TaskFilter(body="Bộ Xây dựng"), TaskFilter(text="danh mục"), TaskFilter(checkable=True))


@pytest.mark.parametrize("wanted", LOOKS, ids=str)
def test_what_is_late_due_and_counted_comes_out_the_same(year, wanted, monkeypatch):
    register = year.register
    for day in (date(2025, 2, 1), date(2025, 7, 1), DAY, date(2027, 3, 1)):
        for settings in (STRICT, LENIENT, Settings(months_back=1)):
            until = day + timedelta(days=30)

            def answers(settings=settings, day=day, until=until):
                bodies, everything = scoreboard(register, wanted, settings, as_of=day)
                return (
                    late_ones(register, wanted, settings, as_of=day),
                    due_ones(register, wanted, settings, as_of=day, until=until),
                    {(holder.name, holder.code): counts for holder, counts in bodies},
                    everything,
                    told(register, wanted, settings, as_of=day),
                )

            quickly = answers()
            with monkeypatch.context() as without:
                without.setattr("pipeline.followup.upkeep._is_fresh", lambda *_: False)
                without.setattr("pipeline.followup.upkeep._bring", lambda *_: False)
                assert answers() == quickly


@pytest.fixture
def without_index(monkeypatch):
    """Answers worked out from all that is owed."""

    def asked(look):
        with monkeypatch.context() as without:
            without.setattr("pipeline.followup.upkeep._is_fresh", lambda *_: False)
            without.setattr("pipeline.followup.upkeep._bring", lambda *_: False)
            return look()

    return asked


def test_what_waits_for_a_person_comes_out_the_same(register, without_index):
    limit = before("trước 1/6/2025", "2025-06-01")
    leads = ((), ("các đơn vị liên quan",), ("Bộ Thông tin và Truyền thông",), ("UBND huyện Mường La",), ("Bộ Y tế",))
    tasks = (obligation(f"Rà soát phần {n}", limit, lead=lead) for n, lead in enumerate(leads, 1))
    enter(register, paper(*tasks, issuer="UBND tỉnh Sơn La", issued_on="2024-05-06"))
    look = partial(waiting, register, TaskFilter(), STRICT)
    reasons = set()
    for step in (
        None,
        Entry("reassigned", "T2", "2025-02-01", to="Bộ Y tế"),
        Entry("reassigned", "T5", "2025-02-01", to="Bộ Thông tin và Truyền thông"),
        Entry("accepted", "T1", "2025-05-05"),
    ):
        if step:
            enter_event(register, step, STRICT, who=WHO, now="2027-12-31T08:00:00+07:00")
        for day in (date(2024, 6, 1), date(2025, 2, 28), date(2025, 6, 30), date(2025, 7, 1)):
            rows = look(as_of=day)
            assert rows == without_index(partial(look, as_of=day))
            reasons |= {(row["duty"], row["waits_for"]) for row in rows}
    assert {reason for _, reason in reasons} == {"nobody", "group", "successor"}
    assert ("T5", "successor") in reasons


def test_what_waits_among_much_else_comes_out_the_same(year, without_index):
    for wanted in (*LOOKS, TaskFilter(state="overdue"), TaskFilter(unnamed=True)):
        for day in (date(2025, 2, 1), DAY, date(2027, 3, 1)):
            look = partial(waiting, year.register, wanted, STRICT, as_of=day)
            rows = look()
            assert rows == without_index(look)
            assert rows or wanted != TaskFilter() or day < DAY


@pytest.mark.parametrize("closed", [False, True])
def test_what_binds_a_body_comes_out_the_same(year, without_index, closed):
    names = [row["name"] for row in year.register.rows("SELECT name FROM bodies")]
    bound = []
    for name in (*names[::3], "Bộ Giao thông vận tải", "BYT", "Sở"):
        for settings, day in ((STRICT, DAY), (LENIENT, date(2025, 7, 1)), (STRICT, date(2027, 3, 1))):
            look = partial(agenda, year.register, name, settings, as_of=day, closed=closed)
            bound.append(look())
            assert bound[-1] == without_index(look)
    assert any(one.lead for one in bound)


def test_where_a_body_takes_part_comes_out_the_same(register, without_index):
    limit, old = before("trước 1/6/2025", "2025-06-01"), "Bộ Giao thông vận tải"
    tasks = (
        obligation("Báo cáo", limit, lead=("Bộ Y tế",), coordinating=(old,)),
        obligation("Nộp", limit, lead=(old,)),
    )
    enter(register, paper(*tasks, issuer="Bộ Tài chính", issued_on="2024-05-06"))
    for body in (old, "Bộ Xây dựng", "Bộ Y tế"):
        for day in (date(2025, 2, 1), date(2025, 7, 1)):
            look = partial(agenda, register, body, STRICT, as_of=day)
            assert look() == without_index(look)
    assert [row["quote"] for row in agenda(register, "Bộ Xây dựng", STRICT, as_of=DAY).coordinating] == ["Báo cáo"]


@pytest.mark.parametrize("sort", [order for name in SORTS for order in (name, f"-{name}")])
def test_pages_put_together_are_the_whole_list_forwards_and_backwards(year, sort, monkeypatch):
    register, wanted = year.register, TaskFilter(body="Bộ Xây dựng")
    for day, most in ((DAY, 5000), (DAY, 3), (date(2025, 6, 1), 3)):
        monkeypatch.setattr("pipeline.followup.browsing.MOST", most)  # 3: pages are read in the order of an index
        exact = browsing_exactly.page_of(
            register, wanted, STRICT, as_of=day, order=order_of(sort), cursor=None, limit=10_000
        )
        pages = [browse(register, wanted, STRICT, as_of=day, sort=sort, limit=7)]
        while pages[-1].next:
            pages.append(browse(register, wanted, STRICT, as_of=day, sort=sort, after=pages[-1].next, limit=7))
        assert [row for page in pages for row in page.rows] == exact.rows
        assert pages[0].previous is None
        for last, page in pairwise(pages):
            back = browse(register, wanted, STRICT, as_of=day, sort=sort, after=page.previous, limit=7)
            assert back.rows == last.rows
            assert (back.previous, back.next) == (last.previous, last.next)
        totals = {(page.total, page.is_total_exact) for page in pages}
        assert totals == ({(exact.total, True)} if exact.total <= most else {(most, False)})


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """Letters of eight years, of some of them only a part of the day of issue known; of every third a task is done."""
    issued = [f"{2017 + n % 8}-{1 + n % 12:02d}-{1 + n:02d}" for n in range(27)]
    issued += ["2018-12-31", "2021", "2022-05", None, None]
    with open_register(tmp_path_factory.mktemp("years") / "register.db", "create") as register:
        for n, day in enumerate(issued):
            tasks = [
                obligation(f"Việc {n}.{k}", before("1/3", f"{2018 + (n + k) % 9}-03-01"), confidence=(n + 1) / 37)
                for k in range(2)
            ]
            enter(register, paper(*tasks, number=f"{n}/CT-UBND", issued_on=day), path=str(n))
            if n % 3 == 0:
                done = Entry("accepted", f"T{2 * n + 1}", "2025-02-01")
                enter_event(register, done, STRICT, who=WHO, now="2026-01-06T08:00")
        yield register


def leafed(register, wanted, day, sort, limit=5):
    """The pages of a list with counts beside it, one after the other, each found again on the way back."""
    with listing(register, wanted, STRICT, as_of=day, sort=sort) as whole:
        whole.facets()
        pages = [whole.page(limit=limit)]
        while pages[-1].next:
            pages.append(whole.page(pages[-1].next, limit))
        back = pages[-1]
        for page in reversed(pages[:-1]):
            back = whole.page(back.previous, limit)
            assert back.rows == page.rows
        return pages


@pytest.mark.parametrize("sort", [order for name in SORTS for order in (name, f"-{name}")])
@pytest.mark.parametrize("most_years", [40, 2], ids=["year by year", "too many years"])
@pytest.mark.parametrize(
    "wanted",
    [
        TaskFilter(issued_from="2019-04-10"),
        TaskFilter(issued_from="2019-W01-1"),  # 2018-12-31
        TaskFilter(issued_to="2021-02-20"),
        TaskFilter(issued_from="2019-01-01", issued_to="2022-05-20"),
        TaskFilter(issued_from="2019-01-01", year=2020),
        TaskFilter(issued_from="2031-01-01"),
    ],
    ids=lambda wanted: f"{wanted.issued_from}-{wanted.issued_to}-{wanted.year}",
)
def test_a_list_of_some_days_of_issue_is_put_together_from_its_years(years, wanted, most_years, sort, monkeypatch):
    monkeypatch.setattr("pipeline.followup.browsing._MOST_YEARS", most_years)
    for day, most in ((DAY, 3), (DAY, 5000), (date(2024, 12, 31), 3)):
        monkeypatch.setattr("pipeline.followup.browsing.MOST", most)
        exact = browsing_exactly.page_of(
            years, wanted, STRICT, as_of=day, order=order_of(sort), cursor=None, limit=10_000
        )
        assert [row for page in leafed(years, wanted, day, sort) for row in page.rows] == exact.rows


@pytest.mark.parametrize("sort", ["last_day", "-last_day", "days_late", "-days_late", "issued_on"])
@pytest.mark.parametrize("beside", [{}, {"type": "chỉ thị"}, {"standing": "waiting"}], ids=str)
def test_nothing_is_sorted_for_a_page_of_some_days_of_issue(years, beside, sort, monkeypatch):
    """As SQLite plans it: rows come out of an index in their order, of each year alone where nothing else is asked."""
    monkeypatch.setattr("pipeline.followup.browsing.MOST", 3)
    asked: list[str] = []
    years.connection.set_trace_callback(asked.append)
    leafed(years, TaskFilter(issued_from="2019-04-10", **beside), DAY, sort)
    years.connection.set_trace_callback(None)
    plans = [
        " ".join(row[3] for row in years.connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in asked
        if sql.startswith("SELECT t.id, t.duty_id") and "ORDER BY" in sql and "NOT t.is_newest" not in sql
    ]
    assert plans and not any("TEMP B-TREE" in plan for plan in plans)
    assert all("_year" in plan for plan in plans) == (not beside and sort in ("last_day", "-last_day"))


def test_lists_that_are_asked_for_at_once_do_not_wait_for_each_other(year, monkeypatch):
    """Both are in the middle of reading before either goes on."""
    meet = threading.Barrier(2, timeout=20)
    columns = Look.columns

    def met(*args, **more):
        meet.wait()
        return columns(*args, **more)

    monkeypatch.setattr(Look, "columns", met)

    def ask(_):
        with (
            open_register(year.register.path) as register,
            listing(register, TaskFilter(), STRICT, as_of=DAY) as whole,
        ):
            return whole.page().total

    with ThreadPoolExecutor(2) as several:
        first, second = several.map(ask, range(2))
    assert first == second > 0


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_counts_beside_a_list_are_those_of_its_rows(year, wanted):
    for day, settings in ((DAY, STRICT), (date(2025, 7, 1), LENIENT), (date(2027, 1, 5), STRICT)):
        exact = browsing_exactly.facets_of(year.register, wanted, settings, as_of=day)
        assert facets(year.register, wanted, settings, as_of=day) == exact


def test_counts_say_when_they_are_not_whole(year, monkeypatch):
    monkeypatch.setattr("pipeline.followup.browsing.MOST", 20)
    found = facets(year.register, TaskFilter(), STRICT, as_of=DAY)
    assert not found.is_exact
    assert sum(one.count for one in found["state"]) == 20


@pytest.mark.parametrize("after", ["", "x", "!!!!", "AAAA" * 200, "eyJhIjoxfQ", "\x00", "đ"])
def test_a_cursor_that_was_tampered_with_is_refused(year, after):
    page = browse(year.register, TaskFilter(), STRICT, as_of=DAY, sort="id", limit=3)
    if not after:  # another order's
        after = page.next
    with pytest.raises(errors.InvalidValue):
        browse(year.register, TaskFilter(), STRICT, as_of=DAY, after=after)
    with pytest.raises(errors.InvalidValue):
        browse(year.register, TaskFilter(), STRICT, as_of=DAY, sort="id; DROP TABLE duties")
    changed = page.next[:-2] + ("AA" if page.next[-2:] != "AA" else "BB")
    with pytest.raises(errors.InvalidValue):
        browse(year.register, TaskFilter(), STRICT, as_of=DAY, sort="id", after=changed)


class Watched(Year):
    """A year of which the index is asked again after whatever happens."""

    def _letter(self, count):
        super()._letter(count)
        self.compare()

    def _something_happens(self):
        super()._something_happens()
        self.compare()

    def compare(self):
        wanted = self.chance.choice((TaskFilter(), TaskFilter(body="Bộ Xây dựng"), TaskFilter(text="danh mục")))
        settings = self.chance.choice((STRICT, LENIENT))
        same(self.register, wanted, settings, self.today - timedelta(days=self.chance.choice((0, 0, 45))))


def test_the_index_follows_every_reading_correction_and_event(register):
    Watched(register, seed=3).live(letters=18)
    assert register.one("SELECT count(*) AS n FROM duty_times")["n"] > 0


def test_the_index_follows_copies_links_and_days_off(register):
    said = {"who": WHO, "now": NOW, "why": "thử"}
    asked = (
        obligation("Rà soát và lập danh mục cây xanh dọc tuyến đường liên xã", before("1/3", "2026-03-01")),
        obligation("Báo cáo sau khi nhận", deadline("5 ngày", None, "relative", offset=Offset(5, "day", "receipt"))),
        obligation("Trong 10 ngày", deadline("10 ngày", "2026-01-19", "relative", offset=Offset(10, "day", "issue"))),
    )
    day = date(2026, 3, 20)
    enter(register, paper(*asked), path="a")
    same(register, TaskFilter(), STRICT, day)
    enter(register, paper(*asked, salt="bản quét"), path="b")
    assert len(same(register, TaskFilter(), STRICT, day)) == 3
    for step in (
        lambda: decide_merge(register, "M1", False, **said),
        lambda: decide_merge(register, "M1", True, **said),
        lambda: enter_event(register, Entry("accepted", "T1", "2026-02-01"), STRICT, who=WHO, now="2026-03-01T08:00"),
        lambda: set_anchor(register, "D1", "receipt", "2026-02-02", who=WHO, now=NOW),
        lambda: correct(register, "D1", "issued_on", "2026-01-12", **said),
        lambda: correct(register, "L1", "due", "2026-04-30", **said),
        lambda: correct(register, "O3", "kind", "target", **said),
        lambda: delete(register, "O2", **said),
        lambda: remove(register, "D1", **said),
        lambda: undo(register, "D1", who=WHO, now=NOW),
    ):
        step()
        same(register, TaskFilter(), STRICT, day)
    off = Settings(days_off=(date(2026, 1, 19), date(2026, 1, 20)))
    register.count_by(off.calendar)
    same(register, TaskFilter(), off, day)


def test_a_register_that_nobody_may_write_is_listed_all_the_same(register):
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))
    register.connection.execute("PRAGMA query_only = ON")
    register.connection.execute("BEGIN")
    page = browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20))
    register.connection.execute("COMMIT")
    assert [row["days_late"] for row in page.rows] == [20]
    assert register.one("SELECT count(*) AS n FROM duty_times") == {"n": 0}
    browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20))
    assert register.one("SELECT count(*) AS n FROM duty_times") == {"n": 1}


def test_many_who_ask_at_once_wait_for_the_one_who_lays_the_index_out(register, monkeypatch):
    """After an update all would else work out for themselves, slowly and in much memory, what one is laying out."""
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))
    laid = []

    def lay_out(*given):
        laid.append(given)
        time.sleep(0.3)
        return really(*given)

    def ask(_):
        with open_register(register.path) as own:
            return [row["days_late"] for row in browse(own, TaskFilter(), STRICT, as_of=date(2026, 3, 20)).rows]

    really = upkeep.lay_out
    monkeypatch.setattr(upkeep, "lay_out", lay_out)
    monkeypatch.delattr(browsing_exactly, "page_of")
    with ThreadPoolExecutor(8) as many:
        assert list(many.map(ask, range(8))) == [[20]] * 8
    assert len(laid) == 1


def test_a_register_that_fails_while_it_is_asked_is_not_read_as_of_that_moment_for_ever(register, monkeypatch):
    """A connection that is kept would go on showing what stood there when the question failed."""
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))

    def fails(*given):
        if register.connection.in_transaction:
            raise errors.RegisterBusy(path="")
        return really(*given)

    really = upkeep._is_fresh
    with monkeypatch.context() as failing, pytest.raises(errors.RegisterBusy):
        failing.setattr(upkeep, "_is_fresh", fails)
        browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20))
    assert not register.connection.in_transaction
    assert len(browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20)).rows) == 1


def test_what_others_write_meanwhile_is_laid_out_too(register, monkeypatch):
    """Between laying out and asking somebody may write: a list is worked out without the index only where that goes
    on and on."""
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))
    browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20))
    left = [2]

    def writes(*given):
        done = really(*given)
        if left[0]:
            left[0] -= 1
            with open_register(register.path, "write") as other:
                other.connection.execute("INSERT OR IGNORE INTO duty_times_stale SELECT id FROM obligations")
        return done

    really = upkeep._bring
    monkeypatch.setattr(upkeep, "_bring", writes)
    monkeypatch.delattr(browsing_exactly, "page_of")
    assert len(browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20)).rows) == 1


def test_a_list_that_cannot_be_laid_out_meanwhile_is_not_waited_for_again_and_again(register, monkeypatch):
    enter(register, paper(obligation("Việc", before("1/3", "2026-03-01"))))
    asked = []

    def cannot(*given):
        asked.append(given)
        with open_register(register.path, "write") as other:
            other.connection.execute("INSERT OR IGNORE INTO duty_times_stale SELECT id FROM obligations")
        return len(asked) == 1

    monkeypatch.setattr(upkeep, "_bring", cannot)
    assert len(browse(register, TaskFilter(), STRICT, as_of=date(2026, 3, 20)).rows) == 1
    assert len(asked) == 2


def test_what_falls_due_within_some_days_is_the_same_everywhere(year):
    """Windows, their figures and the list of what is due; occurrences too whose period has not begun."""
    ahead = {"week": 7, "month": 30, "quarter": 90}
    not_begun = 0
    for day in (date(2025, 2, 1), DAY, date(2025, 12, 20)):
        counts = facets(year.register, TaskFilter(), STRICT, as_of=day)["window"]
        figures = {one.value: one.count for one in counts}
        due: set[str] = set()
        for window, days in ahead.items():
            listed = {row["duty"] for row in rows_of_window(year.register, window, day)}
            within = due_ones(year.register, TaskFilter(), STRICT, as_of=day, until=day + timedelta(days=days))
            assert listed == {one.id for one in within} - due
            assert figures.get(window, 0) == len(listed)
            due |= listed
            not_begun += sum(one.time.occurrence is not None and one.time.occurrence.period_start > day
                             for one in within)  # fmt: skip
    assert not_begun


def rows_of_window(register, window, day):
    after = None
    while True:
        page = browse(register, TaskFilter(window=window), STRICT, as_of=day, after=after, limit=500)
        yield from page.rows
        if (after := page.next) is None:
            return
