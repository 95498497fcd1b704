"""What a worker process does with one file: read it, extract it, hand back what may be kept.

Of a document with a secrecy mark nothing leaves the worker but that it was refused, and the hash of its bytes, by which
the register erases what an earlier version of the program had stored of them.
An unexpected error leaves as its type and the line of code it came from, never with its message, which could
quote the document.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from extractors.model import Dispatch, Document, Refusal
from pipeline import scratch
from pipeline.errors import InternalFault, OutOfMemory, ScratchFull, UnreadableFile
from pipeline.reading import NOT_RECOGNISED, RECOGNISER, read_bytes, read_document_bytes, sha256_of
from pipeline.reading.containers import Contents, Kind, container_kind, contents
from pipeline.reading.exactness import as_kept
from pipeline.reading.holding import let_go, member_bytes, sent_member_bytes
from pipeline.reading.membernames import is_body
from pipeline.reading.programs import packages_of
from pipeline.reading.signatures import Signature, load_authorities, signatures

T = TypeVar("T")
SECRECY = "secrecy"
_GENTLY = 5  # of niceness
_NOTHING_KNOWN, _MAIL = "not_dispatch.unrecognised", "not_dispatch.mail"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked for beside what a dispatch prints: the slow parts of a short run.

    `authorities` is the path of the certificates to judge signatures by, None to leave open whether they are trusted.
    """

    mentions: bool = True
    signatures: bool = True
    authorities: str | None = None


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Read:
    """A dispatch, the document it was read from, and the digital signatures of its file; None where these were not
    looked for."""

    document: Document
    dispatch: Dispatch
    signatures: tuple[Signature, ...] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was read and is not taken in; of a document with a secrecy mark only the hash is there."""

    refusal: Refusal
    document: Document


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read: the code and details of the error."""

    code: str
    details: dict[str, object]
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """An archive or a mail, and what lies in it; each of its members is read by `read_member`."""

    sha256: str
    format: Kind
    contents: Contents


Outcome = Read | Refused | Failed


def read_file(path: str, wanted: Wanted = ALL) -> Outcome | Container:
    """One file, read and extracted, or opened. Raises nothing: what goes wrong is a `Failed`."""
    return _read(lambda: read_bytes(Path(path)), wanted)


def read_gently(path: str, wanted: Wanted = ALL) -> Outcome | Container:
    """The same, giving way to all who wait for an answer of this machine."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _GENTLY)
    return read_file(path, wanted)


def read_sent(data: bytes, wanted: Wanted = ALL) -> Outcome | Container:
    """The same for the bytes of a file that lies on another machine."""
    return _read(lambda: data, wanted)


def read_member(path: str, member: str, sha256: str, wanted: Wanted = ALL) -> Outcome:
    """One file inside the container at `path`, known to have this hash. Raises nothing."""
    return _read_member(lambda: member_bytes(path, member, sha256), member, wanted)


def read_sent_member(data: bytes, member: str, sha256: str, wanted: Wanted = ALL) -> Outcome:
    """The same for a container that lies on another machine."""
    return _read_member(lambda: sent_member_bytes(data, member, sha256), member, wanted)


def _read(read: Callable[[], bytes], wanted: Wanted) -> Outcome | Container:
    def container_or_document(data: bytes, sha256: str) -> Outcome | Container:
        let_go()
        if kind := container_kind(data):
            found = contents(data, kind)
            return _secret_by_head(sha256, found) or Container(sha256, kind, found)
        return _judged(data, sha256, wanted)

    return _guarded(read, container_or_document)


def _read_member(read: Callable[[], bytes], member: str, wanted: Wanted) -> Outcome:
    outcome = _guarded(read, lambda data, hash_: _judged(data, hash_, wanted))
    if isinstance(outcome, Refused) and outcome.refusal.code == _NOTHING_KNOWN and is_body(member):
        return replace(outcome, refusal=replace(outcome.refusal, code=_MAIL))
    return outcome


def _judged(data: bytes, sha256: str, wanted: Wanted) -> Outcome:
    document = as_kept(read_document_bytes(data, sha256))
    outcome = judge(document, wanted.mentions)
    if isinstance(outcome, Read) and wanted.signatures:
        return replace(outcome, signatures=signatures(data, _authorities(wanted.authorities)))
    return _unread(document, outcome) or outcome


def _secret_by_head(sha256: str, found: Contents) -> Refused | None:
    """The refusal of a container in which the head of a message states a degree of secrecy."""
    if not found.heads:
        return None
    from pipeline.reading.edxml import head_of

    if any(head_of(xml).is_secret for _, xml in found.heads):
        return Refused(Refusal(SECRECY, "secrecy.edxml"), Document(text="", lines=(), sha256=sha256))
    return None


@cache
def _authorities(path: str | None) -> tuple[Any, ...]:
    return load_authorities(Path(path)) if path else ()


def _guarded(read: Callable[[], bytes], look: Callable[[bytes, str], T]) -> T | Failed:
    """What is seen in the bytes, or a `Failed` for what goes wrong."""
    sha256 = None
    try:
        data = read()
        sha256 = sha256_of(data)
        return look(data, sha256)
    except UnreadableFile as error:
        return Failed(error.code, plain_details(error.details), sha256)
    except MemoryError:
        return Failed(OutOfMemory.code, {}, sha256)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Failed(ScratchFull.code, {"path": scratch.place()}, sha256)
        return Failed(InternalFault.code, fault(error), sha256)


def _unread(document: Document, outcome: Outcome) -> Failed | None:
    """The failure of a document that is refused while some pages could not be recognised: what is missing may stand
    there. None for all others, and where a secrecy mark was read, which is enough."""
    if isinstance(outcome, Refused) and outcome.refusal.code != SECRECY:
        for issue in document.issues:
            if issue.code == NOT_RECOGNISED:
                lacking: dict[str, object] = {"program": RECOGNISER, "packages": packages_of(RECOGNISER)}
                return Failed(issue.message.rpartition(": ")[2], lacking, document.sha256)
    return None


def judge(document: Document, mentions: bool = True) -> Outcome:
    """What is to be kept of a document that could be read; `mentions` of bodies are the slow part of a short run."""
    # imported here: whoever only hands out files, or finds all unchanged, needs no extractors
    from extractors.dispatch import extract_dispatch

    found = extract_dispatch(document, mentions)
    if isinstance(found, Dispatch):
        return Read(document, found)
    if found.code.partition(".")[0] == SECRECY:
        return Refused(Refusal(SECRECY, found.rule), Document(text="", lines=(), sha256=document.sha256))
    return Refused(found, document)


def judge_again(document: Document) -> Outcome:
    """The same for a document out of the register. Raises nothing."""
    try:
        return judge(document)
    except Exception as error:
        return Failed(InternalFault.code, fault(error), document.sha256)


def fault(error: BaseException) -> dict[str, object]:
    """Where the program failed, without the error's own words."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return {"type": type(error).__name__, "at": at}


def plain_details(details: dict[str, object]) -> dict[str, object]:
    """Details as values that JSON and a pickle can hold."""
    return {k: v if isinstance(v, str | int | float | bool | None) else str(v) for k, v in details.items()}
