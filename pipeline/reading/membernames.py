"""Names of files inside containers: made unique, and safe to be shown and to be part of a path."""

from __future__ import annotations

import re
import unicodedata

SEPARATOR = "/::/"
BODY = "body"
_COMPONENT = SEPARATOR.strip("/")
_MAX_COMPONENT = 150
_MAX_COMPONENTS = 12
# control characters, and those that turn the direction of writing or are not seen: a name must not act on a terminal
_UNSHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)
_DRIVE = re.compile("[A-Za-z]:")


def is_body(member: str) -> bool:
    """Whether a member is the text of a mail itself."""
    return member.rpartition(SEPARATOR)[2] == BODY


def leads_out(name: str) -> bool:
    """Whether a name, taken for a path, leads out of the folder that it is unpacked into.

    >>> [leads_out(n) for n in ("/etc/a", "../a", "C:\\\\a", "b/a..pdf")]
    [True, True, True, False]
    """
    path = name.replace("\\", "/")
    return path.startswith("/") or bool(_DRIVE.match(path)) or ".." in path.split("/")


def safe_name(name: str) -> str:
    """A name as it stands in a member's path: folders kept, nothing in it that leads elsewhere or cannot be shown.

    >>> safe_name("..\\\\Công văn\\\\a\\x1b.pdf")
    '__/Công văn/a_.pdf'
    """
    plain = _UNSHOWN.sub("_", unicodedata.normalize("NFC", name).replace("\\", "/"))
    parts = [part.strip() for part in plain.split("/")]
    parts = ["_" * len(part) if part in ("..", _COMPONENT) else part for part in parts if part not in ("", ".")]
    return "/".join(_shortened(part) for part in parts[-_MAX_COMPONENTS:]) or "_"


def _shortened(part: str) -> str:
    """A part of a path, cut in its middle so that its ending stays."""
    return part if len(part) <= _MAX_COMPONENT else f"{part[: _MAX_COMPONENT - 20]}…{part[-19:]}"


class Names:
    """Gives each entry of one container a name that no other has: "a.pdf", "a (2).pdf"."""

    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """The name, numbered where it was given before."""
        given = name
        folder, _, last = name.rpartition("/")
        stem, dot, ending = last.rpartition(".") if "." in last[1:] else (last, "", "")
        while given in self._taken:
            number = self._next[name] = self._next.get(name, 1) + 1
            given = f"{folder}/{stem} ({number}){dot}{ending}".removeprefix("/")
        self._taken.add(given)
        return given
