"""Entering what happened: what makes sense is kept, what does not is refused in clear words, and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from register_papers import WHO, before, deadline, enter, obligation, paper

from pipeline import errors
from pipeline.followup.owed import owed
from pipeline.followup.recording import Entry, enter_event, undo_event
from pipeline.followup.settings import Settings
from pipeline.followup.views import lost
from pipeline.register import TaskFilter, confirm, open_register
from pipeline.register.events import verify_events

NOW = "2026-03-31T08:00:00+07:00"
LENIENT = Settings(before="lenient")


def happens(register, kind, target="T1", day=None, now=NOW, **more):
    why = more.pop("why", "theo phiếu")
    return enter_event(register, Entry(kind, target, day, **more), LENIENT, who=WHO, now=now, why=why)


def undo(register, event):
    return undo_event(register, int(event[1:]), who=WHO, now=NOW)


def look(register, as_of="2026-03-31", **more):
    found = owed(register, TaskFilter(**more), LENIENT, as_of=date.fromisoformat(as_of))
    return {one.id: (one.standing.state, one.timeliness, one.days_late) for one in found}


@pytest.fixture
def one(register):
    """One duty of 05/1/2026, due on 10/2/2026."""
    enter(register, paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10"))))
    return register


@pytest.fixture
def monthly(register):
    """One duty that recurs every month since 05/1/2026."""
    limit = deadline("hằng tháng", None, "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo hằng tháng", limit)))
    return register


@pytest.mark.parametrize(
    ("kind", "state", "how"),
    [
        ("confirmed", "started", "late"),
        ("reminded", "waiting", "late"),
        ("partly_done", "started", "late"),
        ("reported", "reported", "in_time"),
        ("accepted", "done", "on_time"),
        ("suspended", "suspended", "none"),
        ("withdrawn", "withdrawn", "none"),
        ("superseded", "superseded", "none"),
    ],
)
def test_what_an_event_leads_to(one, kind, state, how):
    happens(one, kind, day="2026-02-10")
    assert look(one) == {"T1": (state, how, 49 if how == "late" else None)}
    assert look(one, "2026-02-09") == {"T1": ("waiting", "soon", None)}


def test_a_day_decides_and_a_past_day_is_seen_as_it_was(one):
    happens(one, "reported", day="2026-02-12")
    happens(one, "accepted", day="2026-02-20")
    assert [look(one, day)["T1"] for day in ("2026-02-01", "2026-02-10", "2026-02-11", "2026-02-19", "2026-02-20")] == [
        ("waiting", "in_time", None), ("waiting", "today", None), ("waiting", "late", 1), ("reported", "late", 9),
        ("done", "done_late", 2),
    ]  # fmt: skip
    assert look(one, "2026-01-04") == {}


def test_an_extension_moves_the_last_day_and_keeps_the_first_one(one):
    happens(one, "extended", day="2026-02-05", due="2026-03-15")
    assert look(one, "2026-03-15")["T1"] == ("waiting", "today", None)
    assert look(one, "2026-03-20")["T1"] == ("waiting", "late", 5)
    (found,) = owed(one, TaskFilter(), LENIENT, as_of=date(2026, 3, 20))
    assert (found.original, found.last_day) == (date(2026, 2, 10), date(2026, 3, 15))
    assert look(one, "2026-02-04")["T1"] == ("waiting", "soon", None)


def test_a_reminder_changes_no_day(one):
    happens(one, "reminded", day="2026-02-15", due="2026-03-01")
    assert look(one, "2026-02-20")["T1"] == ("waiting", "late", 10)
    (found,) = owed(one, TaskFilter(), LENIENT, as_of=date(2026, 2, 20))
    assert (found.standing.asked_for, found.standing.reminders, found.last_day) == (
        date(2026, 3, 1), 1, date(2026, 2, 10),
    )  # fmt: skip


def test_a_returned_report_is_none(one):
    happens(one, "reported", day="2026-02-09")
    happens(one, "returned", day="2026-02-16")
    assert look(one)["T1"] == ("started", "late", 49)
    happens(one, "accepted", day="2026-03-01")
    assert look(one)["T1"] == ("done", "done_late", 19)


def test_another_body_owes_from_the_day_that_the_duty_was_given_to_it(one):
    happens(one, "reassigned", day="2026-02-01", to="Bộ Tài chính")
    names = {
        day: [o.holder.name for o in owed(one, TaskFilter(), LENIENT, as_of=date.fromisoformat(day))]
        for day in ("2026-01-31", "2026-02-01")
    }
    assert names == {"2026-01-31": ["Sở Mây"], "2026-02-01": ["Bộ Tài chính"]}
    assert look(one, "2026-02-01", body="Bộ Tài chính") and not look(one, "2026-01-31", body="Bộ Tài chính")


def refused(register, error, kind, **more):
    """The details of a refusal that has written nothing."""
    rows = list(register.connection.iterdump())
    with pytest.raises(error) as caught:
        happens(register, kind, **more)
    assert list(register.connection.iterdump()) == rows
    return caught.value.details


@pytest.mark.parametrize("closing", ["accepted", "withdrawn", "superseded"])
@pytest.mark.parametrize("kind", ["confirmed", "reminded", "partly_done", "reported", "accepted", "suspended"])
def test_nothing_happens_to_a_closed_duty(one, closing, kind):
    happens(one, closing, day="2026-02-01")
    assert refused(one, errors.DutyClosed, kind, day="2026-02-02")["closed"] == "01/02/2026"
    refused(one, errors.DutyClosed, "extended", day="2026-02-02", due="2026-12-31")


def test_what_was_before_a_closing_may_be_entered_later_but_not_against_it(one):
    happens(one, "accepted", day="2026-02-20")
    happens(one, "extended", day="2026-02-05", due="2026-02-25")
    assert look(one)["T1"] == ("done", "on_time", None)
    assert refused(one, errors.DutyClosed, "withdrawn", day="2026-02-10")["state"] == "rút, hủy"


@pytest.mark.parametrize(
    ("error", "kind", "more"),
    [
        (errors.ImpossibleEvent, "returned", {}),
        (errors.ImpossibleDay, "accepted", {"day": "2026-04-01"}),
        (errors.ImpossibleDay, "accepted", {"day": "2026-01-04"}),
        (errors.InvalidValue, "accepted", {"day": "2026-02-30"}),
        (errors.InvalidValue, "extended", {"due": "2026-13-01"}),
        (errors.InvalidValue, "extended", {}),
        (errors.NoExtension, "extended", {"due": "2026-02-10"}),
        (errors.InvalidValue, "reassigned", {}),
        (errors.UnknownBody, "reassigned", {"to": "Cục Không Ai Biết"}),
        (errors.UnknownId, "accepted", {"target": "T9"}),
        (errors.UnknownId, "accepted", {"target": "O9"}),
        (errors.WrongId, "accepted", {"target": "D1"}),
        (errors.UnknownPeriod, "accepted", {"target": "T1@2026Q1"}),
        (errors.ChangedMeanwhile, "accepted", {"seen": 3}),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(one, error, kind, more):
    refused(one, error, kind, **more)


def test_what_has_no_last_day_is_not_extended(register):
    enter(register, paper(obligation("Không hạn")))
    refused(register, errors.NothingToExtend, "extended", due="2026-12-31")


def test_a_body_that_nothing_knows_takes_a_duty_only_where_that_is_meant(one):
    happens(one, "reassigned", to="Tổ  Công tác 9", is_new=True)
    assert [o.holder.name for o in owed(one, TaskFilter(), LENIENT, as_of=date(2026, 3, 31))] == ["Tổ Công tác 9"]


def test_of_two_clerks_the_second_meets_what_the_first_has_written(one, path):
    with open_register(path, "write") as other:
        happens(one, "withdrawn", seen=0)
        with pytest.raises(errors.ChangedMeanwhile):
            happens(other, "accepted", seen=0)
        with pytest.raises(errors.DutyClosed):
            happens(other, "accepted")
    assert look(one)["T1"][0] == "withdrawn"


def test_an_event_that_is_taken_back_has_never_been(one):
    first = happens(one, "accepted", day="2026-02-01")
    undo(one, first.event)
    assert look(one)["T1"] == ("waiting", "late", 49)
    happens(one, "partly_done", day="2026-02-02")
    with pytest.raises(errors.AlreadyUndone):
        undo(one, first.event)
    with pytest.raises(errors.NotUndoable):
        undo(one, "E2")
    with pytest.raises(errors.UnknownId):
        undo(one, "E99")


def test_what_a_later_event_rests_on_is_not_taken_back_first(one):
    report = happens(one, "reported", day="2026-02-01")
    back = happens(one, "returned", day="2026-02-03")
    with pytest.raises(errors.NeededFirst) as caught:
        undo(one, report.event)
    assert caught.value.details == {"id": report.event, "event": back.event}
    undo(one, back.event)
    undo(one, report.event)
    assert look(one)["T1"][0] == "waiting"


def test_the_document_that_proves_it_gives_its_day(one):
    reply = paper(number="45/BC-SM", issued_on="2026-02-09", subject="báo cáo việc trồng cây", salt="x")
    number = enter(one, reply, path="inbox/b.pdf").dispatch_id
    assert happens(one, "reported", proof="45/BC-SM").day == "2026-02-09"
    assert happens(one, "accepted", proof="phiếu trình ngày 11/3").day == "2026-03-31"
    rows = one.rows("SELECT proof FROM duty_events ORDER BY id")
    assert [row["proof"] for row in rows] == [f"D{number}", "phiếu trình ngày 11/3"]


def test_one_body_of_several_is_named(register):
    enter(register, paper(obligation("Việc chung", before("10/2", "2026-02-10"), lead=("Sở Mây", "Sở Gió"))))
    assert "T1 (Sở Mây), T2 (Sở Gió)" in refused(register, errors.SeveralDuties, "accepted", target="O1")["ids"]
    refused(register, errors.UnknownBody, "accepted", target="O1", of="Sở Mưa")
    assert happens(register, "accepted", target="o1", of="sở gió").duty == "T2"
    assert [state for state, *_ in look(register).values()] == ["waiting", "done"]


def test_an_occurrence_is_done_alone(monthly):
    assert refused(monthly, errors.SeveralPeriods, "accepted")["ids"].startswith("T1@2026-01, T1@2026-02")
    happens(monthly, "accepted", target="T1@2026-02", day="2026-02-19")
    assert look(monthly) == {
        "T1@2026-01": ("waiting", "late", 70), "T1@2026-02": ("done", "on_time", None),
        "T1@2026-03": ("waiting", "late", 11),
    }  # fmt: skip
    assert refused(monthly, errors.UnknownPeriod, "accepted", target="T1@2025-01")


def test_a_series_ends_for_what_was_not_done(monthly):
    happens(monthly, "accepted", target="T1@2026-01", day="2026-01-19")
    happens(monthly, "withdrawn", day="2026-02-10")
    assert [state for state, *_ in look(monthly).values()] == ["done", "withdrawn", "withdrawn"]
    refused(monthly, errors.DutyClosed, "reported", target="T1@2026-03", day="2026-03-01")
    happens(monthly, "reported", target="T1@2026-02", day="2026-02-09")
    assert look(monthly, "2026-02-09")["T1@2026-02"][0] == "reported"


def test_a_duty_that_the_document_no_longer_asks_takes_no_events(one):
    document, _ = paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10")))
    happens(one, "confirmed")
    enter(one, (document, paper()[1]), version="2")
    assert refused(one, errors.DutyGone, "accepted")["obligation"] == "O1"
    assert [(row["duty"], row["body"], row["waits_for"]) for row in lost(one)] == [("T1", "Sở Mây", "lost")]
    undo(one, "E1")
    assert lost(one) == []
    assert verify_events(one).breaks == ()


def test_what_happened_to_a_copy_counts_for_the_letter(one):
    letter = obligation("Gửi báo cáo", before("10/2", "2026-02-10"))
    happens(one, "confirmed", day="2026-01-10")
    enter(one, paper(letter, salt="bản quét"), path="inbox/b.pdf")
    confirm(one, "M1", who=WHO, now=NOW)
    assert happens(one, "accepted", target="T2", day="2026-02-01").duty == "T1"
    assert look(one) == {"T1": ("done", "on_time", None)}
    (found,) = owed(one, TaskFilter(), LENIENT, as_of=date(2026, 3, 31))
    assert found.version == 2


KINDS = ("confirmed", "reminded", "extended", "partly_done", "reported", "accepted", "returned", "suspended",
         "withdrawn", "superseded")  # fmt: skip
FIRST = date(2026, 1, 5)
DAYS = st.dates(FIRST, date(2026, 3, 31))


def simulate(events):
    """What a list of (day, order, kind, due) leads to; None where it makes no sense. Told in other words than the
    program's table, on purpose."""
    begun = paused = False
    reported, ended, due = None, None, date(2026, 2, 10)
    for day, _, kind, new in sorted(events):
        if ended or (paused and kind in ("reminded", "partly_done", "reported", "accepted", "suspended")):
            return None
        if reported and not paused and kind in ("confirmed", "extended", "partly_done", "reported"):
            return None
        if kind == "returned" and (not reported or paused):
            return None
        if kind == "confirmed" and begun and not paused:
            return None
        if kind == "extended":
            due = new
        if kind in ("confirmed", "partly_done", "returned"):
            begun, paused = True, False
        if kind == "suspended":
            paused = True
        if kind in ("accepted", "withdrawn", "superseded"):
            ended = (kind, day, reported)
        if kind == "reported":
            reported = day
        if kind == "returned" or (kind == "confirmed" and reported):
            reported = None
    return {"begun": begun, "paused": paused, "reported": reported, "ended": ended, "due": due}


