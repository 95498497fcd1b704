"""Pictures of pages: which way up they are, how slanted, and the rules of the tables on them."""

from __future__ import annotations

import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont

from pipeline.reading.layout import Word
from pipeline.reading.picture import turned, upright
from pipeline.reading.rulings import rulings
from pipeline.reading.tables import Edge, Grid, grids_of

WIDTH, HEIGHT, SCALE = 1654, 2339, 72 / 200
FONT = ImageFont.truetype(str(font_files_ttf["SourceSerifPro"]), 36)
SENTENCE = "Các tổ đội kiểm kê máy bơm, đối chiếu số liệu, báo cáo kết quả về thị trấn trước kỳ họp đầu tháng tới"
MARK = (300, 1800, 340, 1810)


def page(lines: int = 30) -> Image.Image:
    """A page of even lines with a black bar at MARK."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    words = SENTENCE.split()
    for n in range(lines):
        text = " ".join(words[(5 * n + k) % len(words)] for k in range(13))
        draw.text((200, 200 + 50 * n), text, font=FONT, fill=0)
    draw.rectangle(MARK, fill=0)
    return image


def slanted(image: Image.Image, angle: float) -> np.ndarray:
    """The page as scanned with its lines sinking to the right by `angle` degrees."""
    return np.array(image.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255))


def noisy(grey: np.ndarray, share: float = 0.01) -> np.ndarray:
    rng = np.random.default_rng(7)
    out = grey.copy()
    specks = rng.random(grey.shape)
    out[specks < share / 2] = 0
    out[specks > 1 - share / 2] = 255
    return out


def bars(picture: np.ndarray) -> tuple[float, float]:
    """The middle of the bar on a page: the largest dark thing."""
    _, _, stats, middles = cv2.connectedComponentsWithStats((picture < 128).astype(np.uint8))
    at = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return float(middles[at][0]), float(middles[at][1])


def test_an_upright_page_is_left_as_it_is() -> None:
    grey = np.array(page())
    found = upright(grey)
    assert (found.turn, found.angle, found.certain) == (0, 0.0, True)
    assert found.image is grey
    assert found.to_page(12, 34) == (12, 34)


@pytest.mark.parametrize("angle", [-9.6, -4.3, -1.2, -0.3, 0.4, 2.0, 6.7])
def test_a_slanted_page_is_straightened(angle: float) -> None:
    found = upright(slanted(page(), angle))
    assert found.turn == 0
    assert found.angle == pytest.approx(angle, abs=0.12)
    assert upright(found.image).angle == 0.0


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("angle", [0.0, -2.5])
def test_a_page_on_its_side_or_head_is_turned(turn: int, angle: float) -> None:
    laid = np.rot90(slanted(page(), angle), turn // 90).copy()
    found = upright(laid)
    assert found.turn == turn
    assert found.angle == pytest.approx(angle, abs=0.12)
    assert found.certain


def test_noise_and_a_scanner_border_do_not_matter() -> None:
    laid = noisy(np.rot90(slanted(page(), 1.5)).copy())
    laid[:, :60] = 0
    laid[-40:] = 20
    found = upright(laid)
    assert found.turn == 90
    assert found.angle == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize(("turn", "angle"), [(0, 0.0), (0, 3.0), (90, -1.0), (180, 2.0), (270, 0.0)])
@pytest.mark.parametrize("again", [0, 90, 180])
def test_boxes_lead_back_to_the_page_as_displayed(turn: int, angle: float, again: int) -> None:
    laid = np.rot90(slanted(page(), angle), turn // 90).copy()
    found = turned(upright(laid), again)
    x, y = bars(found.image)
    back = found.to_page(x, y)
    assert back == pytest.approx(bars(laid), abs=2)
    x0, top, x1, bottom = found.box_on_page(x - 5, y - 2, x + 5, y + 2)
    assert x0 < back[0] < x1
    assert top < back[1] < bottom
    assert x1 - x0 < 12
    assert bottom - top < 12


def test_another_picture_of_the_page_is_made_upright_in_the_same_way() -> None:
    laid = np.rot90(slanted(page(), 2.0)).copy()
    found = upright(laid)
    colour = found.applied(np.dstack([laid] * 3))
    assert np.array_equal(colour[..., 1], found.image)


def test_a_second_try_stands_on_the_other_end() -> None:
    found = upright(np.array(page()))
    other = turned(found, 180)
    assert other.turn == 180
    assert np.array_equal(other.image, np.rot90(found.image, 2))


@pytest.mark.parametrize("shape", [(1, 1), (40, 4000), (2339, 1654)])
@pytest.mark.parametrize("shade", [0, 255])
def test_a_page_without_letters_is_left_as_it_is(shape: tuple[int, int], shade: int) -> None:
    grey = np.full(shape, shade, np.uint8)
    assert upright(grey).image is grey
    assert rulings(grey, SCALE) == []


COLUMNS = (150, 230, 800, 1050, 1300, 1500)
ROWS = (300, 380, 520, 580, 760, 900)


def table(thick: int = 3) -> np.ndarray:
    """A task table of five rows and five columns; its third row is one heading across, its last two share a body."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for n, y in enumerate(ROWS):
        ends = [(COLUMNS[0], COLUMNS[2]), (COLUMNS[3], COLUMNS[-1])] if n == 4 else [(COLUMNS[0], COLUMNS[-1])]
        for x0, x1 in ends:
            cv2.line(grey, (x0, y), (x1, y), 0, thick)
    for n, x in enumerate(COLUMNS):
        ends = [(ROWS[0], ROWS[2]), (ROWS[3], ROWS[-1])] if 0 < n < 5 else [(ROWS[0], ROWS[-1])]
        for top, bottom in ends:
            cv2.line(grey, (x, top), (x, bottom), 0, thick)
    return grey


