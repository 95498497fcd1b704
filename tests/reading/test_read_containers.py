"""What lies in archives and mails: each file by its name and bytes, whatever else the container holds or claims."""

from __future__ import annotations

import base64
import contextlib
import io
import struct
import time
import zipfile

import pytest
from parcels import mail, raw_mail, zip_of

import pipeline.reading.containers as containers
from pipeline.errors import DamagedFile, NothingInside, TooLarge, UnknownFormat, UnreadableFile
from pipeline.reading import read_document_bytes, sha256_of
from pipeline.reading.containers import container_in, container_kind, contents, entry_in, opened
from pipeline.reading.sniff import kind_of


def listed(data):
    """name -> size, or the code of what is wrong."""
    found = contents(data, container_kind(data))
    return {m.path: m.problem[0] if m.problem else m.size for m in found.members}


def names(data):
    return [m.path for m in contents(data, container_kind(data)).members]


def read(data, path):
    """The bytes of a member, found by its path alone."""
    *outer, last = path.split(containers.SEPARATOR)
    container = opened(data, container_kind(data))
    for name in outer:
        container = container_in(container, name)
    return entry_in(container, last).read(containers.MAX_BYTES)


# ------------------------------------------------------------------ what is a container


def test_archives_and_mails_are_told_from_documents_by_content():
    assert container_kind(zip_of(("a.txt", b"a"))) == "zip"
    assert container_kind(mail()) == "eml"
    assert container_kind(b"From - Thu Jan 16 2025\r\n" + mail()) == "eml"
    assert container_kind("Số: 1/SKHKT\nKính gửi: các sở\n\nTo: x\n".encode()) is None
    assert container_kind(b"To: all\nNote: nothing of it tells who wrote it\n\nx") is None
    saved = b"From: <Saved by Blink>\nSnapshot-Content-Location: x\nSubject: x\nDate: x\nMIME-Version: 1.0\n"
    assert kind_of(saved + b'Content-Type: multipart/related; boundary="b"\n\n--b\n') == "mhtml"


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
        ("content.xml", "odf"),
        ("META-INF/MANIFEST.MF", "jar"),
        ("META-INF/container.xml", "epub"),
    ],
)
def test_documents_that_are_archives_are_none(inside, kind):
    data = zip_of(("[Content_Types].xml", b"x"), (inside, b"x"), ("cong-van.txt", b"x"))
    assert container_kind(data) is None
    if kind != "docx":
        with pytest.raises(UnknownFormat) as told:
            read_document_bytes(data)
        assert told.value.details["format"] == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Rar!\x1a\x07\x01\x00" + bytes(40), "unopened_archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "unopened_archive"),
        (b"\x1f\x8b\x08" + bytes(40), "unopened_archive"),
        (b"\x78\x9f\x3e\x22" + bytes(40), "outlook_mail"),
    ],
)
def test_containers_that_are_not_opened_say_so(data, code):
    with pytest.raises(UnreadableFile) as told:
        read_document_bytes(data)
    assert told.value.code == code
    assert listed(zip_of(("kem.bin", data), ("a.txt", b"abc"))) == {"kem.bin": 0 + len(data), "a.txt": 3}


# ------------------------------------------------------------------ archives


def test_members_have_path_size_and_hash_and_are_read_by_their_path():
    data = zip_of(("Công văn/số 1.txt", "chữ".encode()), ("b.txt", b"b" * 5000))
    first, second = contents(data, "zip").members
    assert (first.path, first.size, first.sha256) == ("Công văn/số 1.txt", 5, sha256_of("chữ".encode()))
    assert read(data, first.path) == "chữ".encode()
    assert read(data, second.path) == b"b" * 5000


def test_folders_and_what_systems_leave_behind_are_passed_over():
    data = zip_of(
        ("thu-muc/", b""), ("__MACOSX/._a.pdf", b"x"), ("thu-muc/.DS_Store", b"x"), ("~$a.docx", b"x"), ("a", b"a")
    )
    found = contents(data, "zip")
    assert [m.path for m in found.members] == ["a"]
    assert found.ignored == 3


