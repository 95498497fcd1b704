"""Stamps, seals and hands on the picture of a page: what they say, what they hide, what is not to be trusted."""

from __future__ import annotations

import io
import time

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as c
import pytest
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw
from reading.drawn import font, page, table

from extractors.marks import find_secrecy, find_urgency, nearest_mark
from pipeline.reading.colour import coloured, inked, stamps, without_ink
from pipeline.reading.handwriting import UNSURE, doubted
from pipeline.reading.inkstamps import framed, read_stamps
from pipeline.reading.layout import Word
from pipeline.reading.strokes import drawn_around

RED, BLUE, BLACK = (205, 40, 50), (40, 50, 190), (0, 0, 0)


def stamped(words: str, ink=RED, angle: float = 0.0, frame: int = 5, at=(210, 560), arrow: bool = False) -> np.ndarray:
    """A letter with a word stamp on it, turned counter-clockwise by `angle`, over its print."""
    sheet = page()
    width = round(font(40, bold=True).getlength(words))
    stamp = Image.new("RGBA", (width + 160, 110), (0, 0, 0, 0))
    draw = ImageDraw.Draw(stamp)
    if arrow:
        for y in (52, 68):
            draw.line((20, y, width + 140, y), fill=ink, width=3)
        draw.line((width + 120, 35, width + 150, 60, width + 120, 85), fill=ink, width=3)
    elif frame:
        draw.rectangle((10, 8, width + 150, 102), outline=ink, width=frame)
    draw.text((80, 26), words, font=font(40, bold=True), fill=ink)
    stamp = stamp.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    sheet.paste(stamp, at, stamp)
    return np.array(sheet)


