"""Sửa giống nhau: when two corrections are the same one, whatever figures and case their words have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.register.keys import words_key

_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = 3


def shape(quote: str) -> str:
    """The words of a limit with its figures left open.

    >>> shape("Trước ngày 25/12  hằng năm")
    'trước ngày #/# hằng năm'
    """
    return _FIGURES.sub("#", " ".join(quote.lower().split()))


def pattern_of(shaped: str) -> str:
    """The expression for all words of that shape.

    >>> pattern_of("trước ngày #/#")
    '(?<!\\\\w)trước ngày \\\\d+/\\\\d+(?!\\\\w)'
    """
    inner = r"\d+".join(re.escape(part).replace("\\ ", " ") for part in shaped.split("#"))
    return rf"(?<!\w){inner}(?!\w)"


def opening(quote: str) -> str:
    """The first words of a task, without its number.

    >>> opening("2.1. Chủ động rà soát, báo cáo")
    'chủ động rà'
    """
    return " ".join(_WORD.findall(quote.lower())[:_OPENING])


def replaced_names(old: str | None, new: str | None) -> Iterator[tuple[str, str]]:
    """The names that a person wrote instead of others, of a field that holds one name or a JSON list of them.

    Only where one stands for one: a list that was made anew teaches nothing.

    >>> list(replaced_names('["Sở A", "Sở B"]', '["Sở A", "Sở C"]')), list(replaced_names("Sở A", "SỞ A"))
    ([('Sở B', 'Sở C')], [])
    """
    before, after = _names(old), _names(new)
    kept = {words_key(name) for name in before} & {words_key(name) for name in after}
    gone = [name for name in before if words_key(name) not in kept]
    come = [name for name in after if words_key(name) not in kept]
    if len(gone) == len(come) == 1:
        yield gone[0], come[0]


def _names(value: str | None) -> list[str]:
    if not value:
        return []
    if value.startswith("["):
        return [str(name) for name in json.loads(value)]
    return [value]
