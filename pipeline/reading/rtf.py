"""RTF: paragraphs, tables and text boxes with their fonts. No program is needed for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from extractors.legacy import LegacyFont
from extractors.model import Document
from pipeline.errors import DamagedFile, NoText
from pipeline.reading.blocks import BlockTable, add_page_marks, laid_out
from pipeline.reading.fonts import SOFT_HYPHEN, Fonts, Run, font_named
from pipeline.reading.rtftables import RowReader
from pipeline.reading.textcolumns import TextLine

MAX_DEPTH = 1000
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,9})?\x20?"
    r"|\\'(?P<code>[0-9A-Fa-f]{2})"
    r"|\\(?P<sign>[^A-Za-z])"
    r"|(?P<brace>[{}])"
    r"|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)
_SKIPPED = {
    "colortbl", "stylesheet", "info", "pict", "footnote", "nonesttables", "xe", "tc", "rxe", "txe", "sp", "shprslt",
    "filetbl", "private", "atnid", "themedata", "listtable", "listoverridetable", "nonshppict", "pntxta", "pntxtb",
}  # fmt: skip
_STARRED = {"shpinst", "shptxt", "nesttableprops"}
_DESTINATIONS = {"fonttbl": "fonts", "shptxt": "box", "nesttableprops": "rows"}
_MOST_TABLES = 8
_PAGE = {f"{place}{which}" for place in ("header", "footer") for which in ("", "l", "r", "f")}
_WORDS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "bullet": "•", "endash": "–", "emdash": "—", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SIGNS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
_SYMBOL = "symbol"
_CODE_PAGES = {
    2: _SYMBOL,
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


def read_rtf(data: bytes, sha256: str) -> Document:
    """The document of an RTF file; its lines know column and weight, but no page. Raises DamagedFile and NoText."""
    reader = _Reader()
    reader.read(data.decode("latin-1"))
    builder = laid_out(reader.blocks)
    if not builder.lines:
        raise NoText(format="rtf")
    add_page_marks(builder, reader.printed["page"])
    return builder.document(sha256, "rtf")


@dataclass(frozen=True, slots=True)
class _State:
    """What holds until the end of a group. `into` is where text goes: "text", "box", "page", "fonts"; "" is nowhere.

    `level` counts the tables that a paragraph stands in.
    """

    into: str = "text"
    font: int = -1
    bold: bool = False
    hidden: bool = False
    capitals: bool = False
    fallback: int = 1
    level: int = 0


class _Reader:
    """Goes through the file word by word and collects its blocks."""

    def __init__(self) -> None:
        self.blocks: list[TextLine | BlockTable] = []
        self.printed: dict[str, list[str]] = {"page": []}
        self.state = _State()
        self.stack: list[_State] = []
        self.runs: dict[str, list[Run]] = {"text": [], "box": [], "page": []}
        self.boxed: list[TextLine] = []
        self.tables = [RowReader() for _ in range(_MOST_TABLES)]
        self.fonts = Fonts()
        self.code_pages: dict[int, str] = {}
        self.legacy: dict[int, LegacyFont | None] = {}
        self.default_page = "cp1252"
        self.default_font = -1
        self.font_at, self.font_name = -1, ""
        self.starred = False
        self.passing = 0  # signs left that stand for a Unicode letter before them

    def read(self, text: str) -> None:
        """The whole file. Raises DamagedFile where it is cut short or nested beyond measure."""
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            if token["text"] is not None:
                self._codes(token["text"])
            elif token["word"]:
                number = int(token["number"]) if token["number"] else None
                at += self._word(token["word"], number)
            elif token["code"]:
                self._codes(chr(int(token["code"], 16)))
            elif token["brace"]:
                self._brace(token["brace"])
                if not self.stack:
                    break
            else:
                self._sign(token["sign"])
        if self.stack:
            raise DamagedFile(format="rtf", reason="truncated")
        self._end_paragraph()
        self._end_tables(0)

    def _brace(self, brace: str) -> None:
        self.passing = 0
        self.starred = False
        if brace == "{":
            self.stack.append(self.state)
            if len(self.stack) > MAX_DEPTH:
                raise DamagedFile(format="rtf", reason="nesting")
            return
        before = self.state
        self.state = self.stack.pop() if self.stack else before
        if before.into in ("box", "page") and self.state.into != before.into:
            self._end_paragraph(before.into)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.starred = True
        elif sign in "\r\n":
            self._end_paragraph()
        elif sign in _SIGNS:
            self._add(_SIGNS[sign])
        elif sign == "-" and self.legacy.get(self.state.font):
            self._add(SOFT_HYPHEN)

    def _word(self, word: str, number: int | None) -> int:
        """One control word; how many bytes of a picture follow that are no text."""
        starred, self.starred = self.starred, False
        if word == "bin":
            return max(0, number or 0)
        if word in _SKIPPED or (starred and word not in _STARRED):
            self.state = replace(self.state, into="")
        elif word in _PAGE or word in _DESTINATIONS:
            into = _DESTINATIONS.get(word, "page")
            level = self.state.level if into == "rows" else 0
            self.state = replace(self.state, into=into if self.state.into else "", level=level)
        elif word == "u" and number is not None:
            self._add(chr(number & 0xFFFF))
            self.passing = self.state.fallback
        elif word in _WORDS:
            self._add(_WORDS[word])
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)
        elif self.state.into in ("text", "rows"):
            self._rows(inner=self.state.into == "rows").property(word, number)
        return 0

    def _codes(self, codes: str) -> None:
        """Bytes of the font's code page, each as the letter of its number."""
        if self.passing:
            passed = min(self.passing, len(codes))
            self.passing -= passed
            codes = codes[passed:]
        if not codes:
            return
        if self.state.into == "fonts":
            self._name_font(codes)
        elif self.state.into:
            page = self.code_pages.get(self.state.font, self.default_page)
            if self.legacy.get(self.state.font):
                page = "cp1252"
            if page == _SYMBOL:
                codes = "".join(chr(0xF000 + ord(c)) for c in codes)
            elif not codes.isascii():
                codes = codes.encode("latin-1").decode(page, "replace")
            self._add(codes)

    def _add(self, text: str) -> None:
        self.passing = 0
        state = self.state
        if state.into in self.runs and not state.hidden:
            text = text.upper() if state.capitals else text
            self.runs[state.into].append(Run(text, state.bold, self.legacy.get(state.font)))

    def _name_font(self, text: str) -> None:
        """The table of fonts: what stands before a semicolon is a name."""
        for part in re.split("(;)", text):
            if part != ";":
                self.font_name += part
            else:
                self.legacy[self.font_at] = font_named(self.font_name)
                self.font_name = ""

    def _end_paragraph(self, into: str = "text") -> None:
        runs, self.runs[into] = self.runs[into], []
        pieces = list(self.fonts.plain(runs))
        text = _whole("".join(part for part, _ in pieces))
        heavy = sum(len(part.strip()) for part, bold in pieces if bold)
        lines = [TextLine(line, bold=2 * heavy > len(text.strip())) for line in text.split("\n")]
        if into == "page":
            self.printed["page"] += [line.text for line in lines]
        elif into == "box":
            self.boxed += [line for line in lines if line.text.strip()]
        else:
            boxed, self.boxed = self.boxed, []
            self._place([*lines, *boxed])

    def _place(self, lines: list[TextLine]) -> None:
        level = self.state.level
        if level:
            self._end_tables(level)
            self.tables[level - 1].lines += lines
        elif any(line.text.strip() for line in lines) or not self.tables[0].rows:
            self._end_tables(0)
            self.blocks += lines

    def _end_tables(self, level: int) -> None:
        """Tables in more than `level` others are at their end: each becomes a part of what it stands in."""
        for deep in range(_MOST_TABLES - 1, level - 1, -1):
            into = self.tables[deep - 1].lines if deep else self.blocks
            into += self.tables[deep].taken()

    def _rows(self, inner: bool) -> RowReader:
        return self.tables[max(2, self.state.level) - 1 if inner else 0]

    def paragraph(self, number: int | None) -> None:
        """Its end, wherever it stands."""
        if self.state.into:
            self._end_paragraph(self.state.into if self.state.into in self.runs else "text")

    def cell(self, number: int | None) -> None:
        """The end of a cell."""
        self.state = replace(self.state, level=1)
        self._end_paragraph()
        self.tables[0].end_cell()

    def inner_cell(self, number: int | None) -> None:
        """The end of a cell of a table in a cell."""
        self.state = replace(self.state, level=max(2, self.state.level))
        self._end_paragraph()
        self._rows(inner=True).end_cell()

    def row(self, number: int | None) -> None:
        """The end of a row."""
        self.tables[0].end_row()

    def inner_row(self, number: int | None) -> None:
        """The end of a row of a table in a cell."""
        self._rows(inner=True).end_row()

    def set_level(self, number: int | None) -> None:
        """In how many tables a paragraph stands."""
        self.state = replace(self.state, level=max(0, min(number or 0, _MOST_TABLES)))

    def set_in_table(self, number: int | None) -> None:
        """The paragraph stands in a table."""
        self.state = replace(self.state, level=max(1, self.state.level))

    def set_font(self, number: int | None) -> None:
        """The font of what follows, or, in the table of fonts, the one that is described."""
        self.font_at = number or 0
        self.state = replace(self.state, font=self.font_at)

    def set_charset(self, number: int | None) -> None:
        """The code page of a font."""
        self.code_pages[self.font_at] = _CODE_PAGES.get(number or 0, "cp1252")

    def set_page(self, number: int | None) -> None:
        """The code page of a file whose fonts name none."""
        name = f"cp{number}"
        self.default_page = name if name in {*_CODE_PAGES.values(), "cp1252", "cp437", "cp850"} else "cp1252"

    def set_default_font(self, number: int | None) -> None:
        """The font of what names none."""
        self.default_font = number or 0
        self.state = replace(self.state, font=self.default_font)

    def plain(self, number: int | None) -> None:
        """Letters without properties."""
        self.state = replace(self.state, font=self.default_font, bold=False, hidden=False, capitals=False)

    def start(self, number: int | None) -> None:
        """A paragraph without properties."""
        self.state = replace(self.state, level=0)