def words() -> list[Word]:
    """One word in the middle of each cell."""
    found = []
    for n, (top, bottom) in enumerate(pairwise(ROWS)):
        for k, (x0, x1) in enumerate(pairwise(COLUMNS)):
            x, y = (x0 + x1) / 2 * SCALE, (top + bottom) / 2 * SCALE
            found.append(Word(f"{n}{k}", x - 8, y - 5, x + 8, y + 5))
    return found


def only(edges: list[Edge]) -> Grid:
    (grid,), rest = grids_of(edges, words())
    assert rest == []
    return grid


def check(edges: list[Edge]) -> None:
    """That the cells of `table` are found, merged ones too."""
    grid = only(edges)
    texts = [["".join(w.text for w in grid.words[cell]) for cell in row] for row in grid.rows]
    assert texts[0] == ["00", "01", "02", "03", "04"]
    assert texts[1] == ["10", "11", "12", "13", "14"]
    assert set(texts[2]) == {"2021222324"}
    assert texts[3] == ["30", "31", "3242", "33", "34"]
    assert texts[4] == ["40", "41", "3242", "43", "44"]


@pytest.mark.parametrize("thick", [1, 3, 6])
def test_the_rules_of_a_table_are_found_where_they_stand(thick: int) -> None:
    edges = rulings(table(thick), SCALE)
    check(edges)
    grid = only(edges)
    assert grid.xs == pytest.approx([x * SCALE for x in COLUMNS], abs=1.5)
    assert grid.top == pytest.approx(ROWS[0] * SCALE, abs=1.5)


def test_a_table_survives_noise_breaks_and_a_little_slant() -> None:
    grey = table(2)
    for x in (400, 900, 1180, 1400):
        grey[:, x : x + 9] = 255
    grey[640:650] = 255
    height, width = grey.shape
    lean = cv2.getRotationMatrix2D((width / 2, height / 2), 0.2, 1.0)
    grey = cv2.warpAffine(grey, lean, (width, height), borderValue=255)
    check(rulings(noisy(grey, 0.005), SCALE))


def test_a_seal_on_a_table_and_text_in_it_do_no_harm() -> None:
    image = Image.fromarray(table())
    draw = ImageDraw.Draw(image)
    draw.ellipse((500, 250, 800, 550), outline=90, width=9)
    for word in words():
        draw.text((word.x0 / SCALE, word.top / SCALE), "nước", font=FONT, fill=0)
    check(rulings(np.array(image), SCALE))


def test_streaks_of_the_scanner_are_no_columns() -> None:
    grey = table()
    grey[:, 600:604] = 0
    grey[20:-20, 1400] = 0
    check(rulings(grey, SCALE))


def test_underlines_stamps_and_borders_are_no_tables() -> None:
    image = page()
    draw = ImageDraw.Draw(image)
    draw.line((300, 180, 520, 180), fill=0, width=3)
    draw.line((900, 180, 1300, 180), fill=0, width=3)
    for y in (1850, 1920, 1990, 2060):
        draw.line((180, y, 500, y), fill=0, width=3)
    for x in (180, 300, 500):
        draw.line((x, 1850, x, 2060), fill=0, width=3)
    grey = np.array(image)
    grey[:, :25] = 0
    grey[-20:] = 0
    assert rulings(grey, SCALE) == []


@pytest.mark.parametrize("kind", ["squares", "noise", "stripes"])
def test_no_picture_takes_long(kind: str) -> None:
    grey = np.full((3000, 3000), 255, np.uint8)
    if kind == "squares":
        grey[::12], grey[:, ::12] = 0, 0
    elif kind == "noise":
        grey = noisy(grey, 0.5)
    else:
        grey[::6] = 0
    begun = time.process_time()
    rulings(upright(grey).image, SCALE)
    assert time.process_time() - begun < 3
