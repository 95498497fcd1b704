"""The queue: what waits is shown least certain first, decided once, taken back at once, and never overwritten."""

import re
import shutil
from datetime import date

import pytest
from chain_letters import ANSWERING, ASKED, EXTENDING, URGING, Letter
from visiting import Visitor

from pipeline.followup.settings import Settings
from pipeline.importing.planning import plan_import
from pipeline.importing.storing import keep_plan
from pipeline.importing.tables import read_tracking
from pipeline.register import correct, open_register, show
from pipeline.register.queueing import count_waiting, unnamed_page, waiting_page
from pipeline.web.app import create_app

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def read_queue(tmp_path_factory, read_letters):
    blank = Letter(number="/STV-KT")
    other = Letter("90/STV-KT", "ngày 10 tháng 4 năm 2026", f"cấp phao cứu sinh {HOSTILE}", ASKED)
    twice = Letter("90/STV-KT", "ngày 10 tháng 4 năm 2026", f"cấp phao cứu sinh {HOSTILE}", (*ASKED, "3. Gửi lại."))
    return read_letters(tmp_path_factory.mktemp("queue"), [blank, URGING, EXTENDING, ANSWERING, other, twice])


@pytest.fixture
def queue(read_queue, tmp_path):
    """A register in which a number is recovered, links extend and answer, and a letter came twice."""
    path = tmp_path / "queue.db"
    for suffix in ("", "-wal"):
        if (source := read_queue.with_name(read_queue.name + suffix)).exists():
            shutil.copy(source, path.with_name(path.name + suffix))
    return path


@pytest.fixture
def queue_app(queue, accounts):
    return create_app(queue, accounts, Settings())


@pytest.fixture
def clerk(queue_app):
    return Visitor(queue_app).sign_in("clerk")


def rows_of(path, what=""):
    with open_register(path) as register:
        return waiting_page(register, what=what, limit=200).rows


def form_of(page, verdict, target):
    """What the form of a row sends, by its button."""
    button = re.search(rf'name="on" value="({verdict} \w+ {target}( \w+)?)"', page)
    assert button, f"{verdict} {target} is not offered"
    form = page[page.rindex("<form", 0, button.start()) : button.start()]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {**fields, "on": button[1]}


def decide(visitor, verdict, target, page=None, **more):
    page = page or visitor.get("/review").text
    return visitor.post("/review", data={**form_of(page, verdict, target), **more})


def undo(visitor, answer):
    page = visitor.get(answer.headers["location"].partition("#")[0]).text
    written = re.search(r'name="undo" value="([^"]+)"', page)
    assert written, "undo is not offered"
    token = re.search(r'name="csrf" value="(\w+)"', page)[1]
    return visitor.post("/review/undo", data={"csrf": token, "undo": written[1]})


def test_all_sorts_are_listed_with_words_place_and_a_link(queue, clerk):
    page = clerk.get("/review").text
    whats = {row["what"] for row in rows_of(queue)}
    assert {"merge", "link", "inferred"} <= whats
    sure = [row["confidence"] for row in rows_of(queue) if row["confidence"] is not None]
    assert sure == sorted(sure)
    for row in rows_of(queue)[:25]:
        assert f'id="r-{row["id"]}' in page
    inferred = next(row for row in rows_of(queue, "inferred") if row["field"] == "number")
    assert "45/STV-KT" in page
    assert f"/documents/{inferred['dispatch']}" in page
    assert "<mark>" in page


def test_pages_go_through_all_rows_once_and_back(queue):
    everything = [(row["id"], row["field"]) for row in rows_of(queue)]
    with open_register(queue) as register:
        seen, at, pages = [], "", []
        while True:
            found = waiting_page(register, at=at, limit=3)
            pages.append(found)
            seen += [(row["id"], row["field"]) for row in found.rows]
            if not found.next:
                break
            at = found.next
        assert seen == everything and len(set(seen)) == len(seen)
        back = waiting_page(register, at=pages[-1].previous, limit=3)
        assert [row["id"] for row in back.rows] == [row["id"] for row in pages[-2].rows]


def test_a_recovered_number_is_taken_and_taken_back(queue, clerk):
    row = next(row for row in rows_of(queue, "inferred") if row["field"] == "number")
    answer = decide(clerk, "accept", row["id"])
    assert answer.status_code == 303
    with open_register(queue) as register:
        assert show(register, row["dispatch"])["document"]["number"] == "45/STV-KT"
        said = show(register, row["dispatch"])["corrections"][-1]
        assert said["made_by"] == "Người clerk (clerk)"
    assert f'id="r-{row["id"]}-number"' not in clerk.get("/review").text
    assert undo(clerk, answer).status_code == 303
    with open_register(queue) as register:
        assert show(register, row["dispatch"])["document"]["number"] is None
    assert f'id="r-{row["id"]}-number"' in clerk.get("/review").text


