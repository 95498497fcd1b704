"""Real documents, where they are at hand: what their gold says is printed in them must be in what was read."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.reading import read_document

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = [
    path
    for path in sorted((SHARED / "gold" / "dev").glob("*.json"))
    if (gold := json.loads(path.read_text("utf-8"))).get("medium") != "scan"
    and gold["document"]
    and gold["source"].endswith((".pdf", ".docx"))
]
if not GOLD:
    pytest.skip("needs ../shared with its gold documents", allow_module_level=True)


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text)).casefold()


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:40])
def test_what_is_printed_is_read_in_one_piece(path):
    gold = json.loads(path.read_text("utf-8"))
    file = path.parent / "docs" / gold["source"]
    document = read_document(file if file.exists() else SHARED / gold["source"])
    text = squeezed(document.text)
    printed = [o["quote"] for o in gold["obligations"]] + [gold["document"][k] for k in ("number", "subject")]
    missed = [words for words in printed if words and squeezed(words) not in text]
    assert not missed
    assert document.sha256 == hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()


def test_every_file_at_hand_is_read_or_says_why_not():
    """A few files of each kind; all of them are read when the figures are measured."""
    files = sorted((SHARED / "corpus" / "raw").glob("*"))
    kinds = {file.suffix: [f for f in files if f.suffix == file.suffix][:6] for file in files}
    for file in (file for some in kinds.values() for file in some):
        try:
            document = read_document(file)
        except UnreadableFile as error:
            assert error.details.get("format"), file
            continue
        spans = [(line.start, line.end) for line in document.lines]
        assert spans == sorted(spans) and all(a < b for a, b in spans)
        assert all("\n" not in document.text[a:b] and document.text[a:b].strip() for a, b in spans)
