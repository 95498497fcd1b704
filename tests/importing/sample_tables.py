"""Tracking tables as offices keep them, in every format. Bodies, places, numbers and people are invented."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from pathlib import Path

HEADING = [
    "STT",
    "Số, ký hiệu văn bản",
    "Ngày văn bản",
    "Nội dung nhiệm vụ",
    "Đơn vị chủ trì",
    "Đơn vị phối hợp",
    "Thời hạn",
    "Kết quả thực hiện",
    "Ngày hoàn thành",
    "Ghi chú",
]
WATER = "Lập danh mục giếng nước hỏng ở các xã ven sông"
TREES = "Trồng bổ sung cây bóng mát ven đường liên xã"
REPORT = "Báo cáo kết quả kiểm kê đèn đường"
ROWS = [
    ["1", "12/CT-UBND", "05/01/2026", TREES, "Sở Mây", "Sở Gió", "31/03/2026", "Đã hoàn thành", "10/3/2026", ""],
    ["2", "12/CT-UBND", "05/01/2026", WATER, "Sở Gió", "", "Trước ngày 15/4/2026", "Đang thực hiện", "", ""],
    ["3", "77/UBND-KT", "31/02/2026", REPORT, "Sở Mưa", "", "Quý II/2026", "", "", "hỏi lại văn thư"],
]


def csv_text(delimiter: str = ",", heading: list[str] | None = None, rows: list[list[str]] | None = None) -> str:
    lines = [heading or HEADING, *(rows or ROWS)]
    return "\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in line) for line in lines) + "\n"


def workbook() -> bytes:
    """Titles above, a heading of two lines with merged cells, lines over rows, one document over two rows, real days,
    the heading again on a second page, a sheet that is no table and a hidden one."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Theo dõi"
    sheet.append(["ỦY BAN NHÂN DÂN HUYỆN SUỐI MƠ"])
    sheet.append(["BẢNG THEO DÕI VIỆC GIAO NĂM 2026"])
    sheet.append([])
    first = ["TT", "Văn bản giao", None, None, "Nội dung", "Cơ quan thực hiện", "Thời hạn", None, "Tình trạng"]
    second = [None, "Số", "Ngày", "Cơ quan ban hành", None, None, "Theo văn bản", "Gia hạn", None]
    sheet.append(first)
    sheet.append(second)
    for area in ("A4:A5", "B4:D4", "E4:E5", "F4:F5", "G4:H4", "I4:I5"):
        sheet.merge_cells(area)
    sheet.append(["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"])
    sheet.append(["I. PHÒNG NỘI VỤ"])
    sheet.merge_cells("A7:I7")
    day = dt.datetime(2026, 2, 3)
    sheet.append([1, "15/UBND-NV", day, "UBND huyện Suối Mơ", WATER, None, dt.datetime(2026, 3, 31), None, "Xong"])
    sheet.append([2, None, None, None, TREES, "Phòng Tư pháp", "Tháng 5/2026", dt.date(2026, 6, 15), "Hoàn thành 80%"])
    sheet.merge_cells("B8:B9")
    sheet.merge_cells("C8:C9")
    sheet.merge_cells("D8:D9")
    sheet.append(first)
    sheet.append(second)
    sheet.append(["II. LĨNH VỰC KINH TẾ"])
    sheet.append([3, 88, dt.datetime(2026, 2, 20), None, REPORT, "Phòng Nội vụ", None, None, "Chưa báo cáo"])
    sheet.append(["Tổng cộng: 3 việc"])
    notes = book.create_sheet("Ghi chú")
    notes.append(["Bảng này do văn phòng lập."])
    hidden = book.create_sheet("Ẩn")
    hidden.append(HEADING)
    hidden.append(ROWS[0])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def document(mark: str = "") -> bytes:
    """A Word table by hand: number, day and signer in one cell, names over rows, results over two columns."""
    import docx

    paper = docx.Document()
    if mark:
        paper.add_paragraph(mark)
    paper.add_paragraph("BẢNG CẬP NHẬT VĂN BẢN GIAO VIỆC CHƯA HOÀN THÀNH")
    heading = ["STT", "Số ký hiệu văn bản, người ký", "Nội dung được giao", "Cơ quan thực hiện", "TG hoàn thành"]
    heading += ["Kết quả thực hiện", "Tình trạng xử lý"]
    table = paper.add_table(rows=0, cols=len(heading))
    table.style = "Table Grid"

    def add(*cells: str) -> list:
        made = table.add_row().cells
        for cell, words in zip(made, cells, strict=False):
            cell.text = words
        return list(made)

    add(*heading)
    row = add("PHÒNG QUẢN LÝ VẬN TẢI")
    row[0].merge(row[3])
    row = add("1", "Số 21/TB ngày 09/7/2026\nCT. Lê Văn Thử", WATER, "Phòng QLVT", "Trong tháng 8", "Chưa đề xuất")
    row[5].merge(row[6])
    row = add("2", "TB số 21/TB-VP ngày 09/7/2026", TREES, "", "trước ngày 28/8/2026", "Đã có báo cáo, tuy nhiên thiếu")
    row[5].merge(row[6])
    row = add("UBND PHƯỜNG …")
    row[0].merge(row[3])
    add("01", "CV số 1307 ngày 04/8/2026", REPORT, "", "", "", "")
    paper.add_paragraph("Văn phòng tổng hợp.")  # LibreOffice writes no DOC with a table at its very end
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def old_word(path: Path, soffice: str) -> Path:
    """The same as DOC, by LibreOffice."""
    source = path.with_suffix(".docx")
    source.write_bytes(document())
    home = f"-env:UserInstallation={(path.parent / 'office').as_uri()}"
    call = [soffice, home, "--headless", "--convert-to", "doc", "--outdir", str(path.parent), str(source)]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    source.unlink()
    return path
