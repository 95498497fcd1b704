"""Dòng chạy dài: subjects and addressees of a flattened text, cut where the text runs the body on behind them."""

from __future__ import annotations

from dataclasses import replace

import regex

from extractors.pieces import Piece

_RUNS_ON = regex.compile(
    r"(?<=[\p{Ll}\p{Lu})][.;]?)\s+(?=(?:Phúc đáp|Trả lời|Thực hiện|Căn cứ|Ngày \d|Tại |Theo |Để |Trong |Qua |Liên quan"
    r"|Sau khi|Trên cơ sở|Nhằm |Triển khai|Xét |Thời gian|Vừa qua|Hiện nay)\p{L}*)"
)
_TEXT_OPENS = regex.compile(
    r"\s+(?=(?:I|1|A)[.)/]\s+\p{Lu}|Điều 1\b|Phần (?:I|thứ)|Căn cứ (?:Luật|Nghị|Quyết|Chỉ|Kế|chức)|Kính gửi|Nơi nhận)"
)


def subject_run_on(piece: Piece) -> tuple[Piece, int] | None:
    """A subject cut where the first item, article or base opens, and the offset of the body; None where none does."""
    m = _TEXT_OPENS.search(piece.text) if len(piece.text) > 150 else None
    return _cut(piece, m) if m else None


def addressee_run_on(piece: Piece) -> tuple[Piece, int] | None:
    """An addressee cut where a sentence opens, and the offset of the body; None where none does."""
    m = _RUNS_ON.search(piece.text) if len(piece.text) > 110 else None
    return _cut(piece, m) if m else None


def _cut(piece: Piece, m: regex.Match[str]) -> tuple[Piece, int]:
    words = piece.words.cut(0, m.start())
    before = replace(piece, words=words, key=piece.key[: len(words.text)], starred=False)
    return before, piece.words.span(m.end()).start
