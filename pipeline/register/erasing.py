"""Taking a secret paper out for good: the one thing that is ever erased.

Source: Law on protection of state secrets 117/2025/QH15 art. 5: such papers are not kept on networked computers. An
earlier version may have missed a stamp that this one sees; then every word of it leaves the file, its WAL included.
"""

from __future__ import annotations

from pipeline.errors import RegisterBusy
from pipeline.register.connection import Register
from pipeline.register.events import COLUMNS as EVENT_COLUMNS
from pipeline.register.indexing import unindex_dispatch
from pipeline.register.merging import merge_accepted
from pipeline.register.recovering import refresh_recovered, those_concerned

_OBLIGATIONS = "(SELECT id FROM obligations WHERE dispatch_id = :d)"
_DEADLINES = f"(SELECT id FROM deadlines WHERE obligation_id IN {_OBLIGATIONS})"
_DUTIES = f"(SELECT id FROM duties WHERE obligation_id IN {_OBLIGATIONS})"
_BLANK = ", ".join(f"{column} = NULL" for column in EVENT_COLUMNS)
_LINKS = "(SELECT id FROM links WHERE :d IN (dispatch_id, earlier_id))"
_TARGETS = (
    f"(target = 'dispatch' AND target_id = :d) OR (target = 'obligation' AND target_id IN {_OBLIGATIONS})"
    f" OR (target = 'deadline' AND target_id IN {_DEADLINES})"
    " OR (target = 'issue' AND target_id IN (SELECT id FROM issues WHERE dispatch_id = :d))"
    " OR (target = 'proposal' AND target_id IN"
    " (SELECT id FROM merge_proposals WHERE :d IN (dispatch_id, duplicate_id)))"
    f" OR (target = 'link' AND target_id IN {_LINKS})"
)
_IN_ORDER = (
    f"DELETE FROM settled_fields WHERE {_TARGETS}",
    f"DELETE FROM corrections WHERE {_TARGETS}",
    "DELETE FROM same_obligations WHERE proposal_id IN"
    " (SELECT id FROM merge_proposals WHERE :d IN (dispatch_id, duplicate_id))",
    "DELETE FROM merge_proposals WHERE :d IN (dispatch_id, duplicate_id)",
    "DELETE FROM involved WHERE dispatch_id = :d",
    "DELETE FROM arrivals WHERE dispatch_id = :d",
    "DELETE FROM anchors WHERE (target = 'dispatch' AND target_id = :d)"
    f" OR (target = 'deadline' AND target_id IN {_DEADLINES})",
    f"DELETE FROM link_obligations WHERE link_id IN {_LINKS}",
    "DELETE FROM links WHERE :d IN (dispatch_id, earlier_id)",
    "DELETE FROM inferred WHERE source_id = :d",
    f"DELETE FROM import_proposals WHERE dispatch_id = :d OR obligation_id IN {_OBLIGATIONS} OR duty_id IN {_DUTIES}",
    f"UPDATE duty_events SET {_BLANK}, kind = 'erased' WHERE duty_id IN {_DUTIES}",
    f"DELETE FROM duties WHERE obligation_id IN {_OBLIGATIONS}",
    f"DELETE FROM deadlines WHERE obligation_id IN {_OBLIGATIONS}",
    f"DELETE FROM obligation_bodies WHERE obligation_id IN {_OBLIGATIONS}",
    "DELETE FROM search_entries WHERE dispatch_id = :d",
    "DELETE FROM obligations WHERE dispatch_id = :d",
    *(
        f"DELETE FROM {table} WHERE dispatch_id = :d"
        for table in (
            "issues",
            "citations",
            "cited",
            "cited_keys",
            "recipients",
            "addressees",
            "mentions",
            "inferred",
            "evidence",
            "dispatch_keys",
        )
    ),
    "UPDATE dispatches SET merged_into = NULL WHERE merged_into = :d",
    "DELETE FROM dispatches WHERE id = :d",
)
_GUARDS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    " AND name IN ('corrections_are_not_deleted', 'duty_events_are_not_changed', 'anchors_are_not_deleted')"
)
_UNNAMED_BODIES = """
    DELETE FROM bodies WHERE canonical_id IS NULL
    AND id NOT IN (SELECT issuer_id FROM dispatches WHERE issuer_id IS NOT NULL)
    AND id NOT IN (SELECT body_id FROM addressees WHERE body_id IS NOT NULL)
    AND id NOT IN (SELECT body_id FROM obligation_bodies WHERE body_id IS NOT NULL)
    AND id NOT IN (SELECT body_id FROM involved)
    AND id NOT IN (SELECT body_id FROM duties WHERE body_id IS NOT NULL)
    AND id NOT IN (SELECT body_id FROM duty_events WHERE body_id IS NOT NULL)
"""


def erase_file(register: Register, file_id: int) -> None:
    """Delete a file and all that was read from it, people's corrections included; inside a transaction."""
    connection = register.connection
    row = register.one("SELECT id FROM dispatches WHERE file_id = ?", (file_id,))
    if row:
        unindex_dispatch(register, row["id"])
        concerned = those_concerned(register, row["id"])
        guards = register.rows(_GUARDS)
        for guard in guards:
            connection.execute(f"DROP TRIGGER {guard['name']}")
        for statement in _IN_ORDER:
            connection.execute(statement, {"d": row["id"]})
        for guard in guards:
            connection.execute(guard["sql"])
        connection.execute(_UNNAMED_BODIES)
        merge_accepted(register)
        for other in sorted(concerned):
            refresh_recovered(register, other)
    connection.execute(
        "DELETE FROM edxml WHERE file_id IN (SELECT container_id FROM file_paths WHERE file_id = :id) OR file_id = :id",
        {"id": file_id},
    )
    connection.execute("UPDATE file_paths SET container_id = NULL WHERE container_id = ?", (file_id,))
    for table in ("texts", "failures", "file_paths", "signatures"):
        connection.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))
    connection.execute("DELETE FROM files WHERE id = ?", (file_id,))


def shred(register: Register) -> None:
    """After erasing: no word may be left in the search indexes' old segments, in free pages or in the WAL.

    Raises register_busy where another process reads for so long that the WAL cannot be emptied.
    """
    for index in ("search_exact", "search_folded"):
        with register.transaction() as connection:
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
    if (row := register.one("PRAGMA wal_checkpoint(TRUNCATE)")) and row["busy"]:
        raise RegisterBusy(path=str(register.path))
