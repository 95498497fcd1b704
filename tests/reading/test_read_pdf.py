"""PDF files become lines that read as a person reads the page."""

from __future__ import annotations

import pytest
from papers import HEIGHT, Paper, cells, columns, letterhead, lines, read
from reportlab.lib.pagesizes import A4

from pipeline.errors import NoText


def test_a_letterhead_comes_apart_left_column_first():
    found = columns(read(letterhead(Paper()).body().bytes()))
    assert found[:3] == [(0, "PEOPLE OF NORTHVALE"), (0, "BUREAU OF WATERS"), (0, "No: /NB-TV")]
    assert found[3:6] == [
        (1, "COMMONWEALTH OF THE SEVEN RIVERS"),
        (1, "Water - Wood - Wind"),
        (1, "Northvale, day of month 11 of 2024"),
    ]


def test_justified_text_is_never_split():
    document = read(Paper().body(lines=30).bytes())
    assert len(document.lines) == 30
    assert all(line.column is None for line in document.lines)


def test_recipients_stand_before_the_signature_beside_them():
    paper = Paper().body(y=80, lines=4).text(85, 166, "With kind regards.")
    paper.text(85, 200, "Receivers:", 12, bold=True).centred(430, 198, "FOR THE BUREAU", bold=True)
    for n, name in enumerate(("- As above;", "- District offices of the valley;", "- Files: OF, RT.")):
        paper.text(85, 214 + 13 * n, name, 11)
    paper.centred(430, 214, "THE HEAD", bold=True).centred(430, 310, "Nora Delling", bold=True)
    found = columns(read(paper.bytes()))
    assert found[4:] == [
        (None, "With kind regards."),
        (0, "Receivers:"),
        (0, "- As above;"),
        (0, "- District offices of the valley;"),
        (0, "- Files: OF, RT."),
        (1, "FOR THE BUREAU"),
        (1, "THE HEAD"),
        (1, "Nora Delling"),
    ]


def test_a_list_with_tabs_is_read_across():
    paper = Paper()
    for n, (name, role) in enumerate(
        (("Ada Stone of the mill", "Chair"), ("Ben Marsh of the ford", "Secretary of the board"))
    ):
        paper.text(85, 100 + 16 * n, name).text(330, 100 + 16 * n, role)
    found = columns(read(paper.bytes()))
    assert found == [(None, "Ada Stone of the mill Chair"), (None, "Ben Marsh of the ford Secretary of the board")]


def test_stamped_number_and_day_go_into_their_blanks():
    paper = letterhead(Paper()).body().widget(144, 105, "565", width=30).widget(405, 105, "15", width=22)
    found = lines(read(paper.bytes()))
    assert "No: 565/NB-TV" in found
    assert "Northvale, day 15 of month 11 of 2024" in found


def test_a_number_stamped_elsewhere_fills_its_blank_and_is_an_issue():
    paper = (
        letterhead(Paper()).body(lines=3).text(85, 320, "We ask your offices:").widget(215, 320, "934/NB-TV", width=80)
    )
    document = read(paper.bytes())
    assert "No: 934/NB-TV" in lines(document)
    assert "We ask your offices:" in lines(document)
    assert [issue.code for issue in document.issues] == ["stamp.misplaced"]


def test_what_a_signature_says_of_itself_stands_apart():
    paper = letterhead(Paper()).body()
    paper.canvas.acroForm.textfield(
        value="Signed by: Bureau\nTime: 07:25", fieldFlags="multiline", name="sig", x=300, y=HEIGHT - 50, width=200,
        height=44, fontName="Times-Roman", fontSize=8, borderWidth=0,
    )  # fmt: skip
    found = lines(read(paper.bytes()))
    assert found[0] == "PEOPLE OF NORTHVALE"
    assert found[-2:] == ["Signed by: Bureau", "Time: 07:25"]


def test_page_numbers_and_running_heads_do_not_cut_the_text():
    paper = Paper()
    for n in range(1, 6):
        head = "GAZETTE No. 271 of 12-05-2026"
        places = (85, 250) if n % 2 else (500, 85)
        paper.text(places[0], 40, f"{n + 83}").text(places[1], 40, head)
        paper.body(y=90, lines=40, first=40 * n).centred(300, 810, f"- {n} -").page()
    found = lines(read(paper.bytes()))
    assert len(found) == 200
    assert not any("GAZETTE" in line or line.strip("- ").isdigit() for line in found)


def test_a_lone_number_inside_the_text_stays():
    found = lines(read(Paper().body(y=90, lines=5).text(300, 400, "2024").body(y=430, lines=3).bytes()))
    assert "2024" in found


def test_a_symbol_broken_at_a_line_end_is_whole_again():
    paper = Paper().text(85, 100, "As letter 886/STV-").text(85, 116, "BCVT of the office says")
    assert lines(read(paper.bytes())) == ["As letter 886/STV-BCVT", "of the office says"]


