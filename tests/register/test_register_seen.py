"""Whether a row is still as somebody saw it."""

import pytest
from register_papers import LATER, NOW, WHO, before, enter, obligation, paper

from pipeline.register import add_deadline, confirm, correct, require_version, undo, version_of
from pipeline.register.seen import RowChanged


@pytest.fixture
def letter(register):
    """Two obligations, each with its own time limit."""
    made = paper(
        obligation("Lập danh mục cầu treo", before("10/3/2026", "2026-03-10")),
        obligation("Báo cáo kết quả", before("20/3/2026", "2026-03-20")),
    )
    enter(register, made)
    return register


CHANGES = [
    ("D1", lambda r: correct(r, "D1", "subject", "việc khác", who=WHO, now=LATER, why="đọc lại")),
    ("O1", lambda r: correct(r, "O1", "quote", "Lập danh mục", who=WHO, now=LATER, why="đọc lại")),
    ("O1", lambda r: correct(r, "L1", "due", "2026-03-11", who=WHO, now=LATER, why="đọc lại")),
    ("O1", lambda r: add_deadline(r, "O1", {"quote": "quý I", "kind": "period"}, who=WHO, now=LATER, why="sót")),
    ("L1", lambda r: confirm(r, "L1", who=WHO, now=LATER)),
]


@pytest.mark.parametrize(("row", "change"), CHANGES)
def test_whoever_decides_on_what_changed_meanwhile_is_told_who_did(letter, row, change):
    seen = version_of(letter, row)
    require_version(letter, row, seen)
    change(letter)
    with pytest.raises(RowChanged) as told, letter.transaction():
        require_version(letter, row, seen)
    assert told.value.details == {"id": row, "who": WHO, "when": LATER}
    require_version(letter, row, version_of(letter, row))


@pytest.mark.parametrize(("row", "change"), CHANGES)
def test_what_was_not_touched_can_be_decided_on(letter, row, change):
    others = {"O2", "L2", "D1", "O1"} - {row} - ({"O1"} if row == "L1" else set())
    seen = {other: version_of(letter, other) for other in others}
    change(letter)
    for other, version in seen.items():
        require_version(letter, other, version)


def test_taking_back_is_a_change_too(letter):
    made = correct(letter, "O1", "quote", "Lập danh mục", who=WHO, now=NOW, why="đọc lại")
    seen = version_of(letter, "O1")
    undo(letter, f"C{made}", who=WHO, now=LATER)
    with pytest.raises(RowChanged):
        require_version(letter, "O1", seen)
