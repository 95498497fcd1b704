"""congvan.toml: defaults without it, clear words for what it may not say."""

import re
from datetime import date

import pytest

from pipeline.followup.settings import BadSettings, Office, Settings, load_settings


def test_without_a_file_everything_has_a_default(tmp_path):
    assert load_settings(tmp_path, {}) == Settings()


def test_a_file_is_read_from_the_folder_or_from_where_the_environment_says(tmp_path):
    path = tmp_path / "congvan.toml"
    path.write_text(
        '[deadlines]\nbefore = "lenient"\n[calendar]\ndays_off = ["2026-09-01"]\nworked_days = [2026-09-05]\n'
        '[occurrences]\nmonths_ahead = 6\n[register]\nagency = "Sở  Mây"\n'
    )
    expected = Settings(
        before="lenient",
        days_off=(date(2026, 9, 1),),
        worked_days=(date(2026, 9, 5),),
        months_ahead=6,
        agency="Sở Mây",
        path=path,
    )
    assert load_settings(tmp_path, {}) == expected
    assert load_settings(tmp_path / "elsewhere", {"CONGVAN_SETTINGS": str(path)}) == expected
    assert not expected.calendar.is_working(date(2026, 9, 1))
    assert expected.calendar.is_working(date(2026, 9, 5))


def test_what_papers_print_of_the_office_is_read_and_its_name_is_that_of_the_register_by_default(tmp_path):
    (tmp_path / "congvan.toml").write_text(
        '[register]\nagency = "Sở Mây"\n[office]\nplace = "Vân Sơn"\n'
        'signer_authority = "TL. GIÁM ĐỐC\\nKT. CHÁNH  VĂN PHÒNG"\n'
    )
    found = load_settings(tmp_path, {}).letterhead
    assert found == Office(
        name="Sở Mây", full_name="Sở Mây", place="Vân Sơn", signer_authority="TL. GIÁM ĐỐC\nKT. CHÁNH VĂN PHÒNG"
    )
    (tmp_path / "congvan.toml").write_text('[register]\nagency = "Sở Mây"\n[office]\nname = "Văn phòng Sở Mây"\n')
    assert load_settings(tmp_path, {}).letterhead.name == "Văn phòng Sở Mây"


def test_days_that_are_near_are_put_in_order(tmp_path):
    (tmp_path / "congvan.toml").write_text("[deadlines]\nsoon = [2, 10, 2]\n")
    assert load_settings(tmp_path, {}).soon == (10, 2)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("[deadlines]\nbefor = 'strict'", "deadlines.befor"),
        ("[deadlines]\nbefore = 'soft'", "deadlines.before"),
        ("[calendar]\ndays_off = ['2026-02-30']", "calendar.days_off"),
        ("[calendar]\ndays_off = 5", "calendar.days_off"),
        ("[occurrences]\nmonths_ahead = 0", "occurrences.months_ahead"),
        ("[occurrences]\nmonths_ahead = true", "occurrences.months_ahead"),
        ("[deadlines]\nsoon = []", "deadlines.soon"),
        ("[deadlines]\nsoon = [0]", "deadlines.soon"),
        ("[register]\nagency = ' '", "register.agency"),
        ("[office]\nplace = ' '", "office.place"),
        ("[office]\nsigner = 'An'", "office.signer"),
        ("days_off = []", "days_off"),
        ("[signatures]\nauthorities = 'none.pem'", "signatures.authorities"),
        ("[web]\nuploads = 5", "web.uploads"),
        ("[deadlines", ""),
        ("[deadlines]\nsoon = '\n", ""),
    ],
)
def test_what_cannot_be_meant_is_named_in_the_users_language(tmp_path, monkeypatch, words, key):
    (tmp_path / "congvan.toml").write_text(words)
    with pytest.raises(BadSettings) as caught:
        load_settings(tmp_path, {})
    assert caught.value.details["key"] == key
    monkeypatch.setenv("CONGVAN_LANG", "en")
    with pytest.raises(BadSettings) as in_english:
        load_settings(tmp_path, {})
    problem = caught.value.details["problem"]
    assert problem != in_english.value.details["problem"]
    assert not re.search(r"\b(an|is|of|or|the|must|known|unknown|line|value)\b", problem)


def test_a_named_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(BadSettings):
        load_settings(tmp_path, {"CONGVAN_SETTINGS": str(tmp_path / "none.toml")})
