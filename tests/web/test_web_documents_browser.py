"""One dispatch beside its pages in a real browser: by mouse, by keyboard alone, on a desk and on a phone."""

import re

import pytest

from pipeline.register import correct, open_register, show

NOW = "2026-02-02T10:00:00+07:00"


@pytest.fixture
def sheet(book):
    """The id of a dispatch of two pages."""
    with open_register(book) as register:
        row = register.one(
            "SELECT d.id FROM dispatches d JOIN file_paths p ON p.file_id = d.file_id"
            " WHERE p.path LIKE '%chi-thi-an-toan-ho-chua.pdf'"
        )
    return f"D{row['id']}"


def first(book, sheet):
    with open_register(book) as register:
        return show(register, sheet)["obligations"][0]


def shown_spots(window):
    """What is highlighted on the picture, as a share of its height: top of the first mark."""
    window.page.locator(".spot").first.wait_for()
    return window.page.evaluate(
        "[...document.querySelectorAll('.spot')].map(s => [Number(s.parentNode.dataset.page), parseFloat(s.style.top)])"
    )


@pytest.fixture(params=[(1366, 768), (390, 844)], ids=["desk", "phone"])
def window(request, browse, server):
    width, height = request.param
    return browse(server, width=width, height=height).sign_in("clerk")


def test_pages_have_no_serious_fault_and_fit_the_screen(window, book, sheet):
    name = first(book, sheet)["id"]
    with open_register(book) as register:
        texts = register.one("SELECT d.id FROM dispatches d JOIN files f ON f.id = d.file_id WHERE f.format = 'txt'")
    for path in (
        "/documents", f"/documents/{sheet}", f"/documents/D{texts['id']}", f"/documents/{sheet}/edit?target={name}",
        f"/documents/{sheet}/edit?target={name}&part=split", f"/documents/{sheet}/edit?target={name}&part=merge",
    ):  # fmt: skip
        window.go(path)
        window.page.wait_for_load_state("networkidle")
        assert window.faults() == [], path
        assert not window.is_too_wide(), path
    window.go(f"/documents/{sheet}")
    window.page.locator(f"#{name} a.edit").first.click()
    window.page.locator(".editor").wait_for()
    assert window.faults() == []
    assert not window.is_too_wide()
    window.page.locator("#help-button").click()
    assert window.page.locator("#help").is_visible()
    assert window.faults() == []


def test_a_click_shows_where_a_value_was_read(window, book, sheet):
    one = first(book, sheet)
    window.go(f"/documents/{sheet}")
    window.page.locator(f"#{one['id']} .quote-line .value").click()
    marks = shown_spots(window)
    assert {page for page, _ in marks} == {one["page"]}
    assert abs(marks[0][1] - 100 * one["box"][1] / 842) < 1
    window.page.wait_for_timeout(1000)  # it scrolls there smoothly
    inside = window.page.evaluate(
        "(() => { const s = document.querySelector('.spot').getBoundingClientRect();"
        " const f = document.getElementById('sheets').getBoundingClientRect();"
        " return s.top >= f.top - 1 && s.bottom <= f.bottom + 1; })()"
    )
    assert inside


def test_a_clerk_corrects_a_wrong_deadline_with_the_mouse(window, book, sheet):
    limit = first(book, sheet)["deadlines"][0]
    window.go(f"/documents/{sheet}")
    window.page.locator(f"#{limit['id']} a.edit").click()
    due = window.page.get_by_label("Hạn", exact=True)
    due.fill("20/3/2026")
    window.page.get_by_role("button", name="Lưu").click()
    window.page.get_by_role("status").wait_for()
    assert first(book, sheet)["deadlines"][0]["due"] == "2026-03-20"
    assert "20/03/2026" in window.page.locator(f"#{limit['id']}").inner_text()
    window.page.locator("#last-own").click()
    window.page.get_by_role("status").filter(has_text="Đã hủy").wait_for()
    assert first(book, sheet)["deadlines"][0]["due"] == limit["due"]


