"""Bộ lọc trên địa chỉ: what a list shows, read from its address: the filters of the command line under the same names.

/tasks?body=Bộ+Y+tế&window=late&as_of=2026-11-22&policy=lenient&sort=-last_day
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pipeline.errors import InvalidValue
from pipeline.followup.browsing import SORTS
from pipeline.followup.settings import Policy, Settings
from pipeline.followup.states import State as Standing
from pipeline.followup.states import Timeliness
from pipeline.register import TaskFilter
from pipeline.register.listing import Role, State, Window
from pipeline.speaking import parse_day
from pipeline.web.asking import Ask

WORDS = ("text", "body", "issuer", "type", "dispatch", "duty")
DAYS = ("issued_from", "issued_to", "due_from", "due_to")
CHOICES: dict[str, tuple[str, ...]] = {
    "role": get_args(Role),
    "state": get_args(State),
    "standing": get_args(Standing),
    "timeliness": get_args(Timeliness),
    "window": get_args(Window),
    "kind": ("task", "target"),
}
FLAGS = ("checkable", "unnamed")
FILTERS = (*WORDS, *DAYS, "year", *CHOICES, *FLAGS)
ORDERS = tuple(f"{turn}{name}" for name in SORTS for turn in ("", "-"))
_LONGEST = 300
_YEARS = (1945, 2200)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed, on which day and by which reading of "before"; `given` are the parameters that say so, as they
    stand in the address."""

    filter: TaskFilter
    settings: Settings
    as_of: date
    sort: str
    given: Mapping[str, str]

    @property
    def filtered(self) -> dict[str, str]:
        """The parameters that restrict the list."""
        return {name: value for name, value in self.given.items() if name in FILTERS}


def wanted(ask: Ask) -> Wanted:
    """What the address asks for; parameters that no list has are passed over. Raises InvalidValue."""
    return read_wanted({name: ask.query(name) for name in ask.request.query_params}, ask.site.office, ask.today)


def read_wanted(parameters: Mapping[str, str], office: Settings, today: date) -> Wanted:
    """The same of parameters by name."""
    known = (*FILTERS, "as_of", "policy", "sort")
    given = {name: " ".join(parameters[name].split()) for name in known if parameters.get(name, "").strip()}
    for name, value in given.items():
        if len(value) > _LONGEST or not value.isprintable():
            raise InvalidValue(field=name, value=value[:40], allowed=f"1–{_LONGEST}")
    values: dict[str, Any] = {name: given[name] for name in WORDS if name in given}
    for name in (*DAYS, "as_of"):
        if name in given:
            given[name] = values[name] = _day(name, given[name])
    for name, allowed in (*CHOICES.items(), ("policy", get_args(Policy)), ("sort", ORDERS)):
        if name in given:
            values[name] = _choice(name, given[name], allowed)
    for name in FLAGS:
        if name in given:
            values[name] = _choice(name, given[name], ("true", "false")) == "true"
    if "year" in given:
        values["year"] = _year(given["year"])
    as_of, policy = values.pop("as_of", None), values.pop("policy", office.before)
    sort = values.pop("sort", "last_day")
    day = date.fromisoformat(as_of) if as_of else today
    return Wanted(TaskFilter(**values), replace(office, before=policy), day, sort, given)


def _day(name: str, value: str) -> str:
    day = parse_day(value)
    if day is None or not _YEARS[0] <= int(day[:4]) <= _YEARS[1]:
        raise InvalidValue(field=name, value=value[:40], allowed="31/12/2026, 2026-12-31")
    return day


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidValue(field=name, value=value[:40], allowed=", ".join(allowed))
    return value


def _year(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and _YEARS[0] <= int(value[:9]) <= _YEARS[1]):
        raise InvalidValue(field="year", value=value[:40], allowed=f"{_YEARS[0]}–{_YEARS[1]}")
    return int(value)
