"""Whatever people and readings do in whatever order, people's last words stand and taking them back leaves no trace."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from register_papers import NOW, WHO, before, deadline, enter, obligation, paper, stat

from pipeline.register import check, confirm, correct, delete, history, open_register, save_dispatch, show, undo

TREES = "Trồng mới hai nghìn cây bóng mát dọc đường liên xã"
WATER = "Cử cán bộ đầu mối theo dõi việc tưới nước và gửi danh sách về Sở Mây"
READINGS = (
    (obligation(TREES, before("10/3", "2026-03-10")), obligation(WATER, deadline("hằng quý", None, "recurring"))),
    (obligation(WATER), obligation(TREES + " và quanh trường", before("11/3", "2026-03-11"), lead=("Sở Gió",))),
    (obligation(WATER, before("1/4", "2026-04-01"), modality="requested"),),
    (),
)
SAID = {"who": WHO, "now": NOW}
NUMBERS = count(1)

person = st.one_of(
    st.tuples(st.just("correct"), st.sampled_from(["D", "O1", "O2", "L1"]), st.sampled_from(["một", "hai"])),
    st.tuples(st.just("confirm"), st.sampled_from(["D", "O1", "O2", "L1"])),
    st.tuples(st.just("delete"), st.sampled_from(["O1", "O2", "L1"])),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)
steps = st.lists(st.one_of(st.tuples(st.just("read"), st.integers(0, len(READINGS) - 1)), person), max_size=9)
FIELD = {"D": "subject", "O": "quote", "L": "quote"}


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    with open_register(tmp_path_factory.mktemp("histories") / "register.db", "create") as opened:
        yield opened


class Story:
    """One document of its own, with the ids that it got."""

    def __init__(self, register) -> None:
        self.register = register
        self.number = next(NUMBERS)
        self.version = 0
        self.subject = f"việc số {self.number}"
        self.document, _ = made = self.made(0)
        self.dispatch = f"D{enter(register, made, path=f'{self.number}').dispatch_id}"
        first, second = show(register, self.dispatch)["obligations"]
        self.ids = {"D": self.dispatch, "O1": first["id"], "O2": second["id"], "L1": first["deadlines"][0]["id"]}

    def made(self, reading):
        return paper(*READINGS[reading], number=f"{self.number}/CT-UBND", subject=self.subject, filler=self.subject)

    def read(self, reading):
        self.version += 1
        _, dispatch = self.made(reading)
        marks = {"version": f"v{self.version}", "now": NOW}
        save_dispatch(self.register, f"{self.number}", stat(), self.document, dispatch, **marks)

    def correct(self, target, value):
        correct(self.register, self.ids[target], FIELD[target[0]], f"{value} {target}", why="thử", **SAID)

    def confirm(self, target):
        confirm(self.register, self.ids[target], **SAID)

    def delete(self, target):
        delete(self.register, self.ids[target], why="thử", **SAID)

    def undo(self, n):
        if open_ones := self.in_force():
            undo(self.register, open_ones[n % len(open_ones)]["id"], **SAID)

    def in_force(self):
        rows = [row for target in set(self.ids.values()) for row in history(self.register, target)]
        rows = [row for row in rows if row["action"] != "undo" and not row["undone_by"]]
        return sorted(rows, key=lambda row: int(row["id"][1:]))

    def state(self):
        shown = show(self.register, self.dispatch)
        fields = ("id", "quote", "kind", "modality", "lead", "coordinating", "deadlines", "status", "confirmed")
        return shown["document"], [{f: o[f] for f in fields} for o in shown["obligations"]]

    def values(self):
        document, obligations = self.state()
        out = {self.dispatch: document["subject"]}
        for o in obligations:
            out[o["id"]] = o["quote"]
            out |= {d["id"]: d["quote"] for d in o["deadlines"]}
        return out


@settings(max_examples=40, deadline=None)
@example([("correct", "O1", "một"), ("read", 3)])
@example([("correct", "L1", "một"), ("read", 2), ("read", 1)])
@given(steps)
def test_people_have_the_last_word_and_can_take_it_back(big, steps):
    story, untouched = Story(big), Story(big)
    for step, *values in steps:
        getattr(story, step)(*values)
        if step == "read":
            untouched.read(*values)
    said = {row["target"]: row for row in story.in_force() if row["action"] == "correct"}
    for target, row in said.items():
        assert story.values()[target] == row["new"]
    for row in reversed(story.in_force()):
        if not next(r for r in history(big) if r["id"] == row["id"])["undone_by"]:
            undo(big, row["id"], **SAID)
    for one in (story, untouched):
        one.read(0)
    assert without_ids(story) == without_ids(untouched)


def without_ids(story):
    """What stands of a story, as far as two of the same readings can be compared."""
    document, obligations = story.state()
    document = {**document, "number": None, "subject": document["subject"].replace(str(story.number), "")}
    for o in obligations:
        o["id"] = int(o["id"][1:]) - int(story.ids["O1"][1:])
        o["deadlines"] = [
            {k: v for k, v in d.items() if k not in ("id", "span", "before", "after")} for d in o["deadlines"]
        ]
    return document, obligations


def test_the_register_is_sound_after_all_these_histories(big):
    assert check(big) == []
