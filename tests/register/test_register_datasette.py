"""The register opens in Datasette, a stock tool for looking at SQLite files: tables, views, search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from urllib.parse import quote

import pytest
from register_papers import before, enter, obligation, paper

# Which Python has it, where the one of the tests has not.
PYTHON = os.environ.get("DATASETTE_PYTHON") or sys.executable

pytestmark = pytest.mark.skipif(
    sys.executable == PYTHON and find_spec("datasette") is None, reason="Datasette is not installed"
)


def ask(path, address):
    """What Datasette, started on the register, answers to one request."""
    command = [PYTHON, "-m", "datasette", "serve", str(path), "--get", address]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def opened(register):
    asked = [obligation(f"Trồng cây ven đường số {n}", before("1/3", "2026-03-01")) for n in range(3)]
    enter(register, paper(*asked, subject="đôn đốc trồng cây"))
    return register.path


def test_a_table(opened):
    rows = ask(opened, "/register/obligations.json?_shape=array")
    assert [row["quote"] for row in rows] == [f"Trồng cây ven đường số {n}" for n in range(3)]


def test_a_view(opened):
    rows = ask(opened, "/register/task_list.json?_shape=array&_nocount=1")
    assert [(row["number"], row["due"]) for row in rows] == [("12/CT-UBND", "2026-03-01")] * 3


@pytest.mark.parametrize(("index", "words"), [("search_exact", "đôn đốc"), ("search_folded", "don doc")])
def test_a_search(opened, index, words):
    sql = f"SELECT d.number FROM {index} s JOIN search_entries e ON e.id = s.rowid" + (
        " JOIN dispatches d ON d.id = e.dispatch_id WHERE " + f"{index} MATCH :words AND e.obligation_id IS NULL"
    )
    rows = ask(opened, f"/register.json?sql={quote(sql)}&words={quote(words)}&_shape=array")
    assert rows == [{"number": "12/CT-UBND"}]
