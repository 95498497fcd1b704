"""The house: two rooms and one direction, one door for each library, and pages that name what there is."""

import ast
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from extractors.model import Deadline, Dispatch, Document, Obligation, Span
from pipeline.cli import modules
from pipeline.register import open_register
from pipeline.shape import dispatch_json

ROOT = Path(__file__).parents[1]
EXTRACTORS = sorted((ROOT / "extractors").rglob("*.py"))
PIPELINE = sorted((ROOT / "pipeline").rglob("*.py"))

# What reading Vietnamese needs; nothing here opens a file, asks the time or talks to anybody.
PURE = {
    *("__future__", "bisect", "calendar", "collections", "csv", "dataclasses", "datetime", "dateutil", "difflib"),
    *("enum", "extractors", "functools", "heapq", "holidays", "itertools", "math", "operator", "re", "regex"),
    *("spacy", "statistics", "string", "textwrap", "tomllib", "typing", "unicodedata"),
}
FILES_OF_THE_PACKAGE = {"importlib"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "now", "today", "utcnow", "fromtimestamp"}
IMPURE_CALLS |= {"read_bytes", "write_text", "write_bytes"}
DOORS = {
    "pypdfium2": ("reading/", "export/"),
    "pdfplumber": ("reading/",),
    "docx": ("reading/", "export/"),
    "olefile": ("reading/",),
    "lxml": ("reading/", "export/"),
    "sqlite_utils": ("register/",),
    "openpyxl": ("export/", "importing/"),
    "xlsxwriter": ("export/",),
    "pyarrow": ("export/",),
    "matplotlib": ("export/",),
    "icalendar": ("export/",),
    "httpx": ("reminding/",),
    "starlette": ("web/",),
    "jinja2": ("web/",),
    "uvicorn": ("web/", "commands/web.py"),
    "argon2": ("web/",),
    "watchfiles": ("watching/",),
    "distributed": ("scaling/",),
}


def name(path):
    return path.relative_to(ROOT).as_posix()


def tree(path):
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path):
    """The modules that a file imports, with dots."""
    out = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name(path)} imports by dots; write the whole name"
            out.add(node.module)
    return out


def calls(path):
    """The last names of what a file calls."""
    functions = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    names = {f.id for f in functions if isinstance(f, ast.Name)}
    return names | {f.attr for f in functions if isinstance(f, ast.Attribute)}


@pytest.mark.parametrize("path", EXTRACTORS, ids=name)
def test_extractors_are_pure(path):
    allowed = PURE | (FILES_OF_THE_PACKAGE if path.parent.name == "lexicon" else set())
    assert {module.partition(".")[0] for module in imports(path)} <= allowed
    assert not calls(path) & IMPURE_CALLS


def test_types_at_the_bottom_know_nothing_of_the_rest():
    assert imports(ROOT / "extractors/model.py") <= {"__future__", "dataclasses", "typing"}


@pytest.mark.parametrize("path", PIPELINE, ids=name)
def test_each_library_has_one_door(path):
    inside = path.relative_to(ROOT / "pipeline").as_posix()
    modules = {module.partition(".")[0] for module in imports(path)}
    assert not [module for module in modules & DOORS.keys() if not inside.startswith(DOORS[module])]
    assert inside.startswith(("register/", "web/accounts")) or "connect" not in calls(path)


def vietnamese(text):
    """Whether a text holds a letter with a Vietnamese mark (đ, a horn, a breve, a tone)."""
    marks = {"HORN", "BREVE", "CIRCUMFLEX ACCENT", "HOOK ABOVE", "DOT BELOW", "TILDE", "ACUTE ACCENT", "GRAVE ACCENT"}
    letters = unicodedata.normalize("NFD", text)
    return "đ" in letters.lower() or any(
        unicodedata.name(c, "").removeprefix("COMBINING ") in marks for c in letters if unicodedata.combining(c)
    )


def literals(path):
    """The string literals of a file, docstrings aside."""
    whole = tree(path)
    bodies = [node.body for node in ast.walk(whole) if hasattr(node, "body") and isinstance(node.body, list)]
    docs = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    nodes = [node for node in ast.walk(whole) if isinstance(node, ast.Constant) and id(node) not in docs]
    return [node.value for node in nodes if isinstance(node.value, str)]


@pytest.mark.parametrize("path", PIPELINE, ids=name)
def test_pipeline_knows_no_vietnamese_word(path):
    """What it shows to people stands in `pipeline/messages.toml`; what it must understand, in `extractors/`."""
    assert not [literal for literal in literals(path) if vietnamese(literal) and len(literal) > 1]


def test_extractors_load_without_the_slow_libraries():
    code = "import sys, extractors.dispatch; print(*{m.partition('.')[0] for m in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"spacy", "numpy", "pandas", "pdfplumber", "pipeline"} & set(run.stdout.split())


README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", modules())
def test_readme_names_every_command(command):
    assert re.search(rf"\bcongvan {command}\b", README)


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M))
def test_readme_names_every_make_target(target):
    assert re.search(rf"\bmake {target}\b", README)


def tracked():
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / file for file in run.stdout.split("\0") if file]


def test_no_file_speaks_of_a_place_on_somebodys_machine():
    somewhere = re.compile(rb"(?<![\w.:/-])/(?:work|root|home|Users|tmp)/\w")
    spoken = [name(p) for p in tracked() if p.is_file() and p != Path(__file__) and somewhere.search(p.read_bytes())]
    assert not spoken


def test_readme_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def first_cells(page):
    """The names in backticks in the first columns of a page's tables."""
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_page_on_the_register_names_every_table_and_view_and_no_other(tmp_path):
    page = (ROOT / "docs/register.md").read_text("utf-8")
    with open_register(tmp_path / "r.db", "create") as register:
        rows = register.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    inner = r"_.*|sqlite_.*|search_(exact|folded)_\w+"  # kept by SQLite, its indexes and the migrations
    made = {row["name"] for row in rows if not re.fullmatch(inner, row["name"])}
    assert made
    assert not [table for table in made if f"`{table}`" not in page]
    assert first_cells(page) <= made


def test_the_page_on_the_output_names_every_value_and_no_other():
    page = (ROOT / "docs/output.md").read_text("utf-8")
    here = Span(0, 0)
    limit = Deadline("", here, "date", None, None, None, None, None, rule="r")
    duty = Obligation("", here, "task", "ordered", (), (), (limit,), rule="r")
    row = dispatch_json("a.txt", Document("", (), "0"), Dispatch(obligations=(duty,)))
    values = {*row, *row["document"], *duty_row(row), *duty_row(row)["deadlines"][0]}
    beside = {"found", "issues", "sha256", "pages", "format", "label", "rule", "confidence", "traits", "span", "scope"}
    assert first_cells(page) | {"telegram_addressees"} == values - beside | {"error", "origin"}


def duty_row(row):
    return row["obligations"][0]