def test_boxes_are_as_displayed_from_the_top_left():
    document = read(Paper().text(85, 100, "Alone here").bytes())
    box = document.lines[0].box
    assert box is not None and document.lines[0].page == 1
    assert 84 < box.x0 < 87 and 86 < box.top < 97 and 99 < box.bottom < 106


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_as_it_is_displayed(turn):
    paper = Paper()
    paper.canvas.setPageRotation(turn)  # reportlab turns the sheet too: the page is shown upright
    moves = {90: (HEIGHT, 0), 180: (A4[0], HEIGHT), 270: (0, A4[0])}
    paper.canvas.translate(*moves[turn])
    paper.canvas.rotate(turn)
    paper.canvas.setFont("Times-Roman", 13)
    for n, words in enumerate(("First line of it", "second line of it")):
        paper.canvas.drawString(60, HEIGHT - 70 - 20 * n, words)
    document = read(paper.bytes())
    assert lines(document) == ["First line of it", "second line of it"]
    box = document.lines[0].box
    assert box is not None and 58 < box.x0 < 63 and 55 < box.top < 70 and box.x1 - box.x0 > 60


def table_paper(top: float = 200) -> Paper:
    paper = Paper().body(y=80, lines=4).rules([85, 130, 330, 440, 540], [top, top + 20, top + 60, top + 80])
    for x, words in zip((90, 135, 335, 445), ("No.", "Work", "Who", "When"), strict=True):
        paper.text(x, top + 14, words, bold=True)
    paper.text(90, top + 35, "1").text(135, top + 35, "Clean the wells of").text(135, top + 51, "the valley")
    paper.text(335, top + 35, "Bureau").text(445, top + 35, "Quarter II")
    paper.text(90, top + 74, "2").text(135, top + 74, "Paint the pumps").text(445, top + 74, "2025")
    return paper


def test_a_ruled_table_is_read_cell_by_cell():
    document = read(table_paper().body(y=320, lines=3).bytes())
    assert cells(document) == [
        ["No.", "Work", "Who", "When"],
        ["1", "Clean the wells of the valley", "Bureau", "Quarter II"],
        ["2", "Paint the pumps", "", "2025"],
    ]
    assert lines(document)[8:12] == ["1", "Clean the wells of", "the valley", "Bureau"]
    assert document.tables[0].page == 1


def test_a_merged_cell_stands_in_each_row_it_covers():
    paper = Paper().rules([85, 200, 540], [100, 120])
    canvas = paper.canvas
    for y in (120, 160):
        canvas.line(85, HEIGHT - y, 540, HEIGHT - y)
    canvas.line(200, HEIGHT - 140, 540, HEIGHT - 140)
    for x in (85, 200, 540):
        canvas.line(x, HEIGHT - 100, x, HEIGHT - 160)
    paper.text(90, 114, "Who").text(205, 114, "Work").text(90, 144, "Bureau")
    paper.text(205, 134, "Clean the wells").text(205, 154, "Paint the pumps")
    document = read(paper.bytes())
    assert cells(document) == [["Who", "Work"], ["Bureau", "Clean the wells"], ["Bureau", "Paint the pumps"]]
    assert document.tables[0].rows[1][0] == document.tables[0].rows[2][0]


def test_a_table_goes_on_over_the_page_break():
    paper = table_paper(top=660)
    paper.page().rules([85, 130, 330, 440, 540], [60, 80, 100, 120])
    for x, words in zip((90, 135, 335, 445), ("No.", "Work", "Who", "When"), strict=True):
        paper.text(x, 74, words, bold=True)
    paper.text(135, 94, "and the fences").text(335, 94, "Ferrymen")
    paper.text(90, 114, "3").text(135, 114, "Count the boats").text(445, 114, "2026")
    found = cells(read(paper.bytes()))
    assert found[2:] == [
        ["2", "Paint the pumps and the fences", "Ferrymen", "2025"],
        ["3", "Count the boats", "", "2026"],
    ]


def test_a_box_around_text_and_an_underline_are_no_table():
    paper = Paper().rules([85, 540], [90, 200]).body(y=110, lines=5)
    paper.canvas.line(85, HEIGHT - 300, 200, HEIGHT - 300)
    document = read(paper.text(85, 297, "Underlined words").bytes())
    assert not document.tables and len(document.lines) == 6


def test_a_table_drawn_without_its_outer_sides_is_a_table():
    paper = Paper()
    for y in (100, 120, 140, 160):
        paper.canvas.line(85, HEIGHT - y, 540, HEIGHT - y)
    for x in (130, 330):
        paper.canvas.line(x, HEIGHT - 100, x, HEIGHT - 160)
    for n in range(3):
        paper.text(90, 114 + 20 * n, f"{n}.").text(135, 114 + 20 * n, f"Well {n}").text(335, 114 + 20 * n, f"Pump {n}")
    assert cells(read(paper.bytes())) == [[f"{n}.", f"Well {n}", f"Pump {n}"] for n in range(3)]


