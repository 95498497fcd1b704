"""The register of bodies: what its rows promise each other."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from extractors import lexicon
from extractors.agencies import identify, successor
from extractors.agencies_register import LOCAL, TEMPLATES, key, registered, standing_of

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


def test_as_many_ministries_and_provinces_stood_as_the_law_named():
    ministries = {"2003-01-01": 20, "2007-07-31": 20, "2007-08-01": 18, "2025-02-28": 18, "2025-03-01": 14}
    ministerial = {"2003-01-01": 6, "2007-07-31": 6, "2007-08-01": 4, "2025-02-28": 4, "2025-03-01": 3}
    provinces = {"2003-12-31": 61, "2004-01-01": 64, "2008-07-31": 64, "2008-08-01": 63, "2025-06-30": 63}
    provinces |= {"2025-07-01": 34, "2026-11-22": 34}
    for level, counts in (("ministry", ministries), ("ministerial_level", ministerial), ("province", provinces)):
        assert {day: len(standing_of(level, day)) for day in counts} == counts


def test_districts_and_communes_lie_in_provinces():
    for table, number in (("districts", 696), ("communes", 3321)):
        rows = [row for row in lexicon.rows(table) if row.get("standing") != "no"]
        assert len(rows) == number
        assert {row["province"] for row in rows} <= IDS
        assert len({tuple(row.values()) for row in rows}) == number


def test_groups_list_what_is_registered():
    levels = {body.level for body in registered().values()} | {"localities"}
    for entry in lexicon.load("body_groups"):
        if entry.role not in ("exact", "open"):
            continue
        for token in (entry.value or "").split():
            named = token.removeprefix("each:")
            assert token.startswith("since:") or named in IDS or named in levels, (entry.id, token)


def test_units_and_exceptions_name_kinds_and_bodies_that_there_are():
    kinds = {body.level.removesuffix("_template") for body in registered().values()}
    provinces = {id.removeprefix("UBND_") for id in IDS if id.startswith("UBND_")} | {"*"}
    for entry in lexicon.by_role("body_groups", "unit"):
        assert set((entry.value or "").split()) <= kinds, entry.id
    for entry in lexicon.by_role("body_groups", "not_in"):
        for word in (entry.value or "").split():
            department, _, seats = word.partition(":")
            assert department in IDS and set(seats.split(",")) <= provinces, word


def test_heirs_of_what_every_province_has_are_what_every_province_has():
    for body in registered().values():
        of_provinces = body.level in TEMPLATES | LOCAL
        assert all((registered()[heir].level in TEMPLATES | LOCAL) == of_provinces for heir in body.successors), body.id


def test_a_name_is_looked_up_in_the_spelling_it_is_kept_in():
    for row in ROWS:
        for name in filter(None, (row["canonical_name"], *row["aliases"].split("|"))):
            assert key(key(name)) == key(name), name


MERGERS = Path(__file__).parents[3] / "shared" / "domain" / "ministry_mergers_2025.csv"


@pytest.mark.skipif(not MERGERS.exists(), reason="needs ../shared/domain")
def test_mergers_of_2025_are_those_of_the_brief():
    with MERGERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        body = registered()[row["old_id"]]
        if row["old_id"] == row["new_id"]:
            assert body.valid_to is None, row
        else:
            heir = registered()[body.successors[0]]
            assert row["new_id"] in (heir.id, heir.parent), row
            assert (len(body.successors) > 1) == (row["old_id"] in ("BTTTT", "BLDTBXH")), row
