"""The page on the register's columns says what the schema is."""

from pathlib import Path

import pytest

from pipeline.messages import LANGUAGES, choose_language
from pipeline.register import open_register
from pipeline.web.research_schema import tables
from pipeline.web.schema_page import PAGE, QUESTIONS, schema_part, with_part

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(tmp_path):
    with open_register(tmp_path / "register.db", "create") as register:
        yield register


def test_the_page_is_what_the_schema_says(empty):
    page = (ROOT / PAGE).read_text("utf-8")
    assert with_part(page, schema_part(empty)) == page, "run: python -m pipeline.web.schema_page"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_column_is_explained(empty, language):
    choose_language(language)
    try:
        found = tables(empty)
    finally:
        choose_language(None)
    assert not [table.name for table in found if not table.told]
    assert not [f"{table.name}.{name}" for table in found for name, told in table.columns if not told]


def test_the_worked_questions_are_answered(empty):
    part = schema_part(empty)
    assert part.count("```sql") == QUESTIONS


def test_a_page_without_marks_is_not_written():
    with pytest.raises(ValueError, match="schema: begin"):
        with_part("no marks", "part")