def test_a_rejected_number_leaves_the_field_and_the_list(queue, clerk):
    row = next(row for row in rows_of(queue, "inferred") if row["field"] == "number")
    assert decide(clerk, "reject", row["id"]).status_code == 303
    with open_register(queue) as register:
        assert show(register, row["dispatch"])["document"]["number"] is None
    assert not [one for one in rows_of(queue) if one["id"] == row["id"]]


def test_a_link_that_is_right_is_entered_for_its_duties_and_taken_back_with_them(queue, clerk):
    row = next(row for row in rows_of(queue, "link") if row["why"].startswith("extends"))
    answer = decide(clerk, "accept", row["id"])
    events = "SELECT kind, undoes FROM duty_events ORDER BY id"
    with open_register(queue) as register:
        assert "extended" in [event["kind"] for event in register.rows(events)]
    assert undo(clerk, answer).status_code == 303
    with open_register(queue) as register:
        kinds = [event["kind"] for event in register.rows(events)]
        assert kinds.count("undone") == kinds.count("extended") > 0
    assert [one for one in rows_of(queue, "link") if one["id"] == row["id"]]


def test_a_link_taken_on_the_page_of_its_dispatch_is_entered_for_its_duties_too(queue, clerk):
    row = next(row for row in rows_of(queue, "link") if row["why"].startswith("extends"))
    sheet = f"/documents/{row['dispatch']}"
    value = re.search(rf'name="on" value="(accept:{row["id"]} [^"]*)"', clerk.get(sheet).text)[1]
    assert clerk.submit(f"{sheet}/decide", page=sheet, on=value).status_code == 303
    with open_register(queue) as register:
        assert "extended" in [event["kind"] for event in register.rows("SELECT kind FROM duty_events")]


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_two_that_may_be_one_letter(queue, clerk, verdict):
    waiting = [one["id"] for one in rows_of(queue, "merge")]
    answer = decide(clerk, verdict, waiting[0])
    assert answer.status_code == 303
    assert waiting[0] not in [one["id"] for one in rows_of(queue, "merge")]
    with open_register(queue) as register:
        merged = register.one("SELECT count(*) AS n FROM dispatches WHERE merged_into IS NOT NULL")["n"]
    assert merged == (verdict == "accept")
    undo(clerk, answer)
    assert [one["id"] for one in rows_of(queue, "merge")] == waiting


def test_findings_are_confirmed_or_taken_out(book, signed_in):
    clerk = signed_in("clerk")
    for what, table in (("obligation", "obligations"), ("deadline", "deadlines")):
        if rows := rows_of(book, what):
            page = clerk.get(f"/review?what={what}").text
            answer = decide(clerk, "reject", rows[0]["id"], page)
            with open_register(book) as register:
                status = register.one(f"SELECT status FROM {table} WHERE id = ?", (int(rows[0]["id"][1:]),))["status"]
            assert status == "deleted"
            undo(clerk, answer)
            assert rows[0]["id"] in [row["id"] for row in rows_of(book, what)]


def test_a_doubtful_field_is_confirmed_or_left_blank(book, signed_in):
    clerk = signed_in("clerk")
    row = rows_of(book, "field")[0]
    page = clerk.get("/review?what=field").text
    answer = decide(clerk, "reject", f"{row['id']} {row['field']}", page)
    assert answer.status_code == 303
    with open_register(book) as register:
        said = show(register, row["dispatch"])["corrections"][-1]
        assert (said["action"], said["field"]) == ("correct", row["field"])
    undo(clerk, answer)
    assert (row["id"], row["field"]) in [(one["id"], one["field"]) for one in rows_of(book, "field")]


def test_an_issue_is_worked_off(book, signed_in):
    clerk = signed_in("clerk")
    row = rows_of(book, "issue")[0]
    page = clerk.get("/review?what=issue").text
    answer = decide(clerk, "accept", row["id"], page)
    assert row["id"] not in [one["id"] for one in rows_of(book, "issue")]
    assert f'value="reject issue {row["id"]}"' not in page
    undo(clerk, answer)
    assert row["id"] in [one["id"] for one in rows_of(book, "issue")]


