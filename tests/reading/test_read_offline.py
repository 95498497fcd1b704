"""Nothing that a file refers to is fetched, from the network or from another file, and no entity grows."""

from __future__ import annotations

import io
import shutil
import socket
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from papers import Paper, docx_of, letterhead, par
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import DamagedFile, TooLarge
from pipeline.reading import read_document_bytes
from pipeline.reading.containers import contents

SECRET = "the words of another file"
WORDS = "Kính gửi các thôn trong xã"


class Outside:
    """An address on which somebody listens, and a file that no reader was given."""

    def __init__(self, folder: Path) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.3)
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}/"
        secret = folder / "another.txt"
        secret.write_text(SECRET, "utf-8")
        self.file = secret.as_uri()

    @property
    def asked(self) -> bool:
        """Whether anybody tried to come."""
        try:
            self.server.accept()[0].close()
        except TimeoutError:
            return False
        return True


@pytest.fixture
def outside(tmp_path):
    found = Outside(tmp_path)
    yield found
    found.server.close()


def docx(outside: Outside) -> bytes:
    """Pictures, a template, a chart and a whole document elsewhere, and fields that take in other files."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    kinds = ("image", "attachedTemplate", "hyperlink", "oleObject", "aFChunk", "subDocument", "header", "styles")
    targets = [(kind, url) for kind in kinds for url in (outside.url + kind, outside.file)]
    links = "".join(
        f'<Relationship Id="out{n}" Type="{office}{kind}" Target="{url}" TargetMode="External"/>'
        for n, (kind, url) in enumerate(targets)
    )
    parts = "".join(f'<w:altChunk r:id="out{n}"/><w:subDoc r:id="out{n}"/>' for n in range(len(targets)))
    fields = "".join(
        f'<w:p><w:fldSimple w:instr=" {field} &quot;{url}&quot; "/></w:p>'
        for field in ("INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT")
        for url in (outside.url, outside.file)
    )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx_of(par(WORDS) + fields + parts))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", links.encode() + b"</Relationships>")
            new.writestr(name, content)
    return out.getvalue()


def html(outside: Outside) -> bytes:
    tags = "".join(
        f'<link rel="stylesheet" href="{url}a.css"><script src="{url}a.js"></script><img src="{url}a" srcset="{url}b">'
        f'<iframe src="{url}"></iframe><object data="{url}"></object><embed src="{url}"><base href="{url}">'
        f'<meta http-equiv="refresh" content="0; url={url}"><style>@import "{url}"; p {{ color: url({url}) }}</style>'
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}"/><use href="{url}#a"/></svg>'
        for url in (outside.url, outside.file)
    )
    head = f"<!DOCTYPE html SYSTEM '{outside.url}a.dtd'><html><head></head>"
    return f"{head}<body><p>{WORDS}</p>{tags}</body></html>".encode()


def mhtml(outside: Outside) -> bytes:
    head = f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; start={outside.url}\n\n"
    part = (
        f"Content-Type: message/external-body; access-type=URL; URL={outside.url}\nContent-Location: {outside.url}\n\n"
    )
    return (
        f"{head}--b\n{part}\n--b\nContent-Type: text/html; charset=utf-8\n\n{html(outside).decode()}\n--b--\n".encode()
    )


def rtf(outside: Outside) -> bytes:
    fields = "".join(
        rf'{{\field{{\*\fldinst {field} "{url}" \\d}}{{\fldrslt }}}}'
        for field in ("INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "DDEAUTO")
        for url in (outside.url, outside.file)
    )
    return rf"{{\rtf1\ansi{{\*\template {outside.url}}}Kinh gui cac thon trong xa {fields}\par}}".encode()


def pdf(outside: Outside) -> bytes:
    """Addresses to be opened with the page, and a form that sends itself."""
    paper = letterhead(Paper()).body()
    paper.canvas.linkURL(outside.url, (0, 0, 600, 800))
    data = paper.bytes()
    action = f"/OpenAction<</S/URI/URI({outside.url})/Next<</S/SubmitForm/F<</FS/URL/F({outside.url})>>>>>>"
    script = f"/AA<</O<</S/JavaScript/JS(app.launchURL('{outside.url}'))>>>>"
    return data.replace(b"/Type /Catalog", b"/Type /Catalog " + (action + script).encode())


def pdf_with_foreign_stream(outside: Outside) -> bytes:
    """A page whose words lie in another file."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    for n in range(20):
        canvas.drawString(72, 700 - 16 * n, "Kinh gui cac thon trong xa")
    canvas.save()
    elsewhere = f"/F<</FS/URL/F({outside.url})>>/FFilter/FlateDecode /Length".encode()
    return out.getvalue().replace(b"/Length", elsewhere)


