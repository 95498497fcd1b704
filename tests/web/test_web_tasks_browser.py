"""Tasks in a real browser: compliance staff and researchers at work, with and without a mouse, on both screens."""

import io
import re

import pytest
from openpyxl import load_workbook

from pipeline.register import open_register

DAY = "2027-01-31"
PAGES = (
    f"/tasks?as_of={DAY}", f"/tasks?as_of={DAY}&window=late&text=bao+cao", "/tasks?text=khongcogi", "/tasks/T1",
    f"/scoreboard?as_of={DAY}", "/search?q=bao+cao", "/tasks/mark?duty=T1+T2", "/",
)  # fmt: skip


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
def window(request, browse, server):
    width, height = request.param
    return browse(server, width=width, height=height)


def test_pages_have_no_serious_fault_and_fit_the_screen(window):
    window.sign_in("admin")
    for path in PAGES:
        window.go(path)
        assert window.faults() == [], path
        assert not window.is_too_wide(), path
    window.go("/tasks")
    for summary in window.page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    assert window.faults() == []
    assert not window.is_too_wide()


def test_on_a_phone_the_list_comes_before_what_it_can_be_filtered_by(browse, server):
    phone = browse(server, width=390, height=844).sign_in("viewer")
    phone.go("/tasks")
    assert not phone.page.locator(".facets section").first.is_visible()
    phone.page.get_by_text("Lọc theo").click()
    assert phone.page.locator(".facets section").first.is_visible()


def count(page):
    return int(re.sub(r"\D", "", page.locator("#count").inner_text()))


def events(register):
    with open_register(register) as opened:
        return [(row["kind"], row["proof"], row["made_by"]) for row in opened.rows("SELECT * FROM duty_events")]


def test_compliance_staff_find_what_is_overdue_mark_one_done_and_file_the_list(browse, server):
    window = browse(server, accept_downloads=True).sign_in("compliance")
    page = window.page
    window.go("/")
    page.locator(".figures .late a").click()
    page.wait_for_url("**/tasks?window=late*")
    overdue = count(page)
    assert overdue > 3
    assert "đã quá hạn" in page.locator(".chips").inner_text()

    page.locator(".tasks .quote-cell a").first.click()
    page.wait_for_selector("#accepted-proof")
    page.fill("#accepted-proof", "D1")
    page.fill("#accepted-why", "đã gửi báo cáo")
    page.locator("section.entering button", has_text="Hoàn thành").click()
    page.wait_for_selector("[role=status]")
    assert "Người compliance" in page.locator(".events").inner_text()
    assert events(server.register) == [("accepted", "D1", "Người compliance (compliance)")]

    window.go("/tasks?window=late")
    assert count(page) == overdue - 1
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    rows = list(load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.iter_rows(values_only=True))
    assert sum(bool(re.match(r"T\d+", str(row[1]))) for row in rows) == overdue - 1


def test_several_are_marked_at_once_with_one_proof(browse, server):
    window = browse(server).sign_in("compliance")
    page = window.page
    window.go("/tasks?window=late")
    overdue = count(page)
    boxes = page.locator("td.pick input")
    chosen = sum(len(boxes.nth(n).get_attribute("value").split()) for n in range(2))
    for n in range(2):
        boxes.nth(n).check()
    page.get_by_role("button", name="Ghi hoàn thành các việc đã chọn").click()
    page.wait_for_url("**/tasks/mark?*")
    page.fill("#proof", "Báo cáo tổng kết")
    page.get_by_role("button", name=f"Ghi hoàn thành {chosen} việc").click()
    page.wait_for_url("**/tasks?window=late")
    assert f"Đã ghi hoàn thành {chosen} việc" in page.locator("[role=status]").inner_text()
    assert count(page) == overdue - chosen


def test_all_of_a_page_are_chosen_by_one_box(browse, server):
    window = browse(server).sign_in("compliance")
    window.go("/tasks?window=late")
    window.page.get_by_label("Chọn cả trang").check()
    assert window.page.evaluate("Array.from(document.querySelectorAll('td.pick input')).every(box => box.checked)")


