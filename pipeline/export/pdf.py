"""In ra PDF: a Word file as LibreOffice prints it."""

from __future__ import annotations

from pipeline.errors import CongvanError, DamagedFile, ProgramFailed, ProgramMissing, ProgramTimedOut

_SECONDS = 300
# faces that take the place of Times New Roman, which LibreOffice looks for by these names
_TIMES = ("Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes", "FreeSerif", "Nimbus Roman")
_VIETNAMESE = "1ed8"  # a capital O with circumflex and dot below, which older faces lack


class PdfProgramMissing(CongvanError):
    """LibreOffice is not installed, which prints papers as PDF (details: packages: what to install)."""

    code = "pdf_program_missing"


class PdfFailed(CongvanError):
    """LibreOffice could not print the paper as PDF, or did not come to an end (details: seconds)."""

    code = "pdf_failed"


def as_pdf(data: bytes) -> bytes:
    """A Word file (bytes of DOCX) as PDF. Raises PdfProgramMissing, PdfFailed, ScratchFull."""
    from pipeline.reading.office import converted

    try:
        return converted(data, "docx", "pdf", _SECONDS)
    except ProgramMissing as error:
        raise PdfProgramMissing(packages=error.details["packages"]) from error
    except (ProgramFailed, ProgramTimedOut, DamagedFile) as error:
        raise PdfFailed(seconds=_SECONDS) from error


def lacks_letters() -> bool:
    """Whether no face like Times New Roman is installed that has the letters of Vietnamese, so that another one will
    show between them in a PDF. False where that cannot be found out."""
    from pipeline.reading.programs import run_program

    try:
        found = run_program(["fc-list", f":charset={_VIETNAMESE}", "family"], timeout=20)
    except (ProgramMissing, ProgramFailed, ProgramTimedOut):
        return False
    lines = found.stdout.decode("utf-8", "replace").splitlines()
    families = {name.strip() for line in lines for name in line.split(",")}
    return not families & set(_TIMES)