def _switch(name: str) -> Callable[[_Reader, int | None], None]:
    def switched(reader: _Reader, number: int | None) -> None:
        reader.state = replace(reader.state, **{name: number != 0})  # type: ignore[arg-type]

    return switched


def _set_fallback(reader: _Reader, number: int | None) -> None:
    reader.state = replace(reader.state, fallback=max(0, min(number if number is not None else 1, 100)))


_ACTIONS: dict[str, Callable[[_Reader, int | None], None]] = {
    "par": _Reader.paragraph,
    "sect": _Reader.paragraph,
    "page": _Reader.paragraph,
    "cell": _Reader.cell,
    "nestcell": _Reader.inner_cell,
    "row": _Reader.row,
    "nestrow": _Reader.inner_row,
    "intbl": _Reader.set_in_table,
    "itap": _Reader.set_level,
    "f": _Reader.set_font,
    "fcharset": _Reader.set_charset,
    "ansicpg": _Reader.set_page,
    "deff": _Reader.set_default_font,
    "plain": _Reader.plain,
    "pard": _Reader.start,
    "b": _switch("bold"),
    "v": _switch("hidden"),
    "deleted": _switch("hidden"),
    "caps": _switch("capitals"),
    "uc": _set_fallback,
}


def _whole(text: str) -> str:
    """Letters beyond the first 65,536, which come in two halves, put together."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
