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


class VanishedFile(UnreadableFile):
    """The file was there and is gone, or its content changed, while it was read."""

    code = "vanished_file"


class NotPermitted(UnreadableFile):
    """The system does not allow the file to be read."""

    code = "not_permitted"


class TimedOut(UnreadableFile):
    """Reading the file took longer than the bound for one document."""

    code = "timed_out"
