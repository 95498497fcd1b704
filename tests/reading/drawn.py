"""Pages as a scanner hands them over: drawn as pictures, then bound to a file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1654, 2339
LETTER = (
    ("left", 150, "UBND XÃ SUỐI TRẦM"),
    ("left", 205, "TỔ QUẢN LÝ GIẾNG"),
    ("right", 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("right", 205, "Độc lập - Tự do - Hạnh phúc"),
    ("left", 300, "Số: 47/TQLG"),
    ("right", 300, "Suối Trầm, ngày 12 tháng 8 năm 2024"),
    ("left", 360, "V/v kiểm tra giếng nước"),
    ("middle", 480, "Kính gửi: Các thôn trong xã"),
    ("body", 580, "Thực hiện kế hoạch bảo vệ nguồn nước, đề nghị trưởng các thôn"),
    ("body", 640, "kiểm tra toàn bộ giếng đang dùng, lập danh sách giếng phải sửa"),
    ("body", 700, "và gửi về tổ quản lý trước ngày 30/8/2024 để tổng hợp./."),
)
_MIDDLES = {"left": 440, "right": 1160, "middle": 830}


def font(size: int = 34, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_files_ttf["SourceSerifProBold" if bold else "SourceSerifPro"]), size)


def page(lines: Sequence[tuple[str, int, str]] = LETTER) -> Image.Image:
    """A page at 200 dots an inch of lines (where across, pixels from the top, words)."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    for where, top, text in lines:
        if where == "body":
            draw.text((230, top), text, font=font(), fill="black")
        else:
            draw.text((_MIDDLES[where], top), text, font=font(30), fill="black", anchor="ma")
    return image


def table(rows: Sequence[Sequence[str]], widths: Sequence[int], top: int = 300) -> Image.Image:
    """A page with one ruled table."""
    image = page(())
    draw = ImageDraw.Draw(image)
    height = 90
    right = 150 + sum(widths)
    for n in range(len(rows) + 1):
        draw.line((150, top + n * height, right, top + n * height), fill="black", width=3)
    x = 150
    for column, width in enumerate([*widths, 0]):
        draw.line((x, top, x, top + len(rows) * height), fill="black", width=3)
        for n, row in enumerate(rows if width else ()):
            draw.text((x + 14, top + n * height + 22), row[column], font=font(30), fill="black")
        x += width
    return image


def as_pdf(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=list(pages[1:]))
    return out.getvalue()


def as_image(format: str, *pages: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": list(pages[1:])} if len(pages) > 1 else {}
    pages[0].save(out, format, **more, **options)
    return out.getvalue()