def grey(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def nothing_read(image: np.ndarray, mode: int) -> list[Word]:
    return []


@pytest.mark.parametrize("angle", [0, 4, -12, 25, 44])
@pytest.mark.parametrize("ink", [RED, BLUE])
def test_a_coloured_stamp_is_found_over_print_and_made_level(ink, angle):
    found = stamps(stamped("THƯỢNG KHẨN", ink, angle))
    assert len(found) == 1
    assert found[0].place.angle == pytest.approx(-angle, abs=2)
    width, height = found[0].image.shape[::-1]
    assert width > 3 * height


def test_a_page_in_black_has_no_coloured_ink():
    plain = np.array(page())
    assert not inked(plain)
    assert coloured(plain) == []
    assert read_stamps(plain, grey(plain), nothing_read) == []


def test_a_seal_and_a_signature_are_no_word_stamps():
    sheet = page()
    draw = ImageDraw.Draw(sheet)
    draw.ellipse((900, 1500, 1180, 1780), outline=RED, width=6)
    draw.ellipse((940, 1540, 1140, 1740), outline=RED, width=3)
    draw.line([(300, 1700), (420, 1500), (500, 1800), (640, 1520)], fill=BLUE, width=5)
    assert len(coloured(np.array(sheet))) == 2
    assert stamps(np.array(sheet)) == []


def test_a_black_frame_is_a_stamp_and_a_table_is_none():
    copy = grey(stamped("MẬT", BLACK, 5, at=(1000, 420)))
    assert len(framed(copy)) == 1
    sheet = page()
    ImageDraw.Draw(sheet).rectangle((150, 800, 1500, 1500), outline="black", width=3)
    assert framed(grey(np.array(sheet))) == []


@pytest.mark.parametrize(
    ("words", "ink", "angle"),
    [
        ("HỎA TỐC", RED, 0),
        ("HỎA TỐC", RED, 20),
        ("THƯỢNG KHẨN", BLUE, -8),
        ("KHẨN", RED, 6),
        ("MẬT", RED, 0),
        ("TỐI MẬT", RED, -30),
        ("TUYỆT MẬT", BLACK, 4),
        ("MẬT", BLACK, -3),
    ],
)
def test_what_a_stamp_says_is_read(recognise, words, ink, angle):
    picture = stamped(words, ink, angle, at=(210, 760))
    marks = read_stamps(picture, grey(picture), recognise)
    assert [mark.text for mark in marks] == [words]


def test_an_arrow_through_the_letters_does_not_hide_them(recognise):
    picture = stamped("HỎA TỐC", RED, 7, arrow=True, at=(210, 760))
    assert [mark.text for mark in read_stamps(picture, grey(picture), recognise)] == ["HỎA TỐC"]


@pytest.mark.parametrize("words", ["SAO Y", "ĐẾN", "BẢN CHÍNH", "ĐÃ KIỂM TRA"])
def test_other_stamps_are_no_marks(recognise, words):
    picture = stamped(words, at=(210, 760))
    assert read_stamps(picture, grey(picture), recognise) == []


def test_a_stamp_stands_first_in_the_document_and_out_of_its_text(recognise):
    from pipeline.reading.pages import document_of, page_of
    from pipeline.reading.scanned import scanned_page

    content = scanned_page(stamped("MẬT", RED, 9, at=(210, 400)), 200, first=True)
    document = document_of([page_of(1, content, None)], "0" * 64, "png")
    assert document.text.splitlines()[0] == "MẬT"
    assert document.text.count("MẬT") == 1
    assert find_secrecy(document)


def test_a_seal_is_bleached_and_red_print_is_not():
    sheet = page()
    draw = ImageDraw.Draw(sheet)
    draw.text((860, 1600), "PHÓ GIÁM ĐỐC", font=font(40, bold=True), fill="black")
    draw.ellipse((800, 1480, 1080, 1760), outline=RED, width=7)
    draw.text((700, 1830), "Lò Văn Suối", font=font(44, bold=True), fill=RED)
    bleached = without_ink(np.array(sheet))
    assert bleached[1480:1490, 930:950].min() > 180
    assert bleached[1600:1650, 1090:1200].min() < 60
    assert bleached[1830:1890, 700:950].min() < 110


@pytest.mark.parametrize(
    ("reading", "mark"),
    [
        ("HỎA TỐC", "HỎA TỐC"),
        ("[nỏa xốc]", "HỎA TỐC"),
        ("|MÂT|", "MẬT"),
        ("TUYẸT MÁT", "TUYỆT MẬT"),
        ("KHÂN", "KHẨN"),
        ("THƯỢNG KHÀN", "THƯỢNG KHẨN"),
        ("HỎA TỐC HẸN GIỜ", "HỎA TỐC"),
        ("UeouMẬT/", "MẬT"),
    ],
)
def test_a_bad_reading_of_a_stamp_is_forgiven(reading, mark):
    nearest = nearest_mark(reading)
    assert nearest and nearest.value == mark


@pytest.mark.parametrize("reading", ["", "ĐẾN", "CÔNG VĂN ĐẾN", "SAO Y", "BẢN SAO", "VĂN PHÒNG", "GIÁM ĐỐC", "12345"])
def test_other_readings_are_no_marks(reading):
    assert nearest_mark(reading) is None


def test_what_a_mark_is_called_is_what_the_extractors_find():
    from extractors.letterhead import Letterhead
    from extractors.model import Document, Line

    for reading in ("hoa toc", "thuong khan", "khan"):
        mark = nearest_mark(reading)
        assert mark
        document = Document(mark.value + "\n", (Line(0, len(mark.value)),), "0" * 64)
        found = find_urgency(Letterhead(), document)
        assert found and found.rule == mark.rule
    for reading in ("mat", "toi mat", "tuyet mat"):
        mark = nearest_mark(reading)
        found = find_secrecy(mark.value if mark else "")
        assert found and mark and found.rule == mark.rule


def words_on(sheet: Image.Image, parts, top: int = 300, size: int = 34) -> list[Word]:
    """Words printed one after the other: (text, size, how far it is raised) each, with the boxes of their ink."""
    draw = ImageDraw.Draw(sheet)
    out, x = [], 240.0
    for text, height, raised in parts:
        box = draw.textbbox((x, top - raised), text, font=font(height), anchor="ls")
        draw.text((x, top - raised), text, font=font(height), fill="black", anchor="ls")
        out.append(Word(text, *box, confidence=0.95))
        x = box[2] + 10
    return out


@pytest.mark.parametrize(
    ("number", "hand"),
    [
        (("407/UB-VX", 34, 0), False),
        (("15", 34, 0), False),
        (("11", 48, 0), True),
        (("94", 34, 12), True),
        (("6", 46, -8), True),
    ],
)
def test_digits_that_do_not_sit_in_their_line_are_doubted(number, hand):
    sheet = page(())
    words = words_on(sheet, [("Số:", 34, 0), number, ("/UB-VX" if "/" not in number[0] else "Trang", 34, 0)])
    after = doubted(grey(np.array(sheet)), words, 1.0)
    assert (after[1].confidence <= UNSURE) is hand
    assert after[0].confidence == after[2].confidence == 0.95


def test_scrawled_digits_are_doubted_and_years_are_not():
    sheet = page(())
    words = words_on(
        sheet, [("ngày", 34, 0), ("48", 34, 0), ("tháng", 34, 0), ("5", 34, 0), ("năm", 34, 0), ("2021", 34, 0)]
    )
    draw = ImageDraw.Draw(sheet)
    day = words[1]
    draw.rectangle((day.x0, day.top, day.x1, day.bottom), fill="white")
    draw.line(
        [(day.x0, day.bottom), (day.x0 + 12, day.top - 4), (day.x0 + 20, day.bottom + 3), (day.x1, day.top)],
        fill="black",
        width=3,
    )
    after = doubted(grey(np.array(sheet)), words, 1.0)
    assert [word.text for word in after if word.confidence <= UNSURE] == ["48"]


def a_text_pdf_with_a_picture(picture: Image.Image, at: tuple[float, float]) -> bytes:
    """A letter in PDF whose words are text, with one picture (200 dots an inch) so many points from the upper left."""
    from reading.drawn import LETTER
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Serif", str(font_files_ttf["SourceSerifPro"])))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Serif", 11)
    for where, top, text in LETTER:
        canvas.drawString({"left": 80, "right": 320, "middle": 200, "body": 85}[where], 842 - top * 0.36, text)
    width, height = (side * 0.36 for side in picture.size)
    canvas.drawImage(ImageReader(picture), at[0], 842 - at[1] - height, width, height, mask="auto")
    canvas.save()
    return out.getvalue()


