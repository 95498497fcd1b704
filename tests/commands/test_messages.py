"""Everything said to people exists in both languages, says the same, and is said somewhere."""

import ast
import importlib
import pkgutil
import re
import string
from pathlib import Path

import pytest

import pipeline
from extractors.genre import GENRES
from pipeline import errors
from pipeline.messages import LANGUAGES, catalogue, choose_language, issue_text, reason_text, text
from pipeline.reading import BY_ANTIWORD
from pipeline.register.arriving import BEFORE_ISSUE
from pipeline.register.edxml import DIFFERS, DUE_DIFFERS
from pipeline.register.saving import NOW_REFUSED

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "pipeline").rglob("*.py"))


@pytest.fixture(autouse=True)
def own_language(monkeypatch):
    monkeypatch.delenv("CONGVAN_LANG", raising=False)
    choose_language(None)
    yield
    choose_language(None)


def placeholders(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def code_patterns():
    """What the source says: codes and the codes that f-strings can build, as regular expressions."""
    patterns = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"[a-z_]+(\.[\w]+)+", node.value):
                    patterns.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w.-]+" for p in node.values]
                if re.match(r"[a-z_]+\\\.", parts[0]):
                    patterns.add("".join(parts))
    for _, code, joined in spoken_in_templates():
        patterns.add(re.escape(code) + (r"[\w.-]+" if joined else ""))
    return patterns


def spoken_in_templates():
    """The codes that templates say, and those that they put together ("web.fault." ~ status), as patterns."""
    for path in sorted((ROOT / "pipeline").rglob("*.html")):
        for code, joined in re.findall(r'"([a-z_]+\.[\w.]+)"(\s*~)?', path.read_text("utf-8")):
            if not code.endswith((".html", ".css", ".js", ".svg")):
                yield path.name, code, bool(joined)


def test_every_code_that_a_template_says_is_in_the_catalogue():
    said = [(file, code) for file, code, joined in spoken_in_templates() if not joined]
    assert not [(file, code) for file, code in said if code not in catalogue()]


