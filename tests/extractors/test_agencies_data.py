"""The register of bodies: what its rows promise each other."""

from collections import Counter
from datetime import date

import pytest

from extractors import lexicon
from extractors.agencies import identify, successor

ROWS = lexicon.rows("agencies")
IDS = {row["id"] for row in ROWS}


def test_an_id_stands_once():
    assert [i for i, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []


def test_successors_are_rows_too():
    assert [row["id"] for row in ROWS if not set(filter(None, row["successor"].split("|"))) <= IDS] == []


def test_days_are_days_in_order():
    for row in ROWS:
        days = [date.fromisoformat(row[key]) for key in ("valid_from", "valid_to") if row[key]]
        assert days == sorted(days), row["id"]


@pytest.mark.parametrize("row", lexicon.rows("provinces"), ids=lambda row: row["old_name"])
def test_every_former_province_leads_to_the_one_that_took_over(row):
    kind = row["old_kind"]
    old = identify(f"UBND {kind} {row['old_name']}", "2024-06-01")
    now = identify(f"UBND {row['new_kind_on_2025_07_01']} {row['new_name']}", "2025-12-01")
    assert now is not None
    if row["old_name"] == "Huế":  # a city since 2025
        old = identify("UBND tỉnh Thừa Thiên Huế", "2024-06-01")
    assert old is not None
    assert (successor(old, "2025-12-01") or old) == now
