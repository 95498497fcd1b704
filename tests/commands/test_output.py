"""Tables for people, JSON and CSV for programs."""

import csv
import io
import json
import subprocess
import sys

import pytest
from running import ROOT

from pipeline.output import Column, show_rows

ROWS = [
    {"id": "O1", "lead": ["Sở A", "Sở B"], "quote": 'gửi "báo cáo"; trước\n20/3', "page": None, "confirmed": True},
    {"id": "O2", "lead": [], "quote": "tổ chức " * 60, "page": 3, "confirmed": False},
]
COLUMNS = (
    Column("id", fixed=True),
    Column("lead", ratio=2),
    Column("quote", ratio=4),
    Column("page", right=True),
    Column("confirmed", only="csv"),
)


def test_json_has_whole_rows_with_accents(capsys):
    show_rows(ROWS, COLUMNS, "json")
    out = capsys.readouterr().out
    assert json.loads(out) == ROWS
    assert "Sở A" in out
    assert len(out.splitlines()) == len(ROWS)


def test_an_empty_list_is_empty_json_and_a_lone_head_of_csv(capsys):
    show_rows([], COLUMNS, "json")
    show_rows([], COLUMNS, "csv")
    assert capsys.readouterr().out == "[]\nid,lead,quote,page,confirmed\n"


def test_csv_can_be_read_back(capsys):
    show_rows(ROWS, COLUMNS, "csv")
    out = capsys.readouterr().out
    assert not out.startswith("\ufeff")
    first, second = csv.DictReader(io.StringIO(out))
    assert first == {
        "id": "O1", "lead": "Sở A; Sở B", "quote": 'gửi "báo cáo"; trước\n20/3', "page": "", "confirmed": "1",
    }  # fmt: skip
    assert (second["lead"], second["page"], second["confirmed"]) == ("", "3", "0")


def test_lines_of_json_and_tsv_hold_the_same_rows(capsys):
    show_rows(ROWS, COLUMNS, "nl")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == ROWS
    show_rows(ROWS, COLUMNS, "tsv")
    first, _ = csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter="\t")
    assert (first["lead"], first["quote"]) == ("Sở A; Sở B", ROWS[0]["quote"])


@pytest.mark.parametrize(
    ("value", "in_csv"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("- Gửi báo cáo", "'- Gửi báo cáo"),
        ("+84 24", "'+84 24"),
        ("@a", "'@a"),
        ("\t=1+1", "'\t=1+1"),
        ("-5", "-5"),
        ("+3,5", "+3,5"),
        (-5, "-5"),
        ("a=b", "a=b"),
    ],
)
def test_no_text_in_csv_becomes_a_formula_and_numbers_stay_numbers(capsys, value, in_csv):
    for form, shown in (("csv", in_csv), ("tsv", str(value))):
        show_rows([{"quote": value}], [Column("quote")], form)
        rows = list(csv.reader(io.StringIO(capsys.readouterr().out), delimiter="," if form == "csv" else "\t"))
        assert rows == [["quote"], [shown]]


def test_csv_that_goes_straight_into_a_file_opens_in_excel(tmp_path):
    code = "from pipeline.output import *; show_rows([{'id': 'Số'}], [Column('id')], 'csv')"
    with open(tmp_path / "out.csv", "wb") as file:
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True, cwd=ROOT)
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbf" + "id\nSố\n".encode()


def test_a_table_fits_the_page_and_breaks_long_text(capsys, monkeypatch):
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        show_rows(ROWS, COLUMNS, "table", title="Danh sách")
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].strip() == "Danh sách"
        assert max(map(len, lines)) <= int(width)
        assert sum(line.count("tổ chức") for line in lines) + 2 >= 55


def test_a_column_without_any_value_is_left_out(capsys):
    show_rows([{"id": "O1", "lead": [], "quote": "x", "page": None}], COLUMNS, "table")
    out = capsys.readouterr().out
    assert "Nội dung" in out and "Chủ trì" not in out and "Tr." not in out


def test_output_that_goes_elsewhere_has_no_colour(capsys):
    show_rows(ROWS, COLUMNS, "table", title="Danh sách")
    assert "\x1b" not in capsys.readouterr().out
