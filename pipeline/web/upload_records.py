"""Lần tải lên: what one person sent at once, what became of each file, and the record of it on the disk.

A record is a small file beside the uploads. It is there before the upload is acknowledged and says what is still to be
read, so that nothing acknowledged is lost however the server ends. Of a file with a secrecy mark it loses the name.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.web.upload_files import forget, reserve, sync_folder, write_whole

State = Literal["waiting", "done", "check", "failed", "refused"]
SECRECY = "secrecy"
_RECORDS = ".records"
_ID = re.compile(r"\d{8}-[0-9a-f]{12}")
_KEPT = 400  # records of so many uploads that are read through
_INSIDE = 200  # files within one archive that are told one by one


@dataclass(frozen=True, slots=True)
class Inside:
    """What became of one file within an uploaded archive or mail; `name` is None where it may not be told."""

    name: str | None
    state: State
    code: str | None = None
    details: dict[str, object] = field(default_factory=dict)
    dispatch: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One file of an upload. `name` is what its sender calls it; `path` where it lies, None once it is erased; `part`
    where it lay before. `is_copy`: it is ours, to be erased where it may not be kept. `code` and `details` say why it
    was refused or failed; `is_known`: the same bytes were in the register before."""

    name: str | None
    path: str | None
    size: int
    part: str | None = None
    is_copy: bool = True
    state: State = "waiting"
    code: str | None = None
    details: dict[str, object] = field(default_factory=dict)
    dispatch: int | None = None
    is_known: bool = False
    inside: tuple[Inside, ...] = ()


@dataclass(slots=True)
class Batch:
    """What one person sent at once. `who` is how that person signs, `account` the account; `received_on` the day of
    arrival that is to be entered, if any."""

    id: str
    who: str
    account: str
    at: str
    received_on: str | None
    items: list[Item]

    @property
    def waiting(self) -> list[int]:
        """The places of the files that are still to be read."""
        return [n for n, item in enumerate(self.items) if item.state == "waiting"]

    @property
    def is_over(self) -> bool:
        """Whether all is known."""
        return not self.waiting


def new_id(now: str) -> str:
    """An id that nobody guesses: "20260131-5f2c9a01b7d3"."""
    return f"{datetime.fromisoformat(now):%Y%m%d}-{secrets.token_hex(6)}"


class Records:
    """The records of one folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = folder / _RECORDS

    def write(self, batch: Batch) -> None:
        """Bring the record of a batch up to date; it is on the disk when this returns."""
        kept = asdict(batch) | {"items": [asdict(_kept(item)) for item in batch.items]}
        write_whole(self.place / f"{batch.id}.json", json.dumps(kept, ensure_ascii=False).encode())

    def settle(self, batch: Batch, names: list[str], day: str) -> None:
        """Give the files of a new batch the names under which they stay, in the folder of the day. Between the first
        and the last step either the record or the files are what they were."""
        folder = self.folder / day
        places = [reserve(folder, name) for name in names]
        batch.items = [replace(item, path=str(path)) for item, path in zip(batch.items, places, strict=True)]
        try:
            self.write(batch)
        except OSError:
            for path in places:
                forget(path)
            raise
        self.move_parts(batch)

    def move_parts(self, batch: Batch) -> None:
        """Put what lies under temporary names where the record says."""
        folders = set()
        for n, item in enumerate(batch.items):
            if item.part and item.path and os.path.exists(item.part):
                os.replace(item.part, item.path)
                folders |= {os.path.dirname(item.part), os.path.dirname(item.path)}
            batch.items[n] = replace(item, part=None)
        for folder in folders:
            sync_folder(Path(folder))

    def load(self) -> Iterator[Batch]:
        """All batches, oldest first; records beyond the newest `_KEPT` that have nothing to do are removed."""
        found = [batch for path in self.place.glob("*.json") if _ID.fullmatch(path.stem) and (batch := _read(path))]
        found.sort(key=lambda batch: batch.at)
        for n, batch in enumerate(found):
            if batch.is_over and n < len(found) - _KEPT:
                forget(self.place / f"{batch.id}.json")
            else:
                yield batch


def _kept(item: Item) -> Item:
    """What of a file may be written down."""
    inside = tuple(replace(one, name=None) if one.code == SECRECY else one for one in item.inside[:_INSIDE])
    item = replace(item, inside=inside)
    return replace(item, name=None, size=0) if item.code == SECRECY else item


def _read(path: Path) -> Batch | None:
    """A record; None where it cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        found: dict[str, Any] = json.loads(path.read_bytes())
        items = [
            Item(**(item | {"inside": tuple(Inside(**one) for one in item["inside"])})) for item in found.pop("items")
        ]
        return Batch(**found, items=items)
    return None
