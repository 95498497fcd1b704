"""Who may do what: every page and every form, for every role, for strangers, and where nobody has an account."""

import re

import pytest
from starlette.routing import Route
from visiting import Visitor

from pipeline.followup.settings import Settings
from pipeline.web.app import create_app
from pipeline.web.rights import RIGHTS, ROLES

# What each page or form needs: a right, one of several, or nothing at all. Each new route adds its line.
NEEDS = {
    "GET /": "read",
    "GET /account": "read",
    "GET /account/tokens": "read",
    "GET /api/": "read",
    "GET /api/bodies": "read",
    "GET /api/bodies/{id:path}": "read",
    "GET /api/documents": "read",
    "GET /api/documents/{id}": "read",
    "GET /api/documents/{id}/chain": "read",
    "GET /api/duties/{id}": "read",
    "GET /api/facets": "read",
    "GET /api/openapi.json": "read",
    "GET /api/scoreboard": "read",
    "GET /api/search": "read",
    "GET /api/tasks": "read",
    "GET /charts/{name}.svg": "read",
    "GET /documents": "read",
    "GET /documents/{id}": "read",
    "GET /documents/{id}/next": "read",
    "GET /documents/{id}/pages": "read",
    "GET /documents/{id}/pages/{number}.webp": "read",
    "GET /documents/{id}/pages/{number}/words": "read",
    "GET /documents/{id}/edit": "correct",
    "POST /documents/{id}/accept": "correct",
    "POST /documents/{id}/accept-all": "correct",
    "POST /documents/{id}/delete": "correct",
    "POST /documents/{id}/undo": "correct",
    "POST /documents/{id}/decide": "correct",
    "POST /documents/{id}/remove": "correct",
    "POST /documents/{id}/correct": "correct",
    "POST /documents/{id}/add": "correct",
    "POST /documents/{id}/deadline": "correct",
    "POST /documents/{id}/split": "correct",
    "POST /documents/{id}/arrival": "correct",
    "POST /documents/{id}/merge": "correct",
    "POST /account": "read",
    "POST /account/tokens": "read",
    "GET /people": "manage",
    "POST /people": "manage",
    "POST /people/{name}": "manage",
    "GET /research": "read",
    "GET /research.{form}": "read",
    "GET /review": "read",
    "POST /review": "correct",
    "POST /review/page": "correct",
    "POST /review/undo": "correct",
    "GET /bodies": "read",
    "GET /bodies/{id:path}": "read",
    "GET /bodies/{id:path}/calendar.ics": (),
    "POST /bodies/feed": "read",
    "GET /documents/{id}/chain": "read",
    "GET /documents/{id}/chain.svg": "read",
    "GET /obligations/{id}": "read",
    "GET /deadlines/{id}": "read",
    "GET /issues/{id}": "read",
    "GET /merges/{id}": "read",
    "GET /inferred/{id}": "read",
    "GET /links/{id}": "read",
    "GET /corrections/{id}": "read",
    "GET /duties/{id}": "read",
    "GET /events/{id}": "read",
    "GET /imports/{id}": "read",
    "GET /scoreboard": "read",
    "GET /search": "read",
    "GET /uploads": "correct",
    "POST /uploads": "correct",
    "GET /uploads/failures": "read",
    "POST /uploads/failures": "correct",
    "GET /uploads/{id}": "correct",
    "GET /uploads/{id}/events": "correct",
    "GET /sign-in": (),
    "POST /sign-in": (),
    "POST /sign-out": "read",
    "GET /tasks": "read",
    "GET /tasks.{form}": "read",
    "GET /tasks/mark": "follow",
    "POST /tasks/mark": "follow",
    "GET /tasks/views/{id}": "read",
    "POST /tasks/views": "read",
    "POST /tasks/views/{id}/drop": "read",
    "GET /tasks/{id}": "read",
    "POST /tasks/{id}/events": "follow",
    "POST /tasks/{id}/undo": "follow",
}
# These change nothing of the register, nor of anybody else.
HARMLESS = {
    "POST /account/tokens",
    "POST /bodies/feed",
    "POST /tasks/views",
    "POST /tasks/views/{id}/drop",
    "POST /account",
    "POST /sign-in",
    "POST /sign-out",
}


def called(route):
    return f"{'POST' if 'POST' in route.methods else 'GET'} {route.path}"


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nothing")
    app = create_app(folder / "register.db", folder / "accounts.db", Settings())
    return [route for route in app.routes if isinstance(route, Route)]


def test_the_table_above_is_that_of_the_program(routes):
    table = {path: needs if isinstance(needs, tuple) else (needs,) for path, needs in NEEDS.items()}
    assert {called(route): route.needs for route in routes} == table


def test_nothing_that_changes_is_open_to_those_who_only_read():
    posts = {path: needs for path, needs in NEEDS.items() if path.startswith("POST") and path not in HARMLESS}
    assert posts
    assert not [path for path, needs in posts.items() if not needs or "read" in needs]


def ask(visitor, route):
    """Call a route by a path of its shape, a form with a token; the status."""
    path = re.sub(r"\{[^}]*\}", "x", route.path)
    if "POST" not in route.methods:
        return visitor.get(path).status_code
    return visitor.post(path, data={"csrf": visitor.token()}).status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_it_may_and_no_more(app, routes, role):
    visitor = Visitor(app).sign_in(role)
    for route in routes:
        if route.needs and not RIGHTS[role] & set(route.needs):
            assert ask(visitor, route) == 403, called(route)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_can_open_its_pages(app, role):
    visitor = Visitor(app).sign_in(role)
    assert visitor.get("/").status_code == 200
    assert (visitor.get("/people").status_code == 200) == (role == "admin")


def test_strangers_are_led_to_the_form_and_change_nothing(visitor, routes):
    for route in routes:
        if route.needs:
            answer = ask(visitor, route)
            wanted = 403 if "POST" in route.methods else 401 if route.path.startswith("/api/") else 303
            assert answer == wanted, called(route)


def test_where_nobody_has_an_account_all_read_and_nobody_changes(reader, routes):
    page = reader.get("/").text
    assert "congvan user add" in page
    assert 'method="post"' not in page
    refused = reader.get("/uploads").text
    assert refused.count("congvan user add") == page.count("congvan user add") + 1
    assert "Vai trò của bạn" not in refused
    for route in routes:
        if route.needs and "read" not in route.needs:
            assert ask(reader, route) == 403, called(route)
        if "POST" in route.methods:
            assert ask(reader, route) == 403, called(route)


def test_the_log_of_accounts_speaks_the_language_of_its_reader(app):
    admin = Visitor(app).sign_in("admin")
    page = admin.get("/people").text
    assert "thêm, vai trò theo dõi, đôn đốc" in page
    assert "add compliance" not in page
    assert "added as compliance" in admin.get("/people?lang=en").text


def test_a_server_for_other_machines_shows_nothing_without_accounts(book, tmp_path):
    public = Visitor(create_app(book, tmp_path / "nobody.db", Settings(), is_public=True))
    assert public.get("/").status_code == 303
    assert public.submit("/sign-in", name="admin", password="admin admin").status_code == 401


def test_the_first_account_ends_reading_without_one(open_app, book, tmp_path, accounts):
    reader = Visitor(open_app)
    assert reader.get("/").status_code == 200
    accounts.rename(tmp_path / "nobody.db")
    assert reader.get("/").status_code == 303
