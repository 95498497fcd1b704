"""Pages with a stamp as copiers leave them: black, aslant, over print, its frame broken or an arrow for one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont
from reading.drawn import LETTER, font, page

from pipeline.reading.layout import Word

ANGLES = (0, 4, -4, 9, -9, 15, -15, 22, -22, 30, -30, 40, -40)
FACES = ("SourceSerifProBold", "SourceSerifProBlack", "SourceSerifProSemibold")
KINDS = ("whole", "broken", "touching", "frameless", "arrow")
_LEFTS = {"left": 440, "right": 1160, "middle": 830}


@dataclass(frozen=True)
class Copy:
    """A page in grey, the words of its print that the stamp does not touch, and how it was made."""

    grey: np.ndarray
    words: list[Word]
    made: str


def copy(word: str, kind: str, seed: int, aslant: bool = False) -> Copy:
    """A copied letter with one stamp of a kind on it, the rest as the seed says."""
    rnd = random.Random(f"{kind} {seed}")
    angle = rnd.choice(ANGLES[1:] if aslant else ANGLES)
    size = rnd.choice((52, 64) if kind == "frameless" else (38, 44, 52))
    ink = rnd.choice((15, 15, 90, 130))
    stamp = _stamp(word, kind, size, ink, rnd).rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    stamp = stamp.crop(stamp.getbbox())
    at = (rnd.randint(150, 500), max(10, rnd.choice((90, 330, 420)) - stamp.height // 2 + rnd.randint(0, 60)))
    sheet = page()
    over = Image.new("RGB", sheet.size, "white")
    over.paste(stamp, at, stamp)
    grey = np.minimum(np.array(sheet.convert("L")), np.array(over.convert("L")))
    if rnd.random() < 0.5:
        grey = np.where(grey > 150, 255, 0).astype(np.uint8)
    noise = np.random.default_rng(seed).normal(0, 8, grey.shape)
    grey = np.clip(cv2.GaussianBlur(grey, (3, 3), 0) + noise, 0, 255).astype(np.uint8)
    box = (*at, at[0] + stamp.width, at[1] + stamp.height)
    return Copy(grey, _readable_words(box), f"{kind} {seed}: {word} at {angle} degrees, {size} high, ink {ink}")


def _stamp(word: str, kind: str, size: int, ink: int, rnd: random.Random) -> Image.Image:
    face = ImageFont.truetype(str(font_files_ttf[rnd.choice(FACES)]), size)
    wide, high = round(face.getlength(word)) + 2 * size, round(2.2 * size)
    sheet = Image.new("RGBA", (wide + 160, high + 60), (0, 0, 0, 0))
    draw, colour = ImageDraw.Draw(sheet), (ink, ink, ink, 255)
    left, top = 80, 30
    right, bottom = left + wide, top + high
    if kind in ("whole", "broken", "touching"):
        frame = (left + size // 3, top + 4, right - size // 3, bottom - 4)
        draw.rectangle(frame, outline=colour, width=rnd.choice((3, 4, 5)))
        for _ in range(0 if kind == "whole" else rnd.randint(2, 5)):
            x, y = rnd.randint(left + size, right - size), rnd.choice((frame[1], frame[3]))
            draw.rectangle((x - rnd.randint(3, 7), y - 7, x + rnd.randint(3, 7), y + 7), fill=(0, 0, 0, 0))
    if kind == "touching":
        for y, end in ((top + 4, top - 22), (bottom - 4, bottom + 22)):
            x = rnd.randint(left + size, right - size)
            draw.line((x, y, x + rnd.randint(-25, 25), end), fill=colour, width=3)
    if kind == "arrow":
        for share in (0.45, 0.62):
            draw.line((left - 40, top + high * share, right + 10, top + high * share), fill=colour, width=3)
        tip = (right - 10, top + 10, right + 40, (top + bottom) / 2, right - 10, bottom - 10)
        draw.line(tip, fill=colour, width=3)
    draw.text((left + size, (top + bottom) / 2), word, font=face, fill=colour, anchor="lm")
    return sheet


def _readable_words(box: Sequence[float]) -> list[Word]:
    """The words of the letter as a recognition finds them, those under the stamp not."""
    draw = ImageDraw.Draw(page(()))
    words = []
    for where, top, text in LETTER:
        size = 34 if where == "body" else 30
        whole = draw.textlength(text, font=font(size))
        x = 230 if where == "body" else _LEFTS[where] - whole / 2
        for part in text.split():
            wide = draw.textlength(part, font=font(size))
            words.append(Word(part, x, top, x + wide, top + 1.4 * size, confidence=0.93))
            x += wide + draw.textlength(" ", font=font(size))
    return [w for w in words if w.x1 < box[0] or w.x0 > box[2] or w.bottom < box[1] or w.top > box[3]]
