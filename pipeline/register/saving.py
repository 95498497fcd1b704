"""Entering what was read of a file, in one transaction a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.file_name import read_file_name
from extractors.model import Dispatch, Document, Inferred, Refusal
from pipeline.reading.membernames import SEPARATOR
from pipeline.reading.signatures import Signature
from pipeline.register import files
from pipeline.register.applying import apply_corrections, corrected_targets, forget_settled
from pipeline.register.arriving import Received, receive_new
from pipeline.register.bodies import Bodies
from pipeline.register.citing import write_cited
from pipeline.register.connection import Register, Row
from pipeline.register.duties import refresh_duties
from pipeline.register.edxml import keep_heads, proposed_by_head
from pipeline.register.erasing import erase_file, shred
from pipeline.register.fields import FIELDS, LISTS
from pipeline.register.files import SECRECY, FileStat, Origin, Visit
from pipeline.register.findings import (
    Writer,
    scalar_fields,
    write_evidence,
    write_inferred,
    write_issues,
    write_lists,
    write_mentions,
    write_obligations,
)
from pipeline.register.indexing import index_dispatch, unindex_dispatch
from pipeline.register.merging import propose_merges, write_keys
from pipeline.register.referring import refresh_references
from pipeline.register.signed import write_signatures
from pipeline.register.stored_text import packed_lines, packed_tables, packed_words

_COLUMNS = tuple(name for name in FIELDS["dispatch"] if name not in LISTS)
NOW_REFUSED = "register.now_refused"
FROM_TABLE = "table"  # the format of a dispatch that only a tracking table tells of: there is nothing to read anew


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did.

    outcome "new": a dispatch entered; "same": these bytes are in the register already (only the path is noted);
    "reread": the same bytes read by another version, findings matched with the old ones;
    "removed": these bytes were removed by a person and stay removed; "refused"/"failed": a row in `failures`.
    `proposals` are open merge proposals of the dispatch; `unmatched` counts obligations that this reading lost.
    """

    outcome: Literal["new", "same", "reread", "removed", "refused", "failed"]
    file_id: int | None
    dispatch_id: int | None = None
    proposals: tuple[int, ...] = ()
    unmatched: int = 0


def save_dispatch(
    register: Register,
    path: str,
    stat: FileStat | None,
    document: Document,
    dispatch: Dispatch,
    *,
    version: str,
    now: str,
    run: int | None = None,
    force: bool = False,
    origin: Origin | None = None,
    received: Received | None = None,
    signatures: Sequence[Signature] | None = None,
) -> Saved:
    """Enter a document in one transaction; the same bytes by the same version change nothing (unless `force`).
    `received` is how a dispatch that is new came in; a mail's own day goes before. `signatures` are those of the file,
    None where they were not looked for: then those of an earlier reading stay."""
    visit = Visit(path, stat, version, now, run, origin)
    with register.transaction():
        file = files.file_by_hash(register, document.sha256)
        entry = file and _entry(register, file["id"])
        if file and entry and _stays(file, entry, version, force):
            files.note_path(register, file["id"], visit)
            files.resolve_failures(register, file["id"], now)
            return Saved("removed" if entry["removed_at"] else "same", file["id"], entry["id"])
        file_id = files.write_file(register, file, visit, document.sha256, document, "read")
        files.note_path(register, file_id, visit)
        files.resolve_failures(register, file_id, now)
        if signatures is not None:
            write_signatures(register, file_id, signatures)
        saved = _enter(register, file_id, entry, document, dispatch, visit)
        if received and saved.outcome == "new" and saved.dispatch_id:
            mailed = origin.received_on if origin else None
            receive_new(register, saved.dispatch_id, replace(received, day=mailed or received.day), now)
        return saved


def _stays(file: Row, entry: Row, version: str, force: bool) -> bool:
    if entry["removed_at"]:
        return True
    return file["status"] == "read" and entry["version"] == version and not force


