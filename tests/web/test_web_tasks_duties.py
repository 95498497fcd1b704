"""The page of a duty: what happened is entered with proof, by those who may, seen by others, and never twice."""

import re
from html import unescape

import pytest
from visiting import Visitor

from pipeline.cli import run
from pipeline.register import open_register


@pytest.fixture
def compliance(signed_in):
    return signed_in("compliance")


@pytest.fixture
def duty(book):
    """A duty that is met once, has a last day and a body."""
    return ids(book)[0]


def ids(book):
    with open_register(book) as register:
        rows = register.rows(
            "SELECT y.id FROM duties y JOIN deadlines l ON l.obligation_id = y.obligation_id AND l.kind = 'date'"
            " WHERE y.is_current AND y.body_id AND y.obligation_id IN (SELECT obligation_id FROM duties"
            " GROUP BY obligation_id HAVING count(*) = 1) GROUP BY y.id ORDER BY y.id"
        )
    return [f"T{row['id']}" for row in rows]


def recurring(book):
    with open_register(book) as register:
        row = register.one(
            "SELECT y.id FROM duties y JOIN deadlines l ON l.obligation_id = y.obligation_id"
            " WHERE y.is_current AND l.kind = 'recurring' AND l.rrule IS NOT NULL ORDER BY y.id"
        )
    return f"T{row['id']}"


def events(book):
    with open_register(book) as register:
        return register.rows("SELECT kind, duty_id, day, due, body, proof, why, made_by, undoes FROM duty_events")


def version(visitor, duty):
    return re.search(r'name="seen" value="(\d+)"', visitor.get(f"/tasks/{duty}").text)[1]


def enter(visitor, duty, kind="accepted", seen=None, **fields):
    page = f"/tasks/{duty}"
    seen = version(visitor, duty) if seen is None else seen
    return visitor.submit(f"{page}/events", page=page, kind=kind, seen=seen, **fields)


def test_the_page_has_words_limit_and_the_sentence_of_why(reader, duty):
    page = unescape(reader.get(f"/tasks/{duty}").text)
    assert "Thời hạn ghi" in page
    assert "“" in re.search(r'class="small why">(.*?)</span>', page)[1]
    assert "/documents/D" in page or "/tasks?dispatch=D" in page
    assert f"/tasks.ics?duty={duty}" in page


def test_a_recurring_duty_leads_to_its_periods(compliance, book):
    whole = recurring(book)
    page = unescape(compliance.get(f"/tasks/{whole}").text)
    period = re.search(rf'href="/tasks/({whole}(?:@|%40)[^"?]+)', page)[1].replace("%40", "@")
    assert "Hoàn thành</summary>" not in page
    one = compliance.get(f"/tasks/{period}").text
    assert "Hoàn thành</summary>" in one
    assert enter(compliance, period, proof="Báo cáo quý").status_code == 303
    assert events(book)[0]["kind"] == "accepted"


def test_done_with_a_proof_is_told_and_signed(compliance, book, duty):
    answer = enter(compliance, duty, proof="D1", why="đủ hồ sơ")
    assert answer.status_code == 303
    page = compliance.get(answer.headers["location"]).text
    assert 'role="status"' in page
    assert "hoàn thành" in page
    assert "Người compliance (compliance)" in page
    assert "đủ hồ sơ" in page
    (event,) = events(book)
    assert (event["kind"], event["proof"], event["made_by"]) == ("accepted", "D1", "Người compliance (compliance)")


def test_the_command_line_sees_what_was_entered(compliance, book, duty, capsys):
    enter(compliance, duty, proof="D1")
    capsys.readouterr()
    assert run(["history", duty, "--register", str(book), "--json"]) == 0
    assert '"accepted"' in capsys.readouterr().out


def test_each_action_does_what_it_says(compliance, book, duty):
    assert enter(compliance, duty, "confirmed").status_code == 303
    assert enter(compliance, duty, "extended", due="2031-05-01", why="xin thêm").status_code == 303
    assert "01/05/2031" in compliance.get(f"/tasks/{duty}").text
    assert enter(compliance, duty, "reassigned", to="Sở Hư Cấu", is_new="1", why="đổi việc").status_code == 303
    assert "Sở Hư Cấu" in compliance.get(f"/tasks/{duty}").text
    assert enter(compliance, duty, "suspended", why="chờ").status_code == 303
    assert enter(compliance, duty, "withdrawn", why="thôi").status_code == 303
    kinds = [event["kind"] for event in events(book)]
    assert kinds == ["confirmed", "extended", "reassigned", "suspended", "withdrawn"]
    assert "Việc đã kết thúc" in compliance.get(f"/tasks/{duty}").text


