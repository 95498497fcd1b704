"""The register (sổ theo dõi): one SQLite file of dispatches, obligations and deadlines that stock tools can read.

Nothing here reads a clock: `now` is an ISO time ("2026-01-31T08:30:00+07:00"), `as_of` an ISO day ("2026-01-31").
Public ids are a letter and a number that is never used again: D3 (dispatch), O12 (obligation), L5 (deadline),
I9 (issue), M2 (merge proposal), P4 (inferred value), K3 (link), C7 (correction), T5 (duty of one body), E7 (event of a
duty), N8 (proposal of an imported table). In the tables they are plain integers.

Rows come back as dictionaries of JSON values; the docstring of each function names the keys.

    with open_register(path, "create") as register:
        run = start_run(register, now=now, version=version, roots=["inbox"])
        known = known_files(register)
        if not known.unchanged(path, stat, version):
            save_dispatch(register, path, stat, document, dispatch, version=version, now=now, run=run)
        finish_run(register, run, now=now)

Errors (all `pipeline.errors.CongvanError`; code -> details for the message catalogue):
    register_missing {path}                        there is no register yet: run `make ingest` first
    register_foreign {path}                        the file is no register of congvan (or no SQLite file)
    register_newer {path, found, known}            written by a newer program: update this one
    register_busy {path}                           another process is writing and did not finish in time
    register_damaged {path, problem}               the integrity check fails: restore a backup
    register_read_only {path}                      the file or its folder cannot be written
    unknown_id {id}                                no such dispatch, obligation ...
    wrong_id {id, expected}                        an id that cannot be, or of the wrong kind here
    unknown_field {field, target, allowed}         no such field, or none that a person corrects
    invalid_value {field, value, allowed}          a value that the field cannot hold
    already_undone {id}                            the correction was undone before
    not_undoable {id}                              an undo cannot itself be undone: correct anew
    ambiguous_number {number, ids}                 several dispatches have this number: name one by its id
    nothing_there {path}                           there is no such file to restore
    backup_exists {path}                           the backup's file is there already
    backup_foreign {path}                          the file to restore is no register of congvan
    backup_newer {path, found, known}              the file to restore was written by a newer program
    backup_damaged {path, problem}                 the file to restore fails its integrity check
    nothing_counts {id, anchor}                    no time limit of the target counts from such a day
    number_taken {number, year, id}                another dispatch has this number of arrival
    row_changed {id, who, when}                    somebody corrected it since it was looked at
    chain_broken {event}                           the log of events does not end where its head says
"""

from pipeline.register.anchoring import GivenAnchor, anchors_of, set_anchor
from pipeline.register.arriving import Arrival, Received, arrival_of, receive
from pipeline.register.chaining import chain, consequences, links_of
from pipeline.register.checking import next_to_check
from pipeline.register.connection import Mode, Register, Row, open_register
from pipeline.register.correcting import (
    add_deadline,
    add_obligation,
    confirm,
    correct,
    decide_inferred,
    decide_link,
    decide_merge,
    delete,
    remove,
    undo,
)
from pipeline.register.fields import FIELDS
from pipeline.register.files import FileStat, Known, KnownFiles, Origin, finish_run, known_files, start_run
from pipeline.register.histories import history
from pipeline.register.ids import public_id
from pipeline.register.indexing import rebuild
from pipeline.register.keeping import backup, backup_head, check, restore
from pipeline.register.leafing import DispatchFilter, DispatchPage, dispatch_types, leaf
from pipeline.register.listing import Policy, State, TaskFilter, count_states, tasks
from pipeline.register.naming import find_dispatch, parse_target
from pipeline.register.reshaping import merge, split
from pipeline.register.reviewing import (
    DOUBTFUL,
    count_failures,
    count_review,
    count_unnamed,
    counts,
    dispatches,
    failures,
    issues,
    review,
    unnamed,
)
from pipeline.register.saving import (
    Saved,
    close_container,
    outdated,
    save_container,
    save_dispatch,
    save_failure,
    save_refusal,
    save_same,
)
from pipeline.register.searching import search
from pipeline.register.seen import require_version, version_of
from pipeline.register.showing import show
from pipeline.register.stored_text import stored_document

__all__ = [
    "DOUBTFUL",
    "FIELDS",
    "Arrival",
    "DispatchFilter",
    "DispatchPage",
    "FileStat",
    "GivenAnchor",
    "Known",
    "KnownFiles",
    "Mode",
    "Origin",
    "Policy",
    "Received",
    "Register",
    "Row",
    "Saved",
    "State",
    "TaskFilter",
    "add_deadline",
    "add_obligation",
    "anchors_of",
    "arrival_of",
    "backup",
    "backup_head",
    "chain",
    "check",
    "close_container",
    "confirm",
    "consequences",
    "correct",
    "count_failures",
    "count_review",
    "count_states",
    "count_unnamed",
    "counts",
    "decide_inferred",
    "decide_link",
    "decide_merge",
    "delete",
    "dispatch_types",
    "dispatches",
    "failures",
    "find_dispatch",
    "finish_run",
    "history",
    "issues",
    "known_files",
    "leaf",
    "links_of",
    "merge",
    "next_to_check",
    "open_register",
    "outdated",
    "parse_target",
    "public_id",
    "rebuild",
    "receive",
    "remove",
    "require_version",
    "restore",
    "review",
    "save_container",
    "save_dispatch",
    "save_failure",
    "save_refusal",
    "save_same",
    "search",
    "set_anchor",
    "show",
    "split",
    "start_run",
    "stored_document",
    "tasks",
    "undo",
    "unnamed",
    "version_of",
]
