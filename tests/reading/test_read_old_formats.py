"""Old and odd formats: DOC, RTF, OpenDocument, one format under another's name, and fonts from before Unicode."""

from __future__ import annotations

import http.server
import io
import os
import shutil
import subprocess
import tempfile
import threading
import zipfile
from pathlib import Path

import pytest
from compound import compound, word_document
from papers import cells, columns, docx_bytes, docx_of, lines, par, read

from pipeline.errors import DamagedFile, EncryptedFile, NoText, OutlookMail, ProgramMissing, UnknownFormat
from pipeline.reading import read_document
from pipeline.reading.docbook import read_docbook

OFFICE = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice Writer is not installed")
ANTIWORD = pytest.mark.skipif(not shutil.which("antiword"), reason="antiword is not installed")

FONTS = r"{\fonttbl{\f0\fcharset0 Times New Roman;}{\f1\fcharset0 .VnTime;}{\f2\fcharset0 .VnTimeH{\*\falt Arial};}"
FONTS += r"{\f3\fcharset0 VNI-Times;}{\f4\fcharset163 Times New Roman;}{\f5\fcharset2 Symbol;}}"


def rtf(body: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + body + "}").encode("latin-1")


def row(*texts: str, edges: tuple[str, ...], rule: str = r"\clbrdrr\brdrs") -> str:
    places = "".join(f"{rule if rule else ''}{edge}" for edge in edges)
    content = "".join(rf"\pard\intbl {text}\cell " for text in texts)
    return rf"\trowd\trleft0 {places}{content}\row "


THREE = (r"\cellx2000", r"\cellx5000", r"\cellx8000")


def test_rtf_paragraphs_lines_and_weight():
    document = read(rtf(r"\pard\b one\b0\line two\par {\i three} \u7891?four\tab five\par"))
    assert lines(document) == ["one", "two", "three ồfour five"]
    assert document.format == "rtf"
    assert [line.bold for line in read(rtf(r"\b one\b0\par two\par")).lines] == [True, False]


def test_rtf_letters_by_code_page_and_by_number():
    body = r"\f4 \'d0\'e2\'f2u, \f0 caf\'e9 \uc1\u272\'d0\u7843? \uc0\u273i \u-10179\u-8704\par"
    assert lines(read(rtf(body))) == ["Đậu, café Đả đi \U0001f600"]


def test_rtf_leaves_out_what_is_not_printed():
    body = (
        r"{\*\unknown gone}{\info{\title gone}}{\stylesheet{\s0 gone;}}{\pict\pngblip 0a0b0c}shown "
        r"{\v hidden}{\deleted gone}"
        r"{\field{\*\fldinst PAGE gone}{\fldrslt 7}}{\footnote gone}\bin4 {\\} and this\par"
    )
    assert lines(read(rtf(body))) == ["shown 7 and this"]


def test_rtf_letterhead_in_two_columns():
    head = row(r"NORTHVALE\par WATERS", r"COMMONWEALTH\par Water - Wood", edges=THREE[:2], rule="")
    head += row("No: 12/NB", "3 May 2024", edges=THREE[:2], rule="")
    document = read(rtf(head + r"\pard To the districts\par"))
    assert columns(document) == [
        (0, "NORTHVALE"),
        (0, "WATERS"),
        (0, "No: 12/NB"),
        (1, "COMMONWEALTH"),
        (1, "Water - Wood"),
        (1, "3 May 2024"),
        (None, "To the districts"),
    ]


def test_rtf_tables_with_merged_cells():
    body = (
        row("Who", "Work", "When", edges=THREE)
        + row("Bureau", r"Clean\par the wells", "May", edges=(r"\clvmgf\cellx2000", *THREE[1:]))
        + row("", "Paint", "June", edges=(r"\clvmrg\cellx2010", *THREE[1:]))
        + row("Everybody rests", "July", edges=THREE[1:])
        + row("Nobody", "", "", edges=(r"\clmgf\cellx2000", r"\clmrg\cellx5000", r"\clmrg\cellx8000"))
    )
    document = read(rtf(body + r"\pard End\par"))
    assert cells(document) == [
        ["Who", "Work", "When"],
        ["Bureau", "Clean the wells", "May"],
        ["Bureau", "Paint", "June"],
        ["Everybody rests", "Everybody rests", "July"],
        ["Nobody"] * 3,
    ]
    assert lines(document).count("Bureau") == 1 and lines(document)[-1] == "End"


