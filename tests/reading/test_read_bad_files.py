"""Files that cannot be read say why, never hang and never raise a library's own exception."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from compound import compound
from papers import Paper, docx_of, letterhead, lines, par
from reportlab.lib.pdfencrypt import StandardEncryption

from pipeline import reading
from pipeline.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    NoText,
    NotPermitted,
    TooLarge,
    UnknownFormat,
    UnopenedArchive,
    UnreadableFile,
    VanishedFile,
)
from pipeline.reading import read_document


@pytest.fixture
def write(tmp_path):
    def written(data: bytes, name: str = "paper.pdf") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def pdf() -> bytes:
    return letterhead(Paper()).body().bytes()


def test_an_empty_file(write):
    with pytest.raises(EmptyFile):
        read_document(write(b""))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.98])
def test_a_pdf_cut_short(write, share):
    whole = pdf()
    with pytest.raises(DamagedFile) as caught:
        read_document(write(whole[: int(share * len(whole))]))
    assert caught.value.details["reason"] == "truncated"


def updated(whole: bytes) -> bytes:
    """The PDF with a second revision behind the first, as a signature adds one."""
    at = len(whole)
    xref = b"xref\n0 1\n0000000000 65535 f \n900 1\n%010d 00000 n \n" % at
    added = b"900 0 obj\n<</Kind/Seal/Words(%s)>>\nendobj\n" % (b"x" * 6000)
    before = int(whole[whole.rindex(b"startxref") + 9 :].split()[0])
    root = b"/Root " + whole[whole.rindex(b"/Root") + 5 :].split(b"R")[0] + b"R"
    trailer = b"trailer\n<</Size 901/Prev %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (before, root, at + len(added))
    return whole + added + xref + trailer


@pytest.mark.parametrize("share", [0.01, 0.4, 0.97])
def test_a_pdf_whose_second_revision_is_cut_short(write, share):
    first, both = len(pdf()), updated(pdf())
    assert lines(read_document(write(both)))[0] == "PEOPLE OF NORTHVALE"
    with pytest.raises(DamagedFile) as caught:
        read_document(write(both[: first + 20 + int(share * (len(both) - first - 20))]))
    assert caught.value.details["reason"] == "truncated"


@pytest.mark.parametrize("tail", [bytes(9000), b"<html>" + b"Saved by the portal. " * 500, b"\n%end of post\n"])
def test_bytes_behind_the_end_of_a_pdf_do_no_harm(write, tail):
    assert lines(read_document(write(pdf() + tail)))[0] == "PEOPLE OF NORTHVALE"


def test_a_pdf_that_lacks_only_the_mark_of_its_end_is_read(write):
    whole = pdf()
    assert lines(read_document(write(whole[: whole.rindex(b"%%EOF")])))[0] == "PEOPLE OF NORTHVALE"


def test_a_pdf_full_of_rubbish(write):
    with pytest.raises(DamagedFile):
        read_document(write(b"%PDF-1.7\n" + os.urandom(3000) + b"\n%%EOF\n"))


def test_a_pdf_that_needs_a_password(write):
    locked = Paper(encrypt=StandardEncryption("open", "own")).text(85, 100, "Locked").bytes()
    with pytest.raises(EncryptedFile):
        read_document(write(locked))


def test_a_pdf_that_only_its_owner_may_print_is_read(write):
    owned = Paper(encrypt=StandardEncryption("", "own", canPrint=0)).text(85, 100, "Read me freely").bytes()
    assert lines(read_document(write(owned))) == ["Read me freely"]


def pages_pdf(count: int) -> bytes:
    """A PDF of empty pages, written by hand: a page tree, as many pages as wanted, a table of offsets."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b" ".join(b"%d 0 R" % (n + 3) for n in range(count))),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"] * count,
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (n, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def test_a_pdf_without_pages(write):
    with pytest.raises(DamagedFile) as caught:
        read_document(write(pages_pdf(0)))
    assert caught.value.details["reason"] == "no_pages"


def test_a_pdf_of_blank_pages_has_no_text(write):
    with pytest.raises(NoText):
        read_document(write(pages_pdf(3)))


def test_a_pdf_of_ten_thousand_pages_is_bounded(write):
    with pytest.raises(TooLarge) as caught:
        read_document(write(pages_pdf(10_000)))
    assert caught.value.details["size"] == 10_000


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_named_docx(write):
    with pytest.raises(UnknownFormat) as caught:
        read_document(write(zipped(**{"holiday.txt": b"sun"}), "letter.docx"))
    assert caught.value.details["format"] == "zip"


def test_a_docx_cut_short(write):
    whole = docx_of(par("Some words"))
    with pytest.raises(DamagedFile):
        read_document(write(whole[: len(whole) // 2], "letter.docx"))


def test_a_docx_without_its_parts(write):
    with pytest.raises(DamagedFile):
        read_document(write(zipped(**{"word/document.xml": b"<a/>"}), "letter.docx"))


def test_a_docx_whose_xml_is_broken(write):
    with pytest.raises(DamagedFile):
        read_document(write(docx_of("<w:p><w:r></w:p>"), "letter.docx"))


def test_a_docx_that_unpacks_beyond_measure(write):
    bomb = docx_of(par("a" * 80_000_000))
    assert len(bomb) < 1_000_000
    with pytest.raises(TooLarge):
        read_document(write(bomb, "letter.docx"))


def test_a_docx_of_pictures_that_unpack_beyond_measure(write, monkeypatch):
    package = io.BytesIO(docx_of(par("c")))
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"word/media/image{n}.png", bytes(500_000))
    path = write(package.getvalue(), "letter.docx")
    assert read_document(path).text.strip() == "c"
    monkeypatch.setattr("pipeline.reading.docx.MAX_UNPACKED", 1_000_000)
    with pytest.raises(TooLarge):
        read_document(path)


def test_a_docx_that_lies_about_its_size(write):
    data = bytearray(docx_of(par("b" * 30_000_000)))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.find(signature)
        while place >= 0:
            name_at = place + (30 if at == 22 else 46)
            if data[name_at : name_at + 17] == b"word/document.xml":
                data[place + at : place + at + 4] = (50).to_bytes(4, "little")
            place = data.find(signature, place + 4)
    with pytest.raises(UnreadableFile):
        read_document(write(bytes(data), "letter.docx"))


def test_entities_that_multiply_are_not_unfolded(write):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d>&e9;</d>'
    base = docx_of(par("x"))
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("word/document.xml", "word/styles.xml"):
        with pytest.raises(UnreadableFile):
            read_document(write(zipped(**{**parts, name: document.encode()}), "letter.docx"))


@pytest.mark.parametrize(
    ("data", "error", "format"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DamagedFile, "doc"),
        (rb"{\rtf1\ansi hello", DamagedFile, "rtf"),
        (b"\xff\xd8\xff\xe0" + bytes(64), DamagedFile, "jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), DamagedFile, "png"),
        (b"II*\0" + bytes(64), DamagedFile, "tiff"),
        (b"MM\0*" + bytes(64), DamagedFile, "tiff"),
        (b"Rar!\x1a\x07\x00" + bytes(64), UnopenedArchive, "rar"),
        (b"<?xml version='1.0'?><a>b</a>", UnknownFormat, "xml"),
        (bytes(range(256)) * 40, UnknownFormat, "binary"),
        (b"\x7fELF" + bytes(4000), UnknownFormat, "binary"),
        (zipped(**{"xl/workbook.xml": b"<a/>"}), UnknownFormat, "xlsx"),
    ],
)
def test_other_formats_are_named_whatever_the_file_is_called(write, data, error, format):
    for name in ("paper.txt", "paper.pdf", "paper.docx"):
        with pytest.raises(error) as caught:
            read_document(write(data, name))
        assert caught.value.details["format"] == format


def test_a_locked_word_file_needs_a_password(write):
    with pytest.raises(EncryptedFile):
        read_document(write(compound({"EncryptedPackage": b""}), "letter.docx"))


def test_spaces_alone_are_no_text(write):
    with pytest.raises(NoText):
        read_document(write(b" \n\t\n  ", "note.txt"))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(NotPermitted):
        read_document(tmp_path)


def test_a_named_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(NotPermitted):
        read_document(tmp_path / "pipe.pdf")


def test_a_device_is_no_file():
    with pytest.raises(NotPermitted):
        read_document(Path("/dev/zero"))


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "link.pdf").symlink_to(tmp_path / "gone.pdf")
    for name in ("gone.pdf", "link.pdf"):
        with pytest.raises(VanishedFile):
            read_document(tmp_path / name)
    (tmp_path / "ring.pdf").symlink_to(tmp_path / "ring.pdf")
    with pytest.raises(UnreadableFile):
        read_document(tmp_path / "ring.pdf")


def test_a_file_that_the_system_will_not_let_be_read(write):
    path = write(pdf())
    path.chmod(0)
    if os.access(path, os.R_OK):
        # the superuser may read it all the same; what no user may open is a socket
        import socket

        path.unlink()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            with pytest.raises(NotPermitted):
                read_document(path)
        return
    with pytest.raises(NotPermitted):
        read_document(path)


def test_a_file_that_changes_while_it_is_read(write, monkeypatch):
    path = write(pdf())
    before = os.fstat

    def grown(handle):
        state = before(handle)
        with path.open("ab") as file:
            file.write(b"more")
        return state

    monkeypatch.setattr("pipeline.reading.bytes.os.fstat", grown)
    with pytest.raises(VanishedFile):
        read_document(path)


def test_a_file_beyond_the_bound_is_not_taken_into_memory(write, monkeypatch):
    path = write(pdf())
    with path.open("r+b") as file:
        file.truncate(reading.MAX_BYTES + 1)
    with pytest.raises(TooLarge) as caught:
        read_document(path)
    assert caught.value.details["limit"] == reading.MAX_BYTES


@pytest.mark.parametrize("seed", range(40))
def test_damage_anywhere_raises_nothing_but_our_own_errors(write, seed):
    import random

    dice = random.Random(seed)
    data = bytearray((pdf, lambda: docx_of(par("Some words of it")))[seed % 2]())
    for _ in range(dice.choice([1, 5, 50])):
        data[dice.randrange(len(data))] = dice.randrange(256)
    with contextlib.suppress(UnreadableFile):
        read_document(write(bytes(data)))
