"""Which files lie in the folders that a user named: sorted, links followed once, what is no document passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.reading.membernames import SEPARATOR

_PASSING_NAMES = {"thumbs.db", "desktop.ini", "__macosx"}
_PASSING_ENDS = ("~", ".tmp", ".part", ".crdownload", ".swp")


@dataclass(slots=True)
class Listing:
    """`files` in the order of the user's paths, sorted within a folder; `ignored` are hidden and temporary files;
    `missing` are paths that the user named and that are not there; `unlisted` folders that could not be opened."""

    files: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


def list_files(paths: Iterable[str]) -> Listing:
    """The files that the paths stand for. A path named by the user is taken whatever its name, and once only; that of
    a file inside an archive or a mail stands for the whole of it.

    Links to folders are followed, each folder once, so that a loop of links ends.
    """
    listing = Listing()
    folders: set[tuple[int, int]] = set()
    for path in paths:
        if os.path.isdir(path):
            listing.files.extend(_walk(path, folders, listing))
        elif os.path.lexists(path):
            listing.files.append(path)
        elif inside := split_member(path):
            listing.files.append(inside[0])
        else:
            listing.missing.append(path)
    listing.files = list(dict.fromkeys(listing.files))
    return listing


def split_member(path: str) -> tuple[str, str] | None:
    """The container's path and the path within it of a file inside an archive or a mail; None for any other path."""
    at = path.find(SEPARATOR)
    while at >= 0:
        if os.path.isfile(path[:at]):
            return path[:at], path[at + len(SEPARATOR) :]
        at = path.find(SEPARATOR, at + 1)
    return None


def passes_over(name: str) -> bool:
    """Whether a file of this name is hidden or temporary rather than a document.

    >>> [passes_over(n) for n in ("~$don.docx", ".DS_Store", "a.pdf.part", "a.pdf")]
    [True, True, True, False]
    """
    low = name.lower()
    return low.startswith((".", "~$")) or low in _PASSING_NAMES or low.endswith(_PASSING_ENDS)


def _walk(folder: str, seen: set[tuple[int, int]], listing: Listing) -> Iterator[str]:
    try:
        stat = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError:
        listing.unlisted.append(folder)
        return
    if (stat.st_dev, stat.st_ino) in seen:
        return
    seen.add((stat.st_dev, stat.st_ino))
    for entry in entries:
        if passes_over(entry.name):
            listing.ignored.append(entry.path)
        elif _is_folder(entry):
            yield from _walk(entry.path, seen, listing)
        else:
            yield entry.path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
