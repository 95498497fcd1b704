"""`congvan.toml`: how this office counts days. Every setting has a default that works without the file."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from extractors.calendar import WorkingCalendar, vietnam
from pipeline.errors import CongvanError
from pipeline.messages import text
from pipeline.reminding.configuring import KEYS as REMINDER_KEYS
from pipeline.reminding.configuring import Reminders, Unusable, read_reminders

Policy = Literal["strict", "lenient"]

FILE = "congvan.toml"
KEYS = (
    "calendar.days_off",
    "calendar.worked_days",
    "deadlines.before",
    "deadlines.soon",
    "occurrences.months_ahead",
    "occurrences.months_back",
    "office.full_name",
    "office.name",
    "office.parent",
    "office.place",
    "office.regulation",
    "office.signer_authority",
    "office.signer_name",
    "office.signer_title",
    "office.symbol",
    "register.agency",
    *REMINDER_KEYS,
    "signatures.authorities",
    "web.uploads",
)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")  # as the reader of TOML tells it
_MOST_MONTHS = 120
_MOST_DAYS = 366


class BadSettings(CongvanError):
    """The settings file cannot be used (details: path, key, problem: what is wrong with it, in the user's language)."""

    code = "bad_settings"

    def __init__(self, **details: object) -> None:
        super().__init__(**{**details, "what": f"{details.get('key', '')} {details.get('problem', '')}".strip()})


@dataclass(frozen=True, slots=True)
class Office:
    """What an office prints on its own papers; None is left open there, to be filled in by hand.

    `name` is what stands in the head of a paper, `full_name` what sentences call it. `parent` is the body above it,
    `place` where it sits, `symbol` its part of a number ("UBND-VP"). `signer_authority` is the capacity in which the
    signer signs ("TL. CHỦ TỊCH", lines parted by line feeds), `signer_title` his office. `regulation` is the one by
    which it follows tasks up, as a letter that urges cites it ("Quy chế làm việc …").
    """

    name: str | None = None
    full_name: str | None = None
    parent: str | None = None
    place: str | None = None
    symbol: str | None = None
    signer_authority: str | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    regulation: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`before`: whether "trước ngày D" is late from D (strict) or from the day after it (lenient).

    `soon` are the numbers of days before a last day at which it is near; the largest makes a duty "due soon".
    `days_off` and `worked_days` change the working calendar; `months_ahead` says how far recurring limits are laid out,
    `months_back` how long an occurrence is followed that is late and of which nothing was entered.
    `agency` is the office whose register this is, `office` what it prints on papers. `authorities` is the bundle of
    certificates by which it is judged whether digital signatures can be trusted; None leaves that open. `reminders`
    says who is reminded and how. `uploads` is the folder for what people upload; None is one beside the register.
    `path` is the file that was read, None for the defaults.
    """

    before: Policy = "strict"
    soon: tuple[int, ...] = (7, 3, 1)
    days_off: tuple[date, ...] = ()
    worked_days: tuple[date, ...] = ()
    months_ahead: int = 12
    months_back: int = 12
    agency: str | None = None
    authorities: Path | None = None
    office: Office = Office()
    reminders: Reminders = field(default_factory=Reminders)
    uploads: Path | None = None
    path: Path | None = None

    @property
    def letterhead(self) -> Office:
        """The office as papers print it: without names of its own it is called as the register's."""
        name = self.office.name or self.agency
        return replace(self.office, name=name, full_name=self.office.full_name or self.agency or name)

    @property
    def calendar(self) -> WorkingCalendar:
        """The working calendar of Vietnamese offices with this office's own days."""
        if not self.days_off and not self.worked_days:
            return vietnam()
        return vietnam().with_days(self.days_off, self.worked_days)


def load_settings(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the file that CONGVAN_SETTINGS names, else of `congvan.toml` in the folder (by default the
    current one), else the defaults. Raises BadSettings."""
    named = (os.environ if environment is None else environment).get("CONGVAN_SETTINGS")
    path = Path(named) if named else (folder or Path.cwd()) / FILE
    if not named and not path.is_file():
        return Settings()
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(path=str(path), key="", problem=_unreadable(error)) from error
    return _settings(tables, path)


def _unreadable(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return text("setting.missing")
    if isinstance(error, OSError):
        return text("setting.not_permitted")
    if isinstance(error, UnicodeDecodeError):
        return text("setting.not_utf8")
    place = _PLACE.search(str(error))
    return text("setting.syntax_at", line=place[1], column=place[2]) if place else text("setting.syntax_end")


def _settings(tables: Mapping[str, Any], path: Path) -> Settings:
    values = dict(_flat(tables))
    for key in values:
        if key not in KEYS:
            raise BadSettings(path=str(path), key=key, problem=text("setting.unknown", known=", ".join(KEYS)))
    before = values.get("deadlines.before", "strict")
    if before not in ("strict", "lenient"):
        raise BadSettings(
            path=str(path), key="deadlines.before", problem=text("setting.one_of", allowed="strict, lenient")
        )
    agency = values.get("register.agency")
    if agency is not None and not (isinstance(agency, str) and agency.strip()):
        raise BadSettings(path=str(path), key="register.agency", problem=text("setting.office"))
    return Settings(
        before=before,
        soon=_soon(values, path),
        days_off=_days(values, "calendar.days_off", path),
        worked_days=_days(values, "calendar.worked_days", path),
        months_ahead=_months(values, "occurrences.months_ahead", path),
        months_back=_months(values, "occurrences.months_back", path),
        agency=agency and " ".join(agency.split()),
        authorities=_bundle(values, path),
        office=_office(values, path),
        reminders=_reminders(values, path),
        uploads=_folder(values, path),
        path=path,
    )


def _reminders(values: Mapping[str, Any], path: Path) -> Reminders:
    """Whom `congvan remind` reminds, and how."""
    try:
        return read_reminders(values)
    except Unusable as error:
        raise BadSettings(path=str(path), key=error.key, problem=error.problem) from error


def _office(values: Mapping[str, Any], path: Path) -> Office:
    """What stands on papers."""
    given = {field.name: values.get(f"office.{field.name}") for field in fields(Office)}
    for name, value in given.items():
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise BadSettings(path=str(path), key=f"office.{name}", problem=text("setting.words"))
    return Office(**{name: _lines(value) for name, value in given.items() if value})


def _lines(value: str) -> str:
    return "\n".join(" ".join(line.split()) for line in value.strip().splitlines())


def _bundle(values: Mapping[str, Any], path: Path) -> Path | None:
    """The file of certificates; a relative path starts where the settings are."""
    key, given = "signatures.authorities", values.get("signatures.authorities")
    if given is not None and not (isinstance(given, str) and (path.parent / given).is_file()):
        raise BadSettings(path=str(path), key=key, problem=text("setting.certificates"))
    return (path.parent / given).resolve() if given else None


def _folder(values: Mapping[str, Any], path: Path) -> Path | None:
    """The folder of uploads, which need not be there yet; a relative path starts where the settings are."""
    key, given = "web.uploads", values.get("web.uploads")
    if given is not None and not (isinstance(given, str) and given.strip()):
        raise BadSettings(path=str(path), key=key, problem=text("setting.folder"))
    return (path.parent / given).resolve() if given else None


def _months(values: Mapping[str, Any], key: str, path: Path) -> int:
    months = values.get(key, 12)
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= _MOST_MONTHS:
        raise BadSettings(path=str(path), key=key, problem=text("setting.number", most=_MOST_MONTHS))
    return months


def _soon(values: Mapping[str, Any], path: Path) -> tuple[int, ...]:
    given = values.get("deadlines.soon", [7, 3, 1])
    is_list = isinstance(given, list) and bool(given)
    if not is_list or not all(type(days) is int and 0 < days <= _MOST_DAYS for days in given):
        raise BadSettings(path=str(path), key="deadlines.soon", problem=text("setting.numbers", most=_MOST_DAYS))
    return tuple(sorted(set(given), reverse=True))


def _flat(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    out = []
    for name, value in tables.items():
        out += (
            [(f"{name}.{key}", inner) for key, inner in value.items()] if isinstance(value, dict) else [(name, value)]
        )
    return out


def _days(values: Mapping[str, Any], key: str, path: Path) -> tuple[date, ...]:
    given = values.get(key, [])
    try:
        days = [day if isinstance(day, date) else date.fromisoformat(day) for day in given]
    except (TypeError, ValueError) as error:
        raise BadSettings(path=str(path), key=key, problem=text("setting.days")) from error
    return tuple(sorted(date(day.year, day.month, day.day) for day in days))
