"""Tệp tải lên: under which names uploaded files lie, how they get there whole or not at all, how they are erased."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from contextlib import suppress
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_LONGEST = 180  # bytes of a name; the system takes 255, and a number may follow
_LONGEST_SUFFIX = 12
_MOST_ALIKE = 100_000
_NAMELESS = "upload"
_PART = re.compile(r"\.[0-9a-f]{32}\.part")
_PIECE = 1024 * 1024


def safe_name(given: str) -> str:
    """A name that is only a name: no folder, nothing that cannot be seen, at most `_LONGEST` bytes, composed (NFC).

    >>> [safe_name(n) for n in ("../../etc/passwd", "C:\\\\a\\\\cv 12.pdf", "a\\x00b.pdf", ".an", " ", "x<b>.pdf")]
    ['passwd', 'cv 12.pdf', 'a_b.pdf', 'an', 'upload', 'x_b_.pdf']
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in name)
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ~$")
    stem, suffix = os.path.splitext(name)
    if len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    stem = stem.encode()[: _LONGEST - len(suffix.encode())].decode("utf-8", "ignore").strip(". ")
    return (stem + suffix) or _NAMELESS


def new_part(folder: Path) -> tuple[Path, int]:
    """A file under a temporary name for its owner alone, open for writing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(16)}.part"
    return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def reserve(folder: Path, name: str) -> Path:
    """An empty file of that name in the folder, of the name with a number where there is one already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, suffix = os.path.splitext(name)
    for number in range(1, _MOST_ALIKE):
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
            return path
    raise FileExistsError(str(folder / name))


def write_whole(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    part, handle = new_part(path.parent)
    with open(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names in the folder are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_bytes(folder: Path) -> int:
    """How much room there is where the folder lies, or will lie."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
    return shutil.disk_usage(there).free


def forget(path: Path) -> None:
    """Remove a file, if it is there."""
    with suppress(OSError):
        path.unlink()


def erase(path: Path) -> bool:
    """Overwrite a file and remove it; whether it is gone."""
    with suppress(OSError), open(path, "r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, _PIECE)))
        os.fsync(file.fileno())
    forget(path)
    return not path.exists()


def remove_parts(folder: Path, kept: set[str]) -> None:
    """What uploads that were cut short left behind, in the folder and those of its days."""
    with suppress(OSError):
        for path in (*folder.glob(".*.part"), *folder.glob("*/.*.part")):
            if _PART.fullmatch(path.name) and str(path) not in kept:
                erase(path)
