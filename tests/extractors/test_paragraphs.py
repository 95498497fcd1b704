"""Printed lines become the paragraphs and items that a reader sees."""

import pytest
from duty_texts import document

from extractors.markers import marker_at
from extractors.model import Box, Document, Line, Span
from extractors.outline import outline
from extractors.paragraphs import paragraphs


def words(text: str) -> list[str]:
    doc = document(text)
    return [p.passage.text for p in paragraphs(doc, Span(0, len(doc.text)))]


def labels(text: str) -> list[str]:
    doc = document(text)
    return [i.label for top in outline(paragraphs(doc, Span(0, len(doc.text)))) for i in top.walk()]


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("II. NHIỆM VỤ", "roman", "II"),
        ("1. Lập danh sách", "number", "1"),
        ("2.1.3. Trồng cây", "decimal", "2.1.3"),
        ("2.1.3 Trồng cây", "decimal", "2.1.3"),
        ("đ) Tưới cây", "letter", "đ"),
        ("b/ Tưới cây", "letter", "b"),
        ("- Tưới cây", "bullet", "-"),
        ("+ Tưới cây", "plus", "+"),
        ("Điều 3. Tổ chức thực hiện", "article", "3"),
        ("PHẦN II. VIỆC CẦN LÀM", "part", "II"),
        ("(2) Tưới cây", "bracket", "2"),
    ],
)
def test_numbers_and_bullets_open_items(line, kind, label):
    marker = marker_at(line)
    assert marker is not None
    assert (marker.kind, marker.label) == (kind, label)


@pytest.mark.parametrize(
    "line",
    [
        "10.8% so với năm trước",
        "2.351 tỷ đồng",
        "30.6.2030 là hạn cuối",
        "V/v trồng cây",
        "Điều này cần làm",
        "05/3/2030",
    ],
)
def test_figures_and_dates_open_no_item(line):
    assert marker_at(line) is None


def test_a_sentence_goes_on_over_blank_lines_and_page_numbers():
    text = "Các lớp có trách nhiệm\n\n2\n\nthực hiện nội quy vườn trường.\n\nLớp 5A tưới cây."
    assert words(text) == ["Các lớp có trách nhiệm thực hiện nội quy vườn trường.", "Lớp 5A tưới cây."]


def test_a_number_on_its_own_line_belongs_to_the_words_below():
    doc = document("5.\nTrong quá trình thực hiện, các lớp báo cáo.\n6.\nLớp 5A tưới cây.")
    found = paragraphs(doc, Span(0, len(doc.text)))
    assert [(p.marker.label, p.passage.text[:9]) for p in found if p.marker] == [("5", "Trong quá"), ("6", "Lớp 5A tư")]


def test_items_run_together_in_a_line_are_told_apart():
    assert words("a) Trồng cây; b) Tưới cây; c) Quét lá.") == ["Trồng cây;", "Tưới cây;", "Quét lá."]
    assert words("3. Vườn trường 3.1. Trồng cây") == ["Vườn trường", "Trồng cây"]


def test_a_dash_inside_a_name_is_no_bullet():
    page = [
        ("Giao Phòng Văn hóa nghệ thuật và Phòng Lao động của nhà trường", 90, 530),
        ("- Thương binh lập danh sách các lớp tham gia.", 90, 400),
        ("Các lớp khác nghỉ.", 118, 300),
    ] * 4
    lines, text = [], ""
    for n, (line, x0, x1) in enumerate(page):
        lines.append(Line(len(text), len(text) + len(line), 1, Box(x0, 20.0 * n, x1, 20.0 * n + 14)))
        text += line + "\n"
    doc = Document(text=text, lines=tuple(lines), sha256="", format="pdf")
    assert len(paragraphs(doc, Span(0, len(text)))) == 8


def test_every_word_leads_back_to_its_place():
    doc = document("Các lớp có trách\nnhiệm tưới cây.")
    (one,) = paragraphs(doc, Span(0, len(doc.text)))
    at = one.passage.text.index("tưới")
    span = one.passage.span(at, at + 4)
    assert doc.text[span.start : span.end] == "tưới"


def test_paths_of_numbers():
    text = "I. VIỆC\n1. Vườn\na) Trồng cây\n- Cây cam\nb) Tưới cây\n2. Sân\nII. NGƯỜI\n1. Lớp 5A"
    assert labels(text) == ["I", "I.1", "I.1.a", "I.1.a", "I.1.b", "I.2", "II", "II.1"]


@pytest.mark.parametrize("line", ["1. Tưới cây:\n", "(1) Tưới cây:\n- Cây cam:\n", "a) Tưới cây: b) Quét lá:\n"])
def test_rows_that_never_end_are_read_without_going_ever_deeper(line):
    assert labels(line * 2000)


def test_a_bracket_left_open_is_closed_by_the_next_line():
    text = "1. Nộp cây giống về vườn trường (ấp 3, xã Bến Đò, quận\n1- TP Hoa Sen).\n2. Tưới cây."
    assert words(text) == ["Nộp cây giống về vườn trường (ấp 3, xã Bến Đò, quận 1- TP Hoa Sen).", "Tưới cây."]
    assert words("1. Các việc (cụ thể\n2. Tưới cây\n3. Nhổ cỏ") == ["Các việc (cụ thể", "Tưới cây", "Nhổ cỏ"]
    text = "Có khó khăn thì báo (qua ông An,\nđiện thoại:\n0900000000).\nNộp bài trước giờ học."
    assert words(text) == ["Có khó khăn thì báo (qua ông An, điện thoại: 0900000000).", "Nộp bài trước giờ học."]
