"""Text, Markdown and web pages become lines, whatever they are encoded in."""

from __future__ import annotations

import time

import pytest
from papers import cells, columns, lines, read

LETTER = "BÁO CÁO\nVề việc nước sạch\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    assert lines(read(LETTER.encode(encoding))) == ["BÁO CÁO", "Về việc nước sạch"]


def test_the_old_windows_code_page_of_vietnamese():
    # tones are marks of their own after the vowel there
    assert lines(read(b"Quy\xec I, th\xf4ng b\xe1o \xf0\xea\xcc")) == ["Quý I, thông báo đề"]


def test_one_bad_byte_does_not_turn_the_text_into_another_alphabet():
    document = read(LETTER.encode() * 30 + b"\xff")
    assert lines(document)[0] == "BÁO CÁO"
    assert [issue.code for issue in document.issues] == ["text.unreadable_bytes"]


def test_text_is_composed_and_clean_and_offsets_fit():
    document = read("Ba\u0301o\u200b ca\u0301o\x07\r\n\u00a0Hai\x0cBa".encode())
    assert lines(document) == ["Báo cáo", "Hai", "Ba"]
    assert document.format == "txt" and document.pages == 0


def test_a_letterhead_set_with_spaces_comes_apart():
    text = (
        "BUREAU OF WATERS              COMMONWEALTH OF RIVERS\n"
        "OF NORTHVALE                  Water - Wood - Wind\n"
        "\n"
        "No: 12/NB-TV                  Northvale, 3 May 2024\n"
        "\n"
        "REPORT\n"
        "First sentence of it.   Second sentence after a wide space.\n"
    )
    found = columns(read(text.encode()))
    assert found[:6] == [
        (0, "BUREAU OF WATERS"),
        (0, "OF NORTHVALE"),
        (0, "No: 12/NB-TV"),
        (1, "COMMONWEALTH OF RIVERS"),
        (1, "Water - Wood - Wind"),
        (1, "Northvale, 3 May 2024"),
    ]
    assert [column for column, _ in found[6:]] == [None, None]


def test_recipients_beside_a_signature_in_text():
    text = "Body of it.\n" * 20 + (
        "Receivers:                    THE HEAD\n- As above;\n- Files.\n\n                              Nora Delling\n"
    )
    found = columns(read(text.encode()))[20:]
    assert found == [(0, "Receivers:"), (0, "- As above;"), (0, "- Files."), (1, "THE HEAD"), (1, "Nora Delling")]


def test_a_markdown_letterhead_gives_its_cells():
    text = (
        "| BUREAU OF WATERS --- | COMMONWEALTH --- |\n|---|---|\n| No: 12/NB-TV | 3 May 2024 |\n\n"
        "**REPORT**\n\nIt says much.\n\n| | THE HEAD Nora Delling |\n|---|---|\n"
    )
    document = read(text.encode())
    assert columns(document) == [
        (0, "BUREAU OF WATERS ---"),
        (0, "No: 12/NB-TV"),
        (1, "COMMONWEALTH ---"),
        (1, "3 May 2024"),
        (None, "**REPORT**"),
        (None, "It says much."),
        (1, "THE HEAD Nora Delling"),
    ]
    assert not document.tables


def test_a_markdown_table_of_tasks():
    text = "| No. | Work | Who |\n| :-- | --- | --: |\n| 1 | Clean the wells<br>and pumps | Bureau |\n| 2 | Rest | |\n"
    assert cells(read(text.encode())) == [
        ["No.", "Work", "Who"],
        ["1", "Clean the wells and pumps", "Bureau"],
        ["2", "Rest", ""],
    ]


def test_bare_pipes_are_a_table_only_in_several_lines():
    assert cells(read(b"No. | Work | Who\n1 | Clean | Bureau\n")) == [["No.", "Work", "Who"], ["1", "Clean", "Bureau"]]
    assert lines(read(b"Tel. 12 | Fax 13 | Post 14\n\nEnd\n"))[0] == "Tel. 12 | Fax 13 | Post 14"


