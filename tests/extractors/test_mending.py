"""Accents that recognition got wrong: put right in known words, left alone where they may be right."""

import pytest

from extractors import lexicon
from extractors.mending import mended, parted
from extractors.syllables import is_syllable
from extractors.text import matchable, skeleton


def words(text: str) -> list[tuple[int, int]]:
    out, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        out.append((start, at))
    return out


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Giao các thôn tô chức kiêm tra", "Giao các thôn tổ chức kiểm tra"),
        ("Kê hoạch (kiêm tra) năm", "Kế hoạch (kiểm tra) năm"),
        ("bảo\ncao trước ngay 12/8", "báo\ncáo trước ngày 12/8"),
        ("UBND các thành phó, thị xã.", "UBND các thành phố, thị xã."),
        ("để xuất phương ấn;", "đề xuất phương án;"),
    ],
)
def test_known_words_get_their_accents_back(read, printed):
    assert mended(read, words(read)) == printed


@pytest.mark.parametrize(
    "text",
    [
        "tổ chức kiểm tra, báo cáo",
        "để nghị quyết đi vào cuộc sống",
        "các cơ quan trong tỉnh trao đổi với thôn",
        "cộng tác với các thứ trưởng, lưu trú tại xã",
        "ông Kiêm Trà và bà Thanh Trà",
        "theo đối tượng hưởng",
        "văn bản hành chính",
        "tô, chức",
        "để xuất khẩu gạo",
        "Kế hoạch 17-KH/TU ngày 12/8",
        "diễu hành, cơ số thuốc, mưa bão",
    ],
)
def test_what_may_be_right_stays(text):
    assert mended(text, words(text)) == text


def test_only_recognised_words_are_touched():
    text = "tô chức họp, tô chức thi"
    assert mended(text, words(text)[3:]) == "tô chức họp, tổ chức thi"


def test_each_word_of_the_list_stands_once_is_spelt_right_and_differs_from_the_others_in_accents_only():
    rows = lexicon.rows("compounds")
    assert len({skeleton(row["word"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["word"] == matchable(row["word"]) and len(row["word"].split()) == 2
        assert all(is_syllable(syllable) for syllable in row["word"].split())
        assert all(
            skeleton(other) == skeleton(row["word"]) != other for other in filter(None, row["unlike"].split(";"))
        )


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("hoạtđộng", ("hoạt", "động")),
        ("(Sởtài", ("(Sở", "tài")),
        ("chỉđạo,", ("chỉ", "đạo,")),
        ("nghiêng", ("nghiêng",)),
        ("cácông", ("cácông",)),  # "các ông" or "cá công"
        ("Covid", ("Covid",)),
        ("chuyén", ("chuyén",)),
        ("UBNDtỉnh", ("UBNDtỉnh",)),
        ("12/8/2024", ("12/8/2024",)),
    ],
)
def test_words_run_together_are_parted_where_only_one_way_gives_words(read, words):
    assert parted(read) == words