def renamed(data, old, new):
    """The same archive with other bytes for a name, as programs wrote them before UTF-8."""
    assert len(old) == len(new)
    return data.replace(old, new)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Công văn số 5.pdf", "utf-8"), ("Phụ lục đính kèm.pdf", "utf-8"), ("Công văn.pdf", "cp1258")],
)
def test_names_are_read_in_the_encoding_that_they_are_in(name, encoding):
    import unicodedata

    spelt = unicodedata.normalize("NFD", name) if encoding == "cp1258" else name
    if encoding == "cp1258":
        # Windows keeps the vowel with its hat and puts the tone behind it
        spelt = "".join(unicodedata.normalize("NFC", c) for c in ["C", "ô", "ng v", "ă", "n.pdf"])
    written = spelt.encode(encoding)
    data = renamed(zip_of(("x" * len(written), b"abc")), b"x" * len(written), written)
    assert names(data) == [name]
    assert read(data, name) == b"abc"


def test_the_unicode_path_beside_an_old_name_counts():
    info = zipfile.ZipInfo("cong_van.pdf")
    name = "Công văn.pdf".encode()
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name
    assert names(zip_of((info, b"abc"))) == ["Công văn.pdf"]


def test_an_entry_without_a_name_is_read_too():
    data = zip_of(("a.txt", b"abc"), ("x.txt", b"xy"), ("thu-muc\\", b""))
    assert listed(data.replace(b"x.txt", b"\0.txt")) == {"a.txt": 3, "_.txt": 2}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "__/__/etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\a.txt", "__/a.txt"),
        ("C:\\a.txt", "C:/a.txt"),
    ],
)
def test_a_name_that_leads_out_of_the_archive_is_that_members_failure(name, shown):
    assert listed(zip_of((name, b"x"), ("tot.txt", b"abc"))) == {shown: "unsafe_member", "tot.txt": 3}


def test_no_name_can_act_on_a_terminal_or_be_taken_for_another_members_path():
    inner = zip_of(("a.txt", b"inner"))
    data = zip_of(
        ("b.zip/::/a.txt", b"outer"), ("b.zip", inner), ("\x1b[2Jgõ\u202etxt", b"x"), ("a", b"1"), ("a", b"22")
    )
    found = listed(data)
    assert found == {"b.zip/__/a.txt": 5, "b.zip/::/a.txt": 5, "_[2Jgõ_txt": 1, "a": 1, "a (2)": 2}
    assert read(data, "b.zip/::/a.txt") == b"inner"
    assert read(data, "a (2)") == b"22"


def test_links_and_locked_members_are_failures_and_the_others_go_on():
    link = zipfile.ZipInfo("lien-ket.pdf")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    data = bytearray(zip_of((link, b"/etc/passwd"), ("khoa.pdf", b"x"), ("tot.txt", b"abc")))
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    data[at + 8] |= 1
    assert listed(bytes(data)) == {"lien-ket.pdf": "unsafe_member", "khoa.pdf": "encrypted_file", "tot.txt": 3}


def test_packings_that_are_not_unpacked_are_failures_of_their_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"abc" * 50, compress_type=zipfile.ZIP_LZMA)
        archive.writestr("b.txt", b"abc", compress_type=zipfile.ZIP_STORED)
    assert listed(out.getvalue()) == {"a.txt": "unopened_archive", "b.txt": 3}


def test_a_damaged_member_is_a_failure_and_the_others_go_on():
    data = bytearray(zip_of(("a.txt", bytes(range(256)) * 40), ("b.txt", b"abc")))
    data[60] ^= 0xFF
    found = listed(bytes(data))
    assert found == {"a.txt": "damaged_file", "b.txt": 3}


