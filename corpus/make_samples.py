"""Makes the samples from `corpus/sources`: the same source gives the same document, on any day.

The documents are in the forms that the rules of their time prescribe (Decree 30/2020/NĐ-CP, annex I; the Party's own);
what they say is invented. A source says

    format       pdf, docx, doc, rtf, txt, tiff or eml: what the file is
    dated        the day the file claims to be made on
    head         "party" for a Party paper (PDF)
    parent       lines of the superior body, printed lighter (optional)
    issuer       lines of the issuing body; without one the paper gets no letterhead at all
    number, place_date    what stands in braces is printed by a signature widget only (PDF) or written by hand (scans)
    about        lines of the trích yếu under the number (công văn)
    title        the type, then the trích yếu (other types)
    addressees   entries of Kính gửi
    recipients, signature, signer
    body         one paragraph a line; "# " begins a heading, "= " a centred line, "|" a row of a table, in which
                 "^" continues the cell above and "<" the cell on the left
    appendix     title, note, table and widths (points) of a table on landscape pages (PDF, scans)
    letters      "TCVN3": the paper is typed in these, but for what stands in braces (DOCX)
    scan         the paper is a picture: how each page lies, skew and turned (degrees anticlockwise), and seed of chance
    seal         words along the ring and inside; urgency, secrecy: the words of a red stamp (scans)
    text         all that a TXT says, written in TCVN3
    from, to, subject, attachments    of a mail, whose attachments have sources in a folder of its name

Usage: make_samples.py [FOLDER], by default corpus/samples. DOC needs LibreOffice; without it the file stays as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from making import tcvn3
from making.mail import make_eml
from making.office import make_doc
from making.pdf import make_pdf
from making.rtf import make_rtf
from making.scan import make_scanned_pdf, make_tiff
from making.sources import Source, load
from making.word import make_docx

HERE = Path(__file__).parent


def main(folder: Path = HERE / "samples") -> None:
    """Write every sample that has a source into the folder; say which could not be made here."""
    for path in sorted((HERE / "sources").glob("*.toml")):
        source = load(path)
        made = make_mail(path, source) if source["format"] == "eml" else make(source)
        name = f"{path.stem}.{source['format']}"
        if made is None:
            print(f"{name} is left as it is: LibreOffice (soffice) is not installed", file=sys.stderr)
        else:
            (folder / name).write_bytes(made)


def make(source: Source) -> bytes | None:
    """The document of one source; None where this machine cannot make it."""
    if source["format"] == "pdf" and "scan" in source:
        return make_scanned_pdf(source)
    return MAKERS[source["format"]](source)


def make_mail(path: Path, source: Source) -> bytes:
    """A mail with its attachments, each made from the source of its name."""
    sources = {name: load(path.with_suffix("") / f"{Path(name).stem}.toml") for name in source["attachments"]}
    return make_eml(source, {name: MAKERS[attached["format"]](attached) for name, attached in sources.items()})


def make_txt(source: Source) -> bytes:
    """A plain text in TCVN3, its lines ended as DOS ends them."""
    return tcvn3.encode(source["text"].lstrip("\n")).replace("\n", "\r\n").encode("latin-1")


MAKERS = {
    "pdf": make_pdf,
    "docx": make_docx,
    "doc": make_doc,
    "rtf": make_rtf,
    "txt": make_txt,
    "tiff": make_tiff,
}

if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