def svg(outside: Outside) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{outside.url}"/><p>{WORDS}</p></svg>'.encode()


def text(outside: Outside) -> bytes:
    return f"{WORDS}\n![picture]({outside.url})\n[[{outside.file}]]\n<img src={outside.url}>\n".encode()


FILES: dict[str, Callable[[Outside], bytes]] = {
    "docx": docx, "html": html, "mhtml": mhtml, "rtf": rtf, "pdf": pdf, "foreign stream": pdf_with_foreign_stream,
    "text": text,
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_refers_to_is_not_fetched(outside, kind):
    document = read_document_bytes(FILES[kind](outside))
    assert document.text
    assert SECRET not in document.text
    assert not outside.asked


def odt(outside: Outside) -> bytes:
    """Pictures, a section and a template elsewhere."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    linked = "".join(
        f'<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{url}" xlink:actuate="onLoad"/>'
        f'</draw:frame></text:p><text:section text:name="s{n}"><text:section-source xlink:href="{url}"/></text:section>'
        for n, url in enumerate((outside.url + "a.png", outside.file))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        media, names = "application/vnd.oasis.opendocument.text", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("mimetype", media)
        entry = f'<manifest:file-entry manifest:media-type="{media}" manifest:full-path='
        listed = f'{entry}"/"/>{entry}"content.xml"/>'
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}">{listed}</manifest:manifest>'
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"<office:body><office:text><text:p>{WORDS}</text:p>{linked}</office:text></office:body>"
            "</office:document-content>",
        )
    return out.getvalue()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_fetches_nothing_either(outside):
    document = read_document_bytes(odt(outside))
    assert WORDS in document.text
    assert SECRET not in document.text
    assert not outside.asked


def test_a_mail_brings_nothing_but_what_lies_in_it(outside):
    head = "From: a@example.org\nTo: b@example.org\nSubject: a\nMIME-Version: 1.0\n"
    mail = f"{head}Content-Type: multipart/mixed; boundary=m\n\n--m\n".encode()
    mail += f"Content-Type: message/external-body; access-type=URL; URL={outside.url}\n\n--m\n".encode()
    mail += b"Content-Type: text/html; charset=utf-8\n\n" + html(outside) + b"\n--m--\n"
    contents(mail, "eml")
    assert not outside.asked


def entities(outside: Outside, used: str) -> str:
    """A document that declares what another file and another address say, and a word that stands for a billion."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE a SYSTEM "{outside.url}a.dtd" [<!ENTITY l0 "laughing">{laughs}'
        f'<!ENTITY file SYSTEM "{outside.file}"><!ENTITY address SYSTEM "{outside.url}">'
        f'<!ENTITY % more SYSTEM "{outside.url}more"> %more;]>'
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"{par(WORDS)}<w:p><w:r><w:t>{used}</w:t></w:r></w:p></w:body></w:document>"
    )


@pytest.mark.parametrize("used", ["&file;", "&address;", "&l9;"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml"])
def test_entities_of_a_word_file_are_not_expanded(outside, used, part):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_of(par(WORDS)))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, entities(outside, used) if name == part else old.read(name))
    started = time.process_time()
    try:
        document = read_document_bytes(out.getvalue())
    except (DamagedFile, TooLarge):
        document = None
    assert time.process_time() - started < 10
    assert document is None or (SECRET not in document.text and len(document.text) < 10_000)
    assert not outside.asked


@pytest.mark.parametrize("used", ["&file;", "&address;", "&l9;"])
def test_entities_of_a_web_page_are_not_expanded(outside, used):
    page = (
        entities(outside, used).partition("<w:document")[0] + f"<html><body><p>{WORDS}</p><p>{used}</p></body></html>"
    )
    document = read_document_bytes(page.encode())
    assert SECRET not in document.text
    assert len(document.text) < 10_000
    assert not outside.asked
