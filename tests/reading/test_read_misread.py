"""Pages whose own words are a bad reading of what is printed are recognised anew; good words are left alone."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache

import pytest
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extractors.syllables import is_vietnamese
from pipeline.errors import ProgramMissing
from pipeline.reading import ocr, read_document_bytes

FONT = font_files_ttf["SourceSerifPro"]
PRINTED = """
ỦY BAN NHÂN DÂN XÃ SUỐI MƠ
Số: 27/UBND-VP
Kính gửi: Các thôn, bản trong xã.
Để chuẩn bị cho mùa mưa, Ủy ban nhân dân xã yêu cầu các thôn
kiểm tra kè suối, khơi thông mương thoát nước, lập danh sách hộ
phải di dời và gửi báo cáo về xã trước ngày 20 tháng 6 năm 2030.
Trưởng các thôn chịu trách nhiệm về kết quả thực hiện.
"""
MISREAD = """
UY BAN NHAN DAN XA SUOl MO
S6: 27 IUBND-VP
Kinh gui: Cac thon, ban trong xa.
D~ chu~n bi cho mua mua, Uy ban nhan dan xa yeu cdu cac thon
ki8m tra ke su6i, khoi thong muong thoat nu6c, l~p danh sach h9
phai di doi va glri bao cao v~ xa tru6c ngay 20 thang 6 nam 2030.
Tru6ng cac thon chiu trach nhi~m v~ k~t qua thuc hi~n.
"""
ENGLISH = "The bureau of waters sends the yearly figures of wells and pumps to the district offices.\n" * 7


def page(words: str, shown: str | None) -> bytes:
    """A PDF of one page: the words, drawn unseen where there is a picture that shows others."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=0)
    pdfmetrics.registerFont(TTFont("serif", FONT))
    if shown:
        canvas.drawImage(ImageReader(picture(shown)), 0, 0, *A4)
    text = canvas.beginText(70, A4[1] - 80)
    text.setFont("serif", 12, leading=24)
    text.setTextRenderMode(3 if shown else 0)
    for line in words.strip().split("\n"):
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return out.getvalue()


def picture(lines: str) -> Image.Image:
    """The lines as a scanner gives them, 200 dots an inch."""
    image = Image.new("L", (1654, 2339), 250)
    font = ImageFont.truetype(FONT, 36)
    for n, line in enumerate(lines.strip().split("\n")):
        ImageDraw.Draw(image).text((200, 200 + 64 * n), line, fill=20, font=font)
    return image


def has_tesseract() -> bool:
    if not shutil.which("tesseract"):
        return False
    return "vie" in subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout.split()


needs_tesseract = pytest.mark.skipif(not has_tesseract(), reason="Tesseract with Vietnamese is not installed")


@needs_tesseract
def test_wrong_words_under_a_picture_are_not_taken():
    document = read_document_bytes(page(MISREAD, shown=PRINTED))
    assert document.medium == "scan"
    assert is_vietnamese(document.text)
    assert "trước ngày 20 tháng 6 năm 2030" in document.text
    assert "k~t" not in document.text


@needs_tesseract
def test_words_of_fonts_that_do_not_name_their_letters_are_recognised():
    named = page(PRINTED, shown=None)
    nameless = named
    for n, letter in enumerate("ộậểầứạấêăổệâưảáơủ"):
        nameless = nameless.replace(b"<%04X>" % ord(letter), b"<%04X>" % (0xE020 + n))
    assert "yêu cầu các thôn" in read_document_bytes(named).text
    document = read_document_bytes(nameless)
    assert document.medium == "scan"
    assert "yêu cầu các thôn" in document.text


@pytest.fixture
def without_programs(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(ocr, "_recogniser", cache(ocr._recogniser.__wrapped__))


@pytest.mark.usefixtures("without_programs")
def test_good_words_under_a_picture_need_no_recognition():
    document = read_document_bytes(page(PRINTED, shown=PRINTED))
    assert "trước ngày 20 tháng 6 năm 2030" in document.text
    assert [issue.code for issue in document.issues] == ["text.recognised"]


@pytest.mark.usefixtures("without_programs")
def test_wrong_words_in_which_a_mark_of_secrecy_would_be_missed_are_no_document():
    with pytest.raises(ProgramMissing):
        read_document_bytes(page(MISREAD, shown=PRINTED))


@pytest.mark.usefixtures("without_programs")
def test_print_in_another_language_is_no_bad_reading():
    assert "the district offices" in read_document_bytes(page(ENGLISH, shown=None)).text


@needs_tesseract
def test_another_language_under_a_picture_is_kept_as_it_is():
    document = read_document_bytes(page(ENGLISH, shown=ENGLISH))
    assert document.medium == "text"
    assert document.text.count("the district offices") == 7
