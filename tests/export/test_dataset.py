"""The open data set: opened again by other programs, without persons, with ids that can be cited."""

import csv
import hashlib
import json
import tomllib
from pathlib import Path

import pandas
import pyarrow.parquet
import pytest
from register_papers import LATER, NOW, WHO, before, deadline, enter, obligation, paper

from pipeline.export import dataset as written
from pipeline.export.dataset import write_dataset
from pipeline.export.dataset_papers import dictionary
from pipeline.export.dataset_tables import data_tables
from pipeline.export.saving import FileExists
from pipeline.followup.recording import Entry, enter_event, undo_event
from pipeline.followup.settings import Settings
from pipeline.register import open_register, remove

TREES = obligation("Trồng cây ven đường liên xã.", before("31/3/2026", "2026-03-31"), coordinating=("Sở Gió",))
WATER = obligation("Báo cáo giếng nước hàng tháng.", deadline("hàng tháng", None, "recurring", rrule="FREQ=MONTHLY"))
NAMED = obligation("Giao đồng chí Lê Văn Thử trả lời cử tri.", lead=("Lê Văn Thử",))
SIGNED = obligation("Nguyễn Văn Mẫu chủ trì cuộc họp.", lead=("Sở Mưa",))
FORMULA = obligation('=HYPERLINK("http://x.y") gửi Sở', lead=("Sở Mây",))
PANDAS = {"string": "object", "integer": "Int64", "number": "float64", "boolean": "bool", "date": "object"}
SECRETS = ("Lê Văn Thử", "Nguyễn Văn Mẫu", WHO, "inbox", "lời riêng")


def papers():
    return [
        paper(TREES, NAMED, mentions=(("BTTTT", 2),)),
        paper(WATER, SIGNED, number="13/UBND-KT", symbol="UBND-KT", subject="giếng nước", salt="b"),
        paper(FORMULA, number=None, symbol="UBND-TH", issued_on="2026-02", subject="kiểm tra cầu treo", salt="c"),
    ]


def fill(register, order=(0, 1, 2)):
    made = papers()
    for n in order:
        enter(register, made[n], path=f"inbox/{n}.pdf", now=NOW if n else LATER)
    return register


@pytest.fixture
def filled(register):
    fill(register)
    for kind in ("reported", "accepted"):
        enter_event(register, Entry(kind, "T1", "2026-02-10"), Settings(), who=WHO, now=LATER, why="lời riêng")
    undo_event(register, 2, who=WHO, now=LATER)
    return register


def rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ids(folder):
    return {t.name: [row["id"] for row in rows(folder, t.name)] for t in data_tables(True) if t.columns[0].name == "id"}


def digest(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("with_quotes", [False, True])
def test_every_table_opens_in_pandas_and_pyarrow_as_the_dictionary_says(filled, tmp_path, with_quotes):
    made = write_dataset(filled, tmp_path / "d", with_quotes=with_quotes)
    types = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]"}
    for table in data_tables(with_quotes):
        columnar = pyarrow.parquet.read_table(tmp_path / "d" / f"{table.name}.parquet")
        assert [(f.name, str(f.type)) for f in columnar.schema] == [(c.name, types[c.type]) for c in table.columns]
        kinds = {c.name: PANDAS[c.type] for c in table.columns}
        frame = pandas.read_csv(
            tmp_path / "d" / f"{table.name}.csv", dtype=kinds, keep_default_na=False, na_values=[""]
        )
        assert len(frame) == columnar.num_rows == made.rows[table.name]
        assert list(frame.columns) == [c.name for c in table.columns]
        for column in table.columns:
            same = [None if pandas.isna(v) else v for v in frame[column.name]]
            read = [v.isoformat() if column.type == "date" and v else v for v in columnar[column.name].to_pylist()]
            assert [str(v).lstrip("'") for v in same] == [str(v).lstrip("'") for v in read]


def test_the_tables_fit_each_other(filled, tmp_path):
    folder = write_dataset(filled, tmp_path / "d").folder
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resources = {r["name"]: r for r in package["resources"]}
    assert len(resources) == 2 * len(data_tables(False))
    for resource in resources.values():
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    for table in data_tables(False):
        own = [row["id"] for row in rows(folder, table.name)] if table.columns[0].name == "id" else []
        assert len(set(own)) == len(own)
        for key in resources[table.name]["schema"].get("foreignKeys", []):
            known = {row["id"] for row in rows(folder, key["reference"]["resource"])}
            assert {row[key["fields"]] for row in rows(folder, table.name)} - {""} <= known


def test_what_is_told(filled, tmp_path):
    folder = write_dataset(filled, tmp_path / "d", with_quotes=True).folder
    first = next(row for row in rows(folder, "dispatches") if row["number"] == "12/CT-UBND")
    assert (first["issued_on"], first["subject"]) == ("2026-01-05", "đôn đốc trồng cây ven đường liên xã")
    own = [row for row in rows(folder, "obligations") if row["dispatch_id"] == first["id"]]
    assert [row["quote"] for row in own] == ["Trồng cây ven đường liên xã.", ""]
    limits = {row["obligation_id"]: row for row in rows(folder, "deadlines")}
    assert (limits[own[0]["id"]]["due"], limits[own[0]["id"]]["boundary"]) == ("2026-03-31", "before")
    names = {row["id"]: row["name"] for row in rows(folder, "bodies")}
    parties = [row for row in rows(folder, "parties") if row["obligation_id"] == own[0]["id"]]
    assert [(row["role"], names[row["body_id"]]) for row in parties] == [("lead", "Sở Mây"), ("coordinating", "Sở Gió")]
    assert [row["times"] for row in rows(folder, "mentions")] == ["2"]
    # what was taken back did not happen
    assert [(row["kind"], row["day"], row["sequence"]) for row in rows(folder, "events")] == [
        ("reported", "2026-02-10", "1")
    ]


