"""Rows of task tables become duties."""

from duty_texts import ISSUER, leads, obligations, table_document

from extractors.dispatch import extract_dispatch
from extractors.model import Dispatch, Refusal

HEADER = ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành"]


def test_one_duty_a_row_with_who_and_when_from_the_columns():
    rows = [
        HEADER,
        ["1", "Mua sách cho thư viện", "Sở Y tế", "Sở Nội vụ", "Tháng 6/2023"],
        ["2", "Mở lớp tập huấn", "Sở Nội vụ", "", "Quý II/2023"],
    ]
    first, second = obligations(table_document(rows))
    assert first.quote == "Mua sách cho thư viện"
    assert leads(first) == ["Sở Y tế"]
    assert [f.value for f in first.coordinating] == ["Sở Nội vụ"]
    assert [d.due for d in first.deadlines] == ["2023-06-30"]
    assert leads(second) == ["Sở Nội vụ"]
    assert second.coordinating == ()


def test_a_row_across_the_table_is_a_heading():
    rows = [HEADER, ["I. Nhiệm vụ chung"] * 5, ["1", "Mua sách", "Sở Y tế", "", "Năm 2023"]]
    assert [o.quote for o in obligations(table_document(rows))] == ["Mua sách"]


def test_measurable_rows_are_targets():
    rows = [["TT", "Chỉ tiêu", "Chủ trì", "Phối hợp"], ["1", "80% học sinh có thẻ thư viện", "Sở Y tế", ""]]
    assert [o.kind for o in obligations(table_document(rows))] == ["target"]


def test_tables_of_other_things_hold_no_duties():
    rows = [["TT", "Họ và tên", "Ngày sinh"], ["1", "Lê Thị Tổ Chức", "01/01/1990"]]
    assert obligations(table_document(rows)) == ()


def test_a_task_column_without_who_or_when_is_no_task_table():
    rows = [["TT", "Nhiệm vụ", "Thông tin đầu mối"], ["1", "Giao Sở Y tế mua sách", "Bà Lê Thị B, số 1"]]
    assert obligations(table_document(rows)) == ()


def test_the_programme_of_a_meeting_holds_no_duties():
    rows = [
        ["Thời gian", "Nội dung", "Người thực hiện"],
        ["8h00 - 8h15", "Giới thiệu đại biểu", "Sở Y tế"],
        ["8h15 - 9h00", "Báo cáo kết quả", "Sở Nội vụ"],
    ]
    assert obligations(table_document(rows), "giấy mời") == ()


def test_headings_whose_roman_number_was_misread_are_no_duties():
    rows = [
        HEADER,
        ["VỊ", "Tổ chức công tác thư viện", "", "", ""],
        ["1", "Mua sách", "Sở Y tế", "", "Năm 2023"],
        ["H l", "Tổ chức công tác bảo tàng", "", "", ""],
        ["2", "Mở lớp tập huấn", "Sở Nội vụ", "", "Năm 2023"],
    ]
    assert [o.quote for o in obligations(table_document(rows))] == ["Mua sách", "Mở lớp tập huấn"]


def test_what_is_led_and_bounded_is_the_task_whatever_its_column_is_called():
    rows = [
        ["TT", "Thủ tục", "Mức", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện"],
        ["1", "Cấp thẻ thư viện cho học sinh", "3", "Sở Y tế", "Sở Nội vụ", "Tháng 6/2023"],
    ]
    (one,) = obligations(table_document(rows))
    assert (one.quote, leads(one)) == ("Cấp thẻ thư viện cho học sinh", ["Sở Y tế"])


def test_names_in_cells_come_without_specks():
    rows = [HEADER, ["1", "Mua sách cho thư viện", "'Sở Y tế,", "“Sở Nội vụ |", "Tháng 6/2023"]]
    (one,) = obligations(table_document(rows))
    assert leads(one) == ["Sở Y tế"]
    assert [f.value for f in one.coordinating] == ["Sở Nội vụ"]


HEADLESS = [
    ["1", "Mua sách cho thư viện của các trường trong tỉnh", "Sở Y tế", "Sở Nội vụ", "Tháng 6/2023"],
    ["2", "Mở lớp tập huấn cho cán bộ thư viện cấp xã", "Sở Nội vụ", "Các sở, ban, ngành", "Hàng năm"],
    ["II", *["Xây dựng đội ngũ cán bộ thư viện"] * 4],
    ["1", "Lập danh sách cán bộ thư viện trong toàn tỉnh", "Sở Y tế", "Sở Nội vụ", "Năm 2024"],
]


def test_a_page_out_of_a_task_table_is_read_by_what_its_cells_hold():
    found = obligations(table_document(HEADLESS))
    assert [leads(o) for o in found] == [["Sở Y tế"], ["Sở Nội vụ"], ["Sở Y tế"]]
    assert [f.value for f in found[0].coordinating] == ["Sở Nội vụ"]
    assert [d.due for d in found[0].deadlines] == ["2023-06-30"]


def test_tables_without_header_of_which_one_column_is_not_plain_hold_no_duties():
    people = [["1", f"Ông Lê Văn {n} ở thôn bên sông", "Sở Y tế", f"{n}0 cây"] for n in range(1, 6)]
    assert obligations(table_document(people)) == ()
    assert obligations(table_document(HEADLESS[:2])) == ()


def test_a_page_out_of_a_task_table_is_taken_in_and_other_tables_are_not():
    taken = extract_dispatch(table_document(HEADLESS))
    assert isinstance(taken, Dispatch)
    assert len(taken.obligations) == 3
    assert isinstance(extract_dispatch(table_document([HEADER[:3], *(row[:3] for row in HEADLESS)])), Refusal)


def test_a_table_of_figures_gives_no_tasks():
    rows = [
        ["TT", "Chỉ tiêu", "Đơn vị", "Kế hoạch", "Thực hiện"],
        ["1", "Số giếng đã khơi", "Giếng", "64", "66"],
        ["2", "Tỷ lệ hộ dùng nước sạch", "%", "70", "68,3"],
        ["3", "Số máy bơm đã thay", "Máy", "1.250", "1.310"],
    ]
    assert obligations(table_document(rows)) == ()
    tasks = [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
        ["1", "Khơi lại các giếng làng", "Sở Xây dựng", "12/2024"],
        ["2", "Thay máy bơm", "Sở Tài chính", "15/6/2024"],
        ["3", "Lập danh sách hộ dùng nước", "Sở Y tế", "2025"],
    ]
    assert len(obligations(table_document(tasks))) == 3


def test_units_are_no_leads_and_forms_of_figures_no_tasks():
    rows = [
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Ghi chú"],
        ["1", "Số xã có vườn trường", "Xã", ""],
        ["2", "Số lượt học sinh được tập huấn", "Người", ""],
    ]
    assert obligations(table_document(rows), "công văn") == ()
    found = obligations(table_document(rows), "kế hoạch")
    assert [leads(o) for o in found] == [[ISSUER], [ISSUER]]
    assert not any(o.lead_stated for o in found)


def test_a_column_of_leads_that_holds_none_names_nobody():
    rows = [
        ["TT", "Nội dung", "Đơn vị", "Thời gian"],
        ["1", "Trồng cây trong sân trường", "500 cây", "Quý II/2023"],
        ["2", "Mua sách cho thư viện", "1000 cuốn", "Quý III/2023"],
    ]
    assert [leads(o) for o in obligations(table_document(rows))] == [[ISSUER], [ISSUER]]