def test_rtf_table_in_a_cell_keeps_its_words():
    inner = r"\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx900\cellx1900\nestrow}"
    inner += r"{\nonesttables\par gone}"
    body = row("x", r"Outer\par " + inner + r"\pard\intbl\itap1 after", edges=THREE[:2])
    document = read(rtf(body + row("y", "z", edges=THREE[:2])))
    assert cells(document) == [["x", "Outer a b after"], ["y", "z"]]


def test_rtf_text_boxes_follow_their_paragraph_and_stamps_in_headers_the_text():
    box = r"{\shp{\*\shpinst\shpleft0{\sp{\sn gone}{\sv gone}}{\shptxt \pard URGENT\par}}{\shprslt gone}}"
    document = read(
        rtf(rf"{{\header \pard TOP SECRET\par Running title of the bureau of waters\par}}before{box} after\par")
    )
    assert lines(document) == ["before after", "URGENT", "TOP SECRET"]


def test_rtf_numbers_of_lists_are_printed():
    assert lines(read(rtf(r"{\listtext\f0 1.\tab}{\*\pn\pnlvl1 gone}item\par{\listtext\f5\'b7\tab}other\par"))) == [
        "1. item",
        "- other",
    ]


def test_rtf_legacy_fonts_are_followed_run_by_run():
    body = (
        r"\f2 ubnd x\'b7\f0 , \f1 t\'ad v\'can\par "
        r"\f1 tr\-\'edc m\-a\f0  co\-op B\u225?o c\u225?o\par"
        r"\f3 Nh\'f6\'f5ng n\'f6\'f4{\b0\'f9c}, \'d1\'f6\'f9c\par"
    )
    assert lines(read(rtf(body))) == [
        "UBND XÃ, tư vấn",
        "trước mưa coop Báo cáo",
        "Những nước, Đức",
    ]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_rtf_cut_short(share):
    whole = rtf(r"\pard " + r"The bureau of waters asks for figures.\par " * 20)
    with pytest.raises(DamagedFile) as caught:
        read(whole[: int(share * len(whole))])
    assert caught.value.details["reason"] == "truncated"


def test_rtf_nested_beyond_measure_and_without_text():
    with pytest.raises(DamagedFile):
        read(rtf("{" * 100_000))
    with pytest.raises(NoText):
        read(rtf(r"\pard\par"))


# DOC


def converted(source: bytes, ending: str, to: str, folder: Path) -> bytes:
    """What LibreOffice makes of a file."""
    (folder / f"paper.{ending}").write_bytes(source)
    args = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", to]
    run = [*args, "--outdir", str(folder / "out"), str(folder / f"paper.{ending}")]
    subprocess.run(run, capture_output=True, check=True, timeout=120)
    return (folder / "out" / f"paper.{to}").read_bytes()


@pytest.fixture(scope="module")
def doc(tmp_path_factory) -> bytes:
    """A Word file: a letterhead, a legacy font, a list, a table with a merged cell."""
    head = row(r"NORTHVALE\par WATERS", r"COMMONWEALTH\par Water - Wood", edges=THREE[:2], rule="")
    table = (
        row("Who", "Work", "When", edges=THREE)
        + row("Bureau", "Clean the wells", "May", edges=(r"\clvmgf\cellx2000", *THREE[1:]))
        + row("", "Paint the pumps", "June", edges=(r"\clvmrg\cellx2000", *THREE[1:]))
    )
    legacy = r"\pard{\f2 ubnd x\'b7} {\f1 b\'b8o c\'b8o tr\'ad\'edc \'abng n\'adíc}\par "
    body = head + r"\pard To the districts\par " + legacy + table + r"\pard End\par"
    return converted(rtf(body), "rtf", "doc", tmp_path_factory.mktemp("doc"))


TABLE = [["Who", "Work", "When"], ["Bureau", "Clean the wells", "May"], ["Bureau", "Paint the pumps", "June"]]


