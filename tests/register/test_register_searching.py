"""Search finds the same rows however the query is typed, and no input breaks it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from register_papers import NOW, WHO, enter, obligation, paper

from pipeline.register import TaskFilter, check, correct, open_register, rebuild, search, tasks
from pipeline.register.snippets import pattern, snippet

URGE = "Đôn đốc các xã nộp kết quả"
BOXES = "Chở don doc ra bãi"
LONELY = "Sống đơn độc giữa rừng"


@pytest.fixture
def filled(register):
    enter(register, paper(obligation(URGE), subject="chăm sóc rừng", number="01/CT-BTTTT"))
    enter(register, paper(obligation(BOXES), subject="dọn bãi", number="02/CT-BTTTT", salt="b", filler="b"), path="b")
    enter(register, paper(obligation(LONELY), subject="cứu hộ", number="101/CT-BTTTT", salt="c", filler="c"), path="c")
    return register


def found(register, query, kind="obligation"):
    return [hit["id"] for hit in search(register, query) if hit["kind"] == kind]


@pytest.mark.parametrize("query", ["don doc", "đôn đốc", "ĐÔN ĐỐC", unicodedata.normalize("NFD", "đôn đốc"), "Don Đốc"])
def test_accents_and_case_do_not_decide_what_is_found(filled, query):
    assert sorted(found(filled, query)) == ["O1", "O2", "O3"]


def test_exact_accents_come_first(filled):
    assert found(filled, "đôn đốc")[0] == "O1"
    assert found(filled, "đơn độc")[0] == "O3"
    assert found(filled, "don doc")[0] == "O2"
    assert [hit["exact"] for hit in search(filled, "đôn đốc") if hit["kind"] == "obligation"] == [True, False, False]


@pytest.mark.parametrize("query", ["01/CT-BTTTT", "01/ct-btttt", '"01/CT-BTTTT"', "01 CT BTTTT"])
def test_a_number_finds_its_dispatch(filled, query):
    assert found(filled, query, "dispatch")[0] == "D1"


def test_all_words_are_needed_and_a_phrase_keeps_its_order(filled):
    assert found(filled, "đôn đốc biển") == []
    assert found(filled, "đốc đôn") == found(filled, "đôn đốc")
    assert found(filled, '"đốc đôn"') == []


def test_a_snippet_shows_the_match_in_its_own_spelling(filled):
    [hit] = [h for h in search(filled, "don doc") if h["id"] == "O1"]
    assert hit["snippet"] == "[Đôn] [đốc] các xã nộp kết quả"
    assert snippet("tệp don_doc_2.pdf", pattern(["don"])) == "tệp [don]_doc_2.pdf"
    assert snippet("x " * 400 + "đầu mối tưới nước " + "y " * 400, pattern(["tuoi", "đầu mối"])).count("[") == 2


@pytest.mark.parametrize("query", ["", "  ", '"', '""', "*", "-", "^", "()", "'", "AND", "NOT đôn", "number:", "đôn*"])
def test_signs_and_operators_are_only_words(filled, query):
    search(filled, query)
    tasks(filled, TaskFilter(text=query), as_of="2026-01-01")


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    with open_register(tmp_path_factory.mktemp("search") / "register.db", "create") as opened:
        enter(opened, paper(obligation(URGE)))
        yield opened


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
@example("O_")
@example("_đôn_đốc_")
def test_no_query_breaks_the_search(big, query):
    for hit in search(big, query):
        assert hit["snippet"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(URGE.split()), min_size=1, max_size=4), st.sampled_from(["NFC", "NFD"]))
def test_words_of_a_text_always_find_it(big, words, form):
    assert "O1" in found(big, unicodedata.normalize(form, " ".join(words)))


def test_the_indexes_stay_true_through_changes(filled):
    correct(filled, "O1", "quote", "Thúc giục các xã", who=WHO, now=NOW, why="đọc sai")
    correct(filled, "D1", "issuer", "Sở Gió", who=WHO, now=NOW, why="đọc sai")
    enter(filled, paper(obligation("Việc khác"), subject="khác", salt="b", filler="b"), path="b", version="2")
    assert found(filled, "thuc giuc") == ["O1"]
    assert "O1" not in found(filled, "đôn đốc")
    assert found(filled, "so gio", "dispatch") == ["D1"]
    assert check(filled) == []


def test_an_index_at_odds_with_its_rows_is_told_and_can_be_rebuilt(filled):
    filled.connection.execute("UPDATE obligations SET quote = 'đổi lén' WHERE id = 1")
    assert any("search_exact" in problem for problem in check(filled))
    rebuild(filled)
    assert check(filled) == []
    assert found(filled, "doi len") == ["O1"]
