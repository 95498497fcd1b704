"""DOCX files become the lines that Word would print."""

from __future__ import annotations

from papers import cells, columns, docx_bytes, docx_of, lines, par, read

from pipeline.reading import read_document


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(par(t) for t in text.split('|'))}</w:tc>"


def table(*rows: str, borders: str = "single") -> str:
    rule = f'<w:tblBorders><w:insideV w:val="{borders}"/></w:tblBorders>'
    return f"<w:tbl><w:tblPr>{rule}</w:tblPr>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_a_letterhead_table_is_two_columns():
    head = table(
        cell("PEOPLE OF NORTHVALE|BUREAU OF WATERS") + cell("COMMONWEALTH|Water - Wood - Wind"),
        cell("No: 12/NB-TV") + cell("Northvale, 3 May 2024"),
        borders="none",
    )
    document = read(docx_of(head + par("To the districts")))
    assert columns(document) == [
        (0, "PEOPLE OF NORTHVALE"),
        (0, "BUREAU OF WATERS"),
        (0, "No: 12/NB-TV"),
        (1, "COMMONWEALTH"),
        (1, "Water - Wood - Wind"),
        (1, "Northvale, 3 May 2024"),
        (None, "To the districts"),
    ]
    assert not document.tables


def test_a_signature_beside_an_empty_cell_stands_right():
    assert columns(read(docx_of(table(cell("") + cell("THE HEAD|Nora Delling"))))) == [
        (1, "THE HEAD"),
        (1, "Nora Delling"),
    ]


def test_a_table_of_data_with_merged_cells():
    rows = (
        cell("Who") + cell("Work") + cell("When"),
        cell("Bureau", '<w:vMerge w:val="restart"/>') + cell("Clean the wells") + cell("May"),
        cell("", "<w:vMerge/>") + cell("Paint the pumps") + cell("June"),
        cell("Everybody rests", '<w:gridSpan w:val="3"/>'),
    )
    document = read(docx_of(par("Tasks:") + table(*rows) + par("End")))
    assert cells(document) == [
        ["Who", "Work", "When"],
        ["Bureau", "Clean the wells", "May"],
        ["Bureau", "Paint the pumps", "June"],
        ["Everybody rests"] * 3,
    ]
    assert lines(document)[0] == "Tasks:" and lines(document)[-1] == "End"
    assert lines(document).count("Bureau") == 1


def test_a_table_in_a_cell_keeps_its_words():
    inner = table(cell("a") + cell("b"), cell("c") + cell("d"))
    outer = f"<w:tc><w:tcPr/>{par('Outer')}{inner}<w:p/></w:tc>"
    document = read(docx_of(table(cell("x") + outer, cell("y") + cell("z"))))
    assert cells(document) == [["x", "Outer a b c d"], ["y", "z"]]


NUMBERING = """
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
 <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
 <w:lvl w:ilvl="4"><w:numFmt w:val="bullet"/><w:lvlText w:val="+"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
"""


def item(text: str, level: int) -> str:
    return par(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')


def test_automatic_numbers_are_printed():
    import docx

    base = docx_bytes(lambda paper: paper.add_paragraph("x", style="List Number"))
    assert docx and base  # the template has a numbering part to be replaced
    levels = [0, 1, 1, 2, 2, 3, 4, 0, 1, 2]
    body = "".join(item(f"item {n}", level) for n, level in enumerate(levels))
    found = lines(read(docx_of(body, numbering=NUMBERING)))
    marks = [line.rsplit(" item", 1)[0] for line in found]
    assert marks == ["I.", "I.1.", "I.2.", "a)", "b)", "-", "+", "II.", "II.1.", "a)"]


def test_insertions_stay_and_deletions_go():
    body = (
        '<w:p><w:r><w:t xml:space="preserve">before </w:t></w:r>'
        "<w:del><w:r><w:delText>March</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>April</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>"
    )
    assert lines(read(docx_of(body))) == ["before April"]


def test_hidden_text_is_not_printed_and_capitals_are():
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
        "<w:r><w:rPr><w:caps/><w:b/></w:rPr><w:t>sở y tế</w:t></w:r></w:p>"
    )
    document = read(docx_of(body))
    assert lines(document) == ["SỞ Y TẾ"] and document.lines[0].bold


def test_line_breaks_part_lines_and_text_boxes_are_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>DRAFT 2</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(read(docx_of(body))) == ["one", "two", "DRAFT 2"]


def test_a_letterhead_set_with_tabs_comes_apart():
    body = "".join(
        f"<w:p><w:r><w:t>{left}</w:t><w:tab/><w:tab/><w:t>{right}</w:t></w:r></w:p>"
        for left, right in (("BUREAU OF WATERS", "COMMONWEALTH"), ("No: 12/NB-TV", "Northvale, 3 May 2024"))
    )
    found = columns(read(docx_of(body + par("To the districts"))))
    assert [column for column, _ in found] == [0, 0, 1, 1, None]


def test_content_controls_are_read():
    inner = f"<w:sdt><w:sdtContent>{par('in a block')}</w:sdtContent></w:sdt>"
    inline = "<w:p><w:sdt><w:sdtContent><w:r><w:t>in a line</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    assert lines(read(docx_of(inner + inline))) == ["in a block", "in a line"]


def test_decomposed_letters_are_composed():
    assert lines(read(docx_of(par("Ba\u0301o ca\u0301o")))) == ["Báo cáo"]


def test_short_words_of_headers_and_footers_are_read_after_the_text_and_running_titles_are_not(tmp_path):
    import docx

    made = docx.Document()
    made.add_paragraph("Kính gửi: Các đơn vị")
    made.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    made.sections[0].footer.paragraphs[0].text = "Sổ tay nghiệp vụ, trang 1"
    path = tmp_path / "marked.docx"
    made.save(path)
    assert [w for w in read_document(path).text.split("\n") if w] == ["Kính gửi: Các đơn vị", "TỐI MẬT"]