def test_who_leads_is_named_where_the_dispatch_names_nobody(book, signed_in):
    clerk = signed_in("clerk")
    with open_register(book) as register:
        rows = unnamed_page(register).rows
    assert rows, "the samples have obligations that name nobody"
    page = clerk.get("/review?what=no-lead").text
    assert "<datalist" in page and "<option" in page
    name = "Sở Lâm nghiệp; Sở Thủy văn"
    assert decide(clerk, "name", rows[0]["id"], page, names=name).status_code == 303
    with open_register(book) as register:
        sql = "SELECT name FROM obligation_bodies WHERE obligation_id = ? AND role = 'lead' AND is_current ORDER BY id"
        named = [row["name"] for row in register.rows(sql, (int(rows[0]["id"][1:]),))]
        assert named == ["Sở Lâm nghiệp", "Sở Thủy văn"]
        assert rows[0]["id"] not in [row["id"] for row in unnamed_page(register).rows]


def test_a_whole_page_is_accepted_and_taken_back(queue, clerk):
    page = clerk.get("/review").text
    start = page.index('action="/review/page"')
    form = page[start : page.index("</form>", start)]
    given = re.findall(r'name="rows" value="([^"]*)"', form)
    before = [(row["id"], row["field"]) for row in rows_of(queue)]
    answer = clerk.post("/review/page", data={"csrf": re.search(r'name="csrf" value="(\w+)"', form)[1], "rows": given})
    assert answer.status_code == 303
    left = [(row["id"], row["field"]) for row in rows_of(queue)]
    assert not set(left) & {tuple([*one.split("|")[0].split(" "), None][1:3]) for one in given}
    undo(clerk, answer)
    assert {row for row, _ in before} == {row["id"] for row in rows_of(queue)}


def test_of_two_who_decide_at_once_the_second_sees_both_values(queue, queue_app, clerk):
    admin = Visitor(queue_app).sign_in("admin")
    row = next(row for row in rows_of(queue, "inferred") if row["field"] == "number")
    page = clerk.get("/review").text
    with open_register(queue, "write") as register:
        correct(register, row["dispatch"], "number", "46/STV-KT", who="Bà Hai", now="2026-05-01T08:00:00+07:00", why="")
    answer = decide(clerk, "accept", row["id"], page)
    assert answer.status_code == 409
    assert "45/STV-KT" in answer.text and "46/STV-KT" in answer.text and "Bà Hai" in answer.text
    with open_register(queue) as register:
        assert show(register, row["dispatch"])["document"]["number"] == "46/STV-KT"
    merge = rows_of(queue, "merge")[0]
    seen = admin.get("/review").text
    assert decide(clerk, "reject", merge["id"]).status_code == 303
    late = decide(admin, "accept", merge["id"], seen)
    assert late.status_code == 409 and "Người clerk" in late.text
    with open_register(queue) as register:
        assert (
            register.one("SELECT status FROM merge_proposals WHERE id = ?", (int(merge["id"][1:]),))["status"]
            == "rejected"
        )


def test_nobody_takes_back_what_another_did(queue_app, clerk, queue):
    row = rows_of(queue, "merge")[0]
    answer = decide(clerk, "accept", row["id"])
    written = re.search(r"undo=([\w.]+)", answer.headers["location"])[1]
    admin = Visitor(queue_app).sign_in("admin")
    assert 'name="undo"' not in admin.get(f"/review?undo={written}").text
    assert admin.submit("/review/undo", page="/review", undo=written).status_code == 403
    with open_register(queue) as register:
        assert (
            register.one("SELECT status FROM merge_proposals WHERE id = ?", (int(row["id"][1:]),))["status"]
            == "accepted"
        )


@pytest.mark.parametrize("role", ["viewer", "compliance"])
def test_others_look_and_are_offered_nothing(queue_app, queue, role):
    visitor = Visitor(queue_app).sign_in(role)
    page = visitor.get("/review")
    assert page.status_code == 200
    assert "/review/page" not in page.text and 'name="on"' not in page.text
    token = visitor.token("/account")
    row = rows_of(queue, "merge")[0]
    data = {"csrf": token, "on": f"accept merge {row['id']}", "seen": "0."}
    assert visitor.post("/review", data=data).status_code == 403
    assert row["id"] in [one["id"] for one in rows_of(queue, "merge")]


