"""Mẫu: the words that stand on Vietnamese papers, whatever language the program speaks to its user."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


def printed(code: str, **details: Any) -> str:
    """The words of a form by their dotted code ("arrivals.title"), `{placeholders}` filled.

    Raises KeyError for what no form has, or where a detail is missing: a paper with a hole must not leave the office.

    >>> printed("arrivals.title")
    'SỔ ĐĂNG KÝ VĂN BẢN ĐẾN'
    """
    return _words()[code].format_map(details)


@cache
def _words() -> dict[str, str]:
    out: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for form, words in tomllib.loads(path.read_text("utf-8")).items():
            out |= {f"{form}.{code}": value for code, value in words.items()}
    return out
