"""Chữ Việt cũ (TCVN3, VNI): text of fonts that drew Vietnamese letters in the places of others, as Unicode.

Such text reads "Céng hoµ x· héi" or "Coäng hoøa xaõ hoäi" where the font is not known. Files mix it with Unicode, also
under one font name, since programs show what a font lacks in another: what the letters show goes before the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from extractors import lexicon
from extractors.syllables import is_syllable, vietnamese_share

Charset = Literal["tcvn3", "vni"]
_CHARSETS: tuple[Charset, ...] = ("tcvn3", "vni")

_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_MARKED = re.compile("[\u00a1-\u00ff]")
_LATIN = re.compile("[A-Za-z]")
_SYMBOL_FONT = {0xF000 + code: code for code in range(0x20, 0x100)}
_HYPHENED = re.compile("(?<![\\w/.-])[A-Za-z\u00a1-\u00ff]{0,8}-[A-Za-z\u00a1-\u00ff]{0,8}(?![\\w/.-])")
_NO_LABELS = "hklmnpqrstvx"
_SURE = 0.75
_SURE_GAIN = 2
_FEW_GAINS = 6
_MOSTLY = 0.6
_AS_IT_STANDS = "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """Phông chữ cũ: whose letters a font draws in the places of others, and whether it draws capitals only."""

    charset: Charset
    capitals: bool = False


@lru_cache(maxsize=1024)
def legacy_font(name: str) -> LegacyFont | None:
    """What the name of a font says, None for a font of Unicode.

    >>> legacy_font(".VnTimeH"), legacy_font("Times New Roman")
    (LegacyFont(charset='tcvn3', capitals=True), None)
    """
    for entry in lexicon.by_role("legacy", "font"):
        if entry.found_in(name):
            capitals = any(e.value == entry.value and e.found_in(name) for e in lexicon.by_role("legacy", "capitals"))
            return LegacyFont("vni" if entry.value == "vni" else "tcvn3", capitals)
    return None


def as_unicode(text: str, charset: Charset) -> str:
    """Every letter of the charset as Unicode, whatever else the text may be; the longest sequence of codes first.

    >>> as_unicode("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "tcvn3")
    'Cộng hoà xã hội chủ nghĩa Việt Nam'
    >>> as_unicode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "vni")
    'Cộng hòa xã hội chủ nghĩa Việt Nam'
    """
    table = _table(charset)
    return table.sequence.sub(lambda found: table.letters[found[0]], text)


def set_in(text: str, font: LegacyFont, trusted: bool = True) -> str:
    """Text that a file says is set in a legacy font, as a reader sees it; Unicode under such a name is left as it is.

    Where the letters fit both, `trusted` decides: whether the document's other text under such names is legacy.
    """
    text = text.translate(_SYMBOL_FONT)
    if _UNICODE.search(text):
        return text
    words = _words(text, font.charset)
    if words.gain < 0 or (words.gain == 0 and not trusted):
        return text
    seen = _read(text, font.charset)
    return seen.upper() if font.capitals else seen


def evidence(text: str) -> int:
    """For text under the name of a legacy font: above 0 where its letters are legacy ones, below 0 where Unicode."""
    return len(_telling().findall(text)) - len(_UNICODE.findall(text))


def charset_of(text: str) -> Charset | None:
    """Whose letters turn most words of a text into Vietnamese ones that are none as they stand; None for Unicode.

    >>> charset_of("Bé T­ ph¸p th«ng b¸o"), charset_of("Công tác phía Nam"), charset_of("déjà vu, garçon")
    ('tcvn3', None, None)
    """
    if _UNICODE.search(text):
        return None
    charset, words = max(((c, _words(text, c)) for c in _CHARSETS), key=lambda pair: (pair[1].gain, pair[1].after))
    return charset if words.gain >= _SURE_GAIN and words.after >= _SURE * words.marked else None


def mended(lines: Sequence[str]) -> list[str] | None:
    """Lines of a text without fonts, legacy ones as Unicode; None where nothing needs it, which is nearly always.

    Line by line, since texts mix both; a line that says too little goes with those before it.
    """
    if not any(_telling().search(line) for line in lines):
        return None
    charsets = [charset_of(line) for line in lines]
    unicode = [bool(_UNICODE.search(line)) for line in lines]
    if not _is_vietnamese(lines, charsets, alone=not any(unicode)):
        return None
    at = next((charset for charset, whole in zip(charsets, unicode, strict=True) if charset or whole), None)
    out = []
    for line, charset, whole in zip(lines, charsets, unicode, strict=True):
        at = None if whole else charset or at
        fits = at and _MARKED.search(line) and _words(line, at).gain >= 0
        out.append(_read(line, at) if at and fits else line)
    return out


def _is_vietnamese(lines: Sequence[str], charsets: Sequence[Charset | None], alone: bool) -> bool:
    """Whether lines of legacy charsets are Vietnamese once mended; what a scanner misread ("nhån dån") is not.

    A few words are enough where such lines stand `alone`, without any of Unicode.
    """
    legacy = [(line, charset) for line, charset in zip(lines, charsets, strict=True) if charset]
    if not legacy or (not alone and sum(_words(*pair).gain for pair in legacy) < _FEW_GAINS):
        return False
    share = vietnamese_share("\n".join(_read(*pair) for pair in legacy))
    return share is None or share > _MOSTLY


def _read(text: str, charset: Charset) -> str:
    """The text as Unicode, also where a hyphen was made of the soft one that is a letter of TCVN3, as PDFs do."""
    if charset == "tcvn3" and "-" in text:
        text = _HYPHENED.sub(_with_horn, text)
    return as_unicode(text, charset)


def _with_horn(found: re.Match[str]) -> str:
    """A word with the letter that its hyphen was, if that makes it a syllable and it is no label ("b-") of an item."""
    word = found[0]
    meant = word.replace("-", "\u00ad")
    sure = len(word) > 2 or word[0] in _NO_LABELS
    return meant if sure and is_syllable(as_unicode(meant, "tcvn3")) else word


class _Words(NamedTuple):
    """Words with letters beyond ASCII: how many, and how many of them are syllables as they stand and if mended."""

    marked: int
    before: int
    after: int

    @property
    def gain(self) -> int:
        """How many more words are Vietnamese if mended."""
        return self.after - self.before


def _words(text: str, charset: Charset) -> _Words:
    # a sign that stands alone (a bullet, "©") is no word
    words = [word for word in _table(charset).word.findall(text) if _MARKED.search(word) and _LATIN.search(word)]
    before = sum(map(is_syllable, words))
    return _Words(len(words), before, sum(is_syllable(as_unicode(word, charset)) for word in words))


@dataclass(frozen=True, slots=True)
class _Table:
    """The letters of one charset by their codes, the pattern of these, and that of a word that they may stand in."""

    letters: dict[str, str]
    sequence: re.Pattern[str]
    word: re.Pattern[str]


@cache
def _table(charset: Charset) -> _Table:
    rows = [row for row in lexicon.rows("legacy_letters") if row["charset"] == charset]
    letters = {"".join(chr(int(code, 16)) for code in row["codes"].split()): row["letter"] for row in rows}
    # a letter and its mark may differ in case: the letter decides
    letters |= {codes[0] + codes[1].swapcase(): letter for codes, letter in letters.items() if len(codes) > 1}
    sequences = sorted(letters, key=len, reverse=True)
    codes = re.escape("".join(sorted({c for sequence in sequences for c in sequence if not c.isascii()})))
    return _Table(
        letters,
        re.compile("|".join(map(re.escape, sequences))),
        re.compile(f"[A-Za-z{codes}]+"),
    )


@cache
def _telling() -> re.Pattern[str]:
    """A letter beside one of a legacy charset that Vietnamese in Unicode has no use for."""
    codes = {c for charset in _CHARSETS for sequence in _table(charset).letters for c in sequence}
    telling = re.escape("".join(sorted(c for c in codes if not c.isascii() and c not in _AS_IT_STANDS)))
    return re.compile(f"[A-Za-z][{telling}]|[{telling}][A-Za-z]")
