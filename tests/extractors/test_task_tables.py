"""Rows of task tables become duties."""

from duty_texts import leads, obligations, table_document

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
