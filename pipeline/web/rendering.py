"""Templates: what they may call, and how values are shown in them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.messages import issue_text, reason_text, text, value_text
from pipeline.output import day, listed, moment, percent, rate, shortened
from pipeline.web.lines import marked

HERE = Path(__file__).parent
STATIC = HERE / "static"


def environment() -> Environment:
    """Jinja with our filters; everything is escaped, and what is not there is an error rather than a blank."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(say=text, word=value_text, reason=reason_text, issue=issue_text, asset=asset)
    made.filters.update(day=day, moment=moment, percent=percent, listed=listed, shortened=shortened, number=number)
    made.filters.update(marked=marked, rate=rate)
    return made


def number(value: int) -> str:
    """A number with the thousands apart, as both languages read it.

    >>> number(1234567)
    '1\\u202f234\\u202f567'
    """
    return f"{value:,}".replace(",", "\u202f")


@cache
def asset(name: str) -> str:
    """Where a file of `static/` is fetched from, below the root; its content is a part of the address."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