def test_a_clerk_corrects_a_wrong_deadline_without_a_mouse(browse, server, book, sheet):
    limit = first(book, sheet)["deadlines"][0]
    window = browse(server).sign_in("clerk")
    window.go(f"/documents/{sheet}")
    keys = window.page.keyboard
    keys.press("?")
    assert window.page.locator("#help").is_visible()
    keys.press("Escape")
    for _ in range(40):
        keys.press("j")
        if window.page.evaluate("document.activeElement.closest('.limit')?.id") == limit["id"]:
            break
    keys.press("Enter")
    assert shown_spots(window)[0][0] == limit["page"]
    keys.press("e")
    window.page.locator(".editor textarea").wait_for()
    window.page.locator(".editor textarea:focus").wait_for()
    keys.press("Tab")  # the kind
    keys.press("Tab")  # the day
    keys.press("Control+A")
    keys.type("20/3/2026")
    keys.press("Enter")
    window.page.get_by_role("status").wait_for()
    assert first(book, sheet)["deadlines"][0]["due"] == "2026-03-20"
    window.page.locator(f"#{limit['id']} .value:focus").wait_for()  # one goes on where one was
    keys.press("k")
    keys.press("a")
    window.page.get_by_role("status").filter(has_text="xác nhận").wait_for()
    assert first(book, sheet)["confirmed"]
    window.page.locator(f"#{first(book, sheet)['id']} .value:focus").wait_for()
    keys.press("u")
    window.page.get_by_role("status").filter(has_text="Đã hủy").wait_for()
    assert not first(book, sheet)["confirmed"]
    window.page.locator(".value:focus").wait_for()
    keys.press("n")
    window.page.wait_for_url(re.compile(r"/documents/D\d+$"))
    assert not window.page.url.endswith(f"/{sheet}")


def test_letters_typed_into_a_form_are_no_keys(browse, server, book, sheet):
    window = browse(server).sign_in("clerk")
    window.go(f"/documents/{sheet}")
    window.page.keyboard.press("o")
    window.page.locator(".editor textarea").first.wait_for()
    window.page.keyboard.type("juan ea?")
    assert window.page.locator(".editor textarea").first.input_value() == "juan ea?"
    window.page.keyboard.press("Escape")
    assert window.page.locator(".editor").count() == 0


def test_marked_words_become_a_value(browse, server, book, sheet):
    window = browse(server).sign_in("clerk")
    one = first(book, sheet)
    window.go(f"/documents/{sheet}#{one['id']}")
    window.page.locator(".layer span").first.wait_for(state="attached")
    shown_spots(window)
    wanted = "Để khắc phục những tồn tại nêu trên"
    window.page.evaluate(
        "words => { const s = [...document.querySelectorAll('.layer span')].find(s => s.textContent.includes(words));"
        " const r = document.createRange(); const at = s.textContent.indexOf(words);"
        " r.setStart(s.firstChild, at); r.setEnd(s.firstChild, at + words.length);"
        " getSelection().removeAllRanges(); getSelection().addRange(r); }",
        wanted,
    )
    window.page.locator("#take").wait_for()
    assert wanted in window.page.locator("#taken").inner_text()
    window.page.locator("#take-it").click()
    quote = window.page.get_by_label("Nội dung", exact=True)
    quote.wait_for()
    assert quote.input_value() == wanted
    window.page.get_by_role("button", name="Lưu").click()
    window.page.get_by_role("status").wait_for()
    with open_register(book) as register:
        assert wanted in [o["quote"] for o in show(register, sheet)["obligations"] if o["status"] == "current"]