def test_a_form_of_another_site_decides_nothing(queue, clerk):
    row = rows_of(queue, "merge")[0]
    form = form_of(clerk.get("/review").text, "accept", row["id"])
    assert clerk.post("/review", data={**form, "csrf": "0" * 64}).status_code == 403
    assert clerk.post("/review", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert rows_of(queue, "merge")


def test_hostile_words_of_documents_stay_words(clerk):
    for path in ("/review", "/review?what=merge", "/review?what=no-lead", f"/review?what={HOSTILE}&at={HOSTILE}"):
        assert "<script>alert" not in clerk.get(path).text
    assert clerk.get("/review?at=nan~0~0~0~").status_code == 422
    assert clerk.get("/review?at=' OR 1=1 --").status_code == 422


def test_what_cannot_be_is_refused(clerk):
    token = clerk.token("/review")
    for on in ("accept merge M9999", "accept nothing O1", "accept field X1 number", "drop obligation O1", ""):
        assert clerk.post("/review", data={"csrf": token, "on": on, "seen": "0."}).status_code in (404, 409, 422)


def test_counts_are_those_of_the_lists(book):
    with open_register(book) as register:
        counts = count_waiting(register)
    assert counts == {what: len(rows_of(book, what)) for what in counts}


def test_a_clerk_confirms_a_recovered_number_by_mouse_and_by_keys(queue, accounts, browse):
    from visiting import start_server, stop

    row = next(row for row in rows_of(queue, "inferred") if row["field"] == "number")
    running = start_server(queue, accounts)
    try:
        window = browse(running).sign_in("clerk")
        place = f"#r-{row['id']}-number"
        window.go("/review?what=inferred")
        assert window.faults() == []
        window.page.locator(f"{place} [data-key=a]").click()
        window.page.wait_for_selector("#undo")
        assert window.page.locator(place).count() == 0
        window.page.keyboard.press("u")
        window.page.wait_for_selector(place)
        window.go("/review")
        for _ in range(60):
            if window.page.evaluate("(document.querySelector('.queue .current') || {}).id") == place[1:]:
                break
            window.page.keyboard.press("j")
        window.page.keyboard.press("a")
        window.page.wait_for_selector("#undo")
        with open_register(queue) as register:
            assert show(register, row["dispatch"])["document"]["number"] == "45/STV-KT"
        window.page.keyboard.press("e")
        window.page.wait_for_url("**/documents/**")
        phone = browse(running, width=390, height=844).sign_in("clerk")
        for path in ("/review", "/review?what=no-lead"):
            phone.go(path)
            assert phone.faults() == []
            assert not phone.is_too_wide()
        phone.go("/review")
        phone.page.on("dialog", lambda dialog: dialog.accept())
        phone.page.locator('form[action$="/review/page"] button').click()
        phone.page.wait_for_selector("#undo")
    finally:
        stop(running)


TABLE = (
    "STT,Số ký hiệu,Ngày văn bản,Cơ quan ban hành,Trích yếu,Nội dung nhiệm vụ,Đơn vị chủ trì,Thời hạn\n"
    "1,77/STV-KT,02/02/2026,Sở Thủy văn,Về việc nạo vét kênh,Nạo vét kênh Bến Dừa,Sở Lâm nghiệp,30/6/2026\n"
)


def test_what_an_imported_table_says_is_entered_and_taken_back(queue, clerk, tmp_path):
    table = tmp_path / "theo-doi.csv"
    table.write_text(TABLE, encoding="utf-8")
    with open_register(queue, "write") as register:
        plan = plan_import(register, read_tracking(table), Settings(), date(2026, 4, 30))
        keep_plan(register, plan, who="test", now="2026-04-30T09:00:00+07:00")
    waiting = [row["id"] for row in rows_of(queue, "import")]
    document = next(row["id"] for row in rows_of(queue, "import") if row["rule"] == "table.document")
    page = clerk.get("/review?what=import").text
    assert "theo-doi.csv" in page and "77/STV-KT" in page
    answer = decide(clerk, "accept", document, page)
    assert answer.status_code == 303, answer.text
    found = "SELECT count(*) AS n FROM current_dispatches WHERE number = '77/STV-KT'"
    with open_register(queue) as register:
        assert register.one(found)["n"] == 1
    assert rows_of(queue, "import") == []
    late = decide(clerk, "reject", document, page)
    assert late.status_code == 409
    assert undo(clerk, answer).status_code == 303
    with open_register(queue) as register:
        assert register.one(found)["n"] == 0
    assert [row["id"] for row in rows_of(queue, "import")] == waiting
    again = decide(clerk, "accept", document, clerk.get("/review?what=import").text)
    assert again.status_code == 303
    with open_register(queue) as register:
        assert register.one(found)["n"] == 1