def test_an_archive_that_is_cut_short_cannot_be_opened():
    data = zip_of(("a.txt", b"abc"))
    for broken in (data[:-30], data[: len(data) // 2], data[:10]):
        with pytest.raises(DamagedFile):
            contents(broken, "zip")


def test_entries_that_share_their_bytes_are_failures():
    """One kilobyte that a thousand entries unpack (a bomb that no ratio shows)."""
    data = zip_of(("a.txt", b"abc" * 100), ("b.txt", b"x"))
    first, second = data.find(b"PK\x01\x02"), data.rfind(b"PK\x01\x02")
    doubled = bytearray(data)
    doubled[second + 42 : second + 46] = doubled[first + 42 : first + 46]
    assert set(listed(bytes(doubled)).values()) == {"damaged_file"}
    swallowing = bytearray(data)
    swallowing[first + 20 : first + 24] = struct.pack("<L", len(data))
    assert listed(bytes(swallowing)) == {"a.txt": "damaged_file", "b.txt": 1}


# ------------------------------------------------------------------ bounds


def bomb(megabytes):
    """As many megabytes of nothing in some kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("bomb.txt", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(bytes(1 << 20))
        archive.writestr("tot.txt", b"abc")
    return out.getvalue()


def test_a_bomb_is_stopped_while_it_is_unpacked_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(containers, "MAX_BYTES", 5 << 20)
    data = bomb(40)
    assert len(data) < 200_000
    assert listed(data) == {"bomb.txt": "too_large", "tot.txt": 3}


def test_a_header_that_lies_about_a_size_changes_nothing(monkeypatch):
    monkeypatch.setattr(containers, "MAX_BYTES", 5 << 20)
    data = bytearray(zip_of(("bomb.txt", bytes(20 << 20)), ("tot.txt", b"abc")))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)
    assert listed(bytes(data)) == {"bomb.txt": "damaged_file", "tot.txt": 3}
    data[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFF0)
    assert listed(bytes(data)) == {"bomb.txt": "too_large", "tot.txt": 3}


def test_all_members_together_are_bounded_also_those_in_archives_within(monkeypatch):
    monkeypatch.setattr(containers, "MAX_UNPACKED", 10 << 20)
    part = bytes(4 << 20)
    for data in (
        zip_of(("a", part), ("b", part), ("c", part)),
        zip_of(("a.zip", zip_of(("a", part), ("b", part))), ("c", part)),
        mail(("a.zip", zip_of(("a", part), ("b", part))), ("c", part)),
    ):
        with pytest.raises(TooLarge):
            contents(data, container_kind(data))


def test_members_are_bounded_in_number_also_those_in_archives_within():
    many = [(f"{n}.txt", b"x") for n in range(600)]
    assert len(contents(zip_of(*many), "zip").members) == 600
    for data in (
        zip_of(*many, *((f"b{n}", b"x") for n in range(600))),
        zip_of(("a.zip", zip_of(*many)), ("b.zip", zip_of(*many))),
    ):
        with pytest.raises(TooLarge):
            contents(data, "zip")


def test_a_list_of_entries_without_end_is_not_read():
    """A million entries of some bytes each would fill the memory before the first is looked at."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listing = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listing), 4, 0)
    start = time.process_time()
    with pytest.raises(TooLarge):
        contents(b"PK\x03\x04" + listing + end, "zip")
    assert time.process_time() - start < 1


def test_containers_lie_in_containers_three_deep_and_no_deeper():
    deepest = zip_of(("a.txt", b"abc"))
    third = mail(("d.zip", deepest))
    second = zip_of(("c.eml", third), ("tot.txt", b"xy"))
    first = mail(("b.zip", second), text="")
    assert listed(first) == {
        "b.zip/::/c.eml/::/body": len(read(first, "b.zip/::/c.eml/::/body")),
        "b.zip/::/c.eml/::/d.zip": "too_deep",
        "b.zip/::/tot.txt": 2,
    }
    assert read(second, "c.eml/::/d.zip/::/a.txt") == b"abc"


def test_an_archive_that_holds_itself_over_and_over_ends():
    data = zip_of(("a.txt", b"abc"))
    for _ in range(50):
        data = zip_of(("a.zip", data))
    assert list(listed(data).values()) == ["too_deep"]


@pytest.mark.parametrize(
    "data",
    [
        zip_of(),
        zip_of(("thu-muc/", b"")),
        zip_of((".DS_Store", b"x")),
        zip_of(("a.zip", zip_of(("Thumbs.db", b"x")))),
        mail(text="  \n"),
        mail(text="", html="<html><head><style>p {color: red}</style></head><body><p>&nbsp;</p></body></html>"),
    ],
)
def test_where_nothing_is_left_to_read_it_is_told(data):
    with pytest.raises(NothingInside):
        contents(data, container_kind(data))


# ------------------------------------------------------------------ mails


def test_attachments_and_the_text_of_a_mail_are_its_members():
    data = mail(("cong-van.pdf", b"%PDF-1"), ("cong-van.pdf", b"%PDF-22"), ("body", b"x"))
    assert names(data) == ["body", "cong-van.pdf", "cong-van (2).pdf", "body (2)"]
    assert read(data, "cong-van (2).pdf") == b"%PDF-22"
    assert "Kính chuyển văn bản kèm theo." in read_document_bytes(read(data, "body")).text


def test_the_html_of_a_mail_is_read_where_it_has_any():
    data = mail(text="thuần", html="<p>Kính gửi: <b>các sở</b></p><p>dòng hai</p>")
    assert names(data) == ["body"]
    document = read_document_bytes(read(data, "body"))
    assert document.format == "html" and [*filter(None, document.text.split("\n"))] == ["Kính gửi: các sở", "dòng hai"]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1258", "nobody-knows", "punycode", '"\0"'])
def test_the_text_of_a_mail_is_read_in_its_charset(charset):
    words = "Đề nghị gửi số liệu".encode() if charset != "windows-1258" else "Đê nghi gưi sô liêu".encode("cp1258")
    head = f"From: a\r\nTo: b\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    text = read_document_bytes(read(head + words, "body")).text
    assert text.strip() == ("Đề nghị gửi số liệu" if charset != "windows-1258" else "Đê nghi gưi sô liêu")


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment; filename*=UTF-8''C%C3%B4ng%20v%C4%83n.pdf",
        b"attachment; filename*0*=UTF-8''C%C3%B4ng; filename*1*=%20v%C4%83n.pdf",
        b'attachment; filename="=?UTF-8?B?Q8O0bmcgdsSDbi5wZGY=?="',
        b'attachment; filename="=?utf-8?Q?C=C3=B4ng?=\r\n =?utf-8?Q?_v=C4=83n.pdf?="',
        'attachment; filename="Công văn.pdf"'.encode(),
        b'attachment; filename="=?windows-1258?Q?C=F4ng_v=E3n.pdf?="',
        'attachment; filename="C:\\\\Gui\\\\Công văn.pdf"'.encode(),
        'inline\r\nContent-Type: application/pdf; name="../Công văn.pdf"'.encode(),
    ],
)
def test_names_of_attachments_are_decoded(disposition):
    part = b"Content-Disposition: " + disposition + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj"
    data = raw_mail([part])
    assert listed(data) == {"Công văn.pdf": 3}


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment; filename*0*=broken''%zz; filename*9" + b"9" * 5000 + b"=x",
        b'attachment; filename="=?nobody-knows?B?!!!?="',
        b'attachment; filename="' + b";" * 7000,
        b"attachment; filename*=x'y'" + b"%C3" * 2000,
        b"attachment; filename*=\0'y'%C3.pdf",
        b"attachment; filename=" + b"\x00\x1b[2J",
        b"\xff\xfe\xfd" * 3000,
    ],
)
def test_broken_names_cost_only_the_name(disposition):
    part = b"Content-Disposition: " + disposition + b"\r\nContent-Type: application/pdf\r\n\r\nabc"
    (member,) = contents(raw_mail([part, b"Content-Type: text/plain\r\n\r\n "]), "eml").members
    assert member.size == 3 and member.path.isprintable() and len(member.path) < 200


