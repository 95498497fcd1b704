"""Secrecy stamps on black copies: told by the shape of their word where neither a frame nor a reading tells them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from reading.drawn import font, page
from reading.stamped import KINDS, copy

from pipeline.reading.inkstamps import read_stamps
from pipeline.reading.layout import Word
from pipeline.reading.leftover import ink_of, leftovers
from pipeline.reading.letterforms import pattern, voids
from pipeline.reading.likeness import likenesses
from pipeline.reading.overlooked import overlooked

MARKS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
EACH = 6
# of EACH stamps of a kind so many must be told
FLOORS = {"whole": 6, "broken": 6, "touching": 6, "frameless": 5, "arrow": 6}
OTHERS = ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "CÔNG VĂN ĐẾN", "SAO Y", "BẢN CHÍNH", "DỰ THẢO", "ĐÃ KIỂM TRA")


def nothing_read(image: np.ndarray, mode: int) -> list[Word]:
    return []


def drawn(word: str, angle: float, size: int) -> np.ndarray:
    sheet = Image.new("L", (700, 500), 255)
    ImageDraw.Draw(sheet).text((350, 250), word, font=font(size, bold=True), fill=0, anchor="mm")
    return ink_of(np.array(sheet.rotate(angle, fillcolor=255)), 200)


def told(word: str, kind: str, seed: int, recognise) -> bool:
    made = copy(word, kind, seed)
    marks = [*read_stamps(None, made.grey[:1400], recognise)]
    mark = overlooked(made.grey[:1400], None, made.words, recognise, 200)
    return any("MẬT" in found.text for found in [*marks, *([mark] if mark else [])])


@pytest.mark.parametrize("kind", KINDS)
def test_most_black_secrecy_stamps_are_told(recognise, kind):
    missed = [seed for seed in range(EACH) if not told(MARKS[seed % 3], kind, seed, recognise)]
    assert EACH - len(missed) >= FLOORS[kind], missed


@pytest.mark.parametrize("word", OTHERS)
def test_no_other_stamp_is_taken_for_one_of_secrecy(recognise, word):
    for kind in KINDS[len(word) % 4 :][:2]:
        made = copy(word, kind, len(word))
        assert overlooked(made.grey[:1400], None, made.words, recognise, 200) is None, made.made


def test_a_stamp_is_told_by_its_shape_alone_where_nothing_can_be_read():
    made = copy("MẬT", "frameless", 3, aslant=True)
    mark = overlooked(made.grey[:1400], None, made.words, nothing_read, 200)
    assert mark and mark.text == "MẬT" and mark.confidence > 0.7


def test_what_is_surely_read_as_another_word_is_no_mark():
    made = copy("MẬT", "frameless", 3, aslant=True)

    def read(image: np.ndarray, mode: int) -> list[Word]:
        return [Word("TRƯỞNG", 0, 0, 9, 9, confidence=0.95)]

    assert overlooked(made.grey[:1400], None, made.words, read, 200) is None


def test_a_page_that_was_read_holds_no_hidden_stamp():
    sheet = page()
    made = copy("MẬT", "whole", 0)
    everything = [Word("đọc", 0, 0, 1654, 2339, confidence=0.95)]
    assert overlooked(np.array(sheet.convert("L")), None, everything, nothing_read, 200) is None
    assert leftovers(ink_of(made.grey, 200), [(0, 0, 827, 1170)]) == []


def test_coloured_letters_that_print_runs_through_are_told_by_their_colour():
    sheet = page()
    draw = ImageDraw.Draw(sheet)
    draw.text((400, 470), "MẬT", font=font(52, bold=True), fill=(205, 40, 50))
    for y in (485, 500, 515):
        draw.line((380, y, 560, y - 14), fill="black", width=4)
    picture = np.array(sheet)
    mark = overlooked(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), picture, [], nothing_read, 200)
    assert mark and mark.stamp.coloured


@pytest.mark.parametrize(("angle", "size"), [(0, 40), (13, 60), (-28, 44), (41, 76)])
def test_a_word_is_found_at_any_angle_and_size(angle, size):
    best = likenesses(drawn("MẬT", angle, size), "MẬT")[0]
    assert best.score > 0.75
    assert best.angle == pytest.approx(-angle, abs=4)
    assert best.height == pytest.approx(0.67 * size / 2, rel=0.2)
    assert np.hypot(best.x - 175, best.y - 125) < 10


@pytest.mark.parametrize("word", ["KHẨN", "HỎA TỐC", "ĐẾN", "SỐ", "CÔNG VĂN"])
def test_other_words_have_another_shape(word):
    assert all(found.score < 0.7 for found in likenesses(drawn(word, 10, 56), "MẬT"))


def test_a_pattern_fits_itself_and_not_solid_ink():
    wanted, between = pattern("MẬT", 14, 1.0), voids("MẬT", 14, 1.0)
    strokes = (wanted > 0).astype(np.float32)
    assert float((strokes * wanted).sum()) == pytest.approx(1.0, abs=0.1)
    assert float((np.ones_like(wanted) * wanted).sum()) == pytest.approx(0.4, abs=0.01)
    assert float(between.sum()) == pytest.approx(1.0, abs=0.01)
    with pytest.raises(KeyError):
        pattern("Ω", 14, 1.0)
