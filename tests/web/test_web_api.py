"""The API: what it answers is what its description says, who may read it, and how tokens begin and end."""

import json
import re
import time

import pytest
from visiting import PASSWORD, Visitor

from pipeline.followup.settings import Settings
from pipeline.messages import LANGUAGES
from pipeline.register import open_register
from pipeline.web.accounts import Accounts
from pipeline.web.api import ENDPOINTS
from pipeline.web.api_answers import Answered
from pipeline.web.api_tokens import LIFE_DAYS, MOST, Tokens
from pipeline.web.app import create_app

NOW = "2026-01-31T08:30:00+07:00"
KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None), "array": list}


def faults(value, schema, schemas, at="$"):
    """Where a value is not as its schema says."""
    if "$ref" in schema:
        return faults(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, at)
    if "oneOf" in schema:
        found = [faults(value, one, schemas, at) for one in schema["oneOf"]]
        return [] if any(not one for one in found) else found[0]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if kinds == ["object"]:
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no object"]
        known = schema.get("properties", {})
        wrong = [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            more = schema.get("additionalProperties")
            if name not in known and not isinstance(more, dict):
                wrong.append(f"{at}.{name} is not described")
            else:
                wrong += faults(one, known.get(name, more), schemas, f"{at}.{name}")
        return wrong
    is_right = any(
        isinstance(value, KINDS[kind]) and not (kind != "boolean" and isinstance(value, bool)) for kind in kinds
    )
    if not is_right:
        return [f"{at}: {value!r} is no {kinds}"]
    if isinstance(value, list):
        return [line for n, one in enumerate(value) for line in faults(one, schema["items"], schemas, f"{at}[{n}]")]
    return []


@pytest.fixture
def described(reader):
    return reader.get("/api/openapi.json").json()


def answers(reader):
    """An answer of each address, of all rows that there are."""
    documents = reader.get("/api/documents?limit=200").json()["rows"]
    tasks = reader.get("/api/tasks?limit=200&as_of=2027-01-01").json()["rows"]
    bodies = reader.get("/api/bodies?limit=5").json()["rows"]
    yield "/api/tasks", "/api/tasks?limit=200&as_of=2027-01-01"
    yield "/api/facets", "/api/facets?body=B%E1%BB%99&role=lead"
    yield "/api/scoreboard", "/api/scoreboard?as_of=2027-01-01"
    yield "/api/search", "/api/search?q=bao+cao"
    yield "/api/documents", "/api/documents?limit=200"
    yield "/api/bodies", "/api/bodies?limit=5"
    for row in documents:
        yield "/api/documents/{id}", f"/api/documents/{row['id']}"
        yield "/api/documents/{id}/chain", f"/api/documents/{row['id']}/chain"
    for row in tasks[:: max(1, len(tasks) // 8)]:
        yield "/api/duties/{id}", f"/api/duties/{row['duty']}"
    for row in bodies:
        yield "/api/bodies/{id}", f"/api/bodies/{row['id']}"


def test_every_answer_is_as_it_is_described(reader, described):
    schemas = described["components"]["schemas"]
    seen = set()
    for path, address in answers(reader):
        answer = reader.get(address)
        assert answer.status_code == 200, address
        content = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        assert faults(answer.json(), content["schema"], schemas) == [], address
        seen.add(path)
    assert seen == described["paths"].keys()


def test_the_description_names_each_route_and_each_parameter(open_app, described):
    routes = {route.path.replace(":path}", "}") for route in open_app.routes if isinstance(route, Answered)}
    assert routes == described["paths"].keys()
    assert described["openapi"].startswith("3.1")
    for endpoint in ENDPOINTS:
        given = described["paths"][endpoint.path.replace(":path}", "}")]["get"]["parameters"]
        assert [one["name"] for one in given if one["in"] == "query"] == list(endpoint.parameters)
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert names <= described["components"]["schemas"].keys()


def test_every_parameter_of_the_description_is_taken(reader, described):
    for path, there in described["paths"].items():
        for one in there["get"]["parameters"]:
            if one["in"] == "path":
                continue
            plain = (
                "2026-01-01" if "format" in one["schema"] else {"string": "x", "integer": "1"}[one["schema"]["type"]]
            )
            for value in one["schema"].get("enum", [plain]):
                answer = reader.get(path.replace("{id}", "x"), params={one["name"]: value})
                assert answer.status_code in (200, 404, 422)
                assert answer.json().get("code") != "unknown_parameter", (path, one["name"])


def test_the_list_is_that_of_the_page_and_goes_on(reader):
    whole = reader.get("/api/tasks?limit=500&sort=id").json()
    assert whole["total"] == len(whole["rows"]) > 4
    leafed, after = [], None
    while True:
        given = {"limit": 3, "sort": "id", **({"after": after} if after else {})}
        part = reader.get("/api/tasks", params=given).json()
        leafed += part["rows"]
        after = part["next"]
        if after is None:
            break
    assert leafed == whole["rows"]


def test_filters_mean_what_they_mean_elsewhere(reader):
    late = reader.get("/api/tasks?window=late&as_of=2030-01-01").json()
    counts = reader.get("/api/scoreboard?as_of=2030-01-01").json()
    facets = reader.get("/api/facets?as_of=2030-01-01").json()["groups"]
    assert late["total"] == counts["all"]["overdue"] > 0
    assert late["total"] == next(one["count"] for one in facets["window"] if one["value"] == "late")
    assert {row["timeliness"] for row in late["rows"]} == {"late"}


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/documents/D999999", 404, "unknown_id"),
        ("/api/documents/x", 404, "wrong_id"),
        ("/api/documents/T1", 404, "wrong_id"),
        ("/api/duties/T999999", 404, "unknown_id"),
        ("/api/bodies/nobody", 404, "unknown_id"),
        ("/api/nothing", 404, "http_404"),
        ("/api/tasks?limit=0", 422, "invalid_value"),
        ("/api/tasks?limit=501", 422, "invalid_value"),
        ("/api/tasks?after=x", 422, "invalid_value"),
        ("/api/tasks?as_of=2026-13-01", 422, "invalid_value"),
        ("/api/tasks?sort=%27%3B--", 422, "invalid_value"),
        ("/api/documents?issued_from=x", 422, "invalid_value"),
        ("/api/tasks?widnow=late", 422, "unknown_parameter"),
    ],
)
def test_problems_are_told_as_the_standard_says(reader, address, status, code):
    for lang in LANGUAGES:
        answer = reader.get(address, params=None, headers={"cookie": f"congvan-lang={lang}"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        said = answer.json()
        assert (said["status"], said["code"]) == (status, code)
        assert said["detail"] and said["title"]


def test_what_is_sent_is_refused_as_a_problem(reader, signed_in):
    for visitor in (reader, signed_in("admin")):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = visitor.request(method, "/api/tasks")
            assert answer.status_code == 405
            assert answer.headers["content-type"] == "application/problem+json"


def test_an_answer_is_fetched_again_only_after_a_change(reader, book):
    with open_register(book):  # as on a server: when nobody has it open, SQLite tidies its files up, which is a change
        tag = reader.get("/api/documents").headers["etag"]
        assert reader.get("/api/documents", headers={"if-none-match": tag}).status_code == 304
        assert reader.get("/api/documents?limit=1", headers={"if-none-match": tag}).status_code == 200
        with open_register(book, "write") as register:
            register.connection.execute("UPDATE dispatches SET place = 'Huế'")
        again = reader.get("/api/documents", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


def test_a_fault_shows_no_words(reader, open_app, monkeypatch, capsys):
    def broken():
        raise ValueError("words of a document")

    monkeypatch.setattr(open_app.state.site.book, "reading", broken)
    answer = reader.get("/api/tasks")
    assert answer.status_code == 500
    assert answer.json()["code"] == "http_500"
    assert "words of a document" not in answer.text + capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_explains_each_address(reader, lang):
    page = reader.get(f"/api/?lang={lang}").text
    for endpoint in ENDPOINTS:
        assert f"GET {endpoint.path.replace(':path}', '}')}" in page
    assert "Bearer" in page


def test_no_path_of_a_file_is_told(reader, book):
    for _, address in answers(reader):
        assert str(book.parent) not in reader.get(address).text


@pytest.mark.parametrize("address", ["/", "/tasks", "/api/tasks"])
def test_a_register_that_cannot_be_read_is_told_by_its_name_alone(reader, book, address):
    book.write_text("no register", encoding="utf-8")
    book.with_name("register.db-wal").unlink(missing_ok=True)
    answer = reader.get(address)
    assert answer.status_code == 503
    assert "register.db" in answer.text and str(book.parent) not in answer.text


# ------------------------------------------------------------------------------------------ who


def bearer(token):
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def token(app):
    """A token of the viewer."""
    own = app.state.site.accounts
    return Tokens(own).make(own.find("viewer"), "my program")


def test_strangers_are_told_to_bring_a_token(visitor):
    answer = visitor.get("/api/tasks")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    for wrong in ("x", "", "cv_" + "A" * 43, "x" * 5000):
        assert visitor.get("/api/tasks", headers=bearer(wrong)).status_code == 401
    assert visitor.get("/api/tasks", headers={"authorization": "Basic dmlld2VyOng="}).status_code == 401


def test_a_token_reads_and_opens_nothing_else(visitor, token):
    answer = visitor.get("/api/tasks", headers=bearer(token))
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert visitor.get("/tasks", headers=bearer(token)).status_code == 303
    assert visitor.get("/research?sql=SELECT+1", headers=bearer(token)).status_code == 303
    assert visitor.post("/account", headers=bearer(token), data={"csrf": "x"}).status_code in (401, 403)


def test_a_wrong_token_is_not_mended_by_a_session(signed_in):
    assert signed_in("viewer").get("/api/tasks", headers=bearer("cv_wrong")).status_code == 401


def test_only_the_hash_is_kept(token, accounts):
    assert token.encode() not in b"".join(path.read_bytes() for path in accounts.parent.glob("accounts.db*"))


@pytest.mark.parametrize("role", ["viewer", "clerk", "compliance", "admin"])
def test_everybody_makes_and_takes_back_tokens_of_their_own(app, signed_in, role):
    person = signed_in(role)
    page = person.submit("/account/tokens", page="/account/tokens", name="<b>bảng tính</b>", change="make")
    made = re.search(r'id="made" value="(cv_[\w-]{43})"', page.text)[1]
    assert "<b>bảng" not in page.text
    program = Visitor(app)
    assert program.get("/api/tasks", headers=bearer(made)).status_code == 200
    listed = person.get("/account/tokens").text
    assert made not in listed
    number = re.search(r'name="token" value="(\d+)"', listed)[1]
    other = signed_in("viewer" if role != "viewer" else "clerk")
    other.submit("/account/tokens", page="/account/tokens", token=number, change="end")
    assert program.get("/api/tasks", headers=bearer(made)).status_code == 200
    assert person.submit("/account/tokens", page="/account/tokens", token=number, change="end").status_code == 303
    assert program.get("/api/tasks", headers=bearer(made)).status_code == 401


def test_a_token_needs_a_form_of_ours_and_a_name(signed_in):
    person = signed_in("viewer")
    assert person.post("/account/tokens", data={"name": "x", "change": "make"}).status_code == 403
    assert person.submit("/account/tokens", page="/account/tokens", name=" ", change="make").status_code == 422


def test_nobody_has_tokens_without_end(app):
    own = app.state.site.accounts
    tokens, viewer = Tokens(own), own.find("viewer")
    for number in range(MOST):
        tokens.make(viewer, str(number))
    person = Visitor(app).sign_in("viewer")
    assert person.submit("/account/tokens", page="/account/tokens", name="x", change="make").status_code == 422


@pytest.mark.parametrize("change", ["password", "disable", "remove"])
def test_tokens_end_with_the_password_and_the_account(app, visitor, token, change):
    own: Accounts = app.state.site.accounts
    what = {"password": (PASSWORD + "!",)}.get(change, ())
    getattr(own, "give_password" if change == "password" else change)("viewer", *what, by="test", now=NOW)
    assert visitor.get("/api/tasks", headers=bearer(token)).status_code == 401


def test_tokens_end_with_time(app):
    own, now = app.state.site.accounts, [time.time()]
    tokens = Tokens(own, clock=lambda: now[0])
    made = tokens.make(own.find("viewer"), "x")
    now[0] += (LIFE_DAYS - 1) * 86400
    assert tokens.find(made).name == "viewer"
    now[0] += 2 * 86400
    assert tokens.find(made) is None
    assert tokens.of(own.find("viewer")) == []


def test_where_nobody_has_an_account_no_token_is_needed(reader):
    assert reader.get("/api/tasks").status_code == 200
    assert reader.get("/api/tasks", headers=bearer("x")).status_code == 200
    assert reader.get("/account/tokens").status_code == 403


def test_a_server_for_other_machines_tells_nothing_without_accounts(book, tmp_path):
    public = Visitor(create_app(book, tmp_path / "nobody.db", Settings(), is_public=True))
    assert public.get("/api/tasks").status_code == 401
    assert public.get("/api/tasks", headers=bearer("x")).status_code == 401
