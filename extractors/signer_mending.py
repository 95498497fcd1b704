"""Người ký trên bản quét: offices and names of signers as a reading of a scan leaves them, held against closed lists.

Seals and signatures lie over titles and names. An office is mended where only its accents or a letter or two differ
from one that there is; a family name where its letters leave no choice. What cannot be told is left out.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache

import regex

from extractors.lexicon import by_role
from extractors.naming import normal_capitals
from extractors.syllables import is_syllable
from extractors.text import matchable, skeleton

_LIKE = 0.85
_LIKE_DEPUTY = 0.6
_WORDS = regex.compile(r"[\p{L}\d]+")
_LONGEST_OFFICE = 300
_PREFIX = regex.compile(r"^\W*(T/M|K/T|T/L|TM|KT|TL|TUQ|Q)(?:\s?[.,:/]{1,2}\s?|\s+)(?=\p{L})")
_LEAST_SUFFIX = 3
_LEAST_LETTERS = 7
_FAIR, _HARDLY = 0.5, 0.25
_LEAST_SURE = 0.4
_LEAST_PREFIX = 4
_SURELY = 0.85


@cache
def _offices() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Words of an office without accents -> the offices that they may be, in small letters."""
    out: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in by_role("signer", "office"):
        for form in entry.forms:
            key = tuple(skeleton(form).split())
            out[key] = (*out.get(key, ()), form)
    return out


def split_authority(text: str) -> tuple[str | None, str]:
    """The sign of an authority ("KT.") and the office after it; None where the text opens with none.

    >>> split_authority("KT. GIÁM ĐỐC"), split_authority("GIÁM ĐỐC")
    (('KT.', 'GIÁM ĐỐC'), (None, 'GIÁM ĐỐC'))
    """
    m = _PREFIX.match(text)
    if not m:
        return None, text
    return (m[1] if "/" in m[1] else f"{m[1]}."), text[m.end() :]


def office(text: str) -> str | None:
    """The office or body that a text in capitals names, its accents mended; None where it names none that is known.

    >>> office("PHÓ GIÁM ĐÓC"), office("CHÚ TỊCH"), office("SỐ LIỆU")
    ('PHÓ GIÁM ĐỐC', 'CHỦ TỊCH', None)
    """
    if len(text) > _LONGEST_OFFICE:
        return None
    words = _WORDS.findall(text)
    key = tuple(skeleton(w) for w in words)
    for n in range(len(key), 0, -1):
        if key[:n] in _offices():
            head = _as_printed(words[:n], _offices()[key[:n]])
            rest = _rest(words[n:])
            return None if head is None or rest is None else " ".join((head.upper(), *rest))
    name, known = normal_capitals(" ".join(words))
    if known and len(words) > 2:
        return name.upper()
    return _like(key)


def _as_printed(words: list[str], forms: tuple[str, ...]) -> str | None:
    """Which of the offices that share their letters is printed; None where none of several is."""
    printed = matchable(" ".join(words)).lower()
    return forms[0] if len(forms) == 1 else next((f for f in forms if f == printed), None)


def _rest(words: list[str]) -> list[str] | None:
    """The words after an office ("SỞ TƯ PHÁP"), mended where they are known; None where they are none."""
    if not words:
        return []
    name, known = normal_capitals(" ".join(words))
    if known:
        return [name.upper()]
    return words if all(w.isupper() and is_syllable(w) for w in words) else None


def _like(key: tuple[str, ...]) -> str | None:
    """The one office from which a text differs by a letter or two."""
    read = "".join(key)
    ratios = [(SequenceMatcher(None, read, "".join(k), autojunk=False).ratio(), k) for k in _offices()]
    best = max(ratios, default=None)
    if best is None or best[0] < _LIKE or len(read) < _LEAST_LETTERS or len(_offices()[best[1]]) > 1:
        return None
    return _offices()[best[1]][0].upper()


def deputy(head: str) -> str:
    """The office of who signs for a head (KT.): Decree 30/2020/NĐ-CP, Article 13.1.

    >>> deputy("BỘ TRƯỞNG"), deputy("CHỦ TỊCH")
    ('THỨ TRƯỞNG', 'PHÓ CHỦ TỊCH')
    """
    return "THỨ TRƯỞNG" if head == "BỘ TRƯỞNG" else f"PHÓ {head}"


