"""Opening, upgrading, backing up and restoring a register; several processes at once."""

from __future__ import annotations

import os
import sqlite3

import pytest
from register_papers import LATER, NOW, WHO, enter, obligation, paper

from pipeline import errors
from pipeline.register import backup, check, connection, correct, migrations, open_register, restore, search, tasks
from pipeline.register.connection import SCHEMA_VERSION


@pytest.fixture
def filled(path):
    with open_register(path, "create") as register:
        enter(register, paper(obligation("Trồng cây")))
    return path


def quotes(path):
    with open_register(path) as register:
        return [t["quote"] for t in tasks(register, as_of="2026-01-01")]


def test_a_missing_register_is_told(tmp_path):
    (tmp_path / "empty.db").touch()
    for name in ("none.db", "empty.db"):
        for mode in ("read", "write"):
            with pytest.raises(errors.RegisterMissing):
                open_register(tmp_path / name, mode)
    with open_register(tmp_path / "empty.db", "create") as register:
        assert tasks(register, as_of="2026-01-01") == []


def test_other_files_are_left_alone(tmp_path):
    (tmp_path / "text.db").write_text("no database\n" * 100)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE books (title TEXT)").connection.close()
    (tmp_path / "folder.db").mkdir()
    for name in ("text.db", "other.db", "folder.db"):
        kept = (tmp_path / name).read_bytes() if name != "folder.db" else None
        for mode in ("read", "write", "create"):
            with pytest.raises(errors.RegisterForeign):
                open_register(tmp_path / name, mode)
        assert kept is None or (tmp_path / name).read_bytes() == kept


def test_a_register_of_a_newer_program_is_left_alone(filled):
    with sqlite3.connect(filled) as stock:
        stock.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for mode in ("read", "create"):
        with pytest.raises(errors.RegisterNewer) as told:
            open_register(filled, mode)
        assert told.value.details["found"] == SCHEMA_VERSION + 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_register_without_permission_to_write_can_be_read(filled):
    filled.chmod(0o444)
    filled.parent.chmod(0o555)
    try:
        assert quotes(filled) == ["Trồng cây"]
    finally:
        filled.parent.chmod(0o755)


def test_a_damaged_register_is_told(filled):
    data = bytearray(filled.read_bytes())
    data[4096 * 3 :] = b"\x99" * (len(data) - 4096 * 3)
    filled.write_bytes(data)
    with pytest.raises((errors.RegisterDamaged, errors.RegisterForeign)), open_register(filled) as register:
        tasks(register, as_of="2026-01-01")
        search(register, "trồng")


def test_a_register_that_lacks_a_table_is_told(filled):
    with sqlite3.connect(filled) as stock:
        stock.execute("DROP TABLE same_obligations")
    with pytest.raises(errors.RegisterDamaged, match="same_obligations"):
        quotes(filled)


# ------------------------------------------------------------------ migrations


def add_shelf(db):
    """A step that a later version may bring."""
    db.conn.execute("ALTER TABLE dispatches ADD COLUMN shelf TEXT")


def fail(db):
    db.conn.execute("ALTER TABLE dispatches ADD COLUMN half TEXT")
    raise RuntimeError("power cut")


def with_steps(monkeypatch, *steps):
    every = (*migrations.STEPS, *steps)
    monkeypatch.setattr(connection, "SCHEMA_VERSION", len(every))
    monkeypatch.setattr(connection, "migrate", lambda conn: migrations.migrate(conn, every))


def columns(path):
    with sqlite3.connect(path) as stock:
        return {row[1] for row in stock.execute("PRAGMA table_info(dispatches)")}


