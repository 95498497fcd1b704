"""In ra PDF: a Word file as LibreOffice prints it."""

from __future__ import annotations

from pipeline.errors import CongvanError, DamagedFile, ProgramFailed, ProgramMissing, ProgramTimedOut

_SECONDS = 180


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