def test_a_table_drawn_in_dots_is_a_table():
    dotted = Paper()
    dotted.canvas.setDash(1, 1)
    dotted.rules([85, 300, 540], [100, 120, 140]).text(90, 114, "One").text(305, 114, "Two").text(90, 134, "Three")
    assert cells(read(dotted.bytes())) == [["One", "Two"], ["Three", ""]]


def test_words_in_a_corner_that_no_rectangle_covers_stay_in_the_table():
    paper = Paper().rules([85, 300, 540], [100, 160])
    paper.canvas.line(85, HEIGHT - 120, 540, HEIGHT - 120)
    paper.canvas.line(85, HEIGHT - 140, 290, HEIGHT - 140)  # ends before the next upright
    for x in (90, 305):
        for n in range(3):
            paper.text(x, 114 + 20 * n, f"word {x} {n}")
    document = read(paper.bytes())
    assert len(document.tables) == 1
    printed = " ".join(" ".join(row) for row in cells(document))
    assert all(f"word {x} {n}" in printed for x in (90, 305) for n in range(3))


def test_a_page_of_countless_rules_is_read_without_its_table_and_is_an_issue():
    paper = Paper().rules(range(60, 540, 6), range(60, 500, 6)).text(85, 600, "Plan of the canals").page()
    paper.rules([85, 300, 540], [100, 120, 140]).text(90, 114, "One").text(305, 114, "Two").text(90, 134, "Three")
    document = read(paper.bytes())
    assert lines(document)[0] == "Plan of the canals"
    assert [(issue.code, "1" in issue.message) for issue in document.issues] == [("table.too_complex", True)]
    assert cells(document) == [["One", "Two"], ["Three", ""]]


def test_pages_without_rules_do_not_load_the_table_finder():
    import subprocess
    import sys

    code = (
        "import sys; from pipeline.reading import read_document_bytes as read;"
        "read(sys.stdin.buffer.read()); print('pdfplumber' in sys.modules)"
    )
    for paper, loaded in ((Paper().body(), "False"), (table_paper(), "True")):
        run = subprocess.run([sys.executable, "-c", code], input=paper.bytes(), capture_output=True, check=True)
        assert run.stdout.decode().strip() == loaded


def test_bold_lines_know_it():
    document = read(Paper().text(85, 100, "Heading of it", bold=True).text(85, 120, "and its text").bytes())
    assert [line.bold for line in document.lines] == [True, False]


def picture_page(paper: Paper) -> Paper:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    paper.canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, HEIGHT)
    return paper


def test_a_scan_has_no_text():
    with pytest.raises(NoText) as caught:
        read(picture_page(Paper()).text(500, 20, "1").bytes())
    assert caught.value.details["pages"] == 1


def test_pictured_pages_among_others_are_issues_and_blank_ones_are_none():
    paper = Paper().body().page()
    picture_page(paper).page()
    paper.page().body(lines=2)
    document = read(paper.bytes())
    assert [issue.code for issue in document.issues] == ["page.no_text"]
    assert "2" in document.issues[0].message
    assert document.pages == 4


@pytest.mark.parametrize("angle", [90, 270])
def test_a_table_printed_sideways_is_read_upright(angle):
    paper = Paper()
    canvas = paper.canvas
    canvas.translate(*{90: (A4[0], 0), 270: (0, HEIGHT)}[angle])
    canvas.rotate(angle)
    for x in (60, 120, 320, 460):
        canvas.line(x, 300, x, 420)
    for y in (300, 340, 380, 420):
        canvas.line(60, y, 460, y)
    rows = (("No.", "Work to be done", "When"), ("one", "Clean the wells", "Quarter II"), ("two", "Paint pumps", "May"))
    for n, row in enumerate(rows):
        for x, words in zip((65, 125, 325), row, strict=True):
            canvas.setFont("Times-Roman", 13)
            canvas.drawString(x, 400 - 40 * n, words)
    document = read(paper.bytes())
    assert cells(document) == [list(row) for row in rows]
    first, last = document.lines[0].box, document.lines[-1].box
    assert first is not None and last is not None
    if angle == 90:  # the paper's head lies at the left, its lines run upwards
        assert first.x0 < last.x0 and first.top > last.top
    else:
        assert first.x0 > last.x0 and first.top < last.top
    assert first.bottom - first.top > first.x1 - first.x0


