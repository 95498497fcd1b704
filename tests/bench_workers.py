"""What worker processes are told to do when they are measured: a module that loads nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence


def warmed(files: Sequence[str]) -> tuple[int, float]:
    """Extract some files; the number of the process, and the processor seconds that it has taken in its life."""
    for file in files:
        extracted(file)
    return os.getpid(), time.process_time()


def extracted(file: str) -> tuple[int, float, dict[str, object]]:
    """The row of one file, after the same."""
    from pipeline.commands.extract import one_row

    row = one_row(file)
    return os.getpid(), time.process_time(), row


def counted(rounds: int) -> int:
    """Work that needs neither memory nor the disk: what two processes can do at most."""
    total = 0
    for n in range(rounds):
        total += n * n % 7
    return total