@pytest.mark.parametrize("mode", ["read", "write", "create"])
def test_an_older_register_is_brought_up_to_date_and_keeps_its_rows(filled, monkeypatch, mode):
    with_steps(monkeypatch, add_shelf)
    open_register(filled, mode).close()
    assert "shelf" in columns(filled)
    assert quotes(filled) == ["Trồng cây"]
    with sqlite3.connect(filled) as stock:
        names = [row[0] for row in stock.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert names == [*(step.__name__ for step in migrations.STEPS), "add_shelf"]


def test_a_step_that_fails_leaves_the_register_as_it_was(filled, monkeypatch):
    with_steps(monkeypatch, add_shelf, fail)
    with pytest.raises(RuntimeError):
        open_register(filled, "write")
    assert not {"shelf", "half"} & columns(filled)
    monkeypatch.undo()
    assert quotes(filled) == ["Trồng cây"]


def test_every_foreign_key_names_its_column_and_is_kept(register):
    tables = [r["name"] for r in register.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    keys = [key for table in tables for key in register.rows(f"PRAGMA foreign_key_list({table})")]
    assert keys
    assert all(key["to"] == "id" for key in keys)
    with pytest.raises(sqlite3.IntegrityError):
        register.connection.execute("INSERT INTO citations VALUES (1, 99, 0, '1/X', 0, 1, 1, 'r', 1.0)")


# ------------------------------------------------------------------ several at once


def test_readers_read_while_another_writes(filled):
    with open_register(filled, "write") as writer, open_register(filled) as reader, writer.transaction() as at_work:
        at_work.execute("UPDATE obligations SET quote = 'Nhổ cây'")
        assert [t["quote"] for t in tasks(reader, as_of="2026-01-01")] == ["Trồng cây"]


def test_a_second_writer_waits_and_then_is_told(filled):
    with (
        open_register(filled, "write") as first,
        open_register(filled, "write", busy_seconds=0.1) as second,
        first.transaction(),
        pytest.raises(errors.RegisterBusy),
    ):
        enter(second, paper(salt="b"))


# ------------------------------------------------------------------ backup and restore


def test_a_backup_holds_everything_and_needs_no_other_file(filled, tmp_path):
    with open_register(filled, "write") as writer:
        correct(writer, "O1", "quote", "Trồng rừng", who=WHO, now=NOW, why="đọc sai")
        target = backup(filled, tmp_path / "safe" / "copy.db")
    assert os.listdir(target.parent) == ["copy.db"]
    assert quotes(target) == ["Trồng rừng"]
    with open_register(target, "write") as register:
        assert check(register) == []


def test_a_backup_overwrites_nothing_unasked_and_leaves_no_half(filled, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(errors.BackupExists):
        backup(filled, target)
    assert target.read_text() == "precious"
    backup(filled, target, overwrite=True)
    assert quotes(target) == ["Trồng cây"]
    with pytest.raises(errors.RegisterMissing):
        backup(tmp_path / "none.db", tmp_path / "b.db")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["copy.db", "outputs"]


def test_restoring_keeps_the_old_register_aside(filled, tmp_path):
    saved = backup(filled, tmp_path / "copy.db")
    with open_register(filled, "write") as register:
        correct(register, "O1", "quote", "Trồng rừng", who=WHO, now=NOW, why="đọc sai")
    aside = restore(saved, filled, now=LATER)
    assert quotes(filled) == ["Trồng cây"]
    assert quotes(aside) == ["Trồng rừng"]
    with open_register(filled, "write") as register:
        assert enter(register, paper(salt="b"), path="b").outcome == "new"
    again = restore(saved, filled, now=LATER)
    assert again not in (aside, filled)
    assert restore(saved, tmp_path / "fresh.db", now=LATER) is None
    assert quotes(tmp_path / "fresh.db") == ["Trồng cây"]


def test_a_damaged_register_can_be_replaced_by_its_backup(filled, tmp_path):
    saved = backup(filled, tmp_path / "copy.db")
    filled.write_bytes(b"rubbish" * 1000)
    assert restore(saved, filled, now=LATER).read_bytes().startswith(b"rubbish")
    assert quotes(filled) == ["Trồng cây"]


def test_a_register_in_use_is_not_replaced(filled, tmp_path):
    saved = backup(filled, tmp_path / "copy.db")
    with open_register(filled, "write") as busy:
        enter(busy, paper(salt="b"), path="b")
        with pytest.raises(errors.RegisterBusy):
            restore(saved, filled, now=LATER)
        assert len(tasks(busy, as_of="2026-01-01")) == 1
    assert sorted(f.name for f in filled.parent.iterdir()) == [filled.name]


def test_only_a_sound_backup_is_restored(filled, tmp_path):
    text, newer, broken = tmp_path / "text.db", tmp_path / "newer.db", tmp_path / "broken.db"
    text.write_text("no database\n" * 100)
    backup(filled, newer)
    with sqlite3.connect(newer) as stock:
        stock.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    data = backup(filled, broken).read_bytes()
    broken.write_bytes(data[: len(data) // 2])
    for source, error in (
        (tmp_path / "none.db", errors.NothingThere),
        (text, errors.BackupForeign),
        (newer, errors.BackupNewer),
        (broken, (errors.BackupDamaged, errors.BackupForeign)),
    ):
        with pytest.raises(error):
            restore(source, filled, now=LATER)
    assert quotes(filled) == ["Trồng cây"]
    assert sorted(f.name for f in filled.parent.iterdir()) == [filled.name]
