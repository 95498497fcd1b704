"""Thẩm quyền, chức vụ trên bản quét: the lines above the name of a signer, where seals and hands cover them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from extractors.closing import opens_signature
from extractors.model import Document, Found
from extractors.persons import is_person
from extractors.pieces import Piece
from extractors.signer_mending import deputy, may_be, office, split_authority
from extractors.sureness import line_at
from extractors.text import Passage, join, skeleton

_FEW_LETTERS = 4
_ROOM = 1.2
_SHORT_WORD = 5
_BEHEADED = regex.compile(r"\W*\p{L}{1,4}\W{1,3}(?=\p{Lu}{3})")
_SURE, _MENDED, _CALLED_FOR = 0.9, 0.8, 0.7


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the stack: the sign of an authority, the office it names (None where it cannot be read), and
    whether letters that cannot be read stand before the office."""

    words: Passage
    sign: str | None
    office: str | None
    beheaded: bool = False

    @property
    def value(self) -> str:
        return f"{self.sign} {self.office}" if self.sign else self.office or ""


def scanned_offices(
    pieces: Sequence[Piece], document: Document, label: Piece | None = None
) -> tuple[Found[str] | None, Found[str] | None]:
    """Authority and title of a stack read on a scan; None for what cannot be told.

    An authority is always followed by a title: where the seal has swallowed that, it may have swallowed more lines
    of the authority too. Who signs for the head (KT.) is the deputy, which tells a badly read title. A title alone
    stands as high as the `label` of the list of recipients; where it stands lower, lines above it are lost.
    """
    lines = _lines(pieces, document)
    signs = [n for n, line in enumerate(lines) if line.sign and line.office]
    if not signs:
        if lines and label and _is_lower(document, label, lines[0]):
            return None, None
        return _without_sign(lines, any(skeleton(p.text).strip(" .,'\"*-") == "pho" for p in pieces))
    above, own = lines[: signs[-1] + 1], lines[signs[-1] + 1 :]
    if len(own) == 2 and own[0].office and own[1].office == deputy(own[0].office):
        above, own = [*above, replace(own[0], sign="KT.")], own[1:]  # the sign of the second authority is lost
    title = _title(above[-1], own)
    if title is None or any(line.office is None for line in above):
        return None, title if title and not any(line.office is None for line in own) else None
    return _found(above, "signer.authority"), title


def signed_in_full(rows: Sequence[str]) -> bool:
    """Whether the rows of a signature hold a name and an office, and a title below the last authority.

    >>> signed_in_full(["TM. HỘI ĐỒNG", "CHỦ TỊCH", "Trần Thị Suối"]), signed_in_full(["TM. HỘI ĐỒNG", "Trần Thị Suối"])
    (True, False)
    """
    offices = [row for row in rows if opens_signature(row)]
    return bool(offices) and split_authority(offices[-1])[0] is None and any(is_person(row) for row in rows)


def is_scrap(piece: Piece) -> bool:
    """Whether a piece is what is left of a hand's "KT.", a letter or two of the seal, or a stroke of the signature."""
    letters = sum(c.isalpha() for c in piece.text)
    return letters < _FEW_LETTERS or (letters <= _SHORT_WORD and " " not in piece.text.strip())


def _is_lower(document: Document, label: Piece, line: _Line) -> bool:
    one, other = document.lines[label.line], line_at(document, line.words.offsets[0])
    if other is None or one.box is None or other.box is None or one.page != other.page:
        return False
    room = max(_ROOM * (one.box.bottom - one.box.top), other.box.bottom - other.box.top)
    return other.box.top - one.box.top > room


def _lines(pieces: Sequence[Piece], document: Document) -> list[_Line]:
    out: list[_Line] = []
    scrap: Piece | None = None
    before: Piece | None = None
    for piece in pieces:
        if is_scrap(piece):
            scrap = piece
            continue
        if before and _far_below(document, before, piece):
            out.append(_Line(piece.words, None, None))
        before = piece
        sign, rest = split_authority(piece.text)
        lost = scrap is not None and scrap.line == piece.line and any(c.isalpha() for c in scrap.text)
        if not sign and (m := _BEHEADED.match(rest)) and office(rest) is None and office(rest[m.end() :]):
            rest, lost = rest[m.end() :], True
        out.append(_Line(piece.words, sign, office(rest), lost and not sign))
    return out


def _far_below(document: Document, above: Piece, piece: Piece) -> bool:
    """Whether the room of a line at least lies between two lines: the seal has swallowed what stood there."""
    one, other = document.lines[above.line].box, document.lines[piece.line].box
    return bool(one and other and other.top - one.bottom > _ROOM * (one.bottom - one.top))


def _without_sign(lines: Sequence[_Line], deputised: bool) -> tuple[Found[str] | None, Found[str] | None]:
    """A title alone; or a head's office over its deputy's, whose "KT." was written by hand or is lost.

    `deputised` says that the word that makes a deputy of a head stands apart, cut off by the seal.
    """
    known = [line for line in lines if line.office]
    if deputised and len(lines) == 1 and known and not known[0].office.startswith("PHÓ"):  # type: ignore[union-attr]
        words = known[0].words
        own = Found(deputy(known[0].office or ""), words.span(), "signer.title.deputy", _CALLED_FOR)
        return Found(f"KT. {known[0].office}", words.span(), "signer.authority.deputy", _CALLED_FOR), own
    if len(lines) == 2 and (head := _head(*lines)) and (title := _deputy(head, lines[1:])):
        sign = Found(f"KT. {head.office}", head.words.span(), "signer.authority.deputy", _CALLED_FOR)
        return sign, title
    if len(known) == len(lines) == 1 and not known[0].beheaded:
        return None, _found(known, "signer.title")
    return None, None


def _head(above: _Line, own: _Line) -> _Line | None:
    """The line of the head for whom the deputy in the next line signs; None where it is something else."""
    if above.office or not own.office:
        return above if above.office else None
    meant = "BỘ TRƯỞNG" if own.office == "THỨ TRƯỞNG" else own.office.removeprefix("PHÓ ")
    return replace(above, office=meant) if may_be(above.words.text, meant) else None


def _title(above: _Line, own: Sequence[_Line]) -> Found[str] | None:
    if above.sign in ("KT.", "K/T") and (meant := _deputy(above, own)):
        return meant
    if not own or any(line.office is None for line in own) or own[0].beheaded:
        return None
    return None if own[0].office == above.office else _found(own, "signer.title")


def _deputy(head: _Line, own: Sequence[_Line]) -> Found[str] | None:
    meant = deputy(head.office or "")
    line = next((line for line in own if line.office == meant), None)
    if line:
        return Found(meant, line.words.span(), "signer.title", _SURE)
    line = next((line for line in own if line.office == head.office or _may_be(line, meant)), None)
    return Found(meant, line.words.span(), "signer.title.deputy", _CALLED_FOR) if line else None


def _may_be(line: _Line, meant: str) -> bool:
    """Whether a line that names no known office, or only the beginning of the meant one, can be that."""
    beginning = "".join(c for c in skeleton(line.words.text) if c.isalpha())
    cut = meant != line.office and skeleton(meant).replace(" ", "").startswith(beginning)
    return (cut or not line.office) and may_be(line.words.text, meant)


def _found(lines: Sequence[_Line], rule: str) -> Found[str]:
    whole = join([line.words for line in lines])
    value = " ".join(line.value for line in lines)
    return Found(value, whole.span(), rule, _SURE if value == whole.text else _MENDED)
