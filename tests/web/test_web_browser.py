"""The frame of all pages in a real browser: signing in, both languages, no mouse, small screens, nothing forbidden."""

import pytest


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
def window(request, browse, server):
    width, height = request.param
    return browse(server, width=width, height=height)


def test_pages_have_no_serious_fault_and_fit_the_screen(window):
    window.go("/sign-in")
    assert window.faults() == []
    assert not window.is_too_wide()
    window.sign_in("admin")
    for path in ("/", "/people", "/account", "/nothing"):
        window.go(path)
        assert window.faults() == [], path
        assert not window.is_too_wide(), path
        if path == "/nothing":
            assert [line for line in window.wrong if "404" in line]
            window.wrong.clear()


def test_charts_are_drawn_and_said_in_words(browse, server):
    window = browse(server).sign_in("viewer")
    window.go("/")
    charts = window.page.locator(".charts img")
    assert charts.count() == 3
    for chart in charts.all():
        window.page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=chart.element_handle())
    window.go("/")
    assert all(len(chart.get_attribute("alt")) > 60 for chart in charts.all())


def test_an_administrator_adds_a_clerk_without_a_mouse(browse, server):
    window = browse(server)
    window.go("/")
    keys = window.page.keyboard
    keys.type("admin")
    keys.press("Tab")
    keys.type("một mật khẩu dài")
    keys.press("Enter")
    window.page.wait_for_url(window.address + "/")
    keys.press("Tab")
    assert window.page.evaluate("document.activeElement.className") == "skip"
    window.page.get_by_role("link", name="Người dùng").focus()
    keys.press("Enter")
    window.page.wait_for_url("**/people")
    window.page.locator("#name").focus()
    keys.type("moi")
    keys.press("Tab")
    keys.type("Người Mới")
    keys.press("Tab")
    keys.press("v")  # the first letter chooses the role
    keys.press("Tab")
    keys.type("mật khẩu của tôi")
    keys.press("Enter")
    window.page.get_by_role("status").wait_for()
    assert "Người Mới" in window.page.get_by_role("status").inner_text()
    row = window.page.get_by_role("row").filter(has=window.page.get_by_role("rowheader", name="moi", exact=True))
    assert "văn thư" in row.inner_text()


def test_the_language_is_switched_by_a_link(browse, open_server):
    window = browse(open_server)
    window.go("/")
    window.page.get_by_role("link", name="English").click()
    assert window.page.get_by_role("heading", level=1).inner_text() == "Today"
    window.go("/")
    assert window.page.locator("html").get_attribute("lang") == "en"


def test_focus_is_seen(browse, open_server):
    window = browse(open_server)
    window.go("/")
    for _ in range(3):
        window.page.keyboard.press("Tab")
        width = window.page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2


def test_a_script_that_a_page_should_hold_would_not_run(browse, open_server):
    """The policy is enforced by the browser, not only sent."""
    window = browse(open_server)
    window.go("/")
    window.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')")
    window.page.wait_for_timeout(300)
    assert window.page.evaluate("window.hit") is None
    assert [line for line in window.wrong if "Content Security Policy" in line or "404" in line]
    window.wrong.clear()


def test_the_printed_page_has_no_menu(browse, open_server):
    window = browse(open_server)
    window.go("/")
    window.page.emulate_media(media="print")
    assert not window.page.get_by_role("navigation").is_visible()
    assert window.page.get_by_role("heading", level=1).is_visible()
