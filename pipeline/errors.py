"""Errors that a user meets: each owns its exit code, its stable code and says what to do next.

The words shown are looked up in the message catalogue by `code`; `details` fill its placeholders.
"""

from __future__ import annotations


class CongvanError(Exception):
    """The base of all errors that are a user's business rather than a fault of the program."""

    code = "error"
    exit_code = 1

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(f"{self.code}: {details}" if details else self.code)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors come back from other processes with their details."""
        return _restored, (type(self), self.details)


def _restored(kind: type[CongvanError], details: dict[str, object]) -> CongvanError:
    return kind(**details)


class UnreadableFile(CongvanError):
    """The file could not be read; subclasses say why."""

    code = "unreadable"


class EmptyFile(UnreadableFile):
    """The file holds no bytes."""

    code = "empty_file"


class DamagedFile(UnreadableFile):
    """The file is cut short or not what it claims to be."""

    code = "damaged_file"


class EncryptedFile(UnreadableFile):
    """The file needs a password."""

    code = "encrypted_file"


class NoText(UnreadableFile):
    """The file, or a page of it, holds no text (a scan)."""

    code = "no_text"


class TooLarge(UnreadableFile):
    """The file is larger (bytes, pages, unpacked size) than the bound for one document."""

    code = "too_large"


class UnknownFormat(UnreadableFile):
    """The content is of no format that can be read."""

    code = "unknown_format"


class UnopenedArchive(UnreadableFile):
    """An archive of a kind that is not opened here (details: format)."""

    code = "unopened_archive"


class OutlookMail(UnreadableFile):
    """A mail in Outlook's own format: .msg, winmail.dat (details: format)."""

    code = "outlook_mail"


class UnsafeMember(UnreadableFile):
    """A file in an archive whose name leads out of it, or that is a link (details: reason)."""

    code = "unsafe_member"


class TooDeep(UnreadableFile):
    """A container within so many containers that it is not opened (details: limit)."""

    code = "too_deep"


class NothingInside(UnreadableFile):
    """An archive or a mail that holds nothing to be read (details: ignored, the number of what was passed over)."""

    code = "nothing_inside"


class VanishedFile(UnreadableFile):
    """The file was there and is gone, or its content changed, while it was read."""

    code = "vanished_file"


class NotPermitted(UnreadableFile):
    """The system does not allow the file to be read."""

    code = "not_permitted"


class TimedOut(UnreadableFile):
    """Reading the file took longer than the bound for one document."""

    code = "timed_out"


class ProgramMissing(UnreadableFile):
    """A program that the file's format needs is not installed (details: program, packages: what to install)."""

    code = "program_missing"


class ProgramFailed(UnreadableFile):
    """A program that the file's format needs gave up (details: program, exit).

    Its `complaint` may quote the document; it is not a part of the details, which are stored.
    """

    code = "program_failed"
    complaint = ""

    @classmethod
    def saying(cls, complaint: str, **details: object) -> ProgramFailed:
        """The error with what the program wrote to its standard error."""
        error = cls(**details)
        error.complaint = complaint
        return error


class ProgramTimedOut(UnreadableFile):
    """A program that the file's format needs did not come to an end (details: program, seconds)."""

    code = "program_timed_out"


class BadAuthorities(CongvanError):
    """The bundle of certificates to judge signatures by cannot be used (details: path)."""

    code = "bad_authorities"


class NothingCounts(CongvanError):
    """No time limit of the target counts from such a day (details: id, anchor)."""

    code = "nothing_counts"


class RegisterError(CongvanError):
    """The register could not be opened, read or written; subclasses say why."""

    code = "register"


class RegisterMissing(RegisterError):
    """There is no register at the path yet (details: path)."""

    code = "register_missing"


class RegisterForeign(RegisterError):
    """The file is no register of this program (details: path)."""

    code = "register_foreign"


class RegisterNewer(RegisterError):
    """The register was written by a newer program (details: path, found, known)."""

    code = "register_newer"


class RegisterBusy(RegisterError):
    """Another process is writing and did not finish in time (details: path)."""

    code = "register_busy"


class RegisterDamaged(RegisterError):
    """The register fails its integrity check (details: path, problem)."""

    code = "register_damaged"


class RegisterReadOnly(RegisterError):
    """The register or its folder cannot be written, or the disk is full (details: path, problem)."""

    code = "register_read_only"


class BackupExists(RegisterError):
    """The backup's file is there already (details: path)."""

    code = "backup_exists"


class BackupForeign(RegisterError):
    """The file to restore is no register (details: path)."""

    code = "backup_foreign"


