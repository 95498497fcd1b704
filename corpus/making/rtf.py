"""A sample as RTF, in the plain code that Word writes: tables row by row, every letter beyond ASCII as \\u."""

from __future__ import annotations

from itertools import accumulate

from making.sources import MOTTO, Source, cells, paragraphs

# In twentieths of a point: the width between the margins, a millimetre.
_WIDTH, _MM = 9072, 56.7
_HEAD = (
    r"{\rtf1\ansi\ansicpg1258\uc1\deff0\deflang1066{\fonttbl{\f0\froman\fcharset163 Times New Roman;}}"
    r"{\colortbl;\red0\green0\blue0;}{\info{\creatim\yr%d\mo%d\dy%d\hr8}}"
    r"\paperw11907\paperh16840\margl1701\margr1134\margt1134\margb1134\fs26"
)
_BORDERS = "".join(rf"\clbrdr{side}\brdrs\brdrw10" for side in "tlbr")


def make_rtf(source: Source) -> bytes:
    """The paper as RTF, head and end as tables without lines."""
    day = source["dated"]
    parts = [_HEAD % (day.year, day.month, day.day), _letterhead(source), _addressees(source.get("addressees", []))]
    for kind, content in paragraphs(source["body"]):
        parts.append(_table(content, source["widths"]) if kind == "table" else _paragraph(content, kind == "heading"))
    parts.append(_end(source))
    return ("\n".join(parts) + "}\n").encode("ascii")


def _escaped(text: str) -> str:
    """The text in ASCII: a letter beyond it as its number, with a question mark for readers that know no Unicode."""
    marked = "".join("\\" + c if c in "\\{}" else c for c in text)
    return "".join(c if ord(c) < 128 else rf"\u{ord(c)}?" for c in marked)


def _lines(lines: list[str], style: str = "") -> str:
    return "{" + (f"{style} " if style else "") + r"\line ".join(map(_escaped, lines)) + "}"


def _cell(lines: str, alignment: str = r"\qc") -> str:
    return rf"\pard\intbl{alignment} {lines}\cell"


def _row(cells: list[str], ends: list[int], definitions: list[str] | None = None) -> str:
    """One row: what each cell ends at (twentieths of a point) and holds, and how it is drawn."""
    drawn = definitions or [""] * len(cells)
    borders = "".join(rf"{d}\cellx{end}" for d, end in zip(drawn, ends, strict=True))
    return rf"\trowd\trgaph108{borders}" + "\n" + "\n".join(cells) + r"\row\pard"


def _letterhead(source: Source) -> str:
    halves = [_WIDTH * 2 // 5, _WIDTH]
    left = _lines(source.get("parent", [])) + r"\line " + _lines(source["issuer"], r"\b")
    right = _lines([MOTTO[0]], r"\b") + r"\line " + _lines([MOTTO[1]], r"\b\ul")
    number = _lines([source["number"]]) + r"\line " + _lines(source.get("about", []), r"\fs24")
    head = _row([_cell(left), _cell(right)], halves)
    return head + "\n" + _row([_cell(number), _cell(_lines([source["place_date"]], r"\i"))], halves)


def _addressees(entries: list[str]) -> str:
    lines = [rf"\pard\li2200\sb120 {_escaped('Kính gửi:')}\par"] if entries else []
    return "\n".join(lines + [rf"\pard\li2700 {_escaped('- ' + entry)}\par" for entry in entries])


def _paragraph(text: str, is_heading: bool) -> str:
    return r"\pard\qj\fi567\sb120 " + _lines([text], r"\b" if is_heading else "") + r"\par"


def _table(rows: list[list[str]], widths: list[float]) -> str:
    """A ruled table, its columns so wide (mm); a cell that goes on downward is marked in each of its rows."""
    first = {(cell.row, cell.column): cell for cell in cells(rows)}
    ends = [round(end * _MM) for end in accumulate(widths)]
    out = []
    for r, row in enumerate(rows):
        drawn, texts = [], []
        for c in range(len(row)):
            cell = first.get((r, c))
            merged = r"\clvmrg" if cell is None else r"\clvmgf" if cell.rows > 1 else ""
            drawn.append(merged + _BORDERS)
            texts.append(_cell(_lines([cell.text] if cell else [], r"\b" if r == 0 else ""), r"\ql"))
        out.append(_row(texts, ends, drawn))
    return "\n".join(out)


def _end(source: Source) -> str:
    entries = _lines([f"- {entry}" for entry in source["recipients"]], r"\fs22")
    recipients = _lines(["Nơi nhận:"], r"\b\i\fs24") + r"\line " + entries
    signature = _lines(source["signature"], r"\b") + r"\line " * 4 + _lines([source["signer"]], r"\b")
    return r"\pard\par " + _row([_cell(recipients, r"\ql"), _cell(signature)], [_WIDTH // 2, _WIDTH])
