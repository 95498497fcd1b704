"""Everything that is said to people, in Vietnamese or English, out of one catalogue: `messages.toml` here and in the
folders beside it, and the files of a folder `messages` there.

A message is called by a dotted code ("error.empty_file"); its `{placeholders}` are filled from keyword arguments.
Vietnamese unless the user asks for English with `--lang en` or `CONGVAN_LANG=en`.
"""

from __future__ import annotations

import os
import re
import tomllib
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import CongvanError

LANGUAGES = ("vi", "en")
# Of this thread or request, so that one server can speak both.
_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def choose_language(language: str | None) -> None:
    """Speak this language from now on; None goes back to `CONGVAN_LANG`, else Vietnamese."""
    _chosen.set(language if language in LANGUAGES else None)


def language() -> str:
    """The language in which the user is spoken to: "vi" or "en"."""
    return _chosen.get() or usual_language()


def usual_language() -> str:
    """The language where nobody chose one: that of `CONGVAN_LANG`, else Vietnamese."""
    asked = os.environ.get("CONGVAN_LANG", "")[:2].lower()
    return asked if asked in LANGUAGES else LANGUAGES[0]


def text(code: str, **details: Any) -> str:
    """The message of a code in the user's language. Raises KeyError for a code that the catalogue lacks."""
    return catalogue()[code][language()].format_map(_Lenient(details)).rstrip("\n")


def known(code: str) -> bool:
    """Whether the catalogue has this code."""
    return code in catalogue()


def error_text(error: CongvanError) -> str:
    """What went wrong and what to do next, for one of our own errors."""
    return reason_text(error.code, error.details)


def reason_text(code: str, details: dict[str, Any] | None = None) -> str:
    """The words of an error's or a refusal's code as it stands in the register; the code itself if it is not known.

    A code may be sharper than the catalogue ("not_dispatch.news.site"): then the nearest code above it speaks.
    """
    for namespace in ("error", "refusal"):
        if nearest := _nearest(f"{namespace}.{code}"):
            return text(nearest, **(details or {}))
    return code


def issue_text(code: str, message: str = "") -> str:
    """The words of an issue's code, else what the finder of the issue wrote, else the code.

    `{detail}` in the words is what the finder of the issue wrote, `{number}` the first number of it: the page, or how
    many.
    """
    nearest = _nearest(f"issue.{code}")
    number = re.search(r"\d+", message)
    return text(nearest, number=number[0] if number else "?", detail=message) if nearest else message or code


def value_text(kind: str, value: object) -> str:
    """A stored word ("requested", "recurring") as people say it; the word itself where there is no other."""
    code = f"value.{kind}.{value}"
    return text(code) if known(code) else "" if value is None else str(value)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All messages: code -> language -> words. Raises ValueError where two files have words for one code."""
    here = Path(__file__).parent
    out: dict[str, dict[str, str]] = {}
    for path in (here / "messages.toml", *sorted((*here.glob("*/messages.toml"), *here.glob("*/messages/*.toml")))):
        raw = tomllib.loads(path.read_text("utf-8"))
        found = {f"{namespace}.{code}": words for namespace, part in raw.items() for code, words in part.items()}
        if twice := out.keys() & found.keys():
            raise ValueError(f"{path.parent.name}/{path.name} says again: {', '.join(sorted(twice))}")
        out |= found
    return out


def _nearest(code: str) -> str | None:
    while code.count("."):
        if known(code):
            return code
        code = code.rpartition(".")[0]
    return None


class _Lenient(dict[str, Any]):
    """A missing detail leaves a blank: a message about a failure must not fail itself."""

    def __missing__(self, key: str) -> str:
        return ""