def test_mails_sent_along_are_opened_each_with_its_own_text():
    inner = mail(("trong.pdf", b"%PDF-1"), text="bên trong")
    outer = raw_mail([b"Content-Type: text/plain\r\n\r\nngoai", b"Content-Type: message/rfc822\r\n\r\n" + inner])
    assert names(outer) == ["body", "1.eml/::/body", "1.eml/::/trong.pdf"]
    assert read(outer, "1.eml/::/trong.pdf") == b"%PDF-1"


def test_a_mail_in_an_archive_and_an_archive_in_a_mail_are_opened():
    inner = mail(("trong.pdf", b"%PDF-1"))
    assert names(zip_of(("thu/goc.eml", inner), ("a.txt", b"a"))) == [
        "thu/goc.eml/::/body", "thu/goc.eml/::/trong.pdf", "a.txt"
    ]  # fmt: skip
    assert names(mail(("hop.zip", zip_of(("goc.eml", inner))), text=" ")) == [
        "hop.zip/::/goc.eml/::/body", "hop.zip/::/goc.eml/::/trong.pdf"
    ]  # fmt: skip


def picture(width, height):
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def shown(data, content_id=b"Content-ID: <a@b>\r\n"):
    head = b"Content-Type: image/png\r\n" + content_id + b"Content-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(data)


