"""Which program read a document: its version and a fingerprint of all that decides what is found."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"
_ROOT = Path(__file__).parent.parent


@cache
def fingerprinted_version() -> str:
    """The version with a fingerprint of the extractors, their lexicon and the readers: "0.1.0-5f2c9a01".

    A document that another fingerprint read may read differently now; `congvan reextract` finds it by this.
    """
    digest = hashlib.sha256()
    for folder in (_ROOT / "extractors", _ROOT / "pipeline" / "reading"):
        for file in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".toml", ".csv")):
            digest.update(file.relative_to(_ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return f"{VERSION}-{digest.hexdigest()[:8]}"
