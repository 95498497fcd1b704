"""Whatever is read and corrected in whatever order: one duty a body, ids that stay, and events that are never lost."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_papers import NOW, WHO, enter, obligation, paper

from pipeline.register import correct, open_register, undo
from pipeline.register.events import append_event, verify_events

NAMES = ("Sở Mây", "Sở Gió", "Sở Mưa", "Bộ Y tế", "Bộ Y  tế", "UBND các tỉnh, thành phố trực thuộc Trung ương")
NUMBERS = count(1)
LEADS = st.lists(st.sampled_from(NAMES), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), LEADS),
        st.tuples(st.just("correct"), LEADS),
        st.tuples(st.just("undo"), st.just([])),
        st.tuples(st.just("event"), st.just([])),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    with open_register(tmp_path_factory.mktemp("duties") / "register.db", "create") as opened:
        yield opened


class Story:
    """One obligation of its own."""

    def __init__(self, register) -> None:
        self.register = register
        self.number = next(NUMBERS)
        self.version = 0
        self.document, dispatch = self.made(["Sở Mây"])
        self.dispatch = enter(register, (self.document, dispatch), path=f"{self.number}").dispatch_id
        (row,) = register.rows("SELECT id FROM obligations WHERE dispatch_id = ?", (self.dispatch,))
        self.obligation = row["id"]
        self.corrections = []

    def made(self, leads):
        words = f"việc số {self.number}"
        asked = obligation(f"Trồng cây theo {words}", lead=tuple(leads))
        return paper(asked, number=f"{self.number}/CT-UBND", subject=words, filler=words, issued_on="2021-07-12")

    def read(self, leads):
        self.version += 1
        _, dispatch = self.made(leads)
        enter(self.register, (self.document, dispatch), path=f"{self.number}", version=f"v{self.version}")

    def correct(self, leads):
        said = {"who": WHO, "now": NOW, "why": "thử"}
        self.corrections.append(correct(self.register, f"O{self.obligation}", "lead", "; ".join(leads), **said))

    def undo(self, _):
        if self.corrections:
            undo(self.register, f"C{self.corrections.pop()}", who=WHO, now=NOW)

    def event(self, _):
        duty = self.duties()[0]["id"]
        with self.register.transaction():
            (row,) = self.register.rows("SELECT count(*) + 1 AS n FROM duty_events WHERE duty_id = ?", (duty,))
            values = {
                "duty_id": duty,
                "number": row["n"],
                "day": "2021-08-01",
                "why": "",
                "made_at": NOW,
                "made_by": WHO,
            }
            append_event(self.register, "reminded", values)

    def duties(self, current=True):
        return self.register.rows(
            "SELECT * FROM duties WHERE obligation_id = ? AND is_current >= ? ORDER BY id", (self.obligation, current)
        )

    def leads(self):
        rows = self.register.rows(
            "SELECT DISTINCT body_id FROM obligation_bodies WHERE obligation_id = ? AND role = 'lead' AND is_current",
            (self.obligation,),
        )
        return [row["body_id"] for row in rows]


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_one_duty_a_body_and_nothing_is_lost(big, steps):
    story = Story(big)
    events = 0
    for step, leads in steps:
        before = {row["id"]: row["body_id"] for row in story.duties(current=False)}
        current = {row["body_id"]: row["id"] for row in story.duties()}
        getattr(story, step)(leads)
        events += step == "event"
        after = {row["id"]: row for row in story.duties(current=False)}
        assert before.keys() <= after.keys()
        now = {row["body_id"]: row["id"] for row in story.duties()}
        assert len(now) == len(story.duties())
        assert all(now[body] == number for body, number in current.items() if body in now)
        is_group = any(row["sort"] == "member" for row in story.duties())
        assert len(now) >= 63 if is_group else len(now) == max(1, len(story.leads()))
    (row,) = big.rows(
        "SELECT count(*) AS n FROM duty_events e JOIN duties y ON y.id = e.duty_id WHERE y.obligation_id = ?",
        (story.obligation,),
    )
    assert row["n"] == events


def test_the_log_is_whole_after_all_of_it(big):
    assert verify_events(big).breaks == ()