def expected(events, as_of):
    found = simulate([e for e in events if e[0] <= as_of])
    if found["ended"]:
        kind, day, reported = found["ended"]
        if kind != "accepted":
            return kind, "none"
        return "done", "on_time" if (reported or day) <= found["due"] else "done_late"
    if found["paused"]:
        return "suspended", "none"
    state = "reported" if found["reported"] else "started" if found["begun"] else "waiting"
    left = (found["due"] - as_of).days
    if found["reported"] and found["reported"] <= found["due"]:
        return state, "in_time"
    return state, "late" if left < 0 else "today" if left == 0 else "soon" if left <= 7 else "in_time"


class Clerks(RuleBasedStateMachine):
    """Whatever clerks enter and take back, in whatever order: the register says what the simulation says."""

    @initialize()
    def begin(self):
        from pathlib import Path
        from tempfile import mkdtemp

        self.register = open_register(Path(mkdtemp()) / "r.db", "create")
        enter(self.register, paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10"))))
        self.events = {}
        self.entered = 0

    @rule(kind=st.sampled_from(KINDS), day=DAYS, longer=st.integers(-5, 30))
    def happens(self, kind, day, longer):
        dues = [new for d, _, k, new in sorted(self.events.values()) if k == "extended" and d <= day]
        due = date.fromordinal((dues[-1] if dues else date(2026, 2, 10)).toordinal() + longer)
        new = (day, self.entered + 1, kind, due if kind == "extended" else date.min)
        sensible = simulate([*self.events.values(), new]) is not None and not (kind == "extended" and longer <= 0)
        more = {"due": due.isoformat()} if kind == "extended" else {}
        if sensible:
            made = happens(self.register, kind, day=day.isoformat(), **more)
            self.entered += 1
            self.events[made.event] = new
        else:
            with pytest.raises(errors.DutyError):
                happens(self.register, kind, day=day.isoformat(), **more)

    @rule(n=st.integers(0, 20))
    def undo(self, n):
        if not self.events:
            return
        event = sorted(self.events)[n % len(self.events)]
        left = [new for name, new in self.events.items() if name != event]
        if simulate(left) is None:
            with pytest.raises(errors.NeededFirst):
                undo(self.register, event)
        else:
            undo(self.register, event)
            self.entered += 1
            del self.events[event]

    @invariant()
    def the_register_says_the_same(self):
        if hasattr(self, "events"):
            for as_of in ("2026-01-20", "2026-02-10", "2026-02-11", "2026-03-31"):
                state, how, _ = look(self.register, as_of)["T1"]
                assert (state, how) == expected(self.events.values(), date.fromisoformat(as_of))

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "events"):
            found = verify_events(self.register)
            assert found.breaks == () and found.head.events == self.entered

    def teardown(self):
        if hasattr(self, "register"):
            self.register.close()


Clerks.TestCase.settings = hypothesis_settings(max_examples=25, stateful_step_count=15, deadline=None)
TestClerks = Clerks.TestCase