def test_the_same_without_a_mouse(browse, server):
    window = browse(server).sign_in("compliance")
    page, keys = window.page, window.page.keyboard
    window.go("/")
    reach(page, ".figures .late a")
    keys.press("Enter")
    page.wait_for_url("**/tasks?window=late*")
    overdue = count(page)
    reach(page, ".tasks .quote-cell a")
    keys.press("Enter")
    page.wait_for_selector("#accepted-proof")
    reach(page, "#accepted-proof")
    keys.type("D1")
    keys.press("Enter")
    page.wait_for_selector("[role=status]")
    assert [kind for kind, _, _ in events(server.register)] == ["accepted"]
    reach(page, ".events summary")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("nham")
    keys.press("Enter")
    page.wait_for_selector("text=Đã hủy E1")
    assert [kind for kind, _, _ in events(server.register)] == ["accepted", "undone"]
    window.go("/tasks?window=late")
    assert count(page) == overdue
    reach(page, "main a[href*='.xlsx']")
    with page.expect_download() as waiting:
        keys.press("Enter")
    assert waiting.value.suggested_filename.endswith(".xlsx")


def reach(page, selector):
    """Go on by the Tab key until something is reached."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def test_a_researcher_searches_without_accents_and_narrows_by_counts(browse, server):
    window = browse(server).sign_in("viewer")
    page = window.page
    window.go("/")
    page.fill("#find", "bao cao")
    page.press("#find", "Enter")
    page.wait_for_url("**/search?q=bao+cao")
    assert page.locator("mark", has_text="báo").count()
    page.get_by_role("link", name="Lọc nhiệm vụ có những từ này").click()
    page.wait_for_url("**/tasks?text=bao+cao")
    everything = count(page)
    value = page.locator("section:has(#g-window) li a").first
    expected = int(re.sub(r"\D", "", value.locator(".count").inner_text()))
    value.click()
    page.wait_for_url("**window=**")
    assert count(page) == expected < everything
    page.locator(".chips a").first.click()
    page.wait_for_url(lambda url: "text=" not in url)
    assert "window=" in page.url


def test_a_researcher_does_so_without_a_mouse_on_another_day(browse, server):
    window = browse(server).sign_in("viewer")
    page, keys = window.page, window.page.keyboard
    window.go("/tasks")
    reach(page, "#f-text")
    keys.type("bao cao")
    keys.press("Enter")
    page.wait_for_url("**text=bao+cao**")
    assert "issuer=" not in page.url  # empty fields do not stand in the address
    reach(page, ".facets li a")
    keys.press("Enter")
    page.wait_for_url(
        lambda url: len(re.findall(r"[?&](body|role|issuer|type|year|state|window|checkable)=", url)) == 1
    )
    page.fill("#f-as_of", "1999-01-01")
    page.press("#f-as_of", "Enter")
    page.wait_for_url("**as_of=1999-01-01**")
    assert "Không có việc nào khớp" in page.locator(".empty").inner_text()
    page.get_by_role("link", name="Xem theo ngày hôm nay").click()
    page.wait_for_url(lambda url: "as_of" not in url)


def test_somebody_keeps_a_list(browse, server):
    window = browse(server).sign_in("viewer")
    page = window.page
    window.go("/tasks?window=late")
    page.get_by_text("Danh sách đã lưu").click()
    page.fill("#view-name", "Trễ hạn")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_selector("[role=status]")
    window.go("/tasks")
    page.get_by_text("Danh sách đã lưu").click()
    page.get_by_role("link", name="Trễ hạn").click()
    page.wait_for_url("**/tasks?window=late")


def test_on_paper_there_is_the_list_with_its_day_and_nothing_else(browse, server):
    window = browse(server).sign_in("compliance")
    page = window.page
    window.go(f"/tasks?as_of={DAY}")
    page.emulate_media(media="print")
    for hidden in (".menu", ".facets", ".search", ".bulk", ".files", "th.pick"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert "31/01/2027" in page.locator(".print-only").inner_text()
    assert page.locator(".tasks tbody tr").first.is_visible()


def test_without_scripts_all_of_it_works(browse, server):
    window = browse(server, java_script_enabled=False).sign_in("compliance")
    page = window.page
    window.go("/tasks")
    page.fill("#f-text", "báo cáo")
    page.press("#f-text", "Enter")
    page.locator("mark").first.wait_for()
    page.locator(".tasks .quote-cell a").first.click()
    page.fill("#accepted-proof", "D1")
    page.press("#accepted-proof", "Enter")
    page.locator("[role=status]").wait_for()
    assert [kind for kind, _, _ in events(server.register)] == ["accepted"]
