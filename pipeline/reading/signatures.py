"""Chữ ký số: who signed a PDF, when by their own clock, and whether what they signed is still as it was.

Nothing here says that a signer is who the certificate names: that takes the certificates of authorities, which the
user has to choose (Decree 30/2020, Article 5 on the value of electronic papers; Law on Electronic Transactions 2023).
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import BadAuthorities

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

State = Literal["intact", "changed", "invalid", "unreadable"]
Later = Literal["nothing", "signatures", "content"]
Problem = Literal["expired", "unknown"]

_SIGNED = b"/ByteRange"
_MOST = 50
_alone = Lock()  # whether anything is logged is a setting of the whole process
_HEADER, _HEADER_WITHIN = b"%PDF-", 1024


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature.

    `signer` and `organization` as the certificate names them; `signed_at` as the signing program wrote it (ISO 8601,
    with its zone where it gives one): the signer's clock, not proven. `state`: "intact" where the bytes it covers are
    those that were signed; "changed" where they are not; "invalid" where the bytes are, but the signature itself does
    not fit its certificate; "unreadable" where it cannot be judged. `later` says what was added to the file after it:
    nothing, only further signatures and form entries, or other content. `trusted` is None where no authorities were
    given to judge by; where it is False `problem` says why: "expired" where they vouched for the certificate at the
    time of signing that is stated, and its validity has ended since; "unknown" where they did not even then. Whether
    a certificate was revoked is not looked up.
    """

    signer: str | None
    organization: str | None
    signed_at: str | None
    state: State
    later: Later
    trusted: bool | None = None
    problem: Problem | None = None


def signatures(data: bytes, authorities: Sequence[Certificate] = ()) -> tuple[Signature, ...]:
    """The signatures of a PDF in the order of signing, the first 50; none for files of other kinds. Raises nothing:
    a signature that cannot be judged is "unreadable".

    Costs some 10 ms for a file without, and some 100 ms a signature.
    """
    if _SIGNED not in data:
        return ()
    start = data.find(_HEADER, 0, _HEADER_WITHIN)
    if start < 0:
        return ()
    with _alone:
        before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)  # the library's warnings quote the file
        try:
            return tuple(_signatures(data[start:], authorities))
        finally:
            logging.disable(before)


def load_authorities(path: Path) -> tuple[Certificate, ...]:
    """The certificates of a bundle (PEM or DER). Raises BadAuthorities."""
    from pyhanko.keys import load_certs_from_pemder_data

    try:
        found = tuple(load_certs_from_pemder_data(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise BadAuthorities(path=str(path)) from error
    if not found:
        raise BadAuthorities(path=str(path))
    return found


def _signatures(data: bytes, authorities: Sequence[Certificate]) -> Iterator[Signature]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        embedded = PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures
    except Exception:  # whatever a broken file does to the library
        yield Signature(None, None, None, "unreadable", "content")
        return
    for one in embedded[:_MOST]:
        yield _judged(one, authorities)


def _judged(embedded: Any, authorities: Sequence[Certificate]) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature

    try:
        name = dict(embedded.signer_cert.subject.native)
        signed_at = _signed_at(embedded)
    except Exception:
        return Signature(None, None, None, "unreadable", "content")
    signer, organization = _text(name.get("common_name")), _text(name.get("organization_name"))
    try:
        status = validate_pdf_signature(embedded, _context(authorities))
    except Exception:
        return Signature(signer, organization, signed_at, "unreadable", "content")
    state: State = "changed" if not status.intact else "intact" if status.valid else "invalid"
    trusted = bool(status.trusted) if authorities else None
    problem = _problem(embedded, authorities, signed_at) if trusted is False else None
    return Signature(signer, organization, signed_at, state, _later(status), trusted, problem)


def _problem(embedded: Any, authorities: Sequence[Certificate], signed_at: str | None) -> Problem:
    """Why a signature is not trusted today: because time went by, or for good."""
    from pyhanko.sign.validation import validate_pdf_signature

    then = datetime.fromisoformat(signed_at).astimezone() if signed_at else None
    if then is None or then > datetime.now(UTC):
        return "unknown"
    try:
        was_trusted = validate_pdf_signature(embedded, _context(authorities, then)).trusted
    except Exception:
        return "unknown"
    return "expired" if was_trusted else "unknown"


def _context(authorities: Sequence[Certificate], moment: datetime | None = None) -> Any:
    """What to judge by, today or at a moment; nothing is fetched."""
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=list(authorities), moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )


def _later(status: Any) -> Later:
    from pyhanko.sign.diff_analysis import ModificationLevel

    if status.modification_level == ModificationLevel.NONE:
        return "nothing"
    if status.modification_level in (ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING):
        return "signatures"
    return "content"


def _signed_at(embedded: Any) -> str | None:
    """The time that the PDF itself states: programs in use write it right, while the one in the signature is often
    local time that is said to be universal time."""
    from pyhanko.pdf_utils.generic import parse_pdf_date

    stated = embedded.sig_object.get("/M")
    if stated is not None:
        try:
            return _iso(parse_pdf_date(str(stated)))
        except ValueError:
            pass
    return _iso(embedded.self_reported_timestamp)


def _iso(time: datetime | None) -> str | None:
    return time.isoformat(timespec="seconds") if time else None


def _text(value: object) -> str | None:
    """A name out of a certificate, which may hold several of a kind."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return " ".join(str(value).split()) if value else None
