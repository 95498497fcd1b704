"""The columns of the register and worked questions, as they stand at the end of `docs/register.md`.

`python -m pipeline.web.schema_page` writes them anew from the schema and its words; a test holds them equal.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.messages import choose_language, language
from pipeline.register import Register, open_register
from pipeline.web.research_questions import questions
from pipeline.web.research_schema import tables

PAGE = Path("docs/register.md")
BEGIN, END = "<!-- schema: begin -->", "<!-- schema: end -->"
QUESTIONS = 10


def schema_part(register: Register) -> str:
    """Every table and view with its columns, and worked questions as SQL, in English."""
    before = language()
    choose_language("en")
    try:
        return "\n".join((*_questions(), *_tables(register)))
    finally:
        choose_language(before)


def with_part(page: str, part: str) -> str:
    """The page with this between its marks. Raises ValueError where it has none."""
    head, begun, rest = page.partition(BEGIN)
    _, ended, tail = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"{PAGE} lacks {BEGIN} or {END}")
    return f"{head}{BEGIN}\n{part}\n{END}{tail}"


def _questions() -> Iterator[str]:
    yield "## Worked questions\n"
    yield "As on the page `/research` of `congvan web`, which has more of them; names with a colon are parameters."
    for question in islice(questions().values(), QUESTIONS):
        yield f"\n**{question.name}.** {question.explained}\n\n```sql\n{question.sql.strip()}\n```"
    yield ""


def _tables(register: Register) -> Iterator[str]:
    yield "## Every column\n"
    for table in tables(register):
        kind = "view" if table.is_view else "table"
        yield f"\n**{table.name}** ({kind}): {table.told}\n"
        yield "| Column | |\n|---|---|"
        yield from (f"| {name} | {told} |" for name, told in table.columns)


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder, open_register(Path(folder, "register.db"), "create") as register:
        page = with_part(PAGE.read_text("utf-8"), schema_part(register))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
