"""Every address and every form with what attackers send: nothing stumbles, nothing runs, nothing changes."""

import re
from urllib.parse import quote

import pytest
from visiting import Visitor
from walking import OTHERS, PAGES, addresses, places, routes_of

from pipeline.register import open_register
from pipeline.web.accounts import Accounts
from pipeline.web.asking import Ask

HOSTILE = (
    "x'\"); DROP TABLE duties; --<script>alert(1)</script>",
    "1 UNION SELECT hash FROM people",
    "\x00\ud7ff\u202e%s{0}",
    "9" * 5000,
    "../../../../etc/passwd",
    "-1",
)
MORE = {"lang", "duty"}  # read otherwise than one by one
# A form of each sort that would do something if its token were right; the others are sent without fields.
FIELDS = {
    "POST /people": {"name": "moi", "role": "admin", "password": "một mật khẩu rất dài"},
    "POST /documents/{id}/accept-all": {},
    "POST /tasks/{id}/events": {"kind": "accepted"},
    "POST /account/tokens": {"name": "x"},
    "POST /tasks/views": {"name": "x", "list": "window=late"},
}
TABLES = ("duties", "duty_events", "corrections", "obligations", "dispatches", "files", "import_proposals")


@pytest.fixture
def admin(app):
    return Visitor(app).sign_in("admin")


def counted(book):
    with open_register(book) as register:
        return {table: register.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in TABLES}


def state(book, accounts):
    """What a form could have changed."""
    kept = Accounts(accounts)
    return counted(book), [(p.name, p.role) for p in kept.people()], len(kept.changes())


def assert_harmless(answer, told):
    assert answer.status_code < 500, told
    assert "content-security-policy" in answer.headers, told
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "<script>alert" not in answer.text, told


def first_of_each(found):
    tables = {**PAGES, **{route: [one] for route, one in OTHERS.items()}}
    return {route: addresses({route: listed}, found)[-1:] for route, listed in tables.items()}


@pytest.fixture
def named(monkeypatch):
    """The names of parameters and fields that the server looks for, as they are looked for."""
    seen = set()

    def watched(method):
        def look(ask, name):
            seen.add(name)
            return method(ask, name)

        return look

    for name in ("query", "given"):
        monkeypatch.setattr(Ask, name, watched(getattr(Ask, name)))
    return seen


def test_no_parameter_of_any_address_does_harm(admin, book, named):
    before = counted(book)
    tried = 0
    for listed in first_of_each(places(book, question="overdue-by-body", upload="x")).values():
        for path in listed:
            named.clear()
            admin.get(path)
            bare, _, _ = path.partition("?")
            for name in sorted(named | MORE):
                for value in HOSTILE[:4]:
                    assert_harmless(admin.get(bare, params={name: value}), (bare, name, value[:40]))
                    tried += 1
    assert counted(book) == before
    assert tried > 400


def test_no_part_of_any_address_does_harm(app, admin, book):
    before = counted(book)
    for route in routes_of(app).values():
        if "{" in route.path:
            for value in HOSTILE:
                path = quote(value[:1500], safe="").join(re.split(r"\{[^}]*\}", route.path))
                assert_harmless(admin.get(path), (route.path, value[:40]))
    assert counted(book) == before


def forms(app, book):
    """Each form's address, filled in with rows that are there."""
    found = places(book)
    parts = {"documents": found["sheet"], "tasks": found["duty"], "people": "viewer", "views": "1"}
    for called, route in routes_of(app, "POST").items():
        kind = route.path.partition("{")[0].strip("/").rpartition("/")[2]
        yield called, re.sub(r"\{[^}]*\}", parts.get(kind, "1"), route.path)


def test_no_field_of_any_form_does_harm(app, admin, book, named):
    rows = counted(book)
    for called, path in list(forms(app, book)):
        if called in ("POST /sign-out", "POST /sign-in"):
            continue
        named.clear()
        token = admin.token("/people")
        admin.post(path, data={"csrf": token})
        for value in HOSTILE:
            fields = dict.fromkeys(named - {"csrf"}, value)
            assert_harmless(admin.post(path, data={"csrf": admin.token("/people"), **fields}), (path, value[:40]))
            for name in named - {"csrf"}:
                answer = admin.post(path, data={"csrf": admin.token("/people"), name: value})
                assert_harmless(answer, (path, name, value[:40]))
    assert counted(book)["dispatches"] == rows["dispatches"]
    assert counted(book)["duties"] >= rows["duties"] > 0


@pytest.mark.parametrize("how", ["none", "wrong", "of another person", "from another site", "read instead"])
def test_no_form_is_taken_without_its_own_token(app, admin, book, accounts, how):
    other = Visitor(app).sign_in("clerk")
    own, others = admin.token("/people"), other.token("/account")
    before = state(book, accounts)
    token = {"none": None, "wrong": "0" * 64, "of another person": others}.get(how, own)
    tried = 0
    for called, path in forms(app, book):
        fields = FIELDS.get(called, {}) | ({"csrf": token} if token else {})
        if how == "read instead":
            assert admin.get(path, params=fields).status_code in (200, 303, 404, 405, 422), called
        else:
            site = {"sec-fetch-site": "cross-site"} if how == "from another site" else {}
            files = {"files": ("x.txt", b"x")} if path == "/uploads" else None
            assert admin.post(path, data=fields, files=files, headers=site).status_code == 403, called
        tried += 1
    assert tried > 25
    assert state(book, accounts) == before
    assert admin.get("/people").status_code == 200


def test_who_signs_in_does_not_keep_a_session_that_somebody_planted(app):
    """Session fixation: a token that was known before is worth nothing after signing in."""
    attacker = Visitor(app)
    attacker.get("/sign-in")
    (planted,) = attacker.cookies.jar
    victim = Visitor(app)
    victim.cookies.jar.set_cookie(planted)
    victim.sign_in("admin")
    assert victim.get("/people").status_code == 200
    assert attacker.get("/people").status_code == 303
    assert planted.value not in [cookie.value for cookie in victim.cookies.jar]


def test_a_session_that_somebody_chose_is_given_to_nobody(app):
    visitor = Visitor(app)
    visitor.cookies.set("congvan", "0" * 43, domain="localhost.local", path="/")
    visitor.sign_in("viewer")
    assert "0" * 43 not in [cookie.value for cookie in visitor.cookies.jar]
    fixed = Visitor(app)
    fixed.cookies.set("congvan", "0" * 43, domain="localhost.local", path="/")
    assert fixed.get("/").status_code == 303
