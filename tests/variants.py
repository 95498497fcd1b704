"""Ways of writing one sentence that must not matter to a reader: how it was typed, set and broken into lines.

A variant that the reader of files undoes before any rule sees it (NFC, folded spaces, lines joined, marks left out)
goes through that same door: `extractors.text.passage`.
"""

import re
import unicodedata

from extractors.model import Document, Line
from extractors.text import _NEW_TONE, _OLD_TONE, passage

_TO_OLD = dict(zip(_NEW_TONE, _OLD_TONE, strict=True))
_NEW = re.compile(rf"(?<![qQ])(?:{'|'.join(_NEW_TONE)})(?!\w)", re.IGNORECASE)


def read(text):
    """The text as a file's reader hands it to the rules: NFC, one line, without marks; spaces at its ends stay, where
    an example needs the word after them."""
    text = unicodedata.normalize("NFC", text)
    before, after = (" " if c.isspace() else "" for c in (text[:1] or "x", text[-1:] or "x"))
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(Line(at, at + len(line)))
        at += len(line) + 1
    document = Document(text, tuple(lines), "0")
    return before + passage(document, document.lines).text + after


def old_tones(text):
    """Tone marks where the twentieth century put them: "hoà", "uỷ"."""
    return _NEW.sub(lambda m: _as(m[0], _TO_OLD[m[0].lower()]), text)


def _as(printed, new):
    return "".join(n.upper() if p.isupper() else n for n, p in zip(new, printed, strict=True))


def wrapped(text):
    """A line break at every third space."""
    words = text.split(" ")
    return "".join(w + ("\n" if n % 3 == 2 else " ") for n, w in enumerate(words))[:-1]


def marked(text, mark):
    """Between marks of markdown, spaces outside of them."""
    inner = text.strip()
    return read(text.replace(inner, f"{mark}{inner}{mark}", 1))


VARIANTS = {
    "as written": lambda text: text,
    "decomposed": lambda text: read(unicodedata.normalize("NFD", text)),
    "capitals": lambda text: text.upper(),
    "old tones": old_tones,
    "wrapped lines": lambda text: read(wrapped(text)),
    "doubled spaces": lambda text: read(text.replace(" ", "  ")),
    "fixed spaces": lambda text: text.replace(" ", "\u00a0"),
    "markdown": lambda text: marked(text, "**"),
    "emphasis": lambda text: marked(text, "_"),
}