class BackupNewer(RegisterError):
    """The file to restore was written by a newer program (details: path, found, known)."""

    code = "backup_newer"


class BackupDamaged(RegisterError):
    """The file to restore fails its integrity check (details: path, problem)."""

    code = "backup_damaged"


class UnknownId(CongvanError):
    """Nothing in the register has this id (details: id)."""

    code = "unknown_id"


class WrongId(CongvanError):
    """An id that cannot be, or of the wrong kind here (details: id, expected)."""

    code = "wrong_id"


class UnknownField(CongvanError):
    """No such field, or none that a person corrects (details: field, target, allowed)."""

    code = "unknown_field"


class InvalidValue(CongvanError):
    """A value that the field cannot hold (details: field, value, allowed)."""

    code = "invalid_value"


class AlreadyUndone(CongvanError):
    """The correction was undone before (details: id)."""

    code = "already_undone"


class NotUndoable(CongvanError):
    """An undo cannot itself be undone: correct anew (details: id)."""

    code = "not_undoable"


class CrashedWorker(UnreadableFile):
    """The process that read the file ended in the middle of it, twice (details: exit)."""

    code = "crashed"


class OutOfMemory(UnreadableFile):
    """Reading the file takes more memory than one document may have."""

    code = "out_of_memory"


class InternalFault(UnreadableFile):
    """A fault of the program with this file (details: type of the error, at: its line of code)."""

    code = "internal"


class NothingThere(CongvanError):
    """A path that the user named does not exist (details: path)."""

    code = "nothing_there"


class SeveralDeadlines(CongvanError):
    """An obligation has several deadlines: which one is meant? (details: id, ids)"""

    code = "several_deadlines"


class NoDeadline(CongvanError):
    """An obligation has no deadline that could be corrected (details: id)."""

    code = "no_deadline"


class AmbiguousNumber(CongvanError):
    """Several dispatches have this number: name one by its id (details: number, ids)."""

    code = "ambiguous_number"


class ScratchFull(UnreadableFile):
    """The disk with the folder for temporary files is full (details: path)."""

    code = "scratch_full"


class NoScratch(CongvanError):
    """No folder for temporary files can be made (details: path, problem)."""

    code = "no_scratch"


class NoWorkers(CongvanError):
    """No process for reading can be started (details: exit)."""

    code = "no_workers"


class ChainBroken(CongvanError):
    """The chain of events does not end where its head says (details: event, the number of its last row)."""

    code = "chain_broken"


class DutyError(CongvanError):
    """An event that cannot be entered for a duty; subclasses say why (details: id)."""

    code = "duty"


class DutyClosed(DutyError):
    """The duty is closed on the day of the event (details: id, state, closed)."""

    code = "duty_closed"


class ImpossibleEvent(DutyError):
    """The event makes no sense in the state of the duty (details: id, event, state)."""

    code = "impossible_event"


class ImpossibleDay(DutyError):
    """The event lies before the dispatch or after today (details: id, day, first, last)."""

    code = "impossible_day"


class NoExtension(DutyError):
    """A new last day that is not after the one in force (details: id, day, due)."""

    code = "no_extension"


class NothingToExtend(DutyError):
    """The duty has no last day that could be moved (details: id)."""

    code = "nothing_to_extend"


class ChangedMeanwhile(DutyError):
    """Somebody entered an event of the duty since it was looked at (details: id, seen, now)."""

    code = "changed_meanwhile"


class SeveralDuties(DutyError):
    """An obligation that several bodies owe: which one is meant? (details: id, ids)"""

    code = "several_duties"


class SeveralPeriods(DutyError):
    """A recurring duty: which occurrence is meant? (details: id, ids)"""

    code = "several_periods"


class UnknownPeriod(DutyError):
    """A recurring duty has no such occurrence by that day (details: id, ids)."""

    code = "unknown_period"


class NeededFirst(DutyError):
    """An event cannot be taken back while a later one rests on it (details: id, event)."""

    code = "needed_first"


class DutyGone(DutyError):
    """The document no longer names this body, or no longer asks this (details: id, obligation)."""

    code = "duty_gone"


class NumberTaken(CongvanError):
    """Another dispatch has this number of arrival in that year (details: number, year, id)."""

    code = "number_taken"


class UnknownBody(CongvanError):
    """No body of the register or of the gazetteer has this name (details: name)."""

    code = "unknown_body"


class NoSuchBody(UnknownBody):
    """The register knows no body of that name (details: name)."""

    code = "no_such_body"
