"""Bad input: each file gets a clear message and a row in failures, and none stops the batch."""

import io
import os
import time
import zipfile

import pytest
from letters import Letter, pdf_of

import pipeline.worker
from pipeline.cli import run
from pipeline.register import dispatches, failures, open_register


def pdf_with_pages(count):
    """A PDF of many pages that share one content, small as a file."""
    content = b"BT /F1 12 Tf 72 700 Td (So lieu) Tj ET"
    kids = " ".join(f"{n + 5} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        * count,
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for n, obj in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, obj))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % p for p in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def docx_bomb():
    """A DOCX of some kilobytes whose main part unpacks to hundreds of megabytes."""
    whole, out = io.BytesIO(Letter().docx()), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
                continue
            with new.open(name, "w", force_zip64=True) as part:
                part.write(b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/')
                part.write(b'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>')
                for _ in range(400):
                    part.write(b"a " * 500_000)
                part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return out.getvalue()


def zip_of(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


WHOLE = Letter().pdf()
BAD = {
    "empty.pdf": (b"", {"empty_file"}),
    "truncated.pdf": (WHOLE[: len(WHOLE) // 3], {"damaged_file"}),
    "locked.pdf": (pdf_of(["Kính gửi"], password="khoa"), {"encrypted_file"}),
    "table.docx": (zip_of(**{"xl/workbook.xml": "x"}), {"damaged_file", "unknown_format"}),
    "nothing.zip": (zip_of(), {"nothing_inside"}),
    "bomb.docx": (docx_bomb(), {"too_large"}),
    "no-pages.pdf": (pdf_with_pages(0), {"damaged_file", "no_text"}),
    "binary.txt": (bytes(range(256)) * 200, {"unknown_format", "damaged_file"}),
    "many-pages.pdf": (pdf_with_pages(10_000), {"too_large"}),
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """One ingest over a folder that holds all of them, a pipe, a link to nowhere, and one good dispatch at the end."""
    folder = tmp_path_factory.mktemp("batch")
    inbox, register = folder / "inbox", folder / "register.db"
    inbox.mkdir()
    for name, (content, _) in BAD.items():
        (inbox / name).write_bytes(content)
    os.mkfifo(inbox / "pipe.txt")
    (inbox / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    Letter().write(inbox / "zz-good.txt")
    start = time.monotonic()
    code = run(["ingest", str(inbox), "--register", str(register)])
    seconds = time.monotonic() - start
    with open_register(register) as opened:
        rows = {os.path.basename(row["path"]): row for row in failures(opened)}
        entered = dispatches(opened)
    return {"code": code, "rows": rows, "entered": entered, "seconds": seconds, "inbox": inbox, "register": register}


def test_the_batch_goes_on_to_its_end_and_says_that_files_failed(batch):
    assert batch["code"] == 1
    assert len(batch["entered"]) == 1
    assert batch["seconds"] < 60


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_row_with_its_reason(batch, name):
    row = batch["rows"][name]
    assert row["status"] == "failed"
    assert row["code"] in BAD[name][1]


@pytest.mark.parametrize("name", ["pipe.txt", "gone.pdf"])
def test_what_is_no_readable_file_is_a_row_with_its_reason(batch, name):
    assert batch["rows"][name]["code"] in {"not_permitted", "vanished_file"}


def test_every_reason_is_told_in_words(batch, capsys):
    capsys.readouterr()
    run(["failures", "--register", str(batch["register"]), "--failed", "--json"])
    out = capsys.readouterr().out
    for row in batch["rows"].values():
        assert row["code"] in out
    assert '"reason": ""' not in out


def test_failed_files_stay_failed_without_being_read_again(batch, capsys, monkeypatch):
    opened = []
    read = pipeline.worker.read_bytes
    monkeypatch.setattr(pipeline.worker, "read_bytes", lambda path: opened.append(path.name) or read(path))
    assert run(["ingest", str(batch["inbox"]), "--register", str(batch["register"]), "--workers", "0"]) == 1
    # what failed for a passing reason is tried again
    assert set(opened) <= {"pipe.txt", "gone.pdf"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_a_row(tmp_path):
    path = Letter().write(tmp_path / "inbox" / "a.txt")
    path.chmod(0)
    assert code_of(tmp_path) == "not_permitted"


def test_a_folder_named_like_a_document_is_looked_into_not_read(tmp_path):
    Letter().write(tmp_path / "inbox" / "thu-muc.pdf" / "a.txt")
    register = tmp_path / "register.db"
    assert run(["ingest", str(tmp_path / "inbox"), "--register", str(register), "--workers", "0"]) == 0


def test_a_file_that_vanishes_before_it_is_read_is_a_row(tmp_path, monkeypatch):
    path = Letter().write(tmp_path / "inbox" / "a.txt")
    read = pipeline.worker.read_bytes
    monkeypatch.setattr(pipeline.worker, "read_bytes", lambda p: path.unlink() or read(p))
    assert code_of(tmp_path) == "vanished_file"


def code_of(folder):
    """The code of the one failure of an ingest of folder/inbox, which ends with exit code 1."""
    register = folder / "register.db"
    assert run(["ingest", str(folder / "inbox"), "--register", str(register), "--workers", "0"]) == 1
    with open_register(register) as opened:
        (row,) = failures(opened)
    return row["code"]
