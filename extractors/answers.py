"""Công văn trả lời: letters that answer a question, in which the law is retold to the one who asked."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.patterns import one_pattern
from extractors.text import skeleton

_HEAD = 2000
_NAME_WORDS = 2
_BLANK = ("don vi", "cac don vi", "quy")


def is_answer(opening: str) -> bool:
    """Whether the first words of a text say that a letter was received or is answered, and announce an opinion."""
    key = skeleton(opening[:_HEAD])
    return all(one_pattern("answers", role).search(key) is not None for role in ("asked", "opinion"))


def tells_question(words: str) -> bool:
    """Whether a sentence tells what was asked ("nhận được công văn của ... đề nghị hướng dẫn ...")."""
    return one_pattern("answers", "asked").search(skeleton(words)) is not None


def is_private(name: str) -> bool:
    """Whether a name is that of firms or persons at large, whose duties are the law's and not the letter's."""
    return one_pattern("answers", "private").match(skeleton(name)) is not None


def is_spoken_to(name: str, addressees: Sequence[str]) -> bool:
    """Whether a name stands for one of the addressees, in full or short ("Cục Thuế", "đơn vị")."""
    words = skeleton(name).removeprefix("cac ").split()[:_NAME_WORDS]
    short = " ".join(words)
    return short.startswith(_BLANK) or any(short in skeleton(one) for one in addressees)
