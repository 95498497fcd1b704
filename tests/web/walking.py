"""Every page there is, by an address that shows something: whoever adds a page adds it here."""

from __future__ import annotations

import re

from starlette.routing import Route

from pipeline.register import open_register

# What stands for the parts of an address, found in the register (see `places`).
PAGES = {
    "GET /": ["/", "/?as_of=2026-03-01"],
    "GET /account": ["/account"],
    "GET /account/tokens": ["/account/tokens"],
    "GET /api/": ["/api/"],
    "GET /bodies": ["/bodies", "/bodies?q=so+y+te", "/bodies?q=nowhere"],
    "GET /bodies/{id:path}": ["/bodies/{body}"],
    "GET /documents": ["/documents", "/documents?text=bao+cao", "/documents?text=nowhere"],
    "GET /documents/{id}": ["/documents/{sheet}", "/documents/{plain}"],
    "GET /documents/{id}/chain": ["/documents/{sheet}/chain"],
    "GET /documents/{id}/edit": [
        "/documents/{sheet}/edit?target={obligation}",
        "/documents/{sheet}/edit?target={obligation}&part=split",
        "/documents/{sheet}/edit?part=new",
    ],
    "GET /people": ["/people"],
    "GET /research": ["/research", "/research?question={question}", "/research?sql=SELECT+*+FROM+bodies"],
    "GET /review": ["/review", "/review?what=no-lead"],
    "GET /scoreboard": ["/scoreboard"],
    "GET /search": ["/search", "/search?q=bao+cao", "/search?q=nowhere"],
    "GET /sign-in": ["/sign-in"],
    "GET /tasks": ["/tasks", "/tasks?window=late", "/tasks?text=bao+cao&sort=-id", "/tasks?text=nowhere"],
    "GET /tasks/mark": ["/tasks/mark?duty={duty}"],
    "GET /tasks/{id}": ["/tasks/{duty}"],
    "GET /uploads": ["/uploads"],
    "GET /uploads/failures": ["/uploads/failures", "/uploads/failures?status=refused"],
    "GET /uploads/{id}": ["/uploads/{upload}"],
}
# Answers that are no pages of their own: files, pictures, data, and addresses that lead to a page.
OTHERS = {
    "GET /api/bodies": "/api/bodies",
    "GET /api/bodies/{id:path}": "/api/bodies/{body}",
    "GET /api/documents": "/api/documents",
    "GET /api/documents/{id}": "/api/documents/{sheet}",
    "GET /api/documents/{id}/chain": "/api/documents/{sheet}/chain",
    "GET /api/duties/{id}": "/api/duties/{duty}",
    "GET /api/facets": "/api/facets",
    "GET /api/openapi.json": "/api/openapi.json",
    "GET /api/scoreboard": "/api/scoreboard",
    "GET /api/search": "/api/search?q=bao",
    "GET /api/tasks": "/api/tasks",
    "GET /bodies/{id:path}/calendar.ics": "/bodies/{body}/calendar.ics",
    "GET /charts/{name}.svg": "/charts/late.svg",
    "GET /corrections/{id}": "/corrections/C1",
    "GET /deadlines/{id}": "/deadlines/{deadline}",
    "GET /documents/{id}/chain.svg": "/documents/{sheet}/chain.svg",
    "GET /documents/{id}/next": "/documents/{sheet}/next",
    "GET /documents/{id}/pages": "/documents/{sheet}/pages",
    "GET /documents/{id}/pages/{number}.webp": "/documents/{sheet}/pages/1.webp",
    "GET /documents/{id}/pages/{number}/words": "/documents/{sheet}/pages/1/words",
    "GET /duties/{id}": "/duties/{duty}",
    "GET /events/{id}": "/events/E1",
    "GET /imports/{id}": "/imports/N1",
    "GET /inferred/{id}": "/inferred/P1",
    "GET /issues/{id}": "/issues/{issue}",
    "GET /links/{id}": "/links/K1",
    "GET /merges/{id}": "/merges/M1",
    "GET /obligations/{id}": "/obligations/{obligation}",
    "GET /research.{form}": "/research.csv?sql=SELECT+1",
    "GET /tasks.{form}": "/tasks.csv",
    "GET /tasks/views/{id}": "/tasks/views/1",
    "GET /uploads/{id}/events": "/uploads/{upload}/events",
}


def routes_of(app, method="GET"):
    """All routes of an application that answer to a method, as they are called here."""
    return {f"{method} {r.path}": r for r in app.routes if isinstance(r, Route) and method in r.methods}


def places(book, **more):
    """What fills the addresses above: names of rows that are in the register."""
    with open_register(book) as register:
        obligation = register.one(
            "SELECT o.id, o.dispatch_id AS sheet, l.id AS deadline FROM obligations o"
            " JOIN deadlines l ON l.obligation_id = o.id JOIN dispatches d ON d.id = o.dispatch_id"
            " JOIN files f ON f.id = d.file_id WHERE f.format = 'pdf' ORDER BY o.id LIMIT 1"
        )
        plain = register.one("SELECT d.id FROM dispatches d JOIN files f ON f.id = d.file_id WHERE f.format = 'txt'")
        issue = register.one("SELECT min(id) AS id FROM issues")
        duty = register.one("SELECT min(id) AS id FROM duties")
    return {
        "sheet": f"D{obligation['sheet']}",
        "plain": f"D{plain['id']}",
        "obligation": f"O{obligation['id']}",
        "deadline": f"L{obligation['deadline']}",
        "issue": f"I{issue['id']}",
        "duty": f"T{duty['id']}",
        "body": "BTC",
        **more,
    }


def addresses(table, found):
    """The addresses of a table, filled in; those for which nothing was found are left out."""
    listed = [one for value in table.values() for one in ([value] if isinstance(value, str) else value)]
    return [one.format(**found) for one in listed if set(re.findall(r"\{(\w+)\}", one)) <= found.keys()]