def test_a_stamp_that_lies_as_a_picture_on_a_text_page_is_read(recognise):
    from pipeline.reading import read_document_bytes

    whole = Image.fromarray(stamped("TỐI MẬT", RED, 10, at=(210, 760)))
    picture = whole.crop((190, 740, 620, 960))
    document = read_document_bytes(a_text_pdf_with_a_picture(picture, (90, 150)))
    assert document.medium == "text"
    assert document.text.splitlines()[0] == "TỐI MẬT"
    found = find_secrecy(document)
    assert found and found.value == "tối mật"
    box = document.lines[0].box
    assert box and 80 < box.x0 < 120 and 150 < box.top < 200


def test_a_stamp_without_a_frame_that_lies_aslant_as_a_picture_on_a_text_page_is_read(recognise):
    from pipeline.reading import read_document_bytes

    whole = Image.fromarray(stamped("MẬT", BLACK, 24, frame=0, at=(210, 760)))
    document = read_document_bytes(a_text_pdf_with_a_picture(whole.crop((190, 740, 520, 960)), (90, 150)))
    assert document.text.splitlines()[0] == "MẬT"


def with_annotation(data: bytes, picture: Image.Image, at: tuple[float, float]) -> bytes:
    """The PDF with a picture on its first page that a stamp annotation draws, so many points from the upper left."""
    pdf = pdfium.PdfDocument(data)
    page = pdf[0]
    width, height = (side * 0.36 for side in picture.size)
    left, low = at[0], page.get_height() - at[1] - height
    image = c.FPDFPageObj_NewImageObj(pdf)  # the annotation frees it
    bitmap = pdfium.PdfBitmap.from_pil(picture)
    assert c.FPDFImageObj_SetBitmap(None, 0, image, bitmap)
    assert c.FPDFImageObj_SetMatrix(image, width, 0, 0, height, left, low)
    annotation = c.FPDFPage_CreateAnnot(page, c.FPDF_ANNOT_STAMP)
    assert c.FPDFAnnot_SetRect(annotation, c.FS_RECTF(left, low + height, left + width, low))
    assert c.FPDFAnnot_AppendObject(annotation, image)
    c.FPDFPage_CloseAnnot(annotation)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("medium", ["text", "scan"])
