"""Which dispatches speak of a body: saved, read again, copied, removed, erased, asked for by any name."""

from __future__ import annotations

import sqlite3

from register_papers import LATER, NOW, WHO, enter, paper, stat

from extractors.model import Refusal
from pipeline.register import check, decide_merge, dispatches, open_register, remove, review, save_refusal, show, undo

OTHER = {
    "number": "34/CV-SM",
    "symbol": "CV-SM",
    "subject": "mượn máy bơm",
    "doc_type": "công văn",
    "filler": "Máy cũ.",
}


def speaking(register, name):
    """Dispatches that speak of a body, with how many times."""
    return {row["id"]: row["times"] for row in dispatches(register, mentions=name)}


def test_any_name_of_a_body_finds_what_speaks_of_it(register):
    enter(register, paper(mentions=(("BTTTT", 3), ("BYT", 1))))
    enter(register, paper(mentions=(("BYT", 2),), **OTHER), path="inbox/b.pdf")
    assert speaking(register, "Bộ TT&TT") == speaking(register, "bộ thông tin và truyền thông") == {"D1": 3}
    assert speaking(register, "BTTTT") == {"D1": 3}
    assert speaking(register, "Bộ Y tế") == {"D1": 1, "D2": 2}
    assert speaking(register, "Bộ Công an") == speaking(register, "Sở Mây Trắng") == speaking(register, "") == {}
    assert [row["id"] for row in dispatches(register, mentions="Bộ Y tế", limit=1)] == ["D1"]
    assert all("times" not in row for row in dispatches(register))


def test_a_name_that_is_borne_again_finds_both_bodies_and_words_find_all_that_hold_them(register):
    enter(register, paper(mentions=(("UBND_QUANGNGAI_OLD", 1),)))
    enter(register, paper(mentions=(("UBND_QUANGNGAI", 2), ("SO_STC@QUANGNGAI", 5)), **OTHER), path="inbox/b.pdf")
    assert speaking(register, "UBND tỉnh Quảng Ngãi") == {"D1": 1, "D2": 2}
    assert speaking(register, "so_stc@quangngai") == {"D2": 5}
    assert speaking(register, "quảng ngãi") == {"D1": 1, "D2": 7}


def test_a_dispatch_shows_whom_it_speaks_of_in_order_with_places(register):
    document, dispatch = made = paper(mentions=(("BYT", 2), ("BTTTT", 1)))
    enter(register, made)
    first, second = show(register, "D1")["mentions"]
    assert (first["id"], first["name"], first["count"], first["page"]) == ("BYT", "Bộ Y tế", 2, 1)
    assert second["id"] == "BTTTT"
    assert document.text[slice(*second["span"])] == "BTTTT" and dispatch.mentions[1].span.start == second["span"][0]


def test_reading_again_replaces_what_was_read(register):
    enter(register, paper(mentions=(("BYT", 2), ("BTTTT", 1))))
    document, _ = paper(mentions=(("BYT", 2), ("BTTTT", 1)))
    _, dispatch = paper(mentions=(("BYT", 3), ("BCA", 1)))
    enter(register, (document, dispatch), version="2", now=LATER)
    assert speaking(register, "Bộ Y tế") == {"D1": 3}
    assert speaking(register, "Bộ Công an") == {"D1": 1}
    assert speaking(register, "Bộ TT&TT") == {}


def test_a_removed_dispatch_is_not_listed_until_it_is_back(register):
    enter(register, paper(mentions=(("BYT", 2),)))
    remove(register, "D1", who=WHO, now=NOW, why="nạp nhầm")
    assert speaking(register, "Bộ Y tế") == {}
    undo(register, "D1", who=WHO, now=LATER, why="đúng là văn bản")
    assert speaking(register, "Bộ Y tế") == {"D1": 2}


def test_copies_of_a_letter_are_one_letter(register):
    enter(register, paper(mentions=(("BYT", 2),)))
    enter(register, paper(mentions=(("BYT", 3), ("BCA", 1)), salt="scan"), path="inbox/b.pdf")
    [proposal] = [row["id"] for row in review(register) if row["what"] == "merge"]
    decide_merge(register, proposal, True, who=WHO, now=LATER)
    assert speaking(register, "Bộ Y tế") == {"D1": 3}
    assert speaking(register, "Bộ Công an") == {"D1": 1}


def test_of_a_secret_paper_no_mention_stays(register):
    document, dispatch = paper(mentions=(("BYT", 2),))
    enter(register, (document, dispatch))
    save_refusal(register, "inbox/a.pdf", stat(), document, Refusal("secrecy", "secrecy.stamp"), version="2", now=LATER)
    assert register.rows("SELECT * FROM mentions") == []
    assert check(register) == []


def test_a_register_of_before_learns_to_keep_mentions(register, path):
    enter(register, paper(mentions=(("BYT", 2),)))
    register.close()
    with sqlite3.connect(path) as stock:
        stock.executescript(
            "DROP VIEW current_mentions; DROP TABLE mentions; PRAGMA user_version = 1;"
            "DELETE FROM _sqlite_migrations WHERE name = 'mentions'"
        )
    with open_register(path, "write") as again:
        assert dispatches(again)[0]["id"] == "D1"
        assert speaking(again, "Bộ Y tế") == {}
        enter(again, paper(mentions=(("BYT", 2),)), version="2", now=LATER)
        assert speaking(again, "Bộ Y tế") == {"D1": 2}


def test_stock_tools_read_the_view(register, path):
    enter(register, paper(mentions=(("BTTTT", 3),)))
    with sqlite3.connect(path) as stock:
        rows = stock.execute("SELECT number, body_code, body, times FROM current_mentions").fetchall()
    assert rows == [("12/CT-UBND", "BTTTT", "Bộ Thông tin và Truyền thông", 3)]