def test_long_texts_take_linear_time():
    def seconds(size: int) -> float:
        data = ("Một dòng chữ\tcó khoảng trống   ở giữa câu nói | và nữa\n" * size).encode()
        start = time.process_time()
        read(data)
        return time.process_time() - start

    seconds(100)
    small, large = seconds(4_000), seconds(40_000)
    assert large < 30 * max(small, 0.01)


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Portal</title><script>var a = 1;</script></head><body>
<div class="top"><ul>
<li><a href="/">Home</a></li><li><a href="/l">Laws</a></li><li><a href="/c">Contact us</a></li></ul></div>
<form><div class="main"><table>
<tr><td><b>BUREAU OF WATERS</b><br>-----</td>
<td><p>COMMONWEALTH</p><p>Water &amp; Wind</p></td></tr>
<tr><td>No: 12/NB-TV</td><td>Northvale, 3 May 2024</td></tr></table>
<p align="center">To: the districts</p><p>The bureau asks all
 districts<br>to count <i>their</i> wells as told in <a href="#">letter 4/NB</a> without delay.</p>
<div style="display:none">spam</div>
<ol type="a"><li>Count the wells</li><li>Paint the pumps</li></ol><ul><li>Rest</li></ul>
<table border="1">
<tr><th>No.</th><th>Work</th><th>When</th></tr>
<tr><td rowspan="2">1</td><td>Clean</td><td>May</td></tr>
<tr><td>Paint</td><td>June</td></tr></table></div></form>
<div class="more">
<a href="1">Other letter one</a> <a href="2">Other letter two</a> <a href="3">Other letter three</a></div>
<footer>All rights reserved</footer></body></html>"""


def test_a_saved_page_of_a_portal():
    document = read(PAGE.encode())
    assert columns(document)[:11] == [
        (0, "BUREAU OF WATERS"),
        (0, "-----"),
        (0, "No: 12/NB-TV"),
        (1, "COMMONWEALTH"),
        (1, "Water & Wind"),
        (1, "Northvale, 3 May 2024"),
        (None, "To: the districts"),
        (None, "The bureau asks all districts"),
        (None, "to count their wells as told in letter 4/NB without delay."),
        (None, "a) Count the wells"),
        (None, "b) Paint the pumps"),
    ]
    assert cells(document) == [["No.", "Work", "When"], ["1", "Clean", "May"], ["1", "Paint", "June"]]
    text = document.text
    assert not any(word in text for word in ("Contact", "Other letter", "var a", "spam", "rights", "Portal"))
    assert document.lines[0].bold and not document.lines[7].bold


def test_the_encoding_that_a_page_names_is_used():
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-16"></head><p>Báo cáo'
    assert lines(read(page.encode("utf-16"))) == ["Báo cáo"]
    page = '<html><head><meta charset="windows-1258"></head><body><p>Quy\u0301'
    assert lines(read(page.encode("cp1258"))) == ["Quý"]


def test_a_web_archive_gives_its_page():
    archive = (
        b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="xx"\r\n\r\n--xx\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<html><body><p>N=C6=B0=E1=BB=9Bc s=E1=BA=A1ch</p></body></html>\r\n--xx--\r\n"
    )
    assert lines(read(archive)) == ["Nước sạch"]


@pytest.mark.parametrize(
    "sign", ["\x02", "\x0b", "\x0c", "\x1f", "\uffff", "&#2;", "&#x0B", "&#0;", "&#xd800;", "&#xffff;"]
)
def test_control_characters_beside_what_is_left_out_of_a_page(sign):
    words = f"Nước{sign}<script>a</script>sạch{sign}<!-- b --> của{sign} xã. {'Giữ gìn nguồn nước. ' * 30}"
    assert lines(read(f"<html><body><p>{words}</p></body></html>".encode()))[0].startswith("Nước")
