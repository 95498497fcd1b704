"""Word files from before 2007 (.doc), OpenDocument and Word XML through LibreOffice; .doc else through antiword.

LibreOffice writes a DOCX, which keeps tables, automatic numbers and the names of fonts; antiword writes DocBook, which
keeps the words, the tables that are set as such, and no fonts.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from extractors.model import Document
from pipeline.errors import DamagedFile, ProgramFailed, ProgramMissing, UnreadableFile
from pipeline.reading import OFFICE
from pipeline.reading.programs import available, packages_of, run_program

_SECONDS = 90
_MAX_OUTPUT = 100 * 1024**2
_MEMORY = 3 * 1024**3
_ENDINGS = {"doc": "doc", "odt": "odt", "wordxml": "xml"}
# Nothing is fetched: whatever a file refers to is asked of a proxy that nobody keeps. No macro runs.
_SETTINGS = {
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetFTPProxyName": "127.0.0.1",
        "ooInetFTPProxyPort": "9",
        "ooInetNoProxy": "",
    },
    "Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
    },
    "Office.Writer/Content/Update": {"Link": "0"},
    "Office.Calc/Content/Update": {"Link": "2"},  # here the last of three means never
}


def read_office(data: bytes, sha256: str, kind: str) -> Document:
    """The document of a file of `kind` "doc", "odt" or "wordxml" (Word 2003 XML).

    Raises DamagedFile, NoText, TooLarge; ProgramMissing where no program is installed that reads it, ProgramTimedOut.
    """
    lacking = ProgramMissing(program=OFFICE, packages=packages_of(OFFICE))
    if not available(OFFICE):
        return _through_antiword(data, sha256, kind, lacking)
    try:
        return _through_office(data, sha256, kind)
    except (DamagedFile, ProgramFailed) as error:
        return _through_antiword(data, sha256, kind, error)


def _through_office(data: bytes, sha256: str, kind: str) -> Document:
    from pipeline.reading.docx import read_docx

    return replace(read_docx(converted(data, _ENDINGS[kind], "docx"), sha256), format=_ENDINGS[kind])


def converted(data: bytes, ending: str, into: str, seconds: float = _SECONDS) -> bytes:
    """What LibreOffice makes of a file, by the endings of both ("doc", "docx"; "docx", "pdf"); it works in a folder of
    its own that is gone afterwards. Raises DamagedFile, ProgramMissing, ProgramFailed, ProgramTimedOut, ScratchFull."""
    with tempfile.TemporaryDirectory(prefix="office-") as made:
        folder = Path(made)
        source = folder / f"paper.{ending}"
        source.write_bytes(data)
        _write_settings(folder / "profile")
        args = [OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        args += ["--nolockcheck", "--convert-to", into, "--outdir", str(folder / "out"), str(source)]
        run_program(args, timeout=seconds, max_output=_MAX_OUTPUT, memory=_MEMORY, folder=folder)
        written = folder / "out" / f"paper.{into}"
        if not written.is_file():
            raise DamagedFile(format=ending, reason="not_converted")
        return written.read_bytes()


def _write_settings(profile: Path) -> None:
    """A profile for one run, since two runs cannot share one."""
    items = [
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    ]
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(text + "".join(items) + "</oor:items>\n", "utf-8")


def _through_antiword(data: bytes, sha256: str, kind: str, otherwise: UnreadableFile) -> Document:
    """What antiword can make of it; raises `otherwise` where that is nothing (it gives up on short letters too)."""
    from pipeline.reading.docbook import read_docbook
    from pipeline.reading.ole import short_capitals

    if kind != "doc" or not available("antiword"):
        raise otherwise
    try:
        output = run_program(["antiword", "-x", "db", "-"], data, _SECONDS, _MAX_OUTPUT)
    except ProgramFailed as error:
        raise otherwise from error
    # antiword leaves out headers and frames; a stamp that is overlooked does harm
    return read_docbook(output.stdout, sha256, "doc", short_capitals(data))
