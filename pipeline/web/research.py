"""Nghiên cứu: questions to the register in SQL, ready-made or one's own; the answer on the page or as a file."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from pipeline.followup.upkeep import up_to_date
from pipeline.messages import known, text
from pipeline.web.asking import Ask, page
from pipeline.web.research_questions import Question, parameters_in, questions, settled
from pipeline.web.research_running import SECONDS, run
from pipeline.web.research_schema import tables
from pipeline.web.research_worker import MOST_ROWS, SHOWN_ROWS, Task
from pipeline.web.site import MenuEntry

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
MOST_SQL = 5000  # characters; longer ones do not fit into an address
_MOST_VALUE = 300
_ID = re.compile(r"([DOTL])[1-9]\d{0,17}")
_STATUS = {"sql_full": 503, "sql_many": 429}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: a ready-made question or SQL of one's own, with its parameters. `is_run`: it is to be
    answered, not only shown."""

    question: Question | None
    sql: str
    parameters: dict[str, str]
    defaults: dict[str, str]
    is_run: bool

    @property
    def link(self) -> dict[str, str]:
        """The parameters of the address under which anybody finds the same again."""
        own = {"question": self.question.id} if self.question else {"sql": self.sql}
        return own | self.given

    @property
    def all_given(self) -> dict[str, str]:
        """All of them."""
        return {f"p_{name}": value for name, value in self.parameters.items()}

    @property
    def given(self) -> dict[str, str]:
        """The parameters of the statement as they stand in an address; what is so anyway (today) is left out."""
        return {f"p_{name}": value for name, value in self.parameters.items() if value != self.defaults[name]}


def _asked(ask: Ask) -> Asked:
    """What is asked. Raises a 404 for a question that is none."""
    wanted = ask.query("question")
    question = questions().get(wanted)
    if wanted and question is None:
        raise HTTPException(404)
    sql = question.sql if question else ask.query("sql").replace("\r\n", "\n")[:MOST_SQL]
    asked = ask.request.query_params
    given = {name[2:]: asked[name].strip()[:_MOST_VALUE] for name in asked if name.startswith("p_")}
    names = parameters_in(sql)
    parameters = settled(names, given, question, ask.site.office, ask.today)
    defaults = settled(names, {}, question, ask.site.office, ask.today)
    is_run = bool(sql) and not ask.query("edit") and not is_sent_by_others(ask)
    return Asked(question, sql, parameters, defaults, is_run)


def is_sent_by_others(ask: Ask) -> bool:
    """Whether another site made the browser ask: then nothing is run until a person wants it."""
    return ask.request.headers.get("sec-fetch-site", "none") not in ("same-origin", "same-site", "none")


async def research(ask: Ask) -> Response:
    """The questions, the form, and the answer to what is asked."""
    asked = _asked(ask)
    said: dict[str, Any] | None = None
    if asked.is_run:
        said = await _answer(ask, asked, "page")
    return await run_in_threadpool(_page, ask, asked, said)


def _page(ask: Ask, asked: Asked, said: dict[str, Any] | None) -> Response:
    with ask.reading() as register:
        shown = tables(register)
    problem = _problem(said) if said else ""
    if problem:
        ask.status = _STATUS.get(str((said or {}).get("error")), 422)
    answer = said if said and not problem else None
    return ask.page(
        "research.html",
        asked=asked,
        questions=list(questions().values()),
        answer=answer,
        rows=[[_cell(ask, value) for value in row] for row in answer["answer"]["rows"]] if answer else [],
        problem=problem,
        is_waiting=bool(asked.sql) and not asked.is_run,
        tables=shown,
        files={form: ask.url("research_file", form=form, q=asked.link) for form in FORMS},
        link=_whole_address(ask, asked),
        edit=ask.url("research", q={"sql": asked.sql, **asked.all_given, "edit": "1"}),
        most_sql=MOST_SQL,
        most_value=_MOST_VALUE,
        shown_rows=SHOWN_ROWS,
        most_rows=MOST_ROWS,
        seconds=round(SECONDS),
    )


def _whole_address(ask: Ask, asked: Asked) -> str:
    url = ask.request.url
    return f"{url.scheme}://{url.netloc}{ask.url('research', q=asked.link)}"


def _problem(said: dict[str, Any]) -> str:
    """Why there is no answer, in words."""
    if "error" not in said:
        return ""
    code, details = f"web.research.{said['error']}", said.get("details", {})
    if details.get("near") and known(f"{code}.near"):
        code = f"{code}.near"
    return text(code, **details)


def _cell(ask: Ask, value: Any) -> dict[str, Any]:
    """A value with what it leads to where it is the id of something with a page."""
    found = _ID.fullmatch(value) if isinstance(value, str) else None
    route = "duty" if found and found[1] == "T" else "document"
    return {
        "words": value,
        "is_number": isinstance(value, int | float),
        "address": ask.link(route, id=value) if found else None,
    }


async def research_file(ask: Ask) -> Response:
    """The whole answer as a file, as far as one may be."""
    form = ask.part("form")
    if form not in FORMS:
        raise HTTPException(404)
    if is_sent_by_others(ask):
        raise HTTPException(403)
    asked = _asked(ask)
    said = await _answer(ask, asked, form)
    if "error" in said:
        return await run_in_threadpool(_page, ask, asked, said)
    name = asked.question.id if asked.question else "sql"
    headers = {"content-disposition": f'attachment; filename="{name}-{ask.today.isoformat()}.{form}"'}
    path = Path(said["path"])
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=FORMS[form], headers=headers, background=gone)


async def _answer(ask: Ask, asked: Asked, form: str) -> dict[str, Any]:
    """What the worker says, of a page with what it found as `answer`, of a file with its `path`."""
    await run_in_threadpool(_make_ready, ask, asked)
    number, name = tempfile.mkstemp(prefix="congvan-", suffix=f".{form}")
    os.close(number)
    path = Path(name)
    is_kept = False
    try:
        said = await run(ask.request, _whose(ask), _task(ask, asked, form, path))
        if "error" not in said and form == "page":
            said["answer"] = json.loads(await run_in_threadpool(path.read_text, "utf-8"))
        elif "error" not in said:
            is_kept, said["path"] = True, name
        return said
    finally:
        if not is_kept:
            path.unlink(missing_ok=True)


def _make_ready(ask: Ask, asked: Asked) -> None:
    """The register is there, its index of duties up to date where it is asked. Raises register_* errors."""
    with ask.reading() as register:
        if "duty_times" in asked.sql:
            with up_to_date(register, ask.site.office, ask.today):
                pass


def _task(ask: Ask, asked: Asked, form: str, path: Path) -> Task:
    return Task(
        register=str(ask.site.register_path.absolute()),
        sql=asked.sql,
        parameters=asked.parameters,
        seconds=SECONDS,
        form=form,
        path=str(path),
        day=ask.today.isoformat(),
        title=asked.question.name if asked.question else text("web.research.title"),
        above=[asked.question.explained] if asked.question else [],
        cut=text("web.research.cut", most=MOST_ROWS),
    )


def _whose(ask: Ask) -> str:
    client = ask.request.client
    return ask.person.name if ask.person else f"@{client.host if client else ''}"


menu = (MenuEntry("research", "web.menu.research"),)
routes = [page("/research", research), page("/research.{form}", research_file)]