@pytest.mark.parametrize("kind", ["extended", "reassigned", "suspended", "withdrawn"])
def test_what_must_be_accounted_for_needs_a_reason(compliance, book, duty, kind):
    answer = enter(compliance, duty, kind, due="2031-05-01", to="Sở Y tế")
    assert answer.status_code == 422
    assert "lý do" in answer.text
    assert not events(book)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("accepted", {"day": "2999-01-01", "proof": "x"}),
        ("accepted", {"day": "ngày mai", "proof": "x"}),
        ("extended", {"due": "1999-01-01", "why": "x"}),
        ("extended", {"due": "", "why": "x"}),
        ("reassigned", {"to": "Không có cơ quan này đâu", "why": "x"}),
        ("returned", {"why": "x"}),
        ("undone", {"why": "x"}),
        ("<script>", {}),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_words_and_stays_in_the_form(compliance, book, duty, kind, fields):
    answer = enter(compliance, duty, kind, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not events(book)
    if kind == "reassigned":
        assert 'value="Không có cơ quan này đâu"' in answer.text


def test_of_two_who_enter_at_once_the_second_is_told(compliance, signed_in, book, duty):
    other = signed_in("admin")
    seen = version(other, duty)
    assert enter(compliance, duty, proof="D1").status_code == 303
    answer = enter(other, duty, "suspended", seen=seen, why="chờ ý kiến")
    assert answer.status_code == 409
    assert "đã thay đổi sau khi bạn xem" in answer.text
    assert "Người compliance" in answer.text
    assert [event["kind"] for event in events(book)] == ["accepted"]


def test_a_form_sent_twice_is_entered_once(compliance, book, duty):
    seen = version(compliance, duty)
    answers = [enter(compliance, duty, seen=seen, proof="D1").status_code for _ in range(2)]
    assert answers == [303, 409]
    assert len(events(book)) == 1


def test_an_event_is_undone_with_a_reason_once(compliance, book, duty):
    enter(compliance, duty, proof="D1")
    path, page = f"/tasks/{duty}/undo", f"/tasks/{duty}"
    assert compliance.submit(path, page=page, event="E1").status_code == 422
    assert compliance.submit(path, page=page, event="E1", why="ghi nhầm").status_code == 303
    assert compliance.submit(path, page=page, event="E1", why="ghi nhầm").status_code == 409
    assert [event["kind"] for event in events(book)] == ["accepted", "undone"]
    shown = compliance.get(page).text
    assert "đã hủy (E2)" in shown
    assert "ghi nhầm" in shown


def test_an_event_of_another_duty_is_not_undone_here(compliance, book):
    first, second = ids(book)[:2]
    enter(compliance, first, proof="D1")
    answer = compliance.submit(f"/tasks/{second}/undo", page=f"/tasks/{second}", event="E1", why="x")
    assert answer.status_code == 404
    assert len(events(book)) == 1


@pytest.mark.parametrize("role", ["viewer", "clerk"])
def test_who_may_only_look_sees_no_forms_and_enters_nothing(signed_in, book, duty, role):
    visitor = signed_in(role)
    page = visitor.get(f"/tasks/{duty}").text
    assert "/events" not in page
    assert visitor.submit(f"/tasks/{duty}/events", page="/", kind="accepted", seen="0").status_code == 403
    assert "/tasks/mark" not in visitor.get("/tasks").text
    assert not events(book)


def test_a_form_without_our_token_enters_nothing(compliance, book, duty):
    for path in (f"/tasks/{duty}/events", f"/tasks/{duty}/undo", "/tasks/mark", "/tasks/views"):
        assert compliance.post(path, data={"kind": "accepted", "seen": "0", "duty": f"{duty}:0"}).status_code == 403
    assert not events(book)


def test_another_day_is_shown_and_not_written_to(compliance, duty):
    page = compliance.get(f"/tasks/{duty}?as_of=2027-12-31").text
    assert "/events" not in page
    assert "31/12/2027" in page
    before = compliance.get(f"/tasks/{duty}?as_of=1990-01-01")
    assert before.status_code == 200
    assert "không cơ quan nào phải làm việc này" in before.text


def test_hostile_words_that_were_entered_are_words(compliance, duty):
    bad = "<script>alert(1)</script>"
    enter(compliance, duty, "confirmed", proof=bad, why=bad)
    enter(compliance, duty, "reassigned", to=bad, is_new="1", why=bad)
    for path in (f"/tasks/{duty}", "/tasks", "/scoreboard"):
        assert "<script>alert" not in compliance.get(path).text


@pytest.mark.parametrize("id", ["T999999", "T0", "O1", "x", "T1@2026Q9", "T-1", "T1%2F..%2F..", "T" + "9" * 30])
def test_what_is_not_there_is_a_page_that_says_so(reader, id):
    answer = reader.get(f"/tasks/{id}")
    assert answer.status_code == 404, answer.text


# ------------------------------------------------------------------------------------------------ several at once


def mark(visitor, chosen, **fields):
    page = "/tasks/mark?" + "&".join(f"duty={id}" for id in chosen)
    shown = visitor.get(page).text
    duties = re.findall(r'name="duty" value="([^"]+)"', shown)
    token = re.search(r'name="csrf" value="(\w+)"', shown)[1]
    return visitor.post("/tasks/mark", data={"csrf": token, "duty": duties, "list": "window=late", **fields})


def test_several_are_marked_done_by_one_proof(compliance, book):
    chosen = ids(book)[:3]
    page = compliance.get("/tasks/mark?duty=" + "+".join(chosen)).text
    assert "3 việc" in page
    answer = mark(compliance, chosen, proof="D1")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/tasks?window=late")
    assert sorted(f"T{event['duty_id']}" for event in events(book)) == sorted(chosen)
    assert {event["proof"] for event in events(book)} == {"D1"}


def test_all_are_marked_or_none(compliance, book):
    chosen = ids(book)[:3]
    page = compliance.get("/tasks/mark?duty=" + "+".join(chosen)).text
    duties = re.findall(r'name="duty" value="([^"]+)"', page)
    enter(compliance, chosen[-1], "confirmed")
    token = compliance.token("/tasks/" + chosen[0])
    answer = compliance.post("/tasks/mark", data={"csrf": token, "duty": duties, "proof": "D1"})
    assert answer.status_code == 409
    assert chosen[-1] in answer.text
    assert [event["kind"] for event in events(book)] == ["confirmed"]


def test_marking_needs_a_proof_and_something_to_mark(compliance, book):
    assert mark(compliance, ids(book)[:2]).status_code == 422
    assert compliance.get("/tasks/mark").status_code == 422
    token = compliance.token("/tasks")
    assert compliance.post("/tasks/mark", data={"csrf": token, "proof": "D1"}).status_code == 422
    for bad in ("T1", "T1:x", "x:0", "T1:-1", "'; DROP TABLE duties:0"):
        assert compliance.post("/tasks/mark", data={"csrf": token, "proof": "D1", "duty": bad}).status_code in (
            404,
            422,
        )
    assert not events(book)


# ------------------------------------------------------------------------------------------------ saved lists


def keep(visitor, name, address, **fields):
    return visitor.submit("/tasks/views", page="/tasks", name=name, address=address, **fields)


def view_of(visitor):
    return re.findall(r'<a href="(/tasks/views/\d+)">([^<]*)</a>', visitor.get("/tasks").text)


def test_a_list_is_kept_by_name_with_its_filters(compliance):
    answer = keep(compliance, "Trễ của Sở Y tế", "body=so+y+te&window=late&as_of=2026-01-01&nothing=1")
    assert answer.status_code == 303
    ((path, name),) = view_of(compliance)
    assert name == "Trễ của Sở Y tế"
    assert compliance.get(path).headers["location"] == "/tasks?body=so+y+te&window=late"


def test_own_lists_are_seen_by_others_only_when_shared(compliance, signed_in):
    keep(compliance, "riêng", "window=week")
    keep(compliance, "chung", "window=late", shared="1")
    viewer = signed_in("viewer")
    assert [name for _, name in view_of(viewer)] == ["chung"]
    own = {name: path for path, name in view_of(compliance)}
    assert viewer.get(own["riêng"]).status_code == 404
    assert viewer.get(own["chung"]).status_code == 303
    viewer.submit(f"{own['chung']}/drop", page="/tasks")
    assert len(view_of(compliance)) == 2
    compliance.submit(f"{own['chung']}/drop", page="/tasks")
    assert [name for _, name in view_of(compliance)] == ["riêng"]


def test_a_viewer_keeps_own_lists_and_shares_none(signed_in):
    viewer = signed_in("viewer")
    assert keep(viewer, "của tôi", "window=late", shared="1").status_code == 303
    assert [name for _, name in view_of(viewer)] == ["của tôi"]
    assert not view_of(signed_in("admin"))


def test_who_has_no_account_keeps_nothing(reader):
    assert "/tasks/views" not in reader.get("/tasks").text
    assert reader.get("/tasks/views/1").status_code == 404


def test_lists_lie_beside_the_accounts_and_not_in_the_register(compliance, accounts, book):
    keep(compliance, "một danh sách", "window=late")
    assert "một danh sách".encode() in accounts.read_bytes()
    assert all("một danh sách".encode() not in path.read_bytes() for path in book.parent.iterdir())


def test_a_kept_list_holds_filters_only(compliance):
    assert keep(compliance, "xấu", "sort=%27%3B+DROP&x=https://evil.example").status_code == 422
    assert keep(compliance, "", "window=late").status_code == 422
    assert keep(compliance, "x" * 200, "window=late").status_code == 422
    keep(compliance, "<script>alert(1)</script>", "text=%3Cscript%3E")
    assert "<script>alert" not in compliance.get("/tasks").text
    ((path, _),) = view_of(compliance)
    assert compliance.get(path).headers["location"].startswith("/tasks?")


def test_lists_of_a_person_who_is_gone_are_gone(compliance, app, signed_in):
    keep(compliance, "chung", "window=late", shared="1")
    admin = signed_in("admin")
    assert view_of(admin)
    app.state.site.accounts.remove("compliance", by="test", now="2026-01-31T08:30:00+07:00")
    assert not view_of(admin)


def test_a_stranger_is_led_to_the_form(app):
    answer = Visitor(app).get("/tasks/T1")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["location"]
