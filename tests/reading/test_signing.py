"""The foot of a scanned dispatch: read again where the first reading lost lines, and left alone where it did not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from drawn import LETTER, as_pdf, font, page
from papers import read
from PIL import ImageDraw

from extractors.dispatch import extract_dispatch
from extractors.model import Dispatch
from pipeline.reading.layout import Word
from pipeline.reading.ocr import BLOCK, SPARSE
from pipeline.reading.signing import closing_read_again

WHITE = np.full((2339, 1654), 255, np.uint8)
LIST = (("Nơi nhận:", 1000), ("- Như trên;", 1045), ("- Các thôn;", 1090), ("- Lưu: VT.", 1135))
SIGNED = (("KT. CHỦ TỊCH", 1000), ("PHÓ CHỦ TỊCH", 1045), ("Trần Thị Suối", 1400))


def words(rows, x, confidence=0.95):
    out = []
    for text, top in rows:
        at = x
        for said in text.split():
            out.append(Word(said, at, top, at + 16 * len(said), top + 30, order=len(out), confidence=confidence))
            at += 16 * len(said) + 10
    return out


class Recogniser:
    """Stands for the recognition of a part of the page: gives what is printed there, and remembers what was asked."""

    def __init__(self, *readings):
        self.readings, self.asked = list(readings), []

    def __call__(self, picture, mode, dpi):
        self.asked.append((mode, picture.shape))
        return self.readings.pop(0) if self.readings else []


def closing(first, *readings):
    recogniser = Recogniser(*readings)
    found = closing_read_again(first, WHITE, lambda: WHITE, 200, recogniser)
    return {w.text for w in found}, recogniser.asked


def in_zone(rows, x=300):
    """Words as the recognition of the signature's part gives them: it begins at 0.46 of the width, 83 dots higher."""
    return words([(text, top - 917) for text, top in rows], x)


def test_a_signature_that_was_read_well_is_not_read_again():
    _, asked = closing(words(LIST, 200) + words(SIGNED, 1000))
    assert not asked


def test_what_the_seal_hid_is_read_again():
    first = words(LIST, 200) + words(SIGNED[:1], 1000) + words([("ÀĐX", 1200)], 1400, 0.2)
    said, asked = closing(first, in_zone(SIGNED))
    assert {"KT.", "PHÓ", "CHỦ", "TỊCH", "Trần", "Thị", "Suối", "Nơi", "Lưu:"} <= said and "ÀĐX" not in said
    assert [mode for mode, _ in asked] == [BLOCK]


def test_where_no_name_is_found_the_words_are_looked_for_singly_on_the_page_with_its_ink():
    said, asked = closing(words(LIST, 200), in_zone(SIGNED[:2]), in_zone(SIGNED[2:]))
    assert {"CHỦ", "Suối"} <= said
    assert [mode for mode, _ in asked] == [BLOCK, SPARSE]


def test_half_a_name_is_not_left_for_a_whole_one():
    first = words(LIST, 200) + words([("Ngễn", 1400)], 1000, 0.1) + words([("Thị Suối", 1400)], 1074)
    said, _ = closing(first, [], [])
    assert {"Thị", "Suối"} <= said
    assert "Ngễn" in closing(first, in_zone([("Thị Suối", 1400)], 314))[0]


def test_a_list_with_a_line_missing_is_read_again():
    broken = [row for row in LIST if row[1] != 1045]
    again = words([(text, top - 988) for text, top in LIST], 200)
    said, asked = closing(words(broken, 200) + words(SIGNED, 1000), again)
    assert "trên;" in said and len(asked) == 1


def test_a_page_without_a_list_costs_nothing():
    assert closing(words([("Điều 1. Các thôn trồng rau", 500)], 200))[1] == []


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
@pytest.mark.parametrize("ink", ["red", "black"])
def test_who_signs_under_a_seal_is_read(ink):
    image = page(LETTER)
    draw = ImageDraw.Draw(image)
    for n, text in enumerate(("Nơi nhận:", "- Như trên;", "- Lưu: VT.")):
        draw.text((230, 1000 + 45 * n), text, font=font(26), fill="black")
    for top, text in ((1000, "KT. CHỦ TỊCH"), (1045, "PHÓ CHỦ TỊCH"), (1420, "Trần Thị Suối")):
        draw.text((1160, top), text, font=font(32, bold=True), fill="black", anchor="ma")
    for radius in (190, 170):
        draw.ellipse((980 - radius, 1230 - radius, 980 + radius, 1230 + radius), outline=ink, width=4)
    found = extract_dispatch(read(as_pdf(image)))
    assert isinstance(found, Dispatch)
    signer = found.signer
    assert signer.name and signer.name.value == "Trần Thị Suối"
    assert signer.authority and signer.authority.value == "KT. CHỦ TỊCH"
    assert signer.title and signer.title.value == "PHÓ CHỦ TỊCH"
