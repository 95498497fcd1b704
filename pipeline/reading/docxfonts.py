"""Fonts of DOCX runs: what a run, its styles and the document's defaults say, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from docx.oxml.ns import qn

from extractors.legacy import LegacyFont
from pipeline.reading.fonts import Fonts, Run, font_named

_NAMES = (qn("w:hAnsi"), qn("w:ascii"))
_THEMES = (qn("w:hAnsiTheme"), qn("w:asciiTheme"))
_MOST_STYLES = 20


class DocxFonts:
    """Whether a run is set in a legacy font. Only those matter: `any` is False where no style or run names one."""

    def __init__(self, body: Any, styles: Any | None) -> None:
        roots = [root for root in (body, styles) if root is not None]
        named = {f.get(name) for root in roots for f in root.iter(qn("w:rFonts")) for name in _NAMES}
        named |= {symbol.get(qn("w:font")) for root in roots for symbol in root.iter(qn("w:sym"))}
        self.any = any(font_named(name) for name in named if name)
        self._styles: dict[str, tuple[str | None, str | None]] = {}
        self._default_style: str | None = None
        self._default: str | None = None
        if self.any and styles is not None:
            self._read(styles)

        self._seen = Fonts()

    def plain(self, runs: Iterable[Run]) -> Iterator[tuple[str, bool]]:
        """Text and weight of runs of one paragraph."""
        return self._seen.plain(runs) if self.any else ((run.text, run.bold) for run in runs)

    def of(self, run: Any) -> LegacyFont | None:
        """The legacy font of a run."""
        if not self.any:
            return None
        properties = run.find(qn("w:rPr"))
        name = _name(properties)
        if name is None and properties is not None:
            name = self._styled(_value(properties, "w:rStyle"))
        if name is None:
            name = self._styled(_paragraph_style(run) or self._default_style)
        return font_named(self._default if name is None else name)

    def _styled(self, style: str | None) -> str | None:
        """The font of a style or of the first of those that it is based on that names one."""
        for _ in range(_MOST_STYLES):
            if style is None or style not in self._styles:
                return None
            name, style = self._styles[style]
            if name is not None:
                return name
        return None

    def _read(self, styles: Any) -> None:
        for style in styles.findall(qn("w:style")):
            key = style.get(qn("w:styleId"))
            self._styles[key] = _name(style.find(qn("w:rPr"))), _value(style, "w:basedOn")
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true", "on"):
                self._default_style = key
        defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self._default = _name(defaults)


def _name(properties: Any | None) -> str | None:
    """The name of the font for letters beyond ASCII; "" for one of the theme, None where none is named."""
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    if fonts is None:
        return None
    for name, theme in zip(_NAMES, _THEMES, strict=True):
        if fonts.get(theme):
            return ""
        if fonts.get(name):
            return str(fonts.get(name))
    return None


def _paragraph_style(run: Any) -> str | None:
    at = run.getparent()
    while at is not None and at.tag != qn("w:p"):
        at = at.getparent()
    properties = at.find(qn("w:pPr")) if at is not None else None
    return _value(properties, "w:pStyle") if properties is not None else None


def _value(parent: Any, tag: str) -> str | None:
    child = parent.find(qn(tag))
    return child.get(qn("w:val")) if child is not None else None
