"""Signing in and out, what a session is worth and how long, and that forms come from our own pages."""

import re

import pytest
from visiting import PASSWORD, Visitor

from pipeline.web import sessions
from pipeline.web.accounts import Accounts
from pipeline.web.sessions import Sessions, TooManyAttempts


def test_a_stranger_is_led_to_the_form_and_back_to_the_page_that_was_asked_for(visitor):
    led = visitor.get("/?as_of=2026-01-31")
    assert led.status_code == 303
    assert led.headers["location"] == "/sign-in?next=%2F%3Fas_of%3D2026-01-31"
    form = visitor.get(led.headers["location"]).text
    assert 'name="next" value="/?as_of=2026-01-31"' in form
    back = visitor.submit("/sign-in", name="clerk", password=PASSWORD, next="/?as_of=2026-01-31")
    assert back.headers["location"] == "/?as_of=2026-01-31"
    assert "Người clerk" in visitor.get("/").text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_elsewhere_after_signing_in(visitor, elsewhere):
    assert visitor.submit("/sign-in", name="clerk", password=PASSWORD, next=elsewhere).headers["location"] == "/"


def test_signing_in_gives_another_token_than_the_browser_had(visitor):
    visitor.get("/sign-in")
    planted = visitor.cookies["congvan"]
    visitor.sign_in("clerk")
    assert visitor.cookies["congvan"] != planted
    other = Visitor(visitor.app)
    other.cookies.set("congvan", planted)
    assert other.get("/").status_code == 303


def test_the_file_of_accounts_holds_no_token_and_no_password(signed_in, accounts):
    token = signed_in("clerk").cookies["congvan"]
    kept = accounts.read_bytes()
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept
    assert accounts.stat().st_mode & 0o777 == 0o600


def test_signing_out_ends_the_session_for_whoever_has_the_token(signed_in):
    clerk = signed_in("clerk")
    token = clerk.cookies["congvan"]
    assert clerk.submit("/sign-out", page="/").status_code == 303
    clerk.cookies.set("congvan", token)
    assert clerk.get("/").status_code == 303


@pytest.mark.parametrize("change", ["disable", "give_password", "give_role", "remove"])
def test_a_changed_account_has_to_sign_in_anew(signed_in, accounts, change):
    clerk = signed_in("clerk")
    more = {"give_password": ["ein anderes Passwort"], "give_role": ["viewer"]}.get(change, [])
    getattr(Accounts(accounts), change)("clerk", *more, by="test", now="2026-01-31")
    assert clerk.get("/").status_code == 303


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


def test_a_session_ends_when_it_is_not_used_and_in_the_end_always(accounts):
    clock = Clock()
    known = Sessions(Accounts(accounts), clock)
    token, _ = known.sign_in("clerk", PASSWORD, "here")
    clock.now += sessions.IDLE_SECONDS - 1
    assert known.find(token).name == "clerk"
    clock.now += sessions.IDLE_SECONDS - 1  # was used in between
    assert known.find(token)
    clock.now += sessions.IDLE_SECONDS + 1
    assert known.find(token) is None
    token, _ = known.sign_in("clerk", PASSWORD, "here")
    for _ in range(sessions.LONGEST_SECONDS // 3600):
        clock.now += 3600
        last = known.find(token)
    assert last
    clock.now += 1
    assert known.find(token) is None


def test_guessing_ends_for_a_name_from_everywhere_and_from_a_place_for_every_name(accounts):
    clock = Clock()
    known = Sessions(Accounts(accounts), clock)
    for n in range(sessions.MOST_FOR_NAME):
        assert known.sign_in("clerk", "wrong", f"place {n}") is None
    with pytest.raises(TooManyAttempts):
        known.sign_in("clerk", PASSWORD, "another place")
    clock.now += sessions.WINDOW_SECONDS + 1
    assert known.sign_in("clerk", PASSWORD, "another place")


def test_a_guessed_name_is_answered_like_a_wrong_password(visitor):
    wrong = visitor.submit("/sign-in", name="clerk", password="not this one")
    nobody = visitor.submit("/sign-in", name="clerc", password="not this one")
    assert wrong.status_code == nobody.status_code == 401
    plain = [re.sub(r"[0-9a-f]{64}", "", answer.text).replace("clerc", "clerk") for answer in (wrong, nobody)]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_token_of_this_browser_does_nothing(signed_in, accounts, token):
    admin = signed_in("admin")
    new = {"name": "moi", "role": "admin", "password": PASSWORD}
    assert admin.post("/people", data={"csrf": token, **new}).status_code == 403
    assert admin.post("/people", data=new).status_code == 403
    elsewhere = {"csrf": admin.token("/people"), **new}
    assert admin.post("/people", data=elsewhere, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert [p.name for p in Accounts(accounts).people()] == ["admin", "clerk", "compliance", "viewer"]
    assert admin.submit("/people", page="/people", **new).status_code == 303


def test_the_form_for_signing_in_needs_a_token_too(visitor):
    assert visitor.post("/sign-in", data={"name": "clerk", "password": PASSWORD}).status_code == 403


def test_the_token_of_one_person_is_none_for_another(signed_in):
    admin, other = signed_in("admin"), signed_in("viewer")
    fields = {"csrf": other.token("/"), "name": "moi", "role": "admin", "password": PASSWORD}
    assert admin.post("/people", data=fields).status_code == 403


def test_the_cookie_is_for_no_script_and_no_other_site(visitor):
    header = visitor.get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header
    secure = Visitor(visitor.app)
    secure.base_url = "https://localhost"
    assert re.match(r"__Host-congvan=.*; Secure", secure.get("/sign-in").headers["set-cookie"])


def test_a_page_that_is_shown_after_a_change_says_so_once(signed_in):
    admin = signed_in("admin")
    admin.submit("/people", page="/people", name="moi", shown="<b>Mới</b>", role="clerk", password=PASSWORD)
    first = admin.get("/people").text
    assert '<p class="told" role="status">Đã thêm &lt;b&gt;Mới&lt;/b&gt;.</p>' in first
    assert 'class="told"' not in admin.get("/people").text


def test_people_change_their_own_password_if_they_know_it(signed_in, visitor, app):
    clerk, elsewhere = signed_in("clerk"), signed_in("clerk")
    wrong = clerk.submit("/account", page="/account", password="not this one", new="eine neue Losung")
    assert wrong.status_code == 422
    assert elsewhere.get("/").status_code == 200
    assert clerk.submit("/account", page="/account", password=PASSWORD, new="eine neue Losung").status_code == 303
    assert elsewhere.get("/").status_code == clerk.get("/").status_code == 303
    visitor.sign_in("clerk", "eine neue Losung")
    assert Visitor(app).submit("/sign-in", name="clerk", password=PASSWORD).status_code == 401
