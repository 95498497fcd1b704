"""Files are written whole or not at all, and take no other's place unasked; CSV holds what programs need."""

from __future__ import annotations

import csv
import os
import stat
from datetime import date

import pandas
import pytest

from pipeline.export.csvfile import write_csv
from pipeline.export.saving import FileExists, NotWritten, new_file, save_bytes
from pipeline.export.sheet import Column, Group, Link, Sheet, Total


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_in_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "made" / "of" / "b.xlsx"
    with new_file(path) as beside:
        beside.write_bytes(b"whole")
        assert not path.exists() and beside.suffix == ".xlsx" and beside.parent == path.parent
    assert path.read_bytes() == b"whole" and left(path.parent) == ["b.xlsx"]
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), new_file(path, replace=True) as beside:
        beside.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old" and left(tmp_path) == ["b.csv"]


def test_an_older_file_is_replaced_only_if_asked(tmp_path):
    path = tmp_path / "b.csv"
    save_bytes(b"old", path)
    with pytest.raises(FileExists):
        save_bytes(b"new", path)
    assert path.read_bytes() == b"old"
    save_bytes(b"new", path, replace=True)
    assert path.read_bytes() == b"new" and left(tmp_path) == ["b.csv"]


def test_a_file_that_came_meanwhile_is_kept(tmp_path):
    path = tmp_path / "b.csv"
    with pytest.raises(FileExists), new_file(path) as beside:
        beside.write_text("ours")
        path.write_text("theirs")
    assert path.read_text() == "theirs" and left(tmp_path) == ["b.csv"]


def test_where_nothing_can_be_written_it_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "b.csv", tmp_path / ("b" * 300 + ".csv")):
        with pytest.raises(NotWritten) as caught:
            save_bytes(b"x", path)
        assert caught.value.details["problem"]
    with pytest.raises(NotWritten):
        save_bytes(b"x", tmp_path, replace=True)


SHEET = Sheet(
    name="Quá hạn",
    title="DANH MỤC",
    columns=(
        Column("STT", "serial"),
        Column("Nội dung"),
        Column("Ngày", "day", over="Thời hạn"),
        Column("%", "percent"),
    ),
    rows=(
        Group("SỞ MÂY"),
        (1, Link('=HYPERLINK("http://x.example")', "/a.pdf"), date(2026, 3, 9), 98.5),
        (2, 'Trồng "cây"; dọn,\nkênh', None, None),
        Total((None, "TỔNG CỘNG", None, 50.0)),
    ),
    above=("Tính đến ngày",),
    below=("Ghi chú",),
)


def test_csv_has_one_line_of_headings_iso_days_and_no_formula(tmp_path):
    path = tmp_path / "b.csv"
    assert write_csv(SHEET, path) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))
    assert rows == [
        ["STT", "Nội dung", "Thời hạn: Ngày", "%"],
        ["1", '\'=HYPERLINK("http://x.example")', "2026-03-09", "98.5"],
        ["2", 'Trồng "cây"; dọn,\nkênh', "", ""],
        ["", "TỔNG CỘNG", "", "50.0"],
    ]
    frame = pandas.read_csv(path, parse_dates=["Thời hạn: Ngày"])
    assert frame["Thời hạn: Ngày"][0] == pandas.Timestamp(2026, 3, 9)


@pytest.mark.parametrize("words", ["=1+1", "+1+1", "-1+1", "@A1", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1"])
def test_csv_marks_whatever_a_spreadsheet_would_run(tmp_path, words):
    path = tmp_path / "b.csv"
    write_csv(Sheet("a", "a", (Column("a"),), [(words,)]), path)
    ((_,), (value,)) = csv.reader(path.open(encoding="utf-8-sig", newline=""))
    assert value == f"'{words}"
