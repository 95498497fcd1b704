"""Một lúc một người gửi: only one process sends for a register at a time, and a killed one is noticed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import CongvanError, RegisterReadOnly


class SendingBusy(CongvanError):
    """Another process is sending reminders out of this register (details: path)."""

    code = "sending_busy"


@contextmanager
def only_sender(register: Path) -> Iterator[None]:
    """Hold the right to send. The system gives it back when the process ends, however it ends; so whoever holds it
    knows that what was begun before and not ended will never be. Raises SendingBusy."""
    whole = register.resolve()  # by whatever path it is called
    path = whole.with_name(f"{whole.name}.sending")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise RegisterReadOnly(path=str(path), problem=error.strerror or str(error)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SendingBusy(path=str(register)) from None
        yield
    finally:
        os.close(handle)
