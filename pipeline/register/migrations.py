"""How a register of any age becomes one of today: forward only, each step applied once and never edited afterwards.

A step is a function that sqlite-utils runs together with its record (table `_sqlite_migrations`); all steps that a
file lacks run in one transaction. `PRAGMA application_id` tells a register from other SQLite files, `PRAGMA
user_version` counts its steps, so that opening a register of today needs neither sqlite-utils nor a query.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x43564E52  # "CVNR"

Step = Callable[["Database"], None]


def first_register(db: Database) -> None:
    """All tables of the first version."""
    run_script(db.conn, "first_register.sql")


def mentions(db: Database) -> None:
    """Which registered bodies a dispatch speaks of."""
    run_script(db.conn, "mentions.sql")


def subject_keys(db: Database) -> None:
    """The subject as read recognises a letter too where a person corrected it."""
    run_script(db.conn, "subject_keys.sql")


def scanned_words(db: Database) -> None:
    """What was recognised on scans, word by word."""
    run_script(db.conn, "scanned_words.sql")


def inferred(db: Database) -> None:
    """Values taken from elsewhere, as proposals."""
    run_script(db.conn, "inferred.sql")


def containers(db: Database) -> None:
    """Where a file lies that came in an archive or a mail."""
    run_script(db.conn, "containers.sql")


def anchors(db: Database) -> None:
    """Days that limits count from, given by a person."""
    run_script(db.conn, "anchors.sql")


def duties(db: Database) -> None:
    """What each body owes, and what happened to it."""
    run_script(db.conn, "duties.sql")


def links(db: Database) -> None:
    """What dispatches say of others, and how they stand to them."""
    run_script(db.conn, "links.sql")


def involved(db: Database) -> None:
    """Whom a dispatch concerns beside those who lead."""
    run_script(db.conn, "involved.sql")


def checks(db: Database) -> None:
    """By what it is seen that a duty was done."""
    run_script(db.conn, "checks.sql")


def cited_days(db: Database) -> None:
    """Cited documents are found by their day."""
    run_script(db.conn, "cited_days.sql")


def arrivals(db: Database) -> None:
    """When each dispatch came in, and under which number of the book."""
    run_script(db.conn, "arrivals.sql")


def cited_subjects(db: Database) -> None:
    """Cited documents are found by the ends of their subject."""
    run_script(db.conn, "cited_subjects.sql")


def signatures(db: Database) -> None:
    """Who signed a file, and whether it is still as it was signed."""
    run_script(db.conn, "signatures.sql")


def deliveries(db: Database) -> None:
    """What was sent to remind."""
    run_script(db.conn, "deliveries.sql")


def imports(db: Database) -> None:
    """What an office's own tracking table says beside the register, as proposals."""
    run_script(db.conn, "imports.sql")


def edxml(db: Database) -> None:
    """What edXML says of a dispatch that came so."""
    run_script(db.conn, "edxml.sql")


def duty_times(db: Database) -> None:
    """An index by which duties are listed and counted."""
    run_script(db.conn, "duty_times.sql")


def signature_problem(db: Database) -> None:
    """Why a signature is not trusted."""
    run_script(db.conn, "signature_problem.sql")


def dispatch_order(db: Database) -> None:
    """An order by which dispatches are listed page by page."""
    run_script(db.conn, "dispatch_order.sql")


def doubtful(db: Database) -> None:
    """An order by which what is doubtful is listed page by page."""
    run_script(db.conn, "doubtful.sql")


def duty_counts(db: Database) -> None:
    """Indexes from which duties are counted."""
    run_script(db.conn, "duty_counts.sql")


STEPS: tuple[Step, ...] = (
    first_register,
    mentions,
    subject_keys,
    scanned_words,
    inferred,
    containers,
    anchors,
    duties,
    links,
    involved,
    checks,
    cited_days,
    arrivals,
    cited_subjects,
    signatures,
    deliveries,
    imports,
    edxml,
    duty_times,
    signature_problem,
    dispatch_order,
    doubtful,
    duty_counts,
)


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Apply the steps that the file lacks; call it inside a transaction that may write."""
    from sqlite_utils import Database  # costs more than opening a register does, and is rarely needed
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("congvan")
    for step in steps:
        migrations()(step)
    migrations.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(steps)}")


def run_script(connection: sqlite3.Connection, name: str) -> None:
    """Run a file of `schema/` statement by statement: `executescript` would end the transaction around it."""
    script = resources.files(__package__).joinpath("schema", name).read_text("utf-8")
    for statement in _statements(script):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"a statement without its end: {pending.strip()[:60]}")
