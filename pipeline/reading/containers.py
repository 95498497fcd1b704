"""Files that hold files (ZIP archives, mails, edXML): what lies in them, and the bytes of each, without unpacking any.

A file inside is named by the container's path, `SEPARATOR` and its own name: "hop/thu.eml/::/cong-van.pdf". As long as
the container is a file no other file can have a path that goes on behind it, so the name is never another file's.
A mail's own text is a member too, named `BODY`. Containers lie in containers at most `MAX_DEPTH` deep; all members of
one together are bounded in number and in size, counted while they are unpacked and never as their headers claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.errors import NothingInside, OutOfMemory, TooDeep, TooLarge, UnreadableFile, VanishedFile
from pipeline.reading.bytes import MAX_BYTES, sha256_of
from pipeline.reading.membernames import BODY, SEPARATOR
from pipeline.reading.progress import beat
from pipeline.reading.sniff import kind_of

__all__ = ["BODY", "SEPARATOR", "Contents", "Entry", "Kind", "Member", "Opened", "container_kind", "contents", "opened"]

Kind = Literal["zip", "eml", "edxml"]
Problem = tuple[str, dict[str, object]]
MAX_DEPTH = 3
MAX_MEMBERS = 1000
MAX_UNPACKED = 500 * 1024 * 1024


class Entry:
    """One thing in a container. `name` is unique there and safe to show; `kind` where the container tells it."""

    name: str
    kind: Kind | None = None

    def read(self, limit: int) -> bytes:
        """Its bytes. Raises UnreadableFile; TooLarge as soon as more than `limit` bytes are there."""
        raise NotImplementedError

    def passed_over(self, data: bytes) -> bool:
        """Whether it is nothing that anybody would call a document: the picture of a signature, an empty text."""
        return False


@dataclass(frozen=True, slots=True)
class Opened:
    """A container with what lies in it directly. `ignored` counts what is not even looked at (folders aside).

    `received_on` is the day on which a mail came, or was sent where nobody noted that (ISO, as in Vietnam). `head` is
    the XML of an edXML message without its files.
    """

    entries: tuple[Entry, ...]
    ignored: int = 0
    received_on: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside, however deep: its path in the outermost container, its size and hash.

    `problem` says why it cannot be read (code and details of the error); then size and hash may be missing.
    """

    path: str
    size: int | None = None
    sha256: str | None = None
    received_on: str | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """All files in a container, those in containers within it in their place, and how many were passed over. `heads`
    are those of edXML messages, each with its path in the container ("" for the container itself)."""

    members: tuple[Member, ...]
    ignored: int
    heads: tuple[tuple[str, str], ...] = ()


def container_kind(data: bytes) -> Kind | None:
    """Which kind of container these bytes are, None for a document or what cannot be told."""
    try:
        kind = kind_of(data)
    except UnreadableFile:
        return None
    return kind if kind == "zip" or kind == "eml" or kind == "edxml" else None


def contents(data: bytes, kind: Kind) -> Contents:
    """What lies in a container, containers in it opened too.

    Raises DamagedFile and EncryptedFile where it cannot be opened, TooLarge where it holds more than the bounds allow,
    NothingInside where it holds nothing to be read. What is wrong with one member alone is that member's `problem`.
    """
    listing = _Listing()
    listing.walk(opened(data, kind), "", 1, None)
    if not listing.members:
        raise NothingInside(format=kind, ignored=listing.ignored)
    return Contents(tuple(listing.members), listing.ignored, tuple(listing.heads))


@dataclass(slots=True)
class _Listing:
    """One walk through a container: what was found and counted so far."""

    members: list[Member] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    ignored: int = 0
    seen: int = 0
    unpacked: int = 0

    def walk(self, container: Opened, prefix: str, depth: int, received_on: str | None) -> None:
        """List what lies in a container that is the `depth`-th around it; a mail in a mail came with the outer one."""
        self.ignored += container.ignored
        self.seen += len(container.entries)
        if self.seen > MAX_MEMBERS:
            raise TooLarge(what="members", size=self.seen, limit=MAX_MEMBERS)
        received_on = received_on or container.received_on
        if container.head:
            self.heads.append((prefix.removesuffix(SEPARATOR), container.head))
        for entry in container.entries:
            self._look(entry, Member(prefix + entry.name, received_on=received_on), depth)
            beat()

    def _look(self, entry: Entry, member: Member, depth: int) -> None:
        data = self._unpacked(entry)
        if self.unpacked > MAX_UNPACKED:
            raise TooLarge(what="unpacked", size=self.unpacked, limit=MAX_UNPACKED)
        if not isinstance(data, bytes):
            self.members.append(replace(member, problem=data))
        elif entry.passed_over(data):
            self.ignored += 1
        elif kind := entry.kind or container_kind(data):
            self._look_inside(data, kind, member, depth)
        else:
            self.members.append(replace(member, size=len(data), sha256=sha256_of(data)))

    def _unpacked(self, entry: Entry) -> bytes | Problem:
        """The bytes of an entry, counted; what is wrong with it where it has none."""
        limit = min(MAX_BYTES, MAX_UNPACKED - self.unpacked)
        try:
            data = entry.read(limit)
        except UnreadableFile as error:
            self.unpacked += limit + 1 if isinstance(error, TooLarge) else 0
            return _problem(error)
        except MemoryError:
            return _problem(OutOfMemory())
        self.unpacked += len(data)
        return data

    def _look_inside(self, data: bytes, kind: Kind, member: Member, depth: int) -> None:
        before = len(self.members)
        try:
            if depth == MAX_DEPTH:
                raise TooDeep(limit=MAX_DEPTH)
            container = opened(data, kind)
        except UnreadableFile as error:
            self.members.append(replace(member, problem=_problem(error)))
            return
        self.walk(container, member.path + SEPARATOR, depth + 1, member.received_on)
        self.ignored += len(self.members) == before


def _problem(error: UnreadableFile) -> Problem:
    return error.code, {k: v if isinstance(v, str | int | float | None) else str(v) for k, v in error.details.items()}


def opened(data: bytes, kind: Kind) -> Opened:
    """What lies in a container directly. Raises DamagedFile, EncryptedFile, TooLarge."""
    if kind == "zip":
        from pipeline.reading.zipentries import open_zip

        return open_zip(data)
    if kind == "edxml":
        from pipeline.reading.edxml import open_edxml

        return open_edxml(data)
    from pipeline.reading.mailparts import open_mail

    return open_mail(data)


def entry_in(container: Opened, name: str) -> Entry:
    """The entry of this name. Raises VanishedFile where there is none."""
    for entry in container.entries:
        if entry.name == name:
            return entry
    raise VanishedFile(reason="missing")


def container_in(container: Opened, name: str) -> Opened:
    """The container of this name in a container. Raises UnreadableFile."""
    entry = entry_in(container, name)
    data = entry.read(MAX_BYTES)
    kind = entry.kind or container_kind(data)
    if kind is None:
        raise VanishedFile(reason="missing")
    return opened(data, kind)
