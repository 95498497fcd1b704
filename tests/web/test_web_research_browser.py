"""A researcher asks, reads and takes home answers in a real browser, also without a mouse and on a telephone."""

import csv

import pytest

SIZES = [(1366, 768), (390, 844)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_researcher_takes_a_question_changes_it_and_exports(server, browse, tmp_path, width, height):
    window = browse(server, width, height).sign_in("viewer")
    window.go("/research")
    assert window.faults() == []
    assert not window.is_too_wide()
    page = window.page
    page.click("text=Văn bản giao nhiều việc nhất")
    page.wait_for_selector("#answer")
    assert window.faults() == []
    assert not window.is_too_wide()
    page.fill("#p_most", "2")
    page.press("#p_most", "Enter")
    page.wait_for_selector("#answer:has-text('2 dòng')")
    assert page.locator("section tbody tr").count() == 2
    with page.expect_download() as download:
        page.click("text=Tải CSV")
    path = tmp_path / "answer.csv"
    download.value.save_as(path)
    assert len(list(csv.reader(path.open(encoding="utf-8-sig")))) == 3
    page.click("summary:has-text('Câu lệnh SQL')")
    page.click("text=Sửa câu lệnh này")
    assert "current_duties" in page.input_value("#sql")
    assert page.locator("#answer").count() == 0
    assert page.input_value("#p_most") == "2"


def test_all_of_it_without_a_mouse(server, browse):
    window = browse(server).sign_in("viewer")
    window.go("/research")
    page = window.page
    page.focus("#sql")
    page.keyboard.type("SELECT isuer FROM dispatches")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[role=alert]")
    assert "issuer" in page.inner_text("[role=alert]")
    assert window.faults() == []
    window.wrong.clear()  # the browser tells of the status 422
    page.focus("#sql")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("SELECT '<b onclick=alert(1)>x</b>' AS \"<i>\", :x AS y")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer")
    assert page.inner_text("section tbody td >> nth=0") == "<b onclick=alert(1)>x</b>"
    assert page.inner_text("section thead th >> nth=0") == "<i>"
    page.focus("#p_x")
    page.keyboard.insert_text("ă")
    page.keyboard.press("Enter")
    page.wait_for_selector("section td:has-text('ă')")
    page.focus("text=Tải Excel")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_pages_of_the_api_are_readable(server, browse, width, height):
    window = browse(server, width, height).sign_in("viewer")
    window.go("/api/")
    window.page.click("summary >> nth=0")
    assert window.faults() == []
    assert not window.is_too_wide()
    window.go("/account/tokens")
    window.page.fill("#name", "bảng tính")
    window.page.press("#name", "Enter")
    window.page.wait_for_selector("#made")
    assert window.page.input_value("#made").startswith("cv_")
    assert window.faults() == []
    assert not window.is_too_wide()
