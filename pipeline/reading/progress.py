"""A sign of life from inside a long reading: whoever waits for a file hears that it goes on."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def beat() -> None:
    """Say that another page is done, which starts the time limit of the file anew. Costs nothing where nobody listens.

    To be called where a page or a part has really been finished, never within a loop that may turn without end.
    """
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Have every later `beat` of this process call `listener`."""
    _listeners[:] = [listener]
