"""Images of pages: JPEG, PNG, TIFF of several pages, GIF, BMP and WEBP, each frame one page."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from extractors.model import Document
from pipeline.errors import DamagedFile, NoText, TooLarge, UnreadableFile
from pipeline.reading.ocr import DPI, POINTS, Picture
from pipeline.reading.pages import Page, PageContent, document_of, page_of
from pipeline.reading.progress import beat
from pipeline.reading.scanned import A4_INCHES, MAX_PIXELS, scanned_page

MAX_FRAMES = 500
_SANE_DPI = (90, 1300)


def read_image(data: bytes, sha256: str, format: str) -> Document:
    """The document on the pictures of its pages. Raises NoText where nothing is recognised, DamagedFile, TooLarge, and
    what keeps recognition from working."""
    pages: list[Page] = []
    failure: UnreadableFile | None = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, (picture, dpi) in enumerate(_frames(data, format), 1):
                content, error = _content(picture, dpi, number)
                failure = failure or error
                above = pages[-1].grids[-1] if pages and pages[-1].grids else None
                pages.append(page_of(number, content, above))
                beat()
    except UnreadableFile:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge(format=format, what="pixels", limit=MAX_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError) as error:
        raise DamagedFile(format=format, reason=type(error).__name__) from error
    if failure and pages[0].content.unread:  # a secrecy mark would stand there
        raise failure
    if not any(page.content.readable for page in pages):
        raise failure or NoText(format=format, pages=len(pages))
    return document_of(pages, sha256, format)


def _content(picture: Picture, dpi: float, number: int) -> tuple[PageContent, UnreadableFile | None]:
    try:
        return scanned_page(picture, dpi, first=number == 1), None
    except UnreadableFile as error:
        height, width = picture.shape[:2]
        size = width * POINTS / dpi, height * POINTS / dpi
        return PageContent(*size, words=(), pictured=1.0, unread=error.code), error


def _frames(data: bytes, format: str) -> Iterator[tuple[Picture, float]]:
    """Each frame in colour at about the resolution that is read best, and its resolution."""
    with Image.open(io.BytesIO(data)) as image:
        frames = getattr(image, "n_frames", 1)
        if frames > MAX_FRAMES:
            raise TooLarge(format=format, what="pages", size=frames, limit=MAX_FRAMES)
        for frame in ImageSequence.Iterator(image):
            if frame.width * frame.height > MAX_PIXELS * 4:
                raise TooLarge(format=format, what="pixels", size=frame.width * frame.height, limit=MAX_PIXELS * 4)
            yield _scaled(frame)


def resolution(frame: Image.Image) -> float:
    """Its pixels an inch: as it states, or as if it showed a sheet of A4 where that cannot be."""
    stated = frame.info.get("dpi", (0, 0))[0]
    return float(stated) if _SANE_DPI[0] <= stated <= _SANE_DPI[1] else max(frame.size) / A4_INCHES


def flattened(frame: Image.Image) -> Image.Image:
    """A frame upright, on white, in eight bits a colour."""
    upright = ImageOps.exif_transpose(frame)
    if "A" in upright.getbands() or "transparency" in upright.info:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    return _sixteen_bit(upright).convert("RGB")


def _scaled(frame: Image.Image) -> tuple[Picture, float]:
    own = resolution(frame)
    upright = flattened(frame)
    scale = min(DPI / own, (MAX_PIXELS / (upright.width * upright.height)) ** 0.5)
    if abs(scale - 1) > 0.05:
        size = max(1, round(upright.width * scale)), max(1, round(upright.height * scale))
        upright = upright.resize(size, Image.Resampling.LANCZOS)
        own *= scale
    return np.ascontiguousarray(np.asarray(upright)), own


def _sixteen_bit(image: Image.Image) -> Image.Image:
    """A picture with 16 or 32 bits a pixel in 8, which Pillow would cut off instead of scaling."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / ((high - low) or 1))).astype(np.uint8))