def test_little_pictures_that_a_mail_shows_are_passed_over_and_pages_of_paper_are_not():
    text = b'Content-Type: text/html\r\n\r\n<p>Kinh gui</p><img src="cid:a@b">'
    data = raw_mail(
        [text, shown(picture(300, 120)), shown(picture(1240, 1754)), shown(picture(300, 120), b"")], "related"
    )
    found = contents(data, "eml")
    assert [m.path for m in found.members] == ["body", "2.png", "3.png"]
    assert found.ignored == 1


def test_signatures_and_answers_of_machines_are_passed_over():
    parts = [b"Content-Type: text/plain\r\n\r\nKinh gui"]
    parts += [
        b"Content-Type: " + kind + b"; name=x\r\n\r\nabc"
        for kind in (b"application/pkcs7-signature", b"text/calendar", b"message/delivery-status")
    ]
    found = contents(raw_mail(parts), "eml")
    assert [m.path for m in found.members] == ["body"] and found.ignored == 3


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ({"Date": "Thu, 16 Jan 2025 20:00:00 +0000"}, "2025-01-17"),
        ({"Date": "Thu, 16 Jan 2025 20:00:00 +0700"}, "2025-01-16"),
        ({"Date": "16 Jan 2025 20:00:00 +0700", "Received": "by b; Fri, 17 Jan 2025 08:00:00 +0700"}, "2025-01-17"),
        ({"Date": "hôm nay"}, None),
        ({"Date": "Thu, 01 Jan 1970 00:00:00 +0000"}, None),
    ],
)
def test_the_day_on_which_a_mail_came_is_kept_with_its_members(head, day):
    data = mail(("a.txt", b"a"), text=" ").replace(b"Date: Thu, 16 Jan 2025 20:00:00 +0000\n", b"")
    data = b"".join(f"{k}: {v}\n".encode() for k, v in head.items()) + data
    assert [m.received_on for m in contents(data, "eml").members] == [day]
    assert [m.received_on for m in contents(zip_of(("a.eml", data)), "zip").members] == [day]


def test_a_mail_that_is_cut_short_gives_what_is_there():
    data = mail(("a.txt", b"abc"), ("b.bin", bytes(range(200)) * 50))
    found = listed(data[: len(data) - 3000])
    assert found["a.txt"] == 3 and 0 < found["b.bin"] < 10_000


def test_an_attachment_that_cannot_be_decoded_is_a_failure_and_the_others_go_on():
    strange = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: x-gzip64\r\n\r\nabc"
    fine = b"Content-Type: application/pdf; name=b.pdf\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=62c"
    data = raw_mail([strange, fine])
    assert listed(data) == {"a.pdf": "damaged_file", "b.pdf": 3}
    assert read(data, "b.pdf") == b"abc"


@pytest.mark.parametrize(
    "grow",
    [
        lambda n: raw_mail([b"\r\n\r\nx"] * (n // 20)),
        lambda n: b"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=-\n\n" + b"-" * n,
        lambda n: b"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b" + b" " * n,
        lambda n: b"From: a\nTo: b\n" + b"Subject: x\n" * (n // 11) + b"\nx",
        lambda n: b"From: a\nTo: b\n\n" + b"\n \t" * (n // 3),
    ],
    ids=["parts", "dashes", "spaces", "heads", "lines"],
)
def test_mails_are_taken_apart_in_time_that_grows_with_their_size(grow):
    def seconds(n):
        data = grow(n)
        start = time.process_time()
        with contextlib.suppress(UnreadableFile):
            contents(data, "eml")
        return time.process_time() - start

    seconds(1000)
    small, large = min(seconds(250_000) for _ in range(2)), min(seconds(2_000_000) for _ in range(2))
    assert large < max(0.2, small * 8 * 4)


def test_parts_within_parts_without_end_are_taken_apart_to_a_depth():
    data = b"From: a\nTo: b\n"
    for n in range(3000):
        data += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
    start = time.process_time()
    assert len(contents(data, "eml").members) == 1
    assert time.process_time() - start < 2
