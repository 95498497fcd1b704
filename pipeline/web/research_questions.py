"""Câu hỏi soạn sẵn: questions that many ask of the register, with their SQL and what may be changed in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.followup.settings import Settings
from pipeline.messages import language
from pipeline.speaking import parse_day

DAYS = frozenset({"as_of", "since", "until"})  # parameters that are days: "22/11/2026" is one too
MOST_PARAMETERS = 20
# What is no parameter though it looks like one: strings, quoted names, comments.
_ASIDE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"[:@$]([A-Za-z_][A-Za-z0-9_]{0,40})\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its words in both languages and what its parameters are unless others are given."""

    id: str
    title: Mapping[str, str]
    told: Mapping[str, str]
    sql: str
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its title in the user's language."""
        return self.title[language()]

    @property
    def explained(self) -> str:
        """What it counts, in the user's language."""
        return self.told[language()]


@cache
def questions() -> dict[str, Question]:
    """All of them by id."""
    raw = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))
    return {one["id"]: Question(**{**one, "sql": one["sql"].strip()}) for one in raw["question"]}


def parameters_in(sql: str) -> list[str]:
    """The parameters that a statement names, each once.

    >>> parameters_in("SELECT ':no', [a:b] FROM t WHERE a = :body AND b < :as_of OR c = :body -- :no")
    ['body', 'as_of']
    """
    return list(dict.fromkeys(_PARAMETER.findall(_ASIDE.sub(" ", sql))))[:MOST_PARAMETERS]


def settled(
    names: list[str], given: Mapping[str, str], question: Question | None, office: Settings, today: date
) -> dict[str, str]:
    """What each parameter is: as given, else by the question, else as the office has it, else empty."""
    common = {"as_of": today.isoformat(), "policy": office.before, "months_back": str(office.months_back)}
    words = {"today": today.isoformat(), "policy": office.before, "months_back": str(office.months_back)}
    defaults = question.defaults if question else {}
    out = {}
    for name in names:
        default = words.get(defaults[name], defaults[name]) if name in defaults else common.get(name, "")
        value = given.get(name, default)
        out[name] = (parse_day(value) or value) if name in DAYS else value
    return out
