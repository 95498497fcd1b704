"""Uploading in a real browser: a signed PDF, a scan and a broken file, each seen to its end; also without a mouse."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from letters import Letter
from sending import STATES, UNFINISHED, letter
from signing import Authority, signed
from visiting import SAMPLES

SCAN = SAMPLES / "cong-van-hoa-toc-mua-lu.pdf"


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """A signed PDF, a scan, and a file that is broken."""
    folder = tmp_path_factory.mktemp("documents")
    paths = [folder / "đã ký.pdf", folder / "bản quét.pdf", folder / "hỏng.pdf"]
    with ThreadPoolExecutor(1) as beside:  # whoever drives the browser has a loop here, and signing wants its own
        paths[0].write_bytes(beside.submit(signed_letter).result())
    paths[1].write_bytes(SCAN.read_bytes())
    paths[2].write_bytes(b"%PDF-1.4\n%broken")
    return [str(path) for path in paths]


def signed_letter():
    return signed(Letter(number="801/SKHKT-VP").pdf(), Authority().signer("Lý Hoài Thương"), "Signature1")


def states(window):
    return [cell.inner_text() for cell in window.page.locator("#files-sent tr .badge").all()]


def wait_for_the_end(window, milliseconds=180_000):
    """Without a reload: the page itself is told."""
    window.page.wait_for_selector("#files-sent")
    window.page.wait_for_function(
        "words => ![...document.querySelectorAll('#files-sent tr .badge')].some(b => words.includes(b.textContent))",
        arg=sorted(UNFINISHED),
        timeout=milliseconds,
    )


def check_ends(window):
    found = states(window)
    assert found[0] in ("đã xong", "cần kiểm tra")
    assert found[1] in ("đã xong", "cần kiểm tra")
    assert found[2] == "không đọc được"
    assert "801/SKHKT-VP" in window.page.locator("#file-1").inner_text()


def test_a_clerk_sees_a_signed_pdf_a_scan_and_a_broken_file_to_their_ends(browse, server, documents):
    window = browse(server).sign_in("clerk")
    window.go("/uploads")
    assert window.faults() == []
    window.page.set_input_files("#files", documents)
    assert window.page.locator("#chosen li").count() == 3
    window.page.get_by_role("button", name="Tải lên").click()
    window.page.wait_for_url("**/uploads/2*-*", wait_until="commit", timeout=60_000)
    assert set(states(window)) <= STATES
    window.page.evaluate("window.here = 'not reloaded'")
    wait_for_the_end(window)
    assert window.page.evaluate("window.here") == "not reloaded"
    check_ends(window)
    assert "Xong cả 3 tệp" in window.page.get_by_role("status").inner_text()
    assert window.faults() == []
    window.page.reload()
    check_ends(window)


def test_the_same_without_a_mouse(browse, server, documents):
    window = browse(server).sign_in("clerk")
    window.go("/")
    window.page.get_by_role("link", name="Tải lên").focus()
    keys = window.page.keyboard
    keys.press("Enter")
    window.page.wait_for_url("**/uploads")
    with window.page.expect_file_chooser() as chosen:  # not later: the browser may hear of it after a key
        window.page.locator("#received_on").focus()
        for _ in range(4):  # day, month, year, the picture of a calendar
            keys.press("Tab")
            if window.page.evaluate("document.activeElement.id") == "files":
                break
        assert window.page.evaluate("document.activeElement.id") == "files"
        keys.press("Space")
    chosen.value.set_files(documents[::2])
    while window.page.evaluate("document.activeElement.tagName") != "BUTTON":
        keys.press("Tab")
    keys.press("Enter")
    window.page.wait_for_url("**/uploads/2*-*", wait_until="commit", timeout=60_000)
    wait_for_the_end(window)
    assert states(window)[-1] == "không đọc được"
    window.page.get_by_role("main").get_by_role("link", name="Tệp không đọc được").focus()
    keys.press("Enter")
    window.page.wait_for_url("**/uploads/failures")
    again = window.page.get_by_role("row").filter(has_text="hỏng.pdf").get_by_role("button")
    again.focus()
    keys.press("Enter")
    window.page.wait_for_url("**/uploads/2*-*", wait_until="commit", timeout=60_000)
    wait_for_the_end(window)
    assert states(window) == ["không đọc được"]


def test_files_are_dropped_anywhere_on_the_page(browse, server):
    window = browse(server).sign_in("clerk")
    window.go("/uploads")
    data = base64.b64encode(letter(802)).decode()
    transfer = window.page.evaluate_handle(
        "data => { const made = new DataTransfer(); const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));"
        " made.items.add(new File([bytes], 'thả <b>vào</b>.txt')); return made; }",
        data,
    )
    window.page.dispatch_event("h1", "drop", {"dataTransfer": transfer})
    assert "thả <b>vào</b>.txt" in window.page.locator("#chosen").inner_text()
    window.page.keyboard.press("Enter")  # the button has the focus
    window.page.wait_for_url("**/uploads/2*-*", wait_until="commit", timeout=60_000)
    wait_for_the_end(window)
    assert "802/SKHKT-VP" in window.page.locator("#file-1").inner_text()


def test_without_scripts_the_page_reloads_itself(browse, server, documents):
    window = browse(server, java_script_enabled=False).sign_in("clerk")
    window.go("/uploads")
    window.page.set_input_files("#files", documents[2])
    window.page.get_by_role("button", name="Tải lên").click()
    window.page.get_by_text("không đọc được", exact=True).first.wait_for(timeout=60_000)
    window.page.get_by_text("Xong cả 1 tệp.").wait_for()


def test_what_is_too_much_is_said_before_it_is_sent(browse, server):
    window = browse(server).sign_in("clerk")
    window.go("/uploads")
    window.page.set_input_files("#files", [{"name": f"{n}.txt", "mimeType": "", "buffer": b"x"} for n in range(201)])
    assert "Chia ra nhiều lần" in window.page.locator("#sending").inner_text()
    window.page.get_by_role("button", name="Tải lên").click()
    assert window.page.url.endswith("/uploads")


def test_a_refusal_of_the_server_is_told_on_the_page(browse, server):
    window = browse(server).sign_in("clerk")
    window.go("/uploads")
    window.page.set_input_files("#files", {"name": "a.txt", "mimeType": "", "buffer": b"x"})
    window.page.evaluate("document.querySelector('#upload input[name=csrf]').value = 'other'")
    window.page.get_by_role("button", name="Tải lên").click()
    window.page.get_by_text("Biểu mẫu này đã cũ").wait_for()
    assert window.page.get_by_role("button", name="Tải lên").is_enabled()
    assert [line for line in window.wrong if "403" in line]
    window.wrong.clear()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_the_pages_fit_the_screen_and_have_no_serious_fault(browse, server, documents, width, height):
    window = browse(server, width=width, height=height).sign_in("clerk")
    window.go("/uploads")
    window.page.set_input_files("#files", documents[2])
    window.page.get_by_role("button", name="Tải lên").click()
    window.page.wait_for_url("**/uploads/2*-*", wait_until="commit", timeout=60_000)
    wait_for_the_end(window)
    own = window.page.url.removeprefix(window.address)
    for path in ("/uploads", own, "/uploads/failures", "/uploads/failures?status=refused"):
        window.go(path)
        assert window.faults() == [], path
        assert not window.is_too_wide(), path
        size = len(window.page.content().encode())
        assert size < 200_000, path