def _entry(register: Register, file_id: int) -> Row | None:
    return register.one("SELECT id, version, removed_at FROM dispatches WHERE file_id = ?", (file_id,))


def _enter(
    register: Register, file_id: int, entry: Row | None, document: Document, dispatch: Dispatch, visit: Visit
) -> Saved:
    targets = corrected_targets(register, entry["id"]) if entry else []
    if entry:
        unindex_dispatch(register, entry["id"])
    _write_text(register, file_id, document)
    bodies = Bodies(
        register,
        dispatch.issued_on.value if dispatch.issued_on else None,
        dispatch.place.value if dispatch.place else None,
        dispatch.issuer.value if dispatch.issuer else None,
        tuple(found.value for found in dispatch.addressees),
    )
    dispatch_id = _write_dispatch(register, file_id, entry, dispatch, bodies, visit)
    writer = Writer(register, bodies, document, dispatch_id, visit.now)
    write_evidence(writer, dispatch)
    write_lists(writer, dispatch)
    write_mentions(writer, dispatch)
    write_issues(writer, dispatch)
    write_cited(writer, dispatch.cited, _home(dispatch))
    write_inferred(
        writer,
        (
            *dispatch.inferred,
            *_by_mail(register, file_id, dispatch),
            *_by_file_name(register, file_id, dispatch),
            *proposed_by_head(register, file_id, {name: found.value for name, found in scalar_fields(dispatch)}),
        ),
    )
    unmatched = write_obligations(writer, dispatch.obligations)
    if targets:
        forget_settled(register, dispatch_id)
    for target, number in targets:
        apply_corrections(register, target, number, bodies)
    refresh_duties(register, dispatch_id, bodies)
    write_keys(register, dispatch_id, document.text, bodies)
    proposals = propose_merges(register, dispatch_id, visit.now)
    refresh_references(register, dispatch_id, bodies, visit.now)
    index_dispatch(register, dispatch_id)
    return Saved("reread" if entry else "new", file_id, dispatch_id, proposals, unmatched)


def _home(dispatch: Dispatch) -> str | None:
    """The province of the issuer."""
    from extractors.agencies import province_of  # its lexicon is loaded only where something is saved

    on, place = (found.value if found else None for found in (dispatch.issued_on, dispatch.place))
    return province_of(dispatch.issuer.value, on, place) if dispatch.issuer and dispatch.cited else None


def _by_mail(register: Register, file_id: int, dispatch: Dispatch) -> list[Inferred]:
    """The day of the first mail that brought a dispatch bounds its day of issue, where that is not printed whole."""
    mail = register.one(
        "SELECT path, member, received_on FROM file_paths WHERE file_id = ? AND received_on IS NOT NULL"
        " ORDER BY received_on, id",
        (file_id,),
    )
    printed = dispatch.issued_on.value if dispatch.issued_on else ""
    if mail is None or len(printed) == 10 or not mail["received_on"].startswith(printed):
        return []
    container = mail["path"].removesuffix(SEPARATOR + mail["member"])
    evidence = f"{container.rpartition('/')[2]}: {mail['received_on']}"
    return [Inferred("issued_on", mail["received_on"], evidence, None, "inferred.mail_date", 0.5)]


def _by_file_name(register: Register, file_id: int, dispatch: Dispatch) -> tuple[Inferred, ...]:
    """What the name says under which a file was entered first."""
    row = register.one("SELECT path FROM file_paths WHERE file_id = ? ORDER BY id LIMIT 1", (file_id,))
    return read_file_name(
        row["path"].rpartition("/")[2] if row else "",
        symbol=dispatch.symbol.value if dispatch.symbol else None,
        has_number=dispatch.number is not None,
        issued_on=dispatch.issued_on.value if dispatch.issued_on else None,
    )


