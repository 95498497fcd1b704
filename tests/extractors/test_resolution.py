"""Which bodies a printed name means: gold of mentions in sentences written for it, and what the register must promise.

`tests/examples/bodies.csv`: a sentence with the mention in brackets; day, issuer, place and addressees (`|`) of its
paper; what it is, the ids that it means (`|`), the parts that stay as printed. Where `count` is given, there are so
many bodies, and `ids` are some of them.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path

import pytest

from extractors.resolution import Context, Resolution, body, members, resolve, succession

_GOLD = Path(__file__).parents[1] / "examples" / "bodies.csv"
with _GOLD.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def _mention(row: dict[str, str]) -> str:
    found = re.search(r"\[([^][]+)\]", row["sentence"])
    assert found, row["sentence"]
    return found[1]


def _read(row: dict[str, str]) -> Resolution:
    sent_to = tuple(filter(None, row["addressees"].split("|")))
    return resolve(_mention(row), row["on"] or None, Context(row["issuer"] or None, row["place"] or None, sent_to))


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


def test_precision_and_recall_over_the_gold(record_property):
    right = found = wanted = 0
    for row in ROWS:
        ids, gold = {b.id for b in _read(row).bodies}, _ids(row)
        number = int(row["count"] or len(gold))
        hits = len(ids & gold) if not row["count"] else (min(len(ids), number) if gold <= ids else len(ids & gold))
        right, found, wanted = right + hits, found + len(ids), wanted + number
    record_property("precision", right / found)
    record_property("recall", right / wanted)
    print(f"{len(ROWS)} mentions, {wanted} bodies: precision {right / found:.3f}, recall {right / wanted:.3f}")
    assert len(ROWS) >= 150
    assert right / found >= 0.99
    assert right / wanted >= 0.98


VARIANTS = {
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "upper case": str.upper,
    "tone on the other vowel": lambda name: name.replace("òa", "oà").replace("ủy", "uỷ").replace("Ủy", "Uỷ"),
    "wide spaces": lambda name: name.replace(" ", "  "),
    "spaces that do not break": lambda name: name.replace(" ", "\u00a0"),
    "marked": lambda name: f"**{name}**",
    "wrapped": lambda name: name.replace(" ", "\n", 1),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_how_a_name_is_typed_does_not_matter(variant):
    changed = VARIANTS[variant]
    other = []
    for row in ROWS:
        if row["rest"] and variant == "upper case":
            continue  # where an unknown name begins is seen by its capital
        typed = {**row, "sentence": row["sentence"].split("[")[0] + "[" + changed(_mention(row)) + "]"}
        if [b.id for b in _read(typed).bodies] != [b.id for b in _read(row).bodies]:
            other.append(row["sentence"])
    assert not other


def test_members_change_with_the_day():
    assert [
        len(members("group.ministries", day)) for day in ("2007-07-31", "2007-08-01", "2025-02-28", "2025-03-01")
    ] == [
        20,
        18,
        18,
        14,
    ]
    assert len(members("group.ministries", "2025")) == 0  # which of the two sets is not told
    assert members("group.nothing", "2025-03-01") == ()


def test_an_id_tells_what_it_is():
    department = body("SO_SKHDT@KONTUM_OLD")
    assert department.name == "Sở Kế hoạch và Đầu tư tỉnh Kon Tum"
    assert (department.kind, department.parent) == ("department", "UBND_KONTUM_OLD")
    assert (department.valid_from, department.valid_to) == (None, "2025-02-28")
    district = body("UBND_HUYEN@SONLA/huyen-van-ho")
    assert (district.name, district.kind, district.parent, district.valid_to) == (
        "Ủy ban nhân dân huyện Vân Hồ",
        "district",
        "UBND_SONLA",
        "2025-06-30",
    )
    unit = body("UBND_HUYEN@SONLA/huyen-van-ho/phong-noi-vu")
    assert (unit.kind, unit.parent) == ("unit", district.id)
    assert body("BYT/vu-phap-che").parent == "BYT"
    assert [body(id) for id in ("", "SO_SYT", "SO_SYT@NOWHERE", "BYT@SONLA", "BYT/")] == [None] * 5


@pytest.mark.parametrize(
    ("id", "on", "sort", "heirs"),
    [
        ("BTC", "2026-01-01", "stands", ["BTC"]),
        ("BKHDT", "2025-02-28", "stands", ["BKHDT"]),
        ("BKHDT", "2025-03-01", "one", ["BTC"]),
        ("BBCVT", "2008-01-01", "one", ["BTTTT"]),
        ("BTS", "2025-06-01", "one", ["BNNMT"]),  # two mergers
        ("BTTTT", "2025-06-01", "split", ["BKHCN", "BVHTTDL", "BCA"]),
        ("UBND_KONTUM_OLD", "2025-06-30", "stands", ["UBND_KONTUM_OLD"]),
        ("UBND_KONTUM_OLD", "2025-07-01", "one", ["UBND_QUANGNGAI"]),
        ("UBND_HATAY", "2009-01-01", "one", ["UBND_HANOI"]),
        ("SO_SYT@HATAY", "2009-01-01", "one", ["SO_SYT@HANOI"]),
        ("SO_SKHDT@KONTUM_OLD", "2025-04-01", "one", ["SO_STC@KONTUM_OLD"]),
        ("SO_SKHDT@KONTUM_OLD", "2025-08-01", "one", ["SO_STC@QUANGNGAI"]),
        ("SO_SLDTBXH@SONLA", "2025-08-01", "split", ["SO_SNV", "SO_SYT", "SO_SGDDT", "SO_SNNMT", "CA_TINH"]),
        ("SO_BDT@SONLA", "2025-08-01", "open", ["SO_SDTTG"]),  # not every province has it
        ("CTHUE_TINH@KONTUM_OLD", "2025-04-01", "open", []),  # offices of regions for four months
        ("CTHUE_TINH@KONTUM_OLD", "2025-08-01", "one", ["THUE_TINH@QUANGNGAI"]),
        ("UBND_HUYEN@SONLA/huyen-van-ho", "2025-06-30", "stands", ["UBND_HUYEN@SONLA/huyen-van-ho"]),
        ("UBND_HUYEN@SONLA/huyen-van-ho", "2025-07-01", "open", []),
        ("UBND_HUYEN@HATAY/huyen-chuong-my", "2009-01-01", "one", ["UBND_HUYEN@HANOI/huyen-chuong-my"]),
        ("UBND_XA@BACNINH/xa-tam-da", "2026-10-01", "one", ["UBND_XA@BACNINH_TP/xa-tam-da"]),
        ("BKHDT/vu-phap-che", "2025-06-01", "open", ["BTC"]),
        ("KHONGCO", "2025-06-01", "unknown", []),
    ],
)
def test_who_answers_later(id, on, sort, heirs):
    found = succession(id, on)
    expected = [h if "@" in h or "@SONLA" not in id or "/" in id else f"{h}@SONLA" for h in heirs]
    assert (found.sort, [b.id for b in found.bodies]) == (sort, expected)
    assert found.id == (expected[0] if sort in ("stands", "one") else None)


def test_every_member_that_is_listed_is_a_body_of_that_day():
    here = Context("UBND tỉnh Sơn La", "Sơn La")
    for day in ("2012-05-05", "2021-07-15", "2025-03-15", "2026-05-05"):
        for name in (
            "các bộ, cơ quan ngang bộ",
            "UBND các tỉnh, thành phố",
            "các sở, ban, ngành",
            "UBND các xã, phường",
        ):
            for one in resolve(name, day, here).bodies:
                assert (one.valid_from or "") <= day <= (one.valid_to or "9999"), (day, name, one.id)


def test_a_name_of_any_length_is_answered():
    assert resolve("Sở Y tế, " * 5_000, "2023-05-05").sort == "unknown"
    assert resolve("", "2023-05-05").bodies == ()
    long = "các " + ", ".join(["Sở Y tế", "đơn vị"] * 40)
    assert resolve(long, "2023-05-05", Context("UBND tỉnh Sơn La")).printed == long


@pytest.mark.parametrize(
    ("name", "on", "issuer", "shown"),
    [
        ("Vụ Pháp chế", "2023-05-05", "Bộ Y tế", "Vụ Pháp chế, Bộ Y tế"),
        ("Chánh Văn phòng Bộ", "2023-05-05", "Bộ Y tế", "Văn phòng, Bộ Y tế"),
        ("Phòng GD&ĐT", "2023-05-05", "UBND huyện Vân Hồ", "Phòng GD&ĐT, huyện Vân Hồ"),
        ("UBND huyện Vân Hồ", "2023-05-05", "UBND tỉnh Sơn La", "Ủy ban nhân dân huyện Vân Hồ"),
        ("Sở KH&CN", "2023-05-05", "UBND tỉnh Sơn La", "Sở Khoa học và Công nghệ tỉnh Sơn La"),
    ],
)
def test_a_body_is_shown_by_its_full_name(name, on, issuer, shown):
    assert [b.name for b in resolve(name, on, Context(issuer)).bodies] == [shown]


SAMPLES = sorted((Path(__file__).parents[2] / "corpus" / "gold").glob("*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_offices_of_an_invented_province_are_nobody_that_is_registered(path):
    gold = json.loads(path.read_text("utf-8"))
    if not gold["is_dispatch"]:
        return
    paper = gold["document"]
    context = Context(paper["issuer"], paper["place"], tuple(paper["addressees"]))
    names = [*paper["addressees"], *(name for o in gold["obligations"] for name in o["lead"] + o["coordinating"])]
    for name in names:
        found = resolve(name, paper["issued_on"], context)
        assert found.bodies == (), (name, found.bodies)
        assert "".join(found.rest), name
