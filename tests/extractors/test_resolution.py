"""Which bodies a printed name means: gold of mentions in sentences written for it, and what the register must promise.

`tests/examples/bodies.csv`: a sentence with the mention in brackets, the day, issuer, place and addressees (`|`) of its
paper; what it is, the ids that it means (`|`), the parts that stay as printed. Where `count` is given, so many bodies are
meant, and `ids` are some of them.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from extractors.resolution import Context, Resolution, body, members, resolve, succession

_GOLD = Path(__file__).parents[1] / "examples" / "bodies.csv"
with _GOLD.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def _read(row: dict[str, str]) -> Resolution:
    mention = re.search(r"\[([^][]+)\]", row["sentence"])
    assert mention, row["sentence"]
    sent_to = tuple(filter(None, row["addressees"].split("|")))
    return resolve(mention[1], row["on"] or None, Context(row["issuer"] or None, row["place"] or None, sent_to))


def _ids(row: dict[str, str]) -> set[str]:
    return set(filter(None, row["ids"].split("|")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['on']} {row['issuer']}: {row['sentence'][:60]}")
def test_a_mention_means_these_bodies(row):
    found = _read(row)
    ids = [b.id for b in found.bodies]
    assert len(ids) == len(set(ids))
    if row["count"]:
        assert (len(ids), _ids(row) - set(ids)) == (int(row["count"]), set())
    else:
        assert set(ids) == _ids(row)
    assert (found.sort, "|".join(found.rest)) == (row["sort"], row["rest"])