def may_be(read: str, meant: str) -> bool:
    """Whether what is left of a badly read line may be an office that the line above it calls for."""
    a, b = (regex.sub(r"\W", "", skeleton(t)) for t in (read, meant))
    return len(a) >= 5 and SequenceMatcher(None, a, b, autojunk=False).ratio() >= _LIKE_DEPUTY


def may_sign(word: str, sure: float) -> bool:
    """Whether a recognised word can be one of an authority, a title or a name: scraps of seals make no syllables.

    >>> may_sign("KT.", 0.4), may_sign("TRƯỞNG", 0.3), may_sign("Mây", 0.6), may_sign("ÀXĐ", 0.4)
    (True, True, True, False)
    """
    letters = "".join(c for c in word if c.isalpha())
    if len(letters) < 2:
        return False
    if letters.isupper():
        likely = (len(letters) > 2 and is_syllable(letters)) or split_authority(f"{letters}. {letters}")[0] is not None
        return sure >= (_HARDLY if likely else _FAIR)
    return sure >= _FAIR and is_syllable(letters)


# -- names


@cache
def _families() -> frozenset[str]:
    return frozenset(form for entry in by_role("signer", "family_spelt") for form in entry.forms)


@cache
def _middle_names() -> frozenset[str]:
    return frozenset(skeleton(f) for e in by_role("signer", "never_last") for f in e.forms)


def mended_name(name: str, sure: float, given_sure: float) -> str | None:
    """A full name with its family name spelt as there is one; None where a word of it is no syllable.

    A name of two words is not taken: a seal or a hand mostly hides the third, however well the others are read. A
    family name that is not among the common ones is taken only where the recognition is `sure` (0 to 1): letters may be
    lost. The words after it, of which the recognition is `given_sure`, stand in no list.

    >>> mended_name("Nguyên Thị Mây", 0.3, 0.7), mended_name("Lê Mây", 0.9, 0.9), mended_name("Nguy Thị Mây", 0.7, 0.7)
    ('Nguyễn Thị Mây', None, 'Nguyễn Thị Mây')
    """
    first, *given = name.split()
    if len(given) < 2 or not all(is_syllable(w) for w in given):
        return None
    if given_sure < _LEAST_SURE or skeleton(given[-1]) in _middle_names():
        return None
    known = [f for f in _families() if skeleton(f) == skeleton(first)]
    if matchable(first).lower() in known:
        return name
    if not known and len(first) >= _LEAST_PREFIX:
        known = [f for f in _families() if f.startswith(matchable(first).lower())]
    if len(known) == 1:
        return " ".join((known[0].upper() if first.isupper() else known[0].capitalize(), *given))
    return name if is_syllable(first) and (known or sure >= _SURELY) else None


def name_without_beginning(text: str) -> str | None:
    """A full name whose family name has lost or changed its first letters, where the others leave no choice.

    >>> name_without_beginning("hạm Thị Mây"), name_without_beginning("ương Thị Mây")
    ('Phạm Thị Mây', None)
    """
    m = regex.match(r"\W*(\S{2,7})((?:\s\p{Lu}\p{Ll}{1,6}){2,3})\W*$", text)
    if not m or not all(is_syllable(w) for w in m[2].split()):
        return None
    known = _families_ending(m[1])
    return f"{known[0].capitalize()}{m[2]}" if len(known) == 1 else None


def _families_ending(read: str) -> list[str]:
    """The family names that end as a word does, accents and all; else, for four letters, but for accents."""
    end, bare = regex.search(r"\p{Ll}*$", matchable(read)), regex.search(r"[a-z]*$", skeleton(read))
    exact, loose = (found[0] if found else "" for found in (end, bare))
    known = [f for f in _families() if f.endswith(exact) and len(exact) >= max(_LEAST_SUFFIX, len(f) / 2)]
    return known or [f for f in _families() if skeleton(f).endswith(loose) and len(loose) > _LEAST_SUFFIX]
