"""Tên cơ quan viết thường: names in capitals spelt as in running text (Decree 30/2020/NĐ-CP, Annex II).

Words of known phrases take their accents from the lexicon, which mends a reading that lost them ("TONG CỤC THUE");
other words keep what is printed.
"""

from __future__ import annotations

from functools import cache

import regex

from extractors.lexicon import by_role
from extractors.text import matchable, skeleton

_WORD = regex.compile(r"[\p{L}\p{M}0-9]+")
_SYLLABLE = regex.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$"
)
_PARTS = regex.compile(r"(?:,|/|-) ?(\w+)")
_HEADS = frozenset({"bo", "so", "cuc", "tong", "vu", "chi", "phong"})
_LONGEST_NAME = 300
_SECOND = {"ban": 1, "công ty": 2}  # "Ban Chỉ đạo", "Công ty Cổ phần": the word after the head opens with a capital


@cache
def _phrases() -> dict[str, dict[tuple[str, ...], tuple[str, ...]]]:
    """First word without accents -> phrase without accents -> its words in normal capitals."""
    out: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
    for lexicon, role in (
        ("agency_fields", "field.name"),
        ("agency_fields", "field.noun"),
        ("agency_fields", "field.verb"),
    ):
        for entry in by_role(lexicon, role):
            for form in entry.forms:
                _add(out, form, "field")
    for role in ("small", "head", "place"):
        for entry in by_role("names", role):
            for form in entry.forms:
                _add(out, form, role)
    return out


def _add(out: dict[str, dict[tuple[str, ...], tuple[str, ...]]], form: str, role: str) -> None:
    words = _WORD.findall(form)
    key = tuple(skeleton(w) for w in words)
    spelt = list(words)
    if role == "place":
        spelt = [w.capitalize() for w in words]
    elif role != "small":
        spelt[0] = words[0].capitalize()
        for i, word in enumerate(words[:-1]):
            if word == "và" and role == "field":
                spelt[i + 1] = words[i + 1].capitalize()
        for m in _PARTS.finditer(form):
            if role == "field" and m[1] not in ("chống", "giám", "sinh", "đơn"):
                i = len(_WORD.findall(form[: m.start(1)]))
                spelt[i] = words[i].capitalize()
    for i, (k, w) in enumerate(zip(key, words, strict=True)):
        if k in ("aids", "hiv", "ubnd", "hdnd"):
            spelt[i] = w.upper()
    if role == "head" and len(words) > 1 and (opens := _SECOND.get(" ".join(words[:2]), _SECOND.get(words[0]))):
        spelt[opens:] = [w.capitalize() if n == 0 else w for n, w in enumerate(words[opens:])]
    old = out.setdefault(key[0], {}).get(key, ())
    if role != "field" or sum(w[0].isupper() for w in old) <= sum(w[0].isupper() for w in spelt):
        out[key[0]][key] = tuple(spelt)


def normal_capitals(text: str) -> tuple[str, bool]:
    """A name in normal capitals, and whether every word of it stands in the lexicon."""
    words = list(_WORD.finditer(text))
    keys = [skeleton(m[0]) for m in words]
    out, at, i, known, after_head = [], 0, 0, True, False
    while i < len(words):
        spelt = _longest(words, keys, i, after_head)
        after_head = (bool(spelt) and keys[i] in _HEADS) or (keys[max(0, i - 1)] == "tong" and keys[i] == "cuc")
        if spelt is None:
            known = False
            spelt = (_unknown(matchable(words[i][0])),)
        for word in spelt:
            out.append(text[at : words[i].start()])
            out.append(word)
            at = words[i].end()
            i += 1
    name = "".join(out) + text[at:]
    return (name[:1].upper() + name[1:], known)


def _longest(words: list[regex.Match[str]], keys: list[str], i: int, after_head: bool) -> tuple[str, ...] | None:
    table = _phrases().get(keys[i])
    if not table:
        return None
    for n in range(min(12, len(keys) - i), 0, -1):
        spelt = table.get(tuple(keys[i : i + n]))
        if spelt and (n > 1 or after_head or _same_word(words[i][0], spelt[0])):
            return spelt
    return None


def _same_word(printed: str, spelt: str) -> bool:
    """A single word is only taken for another where the reading lost its accents."""
    lower = matchable(printed).lower()
    return lower == spelt.lower() or lower == skeleton(printed)


def _unknown(word: str) -> str:
    """A word outside the lexicon: an abbreviation stays, a syllable is taken for part of a proper name."""
    if (
        not word.isupper()
        or set(word) <= set("IVX")
        or any(c.isdigit() for c in word)
        or not _SYLLABLE.match(skeleton(word))
    ):
        return word
    return word.capitalize()


def is_syllable(word: str) -> bool:
    """Whether a word can be one Vietnamese syllable."""
    return bool(_SYLLABLE.match(skeleton(word)))


def from_text(name: str, text: str, spaced: bool = False) -> str | None:
    """The same name where running text spells it, most often; None where it does not.

    `spaced` says that the letters of the name stand apart or together where they should not.
    """
    key = skeleton(name)
    if len(key) > _LONGEST_NAME:
        return None
    parts = list(regex.sub(r"\W", "", key)) if spaced else _WORD.findall(key)
    if len(parts) < 2:
        return None
    pattern = regex.compile(r"(?<!\w)" + (r"\W{0,3}" if spaced else r"\W{1,4}").join(parts) + r"(?!\w)")
    counts: dict[str, int] = {}
    for m in pattern.finditer(skeleton(text)):
        spelt = regex.sub(r"\s+", " ", text[m.start() : m.end()])
        if spelt[0].isupper() and sum(c.isupper() for c in spelt) < len(spelt) / 2 and "|" not in spelt:
            counts[spelt] = counts.get(spelt, 0) + 1
    return max(counts, key=lambda k: counts[k], default=None)


@cache
def _squeezed() -> dict[str, tuple[str, ...]]:
    return {"".join(key): key for table in _phrases().values() for key in table}


def respaced(text: str) -> str | None:
    """A name whose letters stand apart ("D Â N") or words together, with its words as known phrases divide it."""
    bare = regex.sub(r"\s", "", text)
    key = regex.sub(r"\W", "", skeleton(bare))
    if len(key) > 90:
        return None
    best: list[tuple[str, ...] | None] = [()] + [None] * len(key)
    for end in range(1, len(key) + 1):
        for start in range(max(0, end - 60), end):
            words = _squeezed().get(key[start:end])
            before = best[start]
            if words and before is not None and (best[end] is None or len(before) + len(words) < len(best[end] or ())):
                best[end] = (*before, *words)
    return _spread(bare, best[-1]) if best[-1] else None


def _spread(bare: str, words: tuple[str, ...]) -> str:
    out, i = [], 0
    for word in words:
        while i < len(bare) and not bare[i].isalnum():
            out.append(bare[i] if bare[i] == "," else f" {bare[i]}")
            i += 1
        out.append(" " + bare[i : i + len(word)])
        i += len(word)
    return "".join(out).strip()
