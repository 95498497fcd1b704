"""The chain of events: whatever is altered, taken out or moved is found; what cannot be found shows against a head
kept elsewhere."""

from __future__ import annotations

import pytest
from register_papers import NOW, WHO, before, enter, obligation, paper

from extractors.model import Refusal
from pipeline.errors import ChainBroken
from pipeline.register import open_register, save_refusal
from pipeline.register.events import GENESIS, Head, append_event, digest, verify_events

LENGTH = 6


@pytest.fixture
def chained(register):
    """Six events of two duties."""
    enter(register, paper(obligation("Việc", before("10/12", "2025-12-10"), lead=("Sở Mây", "Sở Gió"))))
    for n in range(LENGTH):
        with register.transaction():
            append_event(register, "reminded", event(n))
    return register


def event(n, duty=None):
    duty = duty or 1 + n % 2
    return {
        "duty_id": duty, "number": n + 1, "day": f"2026-01-{n + 1:02d}", "why": "đôn đốc",
        "made_at": NOW, "made_by": WHO,
    }  # fmt: skip


def breaks(register, known=None):
    return [(b.problem, b.event) for b in verify_events(register, known).breaks]


def tamper(register, *statements):
    for trigger in ("changed", "deleted", "replaced"):
        register.connection.execute(f"DROP TRIGGER duty_events_are_not_{trigger}")
    register.connection.execute("PRAGMA foreign_keys = OFF")
    for sql in statements:
        register.connection.execute(sql)


def test_an_untouched_chain_holds(chained):
    found = verify_events(chained)
    assert found.breaks == () and found.erased == 0
    assert {"events": found.head.events, "hash": found.head.hash} == chained.one(
        "SELECT events, hash FROM duty_events_head"
    )
    assert found.head.events == LENGTH


def test_an_empty_chain_holds(register):
    assert verify_events(register).head == Head(0, GENESIS)
    assert breaks(register) == []


@pytest.mark.parametrize("column", ["duty_id", "number", "period", "kind", "day", "due", "body_id", "body", "proof",
                                    "why", "made_at", "made_by", "undoes"])  # fmt: skip
def test_any_altered_value_is_found(chained, column):
    value = {"kind": "'suspended'", "day": "'2026-01-09'", "duty_id": "2"}.get(column, "'9'")
    tamper(chained, f"UPDATE duty_events SET {column} = {value} WHERE id = 3")
    assert breaks(chained) == [("altered", 3)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM duty_events WHERE id = 3", [("missing", 3)]),
        ("DELETE FROM duty_events WHERE id IN (1, 2)", [("missing", 1), ("missing", 2)]),
        ("DELETE FROM duty_events WHERE id = 6", [("cut", 6)]),
        ("DELETE FROM duty_events WHERE id > 2", [("cut", 3)]),
        ("DELETE FROM duty_events", [("cut", 1)]),
        ("DELETE FROM duty_events_head", [("head", 6)]),
        ("UPDATE duty_events_head SET hash = 'x'", [("head", 6)]),
    ],
)
def test_missing_rows_are_found(chained, statement, found):
    tamper(chained, statement)
    assert breaks(chained) == found


def test_rows_that_changed_places_are_found(chained):
    tamper(
        chained,
        "UPDATE duty_events SET id = 99 WHERE id = 2",
        "UPDATE duty_events SET id = 2 WHERE id = 4",
        "UPDATE duty_events SET id = 4 WHERE id = 99",
    )
    assert {("altered", 2), ("altered", 4)} <= set(breaks(chained))


def test_a_row_that_was_altered_and_hashed_anew_no_longer_bears_the_next(chained):
    forge(chained, 3)
    assert breaks(chained) == [("unbound", 4)]


def test_a_chain_forged_to_its_end_shows_against_a_head_that_was_kept(chained):
    kept = verify_events(chained).head
    forge(chained, *range(3, LENGTH + 1))
    chained.connection.execute(
        "UPDATE duty_events_head SET hash = (SELECT hash FROM duty_events WHERE id = ?)", (LENGTH,)
    )
    assert breaks(chained) == []
    assert breaks(chained, kept) == [("foreign", LENGTH)]


def test_a_kept_head_still_lies_on_a_chain_that_grew(chained):
    kept = verify_events(chained).head
    with chained.transaction():
        append_event(chained, "reminded", event(LENGTH))
    assert breaks(chained, kept) == []
    assert breaks(chained, Head(99, kept.hash)) == [("foreign", 99)]


def test_a_cut_chain_takes_no_more_events(chained):
    tamper(chained, "DELETE FROM duty_events WHERE id = 6")
    with pytest.raises(ChainBroken), chained.transaction():
        append_event(chained, "reminded", event(LENGTH))
    assert breaks(chained) == [("cut", 6)]


def forge(register, *numbers):
    """Alter rows and make their hashes fit again, as somebody would who knows how they are made."""
    tamper(register)
    for n in numbers:
        row = dict(register.one("SELECT * FROM duty_events WHERE id = ?", (n,)))
        before_it = register.one("SELECT hash FROM duty_events WHERE id = ?", (n - 1,))
        row |= {"why": "khác", "previous": before_it["hash"]}
        register.connection.execute(
            "UPDATE duty_events SET why = ?, previous = ?, hash = ? WHERE id = ?",
            (row["why"], row["previous"], digest(row), n),
        )


@pytest.mark.parametrize("statement", ["UPDATE duty_events SET why = 'x'", "DELETE FROM duty_events",
                                       "REPLACE INTO duty_events SELECT * FROM duty_events WHERE id = 1"])  # fmt: skip
def test_rows_are_only_ever_added(chained, statement):
    with pytest.raises(Exception, match="only ever added"):
        chained.connection.execute(statement)
    assert breaks(chained) == []


def test_of_an_erased_document_only_the_hashes_stay(path):
    with open_register(path, "create") as register:
        document, _ = made = paper(obligation("Việc", lead=("Ban Tạm Lập",)))
        enter(register, made, path="inbox/a.txt")
        enter(register, paper(obligation("Khác", lead=("Sở Gió",)), number="2/CT-UBND", salt="2"), path="inbox/b.txt")
        for n, duty in enumerate((1, 2, 1)):
            with register.transaction():
                append_event(register, "reminded", {**event(n, duty), "why": f"bí mật {duty}"})
        refusal = Refusal("secrecy", "marks.stamp", None)
        save_refusal(register, "inbox/a.txt", None, document, refusal, version="2", now=NOW)
        found = verify_events(register)
        assert (found.erased, found.breaks, found.head.events) == (2, (), 3)
        assert [row["why"] for row in register.rows("SELECT why FROM duty_events ORDER BY id")] == [
            None, "bí mật 2", None,
        ]  # fmt: skip
        assert not register.rows("SELECT 1 FROM bodies WHERE name = 'Ban Tạm Lập'")
        with register.transaction():
            append_event(register, "reminded", event(4, 2))
        assert breaks(register) == []
    assert "bí mật 1".encode() not in path.read_bytes()