def test_letters_without_a_name_are_marked_and_bullets_of_symbol_fonts_are_hyphens():
    from pipeline.reading.builder import Builder

    builder = Builder()
    builder.add("\uf0b7 Ch\ue00dnh phủ\uf0e0")
    document = builder.document("0", "pdf")
    assert lines(document) == ["- Ch\ufffdnh phủ"]
    assert [issue.code for issue in document.issues] == ["text.unreadable_letters"]


def test_a_signature_that_begins_above_the_list_and_ends_beside_it():
    paper = Paper().body(y=200, lines=5).text(85, 300, "Yours.")
    paper.centred(430, 330, "FOR THE BUREAU", bold=True).centred(430, 346, "THE HEAD", bold=True)
    paper.text(85, 362, "Receivers:", 12).centred(430, 430, "Nora Delling", bold=True)
    for n in range(10):
        paper.text(85, 376 + 13 * n, f"- office number {n} of the list;", 11)
    found = columns(read(paper.bytes()))[5:]
    assert found[:2] == [(None, "Yours."), (0, "Receivers:")]
    assert [column for column, _ in found[1:12]] == [0] * 11
    assert found[12:] == [(1, "FOR THE BUREAU"), (1, "THE HEAD"), (1, "Nora Delling")]


def test_words_set_in_pieces_on_a_sideways_page_are_whole():
    paper = Paper()
    canvas = paper.canvas
    canvas.translate(A4[0], 0)
    canvas.rotate(90)
    rows = (("Cl", "ean the w", "ells"), ("Pai", "nt al", "l pum", "ps"), ("Count boat", "s now")) * 2
    for n, row in enumerate(rows):
        x = 85.0
        for part in row:
            canvas.setFont("Times-Roman", 13)
            canvas.drawString(x, 400 - 20 * n, f"{part} ")  # some programs print a space and go back over it
            x += canvas.stringWidth(part, "Times-Roman", 13) + 0.5
    assert lines(read(paper.bytes())) == ["Clean the wells", "Paint all pumps", "Count boats now"] * 2


def test_tiny_print_of_a_signature_stands_apart():
    paper = Paper().body(y=80, lines=4)
    paper.text(85, 200, "Receivers:", 12).centred(430, 200, "THE HEAD", bold=True)
    for n, name in enumerate(("- As above;", "- District offices of the valley;", "- Files: OF, RT.")):
        paper.text(85, 214 + 13 * n, name, 11)
    for n, words in enumerate(("Signed by: Bureau of Waters", "Office: Northvale", "Time: 09:41:53")):
        paper.text(390, 212 + 4 * n, words, 3.5)
    paper.centred(430, 280, "Nora Delling", bold=True)
    found = columns(read(paper.bytes()))
    assert found[4:] == [
        (0, "Receivers:"),
        (0, "- As above;"),
        (0, "- District offices of the valley;"),
        (0, "- Files: OF, RT."),
        (1, "THE HEAD"),
        (1, "Nora Delling"),
        (None, "Signed by: Bureau of Waters"),
        (None, "Office: Northvale"),
        (None, "Time: 09:41:53"),
    ]


def test_the_last_line_of_a_left_column_may_run_on_below_the_right_one():
    paper = letterhead(Paper()).text(92, 121, "On the cleaning of wells and", 12)
    paper.text(92, 135, "of all pumps and fountains in the valley of Northvale", 12).body()
    found = columns(read(paper.bytes()))
    assert found[2:7] == [
        (0, "No: /NB-TV"),
        (0, "On the cleaning of wells and"),
        (0, "of all pumps and fountains in the valley of Northvale"),
        (1, "COMMONWEALTH OF THE SEVEN RIVERS"),
        (1, "Water - Wood - Wind"),
    ]
    assert all(column is None for column, _ in found[8:])


def test_a_left_column_goes_on_below_a_line_that_stands_right_alone():
    paper = (
        Paper().centred(170, 60, "BUREAU OF WATERS", bold=True).centred(420, 60, "COMMONWEALTH OF RIVERS", bold=True)
    )
    paper.centred(420, 77, "Water - Wood - Wind").centred(170, 92, "No: 12/NB-TV").body(y=160)
    assert columns(read(paper.bytes()))[:4] == [
        (0, "BUREAU OF WATERS"),
        (0, "No: 12/NB-TV"),
        (1, "COMMONWEALTH OF RIVERS"),
        (1, "Water - Wood - Wind"),
    ]


def test_what_a_scanner_recognised_is_read_and_is_an_issue():
    paper = picture_page(Paper())
    text = paper.canvas.beginText(85, 700)
    text.setFont("Times-Roman", 13)
    text.setTextRenderMode(3)
    for _ in range(4):
        text.textLine("The district offices shall send their yearly figures")
    paper.canvas.drawText(text)
    document = read(paper.page().body().bytes())
    assert len(document.lines) == 16
    assert [(issue.code, "1 page" in issue.message) for issue in document.issues] == [("text.recognised", True)]