def called_codes():
    """The literal codes in calls that look a message up."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            is_code = isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value
            if name in ("text", "say", "WrongUsage") and is_code:
                yield path.name, first.value, {k.arg for k in node.keywords}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_message_says_the_same_in_both_languages(code):
    words = catalogue()[code]
    assert set(words) == set(LANGUAGES)
    assert all(w.strip() for w in words.values())
    assert placeholders(words["vi"]) == placeholders(words["en"])


def test_every_message_is_said_somewhere():
    patterns = code_patterns()
    codes = [
        code for code in catalogue() if code.partition(".")[0] not in ("error", "refusal", "issue", "why", "option")
    ]
    assert not [code for code in codes if not any(re.fullmatch(p, code) for p in patterns)]


def test_every_words_of_an_error_belong_to_an_error():
    own = {"prefix", "interrupted", "output_full", "unexpected"}
    there = {code.partition(".")[2] for code in catalogue() if code.startswith("error.")}
    assert there - own == {error.code for error in error_classes()}


def test_every_words_of_an_issue_or_refusal_belong_to_one():
    used = [code for _, code in issue_and_refusal_codes()]
    there = [code.partition(".")[2] for code in catalogue() if code.partition(".")[0] in ("issue", "refusal")]
    assert not [code for code in there if not any(u == code or u.startswith(f"{code}.") for u in used)]


def test_every_help_of_an_option_belongs_to_one():
    import click

    from pipeline.cli import program

    ctx = click.Context(program)
    commands = [program]
    for group in commands:
        inner = group.list_commands(ctx) if isinstance(group, click.Group) else ()
        commands += [group.get_command(ctx, name) for name in inner]
    used = {p.help for c in commands for p in c.params if isinstance(p, click.Option) and not p.hidden} | {"help"}
    assert {code.partition(".")[2] for code in catalogue() if code.startswith("option.")} == used


def test_every_code_that_is_called_is_in_the_catalogue():
    assert not [(file, code) for file, code, _ in called_codes() if code not in catalogue()]


def test_every_placeholder_of_a_called_message_is_given():
    given_by_star = {None}
    missing = [
        (file, code, name)
        for file, code, given in called_codes()
        if not given & given_by_star
        for name in placeholders(catalogue()[code]["vi"]) - given - {"file", "code"}
    ]
    assert not missing


def error_classes(base=errors.CongvanError):
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        importlib.import_module(module.name)
    return subclasses(base)


def subclasses(base):
    return [base, *(c for sub in base.__subclasses__() for c in subclasses(sub))]


@pytest.mark.parametrize("error", error_classes(), ids=lambda e: e.__name__)
def test_every_error_says_what_to_do_next(error):
    for language in LANGUAGES:
        choose_language(language)
        words = reason_text(error.code)
        assert words != error.code
        # what went wrong, then what to do: at least two sentences or a clause that follows
        assert len(re.findall(r"[.:;] |: ", words)) >= 1, words


def test_help_of_every_command_option_and_argument_is_in_the_catalogue():
    import click

    from pipeline.cli import program

    ctx = click.Context(program)
    for language in LANGUAGES:
        choose_language(language)
        for name in program.list_commands(ctx):
            command = program.get_command(ctx, name)
            page = command.get_help(click.Context(command, parent=ctx, info_name=name))
            assert "  --help" in page
            for param in command.params:
                if isinstance(param, click.Option) and not param.hidden:
                    assert f"option.{param.help}" in catalogue(), f"{name} {param.opts}"


def test_every_column_of_a_table_has_a_heading():
    from pipeline.cli import modules
    from pipeline.output import Column

    for place in modules().values():
        module = importlib.import_module(place)
        for value in vars(module).values():
            for column in value if isinstance(value, tuple) else ():
                if isinstance(column, Column) and column.only != "csv" and "CSV" not in vars(module):
                    assert f"column.{column.key}" in catalogue(), f"{place} {column.key}"


def issue_and_refusal_codes():
    """Codes of issues and refusals in the extractors, the readers and the register: literals given to their types."""
    yield from (("Refusal", f"not_dispatch.{name}") for name in GENRES)
    yield "Issue", NOW_REFUSED
    yield "Issue", BEFORE_ISSUE
    yield "Issue", BY_ANTIWORD
    yield from (("Issue", code) for code in (DIFFERS, DUE_DIFFERS))
    folders = [ROOT / "extractors", ROOT / "pipeline" / "reading", ROOT / "pipeline" / "register"]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if (
                    name in ("Issue", "Refusal", "issue")
                    and isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                ):
                    yield name.title(), first.value


def test_every_issue_and_refusal_of_the_source_has_words():
    lacking = [
        code
        for kind, code in issue_and_refusal_codes()
        if (issue_text(code) if kind == "Issue" else reason_text(code)) == code
    ]
    assert not sorted(set(lacking))


def test_an_unknown_code_is_shown_as_it_is():
    assert issue_text("no.such.code", "was steht da") == "was steht da"
    assert issue_text("no.such.code") == "no.such.code"
    assert reason_text("nobody_knows") == "nobody_knows"


def test_an_issue_tells_its_page():
    assert (
        issue_text("page.no_text", "page 3 holds only pictures")
        == "Trang 3 chỉ có ảnh, không nhận ra chữ nào: chưa được đọc."
    )


def test_a_sharper_code_takes_the_words_of_the_one_above_it():
    assert (
        reason_text("not_dispatch.news.nobody_knows") == reason_text("not_dispatch.news") != reason_text("not_dispatch")
    )


def test_english_is_asked_for_by_option_or_environment(monkeypatch):
    assert text("list.empty").strip() == "(không có)"
    monkeypatch.setenv("CONGVAN_LANG", "en_GB.UTF-8")
    assert text("list.empty").strip() == "(none)"
    choose_language("vi")
    assert text("list.empty").strip() == "(không có)"


def test_help_names_every_field_that_can_be_corrected():
    from pipeline.register import FIELDS

    for words in catalogue()["help.correct"].values():
        assert not [f for fields in FIELDS.values() for f in fields if not re.search(rf"\b{f}\b", words)]
