"""Kết quả một lần gửi: what came of one try, and how long it may take."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

End = Literal["sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. `state`: "sent" where the server said that it has it; "failed" where it has not got it for
    certain; "unknown" where nobody can tell. `error` is a code, with the server's number behind it where it gave one.
    `again`: a later try may succeed. `of_server`: nothing else gets through there either. `wait` seconds were asked
    for by the server."""

    state: End
    error: str | None = None
    again: bool = False
    of_server: bool = False
    wait: float = 0.0


SENT = Outcome("sent")


def within(seconds: float, attempt: Callable[[], Outcome]) -> Outcome:
    """An attempt that is given up after so many seconds whatever the server does: a byte now and then, a name that is
    looked up for ever. What it does then is not waited for, so nobody can tell what came of it."""
    ended: list[Outcome] = []

    def run() -> None:
        try:
            ended.append(attempt())
        except Exception as error:
            # neither the words of an error nor its trace are kept: they may quote what was sent, or a secret
            ended.append(Outcome("unknown", f"fault {type(error).__name__}"))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return ended[0] if ended else Outcome("unknown", "no_answer")