@OFFICE
def test_a_word_file_is_read_and_leaves_nothing_behind(doc, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = read(doc)
    assert columns(document)[:5] == [
        (0, "NORTHVALE"),
        (0, "WATERS"),
        (1, "COMMONWEALTH"),
        (1, "Water - Wood"),
        (None, "To the districts"),
    ]
    assert cells(document) == TABLE
    assert document.format == "doc" and lines(document)[-1] == "End"
    assert not list(tmp_path.iterdir())


@OFFICE
def test_legacy_fonts_of_a_word_file_are_followed(doc):
    assert "UBND XÃ báo cáo trước ông nước" in lines(read(doc))


def only(program: str | None, folder: Path, monkeypatch) -> None:
    """Have but one program to be found."""
    folder.mkdir()
    if program:
        (folder / program).symlink_to(str(shutil.which(program)))
    monkeypatch.setenv("PATH", str(folder))


@OFFICE
@ANTIWORD
def test_without_libreoffice_antiword_reads_words_and_tables(doc, tmp_path, monkeypatch):
    only("antiword", tmp_path / "bin", monkeypatch)
    document = read(doc)
    assert document.format == "doc"
    assert {"NORTHVALE", "COMMONWEALTH", "To the districts", "End"} <= set(lines(document))
    assert [cell for cell in cells(document)[0] if cell] == TABLE[0]
    assert "Paint the pumps" in cells(document)[2]
    assert [issue.code for issue in document.issues] == ["text.by_antiword"]


@OFFICE
@ANTIWORD
@pytest.mark.parametrize("program", ["soffice", "antiword"])
def test_a_stamp_in_a_header_or_a_frame_of_a_word_file_is_seen(tmp_path, monkeypatch, program):
    stamp = r"{\header \pard T\u7888?I M\u7852?T\par}\pard To the districts"
    stamp += r"{\shp{\*\shpinst\shpleft0\shptop0\shpright3000\shpbottom900{\sp{\sn shapeType}{\sv 202}}"
    stamp += r"{\shptxt \pard H\u7886?A T\u7888?C\par}}}\par the text\par"
    stamp += r"Every village counts its wells and pumps and says so.\par " * 40  # antiword gives up on short letters
    made = converted(rtf(stamp), "rtf", "doc", tmp_path)
    if program == "antiword":
        only("antiword", tmp_path / "bin", monkeypatch)
    found = lines(read(made))
    assert "TỐI MẬT" in found and "HỎA TỐC" in found and "To the districts" in found[:2]


@OFFICE
@ANTIWORD
def test_what_antiword_gives_up_on_waits_for_libreoffice(tmp_path, monkeypatch):
    made = converted(rtf(r"short\par"), "rtf", "doc", tmp_path)
    only("antiword", tmp_path / "bin", monkeypatch)
    with pytest.raises(ProgramMissing) as caught:
        read(made)
    assert caught.value.details["program"] == "soffice"


def test_without_either_program_it_is_said_what_to_install(tmp_path, monkeypatch):
    only(None, tmp_path / "bin", monkeypatch)
    with pytest.raises(ProgramMissing) as caught:
        read(compound({"WordDocument": word_document()}))
    assert "libreoffice" in caught.value.details["packages"]


def test_what_antiword_writes_is_read():
    book = """<?xml version="1.0"?><!DOCTYPE book PUBLIC "-//OASIS//DTD DocBook XML V4.1.2//EN" "http://nowhere/x.dtd">
    <book><title>gone</title><bookinfo><title>gone</title></bookinfo><chapter><title>  |<emphasis role='bold'>NOTICE
    </emphasis></title><para>
<emphasis role='bold'>NOTICE</emphasis><emphasis role='bold'>On wells</emphasis> and pumps
</para><para>

</para><para>
one <emphasis role='bold'>two</emphasis> | three
</para><orderedlist numeration='loweralpha'><listitem><para>
first
</para></listitem><listitem><para>
second
</para></listitem></orderedlist><itemizedlist mark='bullet'><listitem><para>
third
</para></listitem></itemizedlist><informaltable frame='none'><tgroup><tbody>
<row><entry>Who</entry><entry>What</entry><entry>When</entry></row>
<row><entry namest='c1' nameend='c2'>
Bureau
of waters
</entry><entry>May &amp; June</entry></row>
<row><entry>You</entry><entry>Rest</entry><entry></entry></row></tbody></tgroup></informaltable></chapter></book>"""
    document = read_docbook(book.encode(), "0", "doc")
    assert lines(document)[:7] == [
        "NOTICE",
        "NOTICE",
        "On wells and pumps",
        "one two   three",
        "a) first",
        "b) second",
        "- third",
    ]
    assert "pumps\n\none two" in document.text
    assert cells(document) == [
        ["Who", "What", "When"],
        ["Bureau of waters", "Bureau of waters", "May & June"],
        ["You", "Rest", ""],
    ]


@OFFICE
def test_a_word_file_of_rubbish_is_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises((DamagedFile, NoText)):
        read(compound({"WordDocument": word_document() + os.urandom(6000), "1Table": os.urandom(5000)}))
    assert not list(tmp_path.iterdir())


@pytest.fixture
def asked():
    """A web server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], paths
    server.shutdown()


@OFFICE
def test_nothing_is_fetched(asked, tmp_path):
    port, paths = asked
    linked = linked_picture(f"http://127.0.0.1:{port}/picture.png")
    made = converted(linked, "docx", "doc", tmp_path)
    assert paths, "the file does not refer to the server: nothing is shown"
    paths.clear()
    assert "before" in lines(read(made))
    assert not paths


def linked_picture(url: str) -> bytes:
    """A DOCX with a picture that is elsewhere."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml

    def fill(paper) -> None:
        key = paper.part.relate_to(url, RELATIONSHIP_TYPE.IMAGE, is_external=True)
        paper.add_paragraph("before")
        run = paper.add_paragraph().add_run()
        run.add_picture(io.BytesIO(_PIXEL))
        blip = run._r.xpath(".//a:blip")[0]
        names = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        names += ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        blip.getparent().replace(blip, parse_xml(f'<a:blip {names} r:link="{key}"/>'))

    return docx_bytes(fill)


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


@OFFICE
def test_opendocument_and_word_xml_are_read(tmp_path):
    import docx

    source = docx_bytes(lambda paper: paper.add_paragraph("Kính gửi: Các thôn"))
    assert docx
    odt = converted(source, "docx", "odt", tmp_path)
    assert lines(read(odt)) == ["Kính gửi: Các thôn"] and read(odt).format == "odt"
    word = '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w='
    word += (
        '"http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>Kính gửi: Các xóm</w:t></w:r>'
    )
    assert lines(read(f"{word}</w:p></w:body></w:wordDocument>".encode())) == ["Kính gửi: Các xóm"]


# what is in a file is told by its content


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (docx_of(par("Kính gửi: Các thôn")), "docx"),
        (rtf(r"K\u237?nh g\u7917?i: C\u225?c th\u244?n\par"), "rtf"),
        ("<html xmlns:o='urn:x'><body><p>Kính gửi: Các thôn</p></body></html>".encode(), "html"),
        ("\ufeff<HTML><BODY>Kính gửi: Các thôn</BODY></HTML>".encode("utf-16"), "html"),
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; "
            b"charset=utf-8\r\n\r\n" + "<html><p>Kính gửi: Các thôn</p></html>".encode() + b"\r\n--x--\r\n",
            "html",
        ),
        ("Kính gửi: Các thôn".encode(), "txt"),
    ],
)
def test_a_doc_file_may_be_something_else(tmp_path, data, format):
    path = tmp_path / "letter.doc"
    path.write_bytes(data)
    document = read_document(path)
    assert lines(document) == ["Kính gửi: Các thôn"] and document.format == format