def _write_text(register: Register, file_id: int, document: Document) -> None:
    register.connection.execute(
        "INSERT INTO texts (file_id, text, lines, tables, words) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (file_id) DO UPDATE SET text = excluded.text, lines = excluded.lines, tables = excluded.tables,"
        " words = excluded.words",
        (file_id, document.text, packed_lines(document), packed_tables(document), packed_words(document)),
    )


def _write_dispatch(
    register: Register, file_id: int, entry: Row | None, dispatch: Dispatch, bodies: Bodies, visit: Visit
) -> int:
    found = {name: field.value for name, field in scalar_fields(dispatch)}
    rest = dispatch.subject_rest.value if dispatch.subject_rest else None
    values = [*(found.get(name) for name in _COLUMNS), rest]
    issuer_id = bodies.id(found["issuer"]) if "issuer" in found else None
    if entry:
        register.connection.execute(
            f"UPDATE dispatches SET {', '.join(f'{c} = ?' for c in _COLUMNS)}, subject_rest = ?, issuer_id = ?,"
            " read_at = ?, version = ? WHERE id = ?",
            (*values, issuer_id, visit.now, visit.version, entry["id"]),
        )
        return int(entry["id"])
    cursor = register.connection.execute(
        f"INSERT INTO dispatches (file_id, {', '.join(_COLUMNS)}, subject_rest, issuer_id, entered_at, read_at,"
        f" version) VALUES ({', '.join('?' * (len(_COLUMNS) + 6))})",
        (file_id, *values, issuer_id, visit.now, visit.now, visit.version),
    )
    return int(cursor.lastrowid or 0)


def save_refusal(
    register: Register,
    path: str,
    stat: FileStat | None,
    document: Document | None,
    refusal: Refusal,
    *,
    version: str,
    now: str,
    run: int | None = None,
    origin: Origin | None = None,
) -> Saved:
    """Note that a file was refused. With code "secrecy" nothing of it is kept: no hash, no size, no name, only its
    folder (or container), its inode (to find it) and the time; what an earlier version had stored of the same bytes is
    erased."""
    visit = Visit(path, stat, version, now, run, origin)
    if refusal.code == SECRECY:
        return _save_secret(register, visit, document)
    with register.transaction():
        sha256 = document.sha256 if document else None
        file = _file(register, visit, sha256)
        entry = file and _entry(register, file["id"])
        if file and entry:
            return _now_refused(register, visit, file, entry, refusal)
        file_id = _write_unread(register, file, visit, sha256, document, "refused", refusal.code)
        files.note_failure(register, file_id, visit, "refused", refusal.code, {"rule": refusal.rule})
        return Saved("refused", file_id)


def save_failure(
    register: Register,
    path: str,
    stat: FileStat | None,
    code: str,
    details: Mapping[str, object],
    *,
    version: str,
    now: str,
    run: int | None = None,
    sha256: str | None = None,
    origin: Origin | None = None,
) -> Saved:
    """Note that a file could not be read. A file read well earlier under the same path stays in the register."""
    visit = Visit(path, stat, version, now, run, origin)
    with register.transaction():
        file = _file(register, visit, sha256)
        file_id = _write_unread(register, file, visit, sha256, None, "failed", code)
        files.note_failure(register, file_id, visit, "failed", code, details)
        return Saved("failed", file_id)


def save_container(
    register: Register,
    stat: FileStat | None,
    sha256: str,
    format: str,
    *,
    version: str,
    now: str,
    run: int | None = None,
) -> Saved:
    """The row of an archive or a mail, before its members are saved; `close_container` says that all of them are."""
    visit = Visit("", stat, version, now, run)
    document = Document(text="", lines=(), sha256=sha256, format=format)
    with register.transaction():
        file = files.file_by_hash(register, sha256)
        file_id = files.write_file(register, file, visit, sha256, document, "read")
        files.resolve_failures(register, file_id, now)
    return Saved("reread" if file else "new", file_id)


