"""Task tables whose rules are lost: cells come as runs of lines."""

from duty_texts import document, leads, obligations

HEADER = ["TT", "Nội dung nhiệm vụ", "Cơ quan", "chủ trì", "Cơ quan", "phối hợp", "Sản phẩm", "Thời hạn", "hoàn thành"]
FIRST = [
    "1",
    "Mua sách cho thư viện của các",
    "trường trong toàn tỉnh",
    "Sở Y tế",
    "Sở Nội vụ, các",
    "sở, ngành",
    "Báo cáo",
    "Tháng",
    "6/2030",
]
SECOND = ["2  Mở lớp tập huấn", "Sở Nội", "vụ", "Kế hoạch", "Quý II/2030"]


def test_cells_are_told_apart_by_what_they_hold():
    first, second = obligations(document("\n".join([*HEADER, *FIRST, *SECOND])), "kế hoạch")
    assert first.quote == "Mua sách cho thư viện của các trường trong toàn tỉnh"
    assert leads(first) == ["Sở Y tế"]
    assert [f.value for f in first.coordinating] == ["Sở Nội vụ", "các sở, ngành"]
    assert [d.due for d in first.deadlines] == ["2030-06-30"]
    assert second.quote == "Mở lớp tập huấn"
    assert leads(second) == ["Sở Nội vụ"]
    assert second.coordinating == ()
    assert [d.due for d in second.deadlines] == ["2030-06-30"]


def test_the_header_of_the_next_page_is_passed_over():
    found = obligations(document("\n".join([*HEADER, *FIRST, "14", *HEADER, *SECOND])), "kế hoạch")
    assert [o.quote for o in found][1:] == ["Mở lớp tập huấn"]


def test_sections_and_notes_are_no_duties():
    lines = [*HEADER, "I", "Nhiệm vụ chung", *FIRST, "2", "Nội quy số 5 ngày 02/3/2029 của trường"]
    assert len(obligations(document("\n".join(lines)), "kế hoạch")) == 1


def test_names_on_lines_of_their_own_are_several():
    lines = [*HEADER, "1", "Mua sách", "Sở Y tế", "Sở Nội vụ", "Sở Tài chính", "Báo cáo", "Năm 2030"]
    (only,) = obligations(document("\n".join(lines)), "kế hoạch")
    assert leads(only) == ["Sở Y tế"]
    assert [f.value for f in only.coordinating] == ["Sở Nội vụ", "Sở Tài chính"]


def test_a_list_of_other_things_is_no_task_table():
    lines = ["TT", "Họ và tên", "Ngày sinh", "1", "Lê Thị Tổ Chức", "01/01/1990"]
    assert obligations(document("\n".join(lines)), "kế hoạch") == ()


def test_a_row_that_goes_on_over_a_page_keeps_its_leads_its_result_and_its_times():
    row = [
        "1",
        "Mua sách cho thư viện",
        "Sở Y tế (đối với",
        "sách thuốc)",
        "Các sở",
        "Báo cáo đầy đủ",
        "Tháng",
        "5/2030",
    ]
    rest = ["Sở Nội vụ (đối với", "sách luật)", "loại sách được mua", "Tháng", "11/2030"]
    first, second = obligations(document("\n".join([*HEADER, *row, "14", *HEADER, *rest, *SECOND])), "kế hoạch")
    assert first.quote == "Mua sách cho thư viện"
    assert leads(first) == ["Sở Y tế", "Sở Nội vụ"]
    assert [d.due for d in first.deadlines] == ["2030-05-31", "2030-11-30"]
    assert second.quote == "Mở lớp tập huấn"


def test_each_result_of_a_row_has_its_time():
    noted = [*HEADER, "Căn cứ", *FIRST, "Luật số 5", "Sổ của các trường", "2031 - 2034", "Luật số 6"]
    (only,) = obligations(document("\n".join(noted)), "kế hoạch")
    assert [d.due for d in only.deadlines] == ["2030-06-30", "2034-12-31"]