def test_nobody_is_named(filled, tmp_path):
    for with_quotes in (False, True):
        folder = write_dataset(filled, tmp_path / str(with_quotes), with_quotes=with_quotes).folder
        for path in folder.iterdir():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content = pyarrow.parquet.read_table(path).to_pandas().to_csv().encode()
            assert not [secret for secret in SECRETS if secret.encode() in content], path.name
    left = [row for row in rows(tmp_path / "True", "parties") if not row["body_id"]]
    assert len(left) == 1  # the obligation is there, the person who leads it is not


def test_words_are_left_out_unless_asked_for(filled, tmp_path):
    folder = write_dataset(filled, tmp_path / "d").folder
    assert all("quote" not in row and "subject" not in row for t in data_tables(True) for row in rows(folder, t.name))
    assert b"li\xc3\xaan x\xc3\xa3" not in (folder / "obligations.csv").read_bytes()


def test_a_formula_is_inert_in_csv_and_whole_in_parquet(filled, tmp_path):
    folder = write_dataset(filled, tmp_path / "d", with_quotes=True).folder
    assert "'=HYPERLINK" in "".join(row["quote"] for row in rows(folder, "obligations"))
    quotes = pyarrow.parquet.read_table(folder / "obligations.parquet")["quote"].to_pylist()
    assert '=HYPERLINK("http://x.y") gửi Sở' in quotes


def test_the_same_register_gives_the_same_bytes(filled, tmp_path):
    one = write_dataset(filled, tmp_path / "a", with_quotes=True).folder
    two = write_dataset(filled, tmp_path / "b", with_quotes=True).folder
    assert digest(one) == digest(two)


def test_ids_are_the_same_whatever_the_order_of_entry(tmp_path):
    found = []
    for n, order in enumerate([(0, 1, 2), (2, 0, 1)]):
        with open_register(tmp_path / f"{n}.db", "create") as register:
            fill(register, order)
            folder = write_dataset(register, tmp_path / f"d{n}", with_quotes=True).folder
            found.append((ids(folder), digest(folder)))
    assert found[0] == found[1]


def test_one_paper_more_leaves_the_ids_of_the_others(register, tmp_path):
    fill(register, (0, 1))
    before_ids = ids(write_dataset(register, tmp_path / "a").folder)
    enter(register, papers()[2], path="inbox/late.pdf")
    after_ids = ids(write_dataset(register, tmp_path / "b").folder)
    assert all(set(before_ids[name]) <= set(after_ids[name]) for name in before_ids)


def test_the_same_letter_twice_has_two_ids(register, tmp_path):
    enter(register, paper(TREES))
    enter(register, paper(TREES, salt="x"), path="inbox/b.pdf")
    found = ids(write_dataset(register, tmp_path / "d").folder)
    assert len(set(found["dispatches"])) == 2
    assert len(found["obligations"]) == 1  # told twice, counted once


def test_what_was_removed_is_not_there(filled, tmp_path):
    remove(filled, "D1", who=WHO, now=LATER, why="nhầm")
    folder = write_dataset(filled, tmp_path / "d").folder
    assert "12/CT-UBND" not in [row["number"] for row in rows(folder, "dispatches")]
    assert rows(folder, "events") == []


def test_a_folder_that_holds_something_is_left_alone(filled, tmp_path):
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "own.txt").write_text("của tôi")
    with pytest.raises(FileExists):
        write_dataset(filled, folder)
    assert [path.name for path in folder.iterdir()] == ["own.txt"]
    write_dataset(filled, folder, replace=True)
    assert (folder / "own.txt").read_text() == "của tôi"
    assert (folder / "datapackage.json").exists()


def test_what_fails_leaves_nothing_behind(filled, tmp_path, monkeypatch):
    def fails(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(written, "write_papers", fails)
    with pytest.raises(written.NotWritten):
        write_dataset(filled, tmp_path / "d")
    assert not [path for path in tmp_path.iterdir() if path.is_dir() and path.name.startswith(("d", ".d"))]


def test_an_empty_register_gives_empty_tables(register, tmp_path):
    made = write_dataset(register, tmp_path / "d")
    assert set(made.rows.values()) == {0}
    assert pandas.read_csv(tmp_path / "d" / "duties.csv").empty


def test_the_dictionary_says_every_column_in_both_languages():
    tables = data_tables(True)
    raw = tomllib.loads((Path(written.__file__).parent / "dataset.toml").read_text("utf-8"))
    assert [t.name for t in tables] == [t["name"] for t in raw["table"]]
    for language in ("vi", "en"):
        page = dictionary(tables, language)
        for table in tables:
            part = page.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
            assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == [
                c.name for c in table.columns
            ]


def test_every_source_is_a_column_of_the_register(register):
    for table in data_tables(True):
        for column in table.columns:
            if column.source != "computed":
                name, _, field = column.source.partition(".")
                there = {row["name"] for row in register.rows(f"SELECT name FROM pragma_table_info('{name}')")}
                assert there
                assert not field or field in there, column.source


def test_the_command_says_what_it_wrote(run, path, tmp_path, monkeypatch):
    monkeypatch.setenv("CONGVAN_REGISTER", str(path))
    with open_register(path, "create") as register:
        fill(register)
    done = run("export", "dataset", "--to", tmp_path / "d")
    assert (done.code, done.out) == (0, "")
    assert "3 văn bản" in done.err
    assert run("export", "dataset", "--to", tmp_path / "d").code == 1
    assert run("export", "dataset", "--to", tmp_path / "d", "--force", "--with-quotes").code == 0