def test_marked_words_lie_over_what_is_printed(browse, server, sheet):
    """The unseen words are as wide as the printed ones, or people would mark other words than they see."""
    window = browse(server).sign_in("clerk")
    window.go(f"/documents/{sheet}")
    window.page.locator(".layer span").first.wait_for(state="attached")
    lines = window.page.evaluate(
        "fetch(document.getElementById('desk').dataset.words + '1/words').then(a => a.json()).then(a => a.lines)"
    )
    off = window.page.evaluate(
        "lines => { const f = document.querySelector('.sheet').getBoundingClientRect();"
        " return lines.map(l => { const s = document.querySelector(`.layer [data-s='${l[0]}']`);"
        " const r = document.createRange(); r.setStart(s.firstChild, 0); r.setEnd(s.firstChild, l[5].length);"
        " const b = r.getBoundingClientRect();"
        " const k = f.width / 595.3;"
        " return [Math.abs(b.left - f.left - l[1] * k), Math.abs(b.right - f.left - l[3] * k)]; }) }",
        lines,
    )
    assert max(max(pair) for pair in off) < 6


def test_a_clash_is_seen_and_nothing_is_written_over(browse, server, book, sheet):
    limit = first(book, sheet)["deadlines"][0]["id"]
    window = browse(server).sign_in("clerk")
    window.go(f"/documents/{sheet}")
    window.page.locator(f"#{limit} a.edit").click()
    window.page.get_by_label("Hạn", exact=True).fill("20/3/2026")
    with open_register(book, "write") as register:
        correct(register, limit, "due", "2026-03-25", who="Trần Hai (hai)", now=NOW, why="")
    window.page.get_by_role("button", name="Lưu").click()
    clash = window.page.get_by_role("alert")
    clash.wait_for()
    assert "25/03/2026" in clash.inner_text()
    assert "20/03/2026" in clash.inner_text()
    assert window.faults() == []
    assert first(book, sheet)["deadlines"][0]["due"] == "2026-03-25"
    assert all("409" in line for line in window.wrong)
    window.wrong.clear()


def test_it_works_without_scripts(browse, server, book, sheet):
    limit = first(book, sheet)["deadlines"][0]["id"]
    window = browse(server, java_script_enabled=False).sign_in("clerk")
    window.go(f"/documents/{sheet}")
    window.page.locator(f"#{limit} a.edit").click()
    window.page.get_by_label("Hạn", exact=True).fill("20/3/2026")
    window.page.get_by_role("button", name="Lưu").click()
    window.page.wait_for_url(f"**/documents/{sheet}#{limit}")
    assert first(book, sheet)["deadlines"][0]["due"] == "2026-03-20"
    window.page.locator(f"#{first(book, sheet)['id']} .state-line .accept").click()
    window.page.get_by_role("status").filter(has_text="xác nhận").wait_for()


def test_a_text_shows_where_a_value_was_read(browse, server, book):
    with open_register(book) as register:
        row = register.one("SELECT d.id FROM dispatches d JOIN files f ON f.id = d.file_id WHERE f.format = 'html'")
    window = browse(server).sign_in("viewer")
    window.go(f"/documents/D{row['id']}")
    value = window.page.locator(".obligation .quote-line .value").first
    value.click()
    lit = window.page.locator(".reading .lit")
    assert "".join("".join(lit.all_inner_texts()).split()) == "".join(value.inner_text().split())


def test_a_page_that_cannot_be_shown_says_so(browse, server, book, sheet):
    with open_register(book, "write") as register:
        register.connection.execute(
            "UPDATE files SET sha256 = ? WHERE id = (SELECT file_id FROM dispatches WHERE id = ?)",
            ("0" * 64, int(sheet[1:])),
        )
    window = browse(server).sign_in("viewer")
    window.go(f"/documents/{sheet}")
    problem = window.page.locator("#pages-problem")
    problem.wait_for()
    assert "khác với lúc được đọc" in problem.inner_text()
    problem.get_by_role("link").click()
    window.page.locator(".reading").wait_for()
    window.page.wait_for_load_state("networkidle")
    assert all("410" in line for line in window.wrong)  # the pictures are refused
    window.wrong.clear()
