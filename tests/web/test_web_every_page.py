"""Every page there is in a real browser: no serious fault, nothing forbidden, light, and within the screen."""

import re
import shutil

import pytest
from visiting import Visitor, start_server, stop
from walking import OTHERS, PAGES, addresses, places, routes_of

from pipeline.followup.settings import Settings
from pipeline.register import open_register
from pipeline.web.app import create_app

PAGE_BYTES = 200_000  # with all that the page fetches, but the pictures of scanned pages, which come one by one
FETCHED = """performance.getEntriesByType('resource').filter(one => !one.name.includes('.webp'))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
HOSTILE = "\"'><script>window.hit=1</script><img src=x onerror=window.hit=1><a href=javascript:window.hit=1>x</a>"
# Columns that hold words of documents, of file names, and of people.
WORDS = {
    "dispatches": ("number", "subject", "issuer", "type", "signer_name", "signer_title", "place"),
    "obligations": ("quote", "label"),
    "obligation_bodies": ("name",),
    "deadlines": ("quote",),
    "addressees": ("name",),
    "recipients": ("name",),
    "bodies": ("name",),
    "file_paths": ("path",),
    "issues": ("quote", "message"),
    "evidence": ("value",),
    "citations": ("number",),
    "cited": ("number", "issuer", "subject"),
}


@pytest.fixture(scope="module")
def copy(read_samples, made_accounts, tmp_path_factory):
    """`copy("name")`: paths of a register of the samples and of accounts, for all tests of this module."""

    def copied(name):
        folder = tmp_path_factory.mktemp(name)
        for suffix in ("", "-wal"):
            source = read_samples.with_name(read_samples.name + suffix)
            if source.exists():
                shutil.copy(source, folder / f"register.db{suffix}")
        return folder / "register.db", shutil.copy(made_accounts, folder / "accounts.db")

    return copied


@pytest.fixture(scope="module")
def server(copy):
    running = start_server(*copy("pages"))
    yield running
    stop(running)


@pytest.fixture(scope="module")
def app(copy):
    return create_app(*copy("app"), Settings())


def uploaded(window, tmp_path, name):
    """The name of an upload of one small file, made as people make it; it is read to its end."""
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.4\n%broken")
    window.go("/uploads")
    window.page.set_input_files("input[type=file]", str(path))
    window.page.locator("#upload button").last.click()
    window.page.wait_for_url(re.compile(r"/uploads/."))
    window.page.locator("#files-sent .badge", has_text="không đọc được").wait_for()
    return window.page.url.rpartition("/")[2]


def test_the_tables_name_each_address(app):
    assert sorted([*PAGES, *OTHERS]) == sorted(routes_of(app))


def test_each_address_that_is_called_a_page_is_one(app, tmp_path):
    admin = Visitor(app).sign_in("admin")
    found = places(app.state.site.book.path, question="overdue-by-body")
    shown = addresses(PAGES, found)
    assert len(shown) > 30
    for path in shown:
        answer = admin.get(path)
        if path != "/sign-in":
            assert answer.status_code == 200, path
            assert answer.headers["content-type"].startswith("text/html"), path
    for path in addresses(OTHERS, found):
        answer = admin.get(path)
        assert answer.status_code in (200, 303, 404), path
        assert answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"), path


def test_what_waits_on_the_first_page_is_what_the_queue_counts(app):
    admin = Visitor(app).sign_in("admin")
    waiting = re.search(r'href="[^"]*/review">\s*<span class="figure">(\d+)', admin.get("/").text)
    queue = re.search(r"aria-current[^>]*>[^<]*<span[^>]*>(\d+)", admin.get("/review").text.partition("<h1")[2])
    assert int(waiting[1]) == int(queue[1]) > 0


@pytest.mark.parametrize(
    ("width", "height", "lang"), [(1366, 768, "vi"), (390, 844, "en")], ids=["desk-vi", "phone-en"]
)
def test_every_page_is_sound_light_and_within_the_screen(browse, server, tmp_path, width, height, lang):
    window = browse(server, width=width, height=height).sign_in("admin")
    upload = uploaded(window, tmp_path, f"hỏng {lang}.pdf")
    window.go(f"/?lang={lang}")
    wrong = []
    for path in addresses(PAGES, places(server.register, upload=upload, question="overdue-by-body")):
        answer = window.go(path)
        wrong += [f"{path}: {fault}" for fault in window.faults()]
        wrong += [f"{path}: {line}" for line in window.wrong]
        window.wrong.clear()
        if window.is_too_wide():
            wrong.append(f"{path}: wider than the screen")
        if (size := len(answer.body()) + window.page.evaluate(FETCHED)) > PAGE_BYTES:
            wrong.append(f"{path}: {size} bytes")
        if window.page.locator("html").get_attribute("lang") != lang:
            wrong.append(f"{path}: another language")
        if window.page.locator("h1").count() != 1:
            wrong.append(f"{path}: not one heading")
    assert wrong == []


# ------------------------------------------------------------------------------------------------ hostile words


def made_hostile(register_path):
    """Every word that a document, a file name or a person brought is HTML that would run."""
    with open_register(register_path, "write") as register, register.transaction() as connection:
        for table, columns in WORDS.items():
            for column in columns:
                unique = " || rowid" if table in ("bodies", "file_paths") else ""
                connection.execute(
                    f"UPDATE {table} SET {column} = '/' || ?{unique} WHERE {column} IS NOT NULL", (HOSTILE,)
                )


def test_hostile_words_run_on_no_page(browse, copy, tmp_path):
    register, accounts = copy("hostile")
    made_hostile(register)
    running = start_server(register, accounts)
    try:
        window = browse(running).sign_in("admin")
        upload = uploaded(window, tmp_path, "<img src=x onerror=window.hit=1>.pdf")
        found = places(register, upload=upload, question="overdue-by-body")
        seen = 0
        for path in (*addresses(PAGES, found), "/search?q=script", f"/documents/{found['sheet']}?view=text"):
            window.go(path)
            assert window.page.evaluate("window.hit") is None, path
            assert window.page.locator("img[src=x], a[href^=javascript], main script").count() == 0, path
            assert window.wrong == [], path
            seen += "onerror=window.hit" in window.page.locator("main").inner_text()
        assert seen > 12
    finally:
        stop(running)