def test_a_stamp_that_an_annotation_draws_is_read(recognise, medium):
    from pipeline.reading import read_document_bytes

    below = io.BytesIO()
    page().save(below, "PDF", resolution=200)
    data = (
        a_text_pdf_with_a_picture(Image.new("RGB", (9, 9), "white"), (90, 150))
        if medium == "text"
        else below.getvalue()
    )
    assert find_secrecy(read_document_bytes(data)) is None
    picture = Image.fromarray(stamped("TỐI MẬT", RED, 10, at=(210, 760))).crop((190, 740, 620, 960))
    document = read_document_bytes(with_annotation(data, picture, (90, 150)))
    assert document.medium == medium
    found = find_secrecy(document)
    assert found and found.value == "tối mật"


def test_a_picture_of_no_stamp_changes_nothing(recognise):
    from pipeline.reading import read_document_bytes

    logo = Image.new("RGB", (300, 150), "white")
    ImageDraw.Draw(logo).ellipse((20, 20, 130, 130), fill=BLUE)
    document = read_document_bytes(a_text_pdf_with_a_picture(logo, (90, 150)))
    assert document.text.splitlines()[0].startswith("UBND XÃ SUỐI TRẦM")


def test_a_frame_grown_together_with_the_print_around_it_is_found():
    copy = stamped("MẬT", BLACK, 0, at=(210, 560))
    cv2.line(copy, (215, 620), (120, 640), (0, 0, 0), 4)
    cv2.line(copy, (300, 565), (320, 520), (0, 0, 0), 4)
    assert len(framed(grey(copy))) == 1


def broken(words: str, angle: float, ink=BLACK, at=(240, 380)) -> np.ndarray:
    """A letter with a stamp whose frame has gaps and strokes that lead into the print around it."""
    sheet = page()
    width = round(font(44, bold=True).getlength(words))
    stamp = Image.new("RGBA", (width + 160, 180), (0, 0, 0, 0))
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((20, 40, width + 130, 140), outline=ink, width=4)
    for x, y in ((60, 40), (width, 140), (width + 130, 90)):
        draw.rectangle((x - 7, y - 7, x + 7, y + 7), fill=(0, 0, 0, 0))
    draw.line((45, 40, 30, 10), fill=ink, width=3)
    draw.line((width + 90, 140, width + 120, 172), fill=ink, width=3)
    draw.text((75, 58), words, font=font(44, bold=True), fill=ink)
    stamp = stamp.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    sheet.paste(stamp, at, stamp)
    return grey(np.array(sheet))


@pytest.mark.parametrize("ink", [BLACK, (150, 150, 150)], ids=["black", "faint"])
@pytest.mark.parametrize(("words", "angle"), [("MẬT", 0), ("MẬT", -9), ("TỐI MẬT", 4), ("TUYỆT MẬT", 12)])
def test_a_frame_with_gaps_that_leads_into_print_is_told_by_its_strokes(recognise, words, angle, ink):
    copy = broken(words, angle, ink)
    assert any(mark.text.endswith("MẬT") for mark in read_stamps(None, copy, recognise))


def test_strokes_of_letters_and_of_tables_frame_no_stamps():
    assert drawn_around(grey(np.array(page())), 200) == []
    assert drawn_around(grey(np.array(table([["A", "B"], ["C", "D"], ["E", "F"]], [300, 300]))), 200) == []


def test_the_cells_of_a_table_are_no_stamps():
    sheet = table([["A", "B"], ["C", "D"], ["E", "F"]], [300, 300])
    assert framed(grey(np.array(sheet))) == []


def test_a_page_full_of_coloured_lines_costs_little():
    sheet = page(())
    draw = ImageDraw.Draw(sheet)
    for x in range(-2300, 1600, 60):
        draw.line((x, 0, x + 2339, 2339), fill=RED, width=3)
    started = time.process_time()
    without_ink(np.array(sheet))
    assert time.process_time() - started < 5


def test_no_more_than_a_few_stamps_of_a_page_are_tried():
    sheet = page(())
    draw = ImageDraw.Draw(sheet)
    for y in range(10, 2200, 70):
        for x in range(10, 1400, 250):
            draw.rectangle((x, y, x + 220, y + 60), outline="black", width=3)
            for letter in range(3):
                draw.rectangle((x + 40 + 40 * letter, y + 15, x + 60 + 40 * letter, y + 45), fill="black")
    tried: list[int] = []
    assert read_stamps(None, grey(np.array(sheet)), lambda image, mode: tried.append(mode) or []) == []
    assert 0 < len(tried) <= 10