@pytest.mark.parametrize(
    ("data", "error", "format"),
    [
        (compound({"Workbook": b""}), UnknownFormat, "xls"),
        (compound({"Book": b""}), UnknownFormat, "xls"),
        (compound({"PowerPoint Document": b""}), UnknownFormat, "ppt"),
        (compound({"Something": b""}), UnknownFormat, "ole"),
        (compound({"__properties_version1.0": b""}), OutlookMail, "msg"),
        (compound({"EncryptedPackage": b""}), EncryptedFile, "docx"),
        (compound({"WordDocument": word_document(locked=True)}), EncryptedFile, "doc"),
        (compound({"WordDocument": b""}), DamagedFile, "doc"),
        (compound({"WordDocument": word_document()})[:700], DamagedFile, "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DamagedFile, "doc"),
        (b"\xdb\xa5-\0" + bytes(600), UnknownFormat, "doc (Word 2)"),
    ],
)
def test_other_old_files_are_named(data, error, format):
    with pytest.raises(error) as caught:
        read(data)
    assert caught.value.details["format"] == format


def test_a_word_file_with_a_table_of_another_program_in_it_is_a_word_file(tmp_path, monkeypatch):
    only(None, tmp_path / "bin", monkeypatch)
    with pytest.raises(ProgramMissing):
        read(compound({"WordDocument": word_document()}, inside={"Workbook": b"x"}))


# fonts from before Unicode

LEGACY = ["B¸o c¸o viÖc söa ®\u00adêng tr\u00adíc ngµy 15", "C¸c th«n vµ hîp t¸c x· nu«i t«m, trång rõng"]
READ = ["Báo cáo việc sửa đường trước ngày 15", "Các thôn và hợp tác xã nuôi tôm, trồng rừng"]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def test_docx_runs_in_legacy_fonts():
    vnt = fonts(".VnTime")
    body = (
        f"<w:p>{run(LEGACY[0], vnt)}</w:p><w:p>{run('uû ban x·', fonts('.VnTimeH'))}{run(' Đồng Tháp')}</w:p>"
        f"<w:p>{run('tr', vnt)}<w:r><w:rPr>{vnt}</w:rPr><w:softHyphen/><w:t>íc</w:t></w:r></w:p>"
        f"<w:p>{run('nöô', fonts('VNI-Times'))}{run('ùc', fonts('VNI-Times'))}</w:p>"
        f"<w:p>{run('x')}<w:r><w:rPr>{vnt}</w:rPr><w:sym w:font='.VnTime' w:char='F0B7'/></w:r></w:p>"
        f"<w:p>{run('Đã là Unicode: báo cáo', vnt)}</w:p>"
        "<w:p><w:r><w:t>co</w:t><w:softHyphen/><w:t>op</w:t></w:r></w:p>"
    )
    assert lines(read(docx_of(body))) == [
        READ[0],
        "UỶ BAN XÃ Đồng Tháp",
        "trước",
        "nước",
        "xã",
        "Đã là Unicode: báo cáo",
        "coop",
    ]


def test_docx_styles_say_which_font_a_run_has():
    def fill(paper) -> None:
        styles = paper.styles
        styles["Normal"].font.name = ".VnTime"
        styles["Heading 1"].font.name = "Arial"
        paper.add_paragraph(LEGACY[1])
        paper.add_paragraph("Việc söa", style="Heading 1")
        paper.add_paragraph(LEGACY[0]).add_run(" café").font.name = "Arial"

    assert lines(read(docx_bytes(fill))) == [READ[1], "Việc söa", f"{READ[0]} café"]


def test_html_in_legacy_fonts():
    html = f"<html><body><p><font face='.VnTime'>{LEGACY[0]}</font></p><p style=\"font-family:'.VnTimeH'\">uû ban</p>"
    html += "<p><span style='font-family:\"VNI-Times\",serif'>nöôùc</span> hồ</p><p>café · señor</p></body></html>"
    assert lines(read(html.encode())) == [READ[0], "UỶ BAN", "nước hồ", "café · señor"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_plain_text_of_legacy_fonts(encoding):
    text = f"{LEGACY[0]}\n{LEGACY[1]}\n"
    assert lines(read(text.encode(encoding))) == READ


def test_offsets_hold_where_letters_grow_fewer():
    rows = "| Thoân | Vieäc | Haïn |\n|---|---|---|\n| Baéc | Naïo veùt möông | thaùng tö |\n"
    rows += "| Ñoaøi | Söûa ñöôøng | thaùng saùu |\n"
    document = read(f"Caùc thoân laøm ngay:\n\n{rows}\nHeát vieäc naøy\n".encode())
    assert lines(document)[0] == "Các thôn làm ngay:" and lines(document)[-1] == "Hết việc này"
    assert cells(document) == [
        ["Thôn", "Việc", "Hạn"],
        ["Bắc", "Nạo vét mương", "tháng tư"],
        ["Đoài", "Sửa đường", "tháng sáu"],
    ]
    first, last = document.tables[0].start, document.tables[0].end
    assert document.text[first:last].startswith("Thôn") and document.text[first:last].endswith("tháng sáu")


def test_pdf_in_legacy_fonts():
    assert lines(read(legacy_pdf("/ABCDEF+.VnTimeH", ["uû ban x·"]))) == ["UỶ BAN XÃ"]
    read_back = lines(read(legacy_pdf("/.VnTime", ["KÝnh göi: t\u00ad vÊn", LEGACY[0], "12/Q§-UB"])))
    assert read_back == ["Kính gửi: tư vấn", READ[0], "12/QĐ-UB"]


def legacy_pdf(font: str, texts: list[str]) -> bytes:
    """A PDF whose font is not in it and draws other letters than its codes say."""
    shown = b"".join(b"(%s) Tj T*\n" % text.encode("latin-1") for text in texts)
    stream = b"BT /F1 13 Tf 72 760 Td 18 TL\n" + shown + b"ET"
    name = font.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/TrueType/BaseFont%s/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255/Widths[%s]"
        b"/FontDescriptor 6 0 R>>" % (name, b"500 " * 224),
        b"<</Type/FontDescriptor/FontName%s/Flags 32/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900"
        b"/Descent -200/CapHeight 700/StemV 80>>" % name,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def test_an_archive_with_the_parts_of_opendocument_tables_is_no_text():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(UnknownFormat):
        read(out.getvalue())