def close_container(
    register: Register,
    path: str,
    stat: FileStat | None,
    file_id: int,
    members: Sequence[str],
    *,
    now: str,
    heads: Sequence[tuple[str, str]] = (),
) -> None:
    """All members of a container are saved, under these paths: it need not be opened again while it does not change.
    `heads` is what edXML messages in it say (their path in it, their XML)."""
    with register.transaction():
        files.note_path(register, file_id, Visit(path, stat, "", now, None))
        files.retire_members(register, path, members, now)
        keep_heads(register, path, file_id, heads, now)


def save_same(
    register: Register, path: str, stat: FileStat | None, file_id: int, origin: Origin, *, version: str, now: str
) -> Saved:
    """Bytes that are in the register already, found in a container as well."""
    with register.transaction():
        files.note_path(register, file_id, Visit(path, stat, version, now, None, origin))
        entry = _entry(register, file_id)
    removed = bool(entry and entry["removed_at"])
    return Saved("removed" if removed else "same", file_id, entry["id"] if entry else None)


def _file(register: Register, visit: Visit, sha256: str | None) -> Row | None:
    return files.file_by_hash(register, sha256) if sha256 else files.file_at(register, visit.path, visit.stat)


def _write_unread(
    register: Register,
    file: Row | None,
    visit: Visit,
    sha256: str | None,
    document: Document | None,
    status: Literal["refused", "failed"],
    code: str,
) -> int:
    """The row of a file that gives no dispatch. Where it was read once, that reading stands."""
    if file and file["status"] == "read":
        file_id = int(file["id"])
    else:
        file_id = files.write_file(register, file, visit, sha256, document, status, code)
    files.note_path(register, file_id, visit)
    return file_id


def _now_refused(register: Register, visit: Visit, file: Row, entry: Row, refusal: Refusal) -> Saved:
    """An earlier version read a dispatch here. People may have worked on it: it stays, and an issue asks them."""
    files.note_path(register, file["id"], visit)
    register.connection.execute("UPDATE dispatches SET version = ? WHERE id = ?", (visit.version, entry["id"]))
    register.connection.execute(
        "INSERT INTO issues (dispatch_id, source, code, message, found_at) SELECT :dispatch, 'register', :code,"
        " :message, :now WHERE NOT EXISTS (SELECT 1 FROM issues WHERE dispatch_id = :dispatch AND code = :code)",
        {"dispatch": entry["id"], "code": NOW_REFUSED, "message": refusal.code, "now": visit.now},
    )
    return Saved("removed" if entry["removed_at"] else "refused", file["id"], entry["id"])


def _save_secret(register: Register, visit: Visit, document: Document | None) -> Saved:
    with register.transaction():
        stored = [files.file_at(register, visit.path, visit.stat)]
        if document:
            stored.append(files.file_by_hash(register, document.sha256))
        erased = {file["id"] for file in stored if file}
        place = files.secret_place(register, visit)
        for file_id in erased:
            erase_file(register, file_id)
        files.note_secret(register, visit, place)
    if erased:
        shred(register)
    return Saved("refused", None)


def outdated(register: Register, version: str, everything: bool = False) -> list[Row]:
    """Documents last extracted by another version, in order: file_id, dispatch_id, sha256, version, paths (newest
    first). `everything` lists those of this version too."""
    rows = register.rows(
        "SELECT f.id AS file_id, d.id AS dispatch_id, f.sha256, d.version FROM dispatches d"
        " JOIN files f ON f.id = d.file_id WHERE d.removed_at IS NULL AND (d.version <> ? OR ?) AND f.format IS NOT ?"
        " ORDER BY d.id",
        (version, everything, FROM_TABLE),
    )
    paths: dict[int, list[str]] = {}
    for row in register.rows("SELECT file_id, path FROM file_paths WHERE is_current ORDER BY last_seen_at DESC, id"):
        paths.setdefault(row["file_id"], []).append(row["path"])
    return [{**row, "paths": paths.get(row["file_id"], [])} for row in rows]
