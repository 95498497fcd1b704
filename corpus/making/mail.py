"""A sample as a mail (EML): a covering note in text and HTML with a small picture, and papers as attachments."""

from __future__ import annotations

import datetime as dt
import io
from email.message import EmailMessage
from email.policy import SMTP

from PIL import Image, ImageDraw

from making.sources import Source

_TYPES = {"pdf": "pdf", "docx": "vnd.openxmlformats-officedocument.wordprocessingml.document"}
_HANOI = dt.timezone(dt.timedelta(hours=7))


def make_eml(source: Source, attachments: dict[str, bytes]) -> bytes:
    """The mail of a source with these files, by name."""
    mail = EmailMessage(policy=SMTP)
    for name in ("From", "To", "Subject"):
        mail[name] = source[name.lower()]
    mail["Date"] = dt.datetime.combine(source["dated"], dt.time(9, 12), _HANOI)
    mail["Message-ID"] = f"<{source['dated']:%Y%m%d}.0912@{source['from'].rpartition('@')[2].rstrip('>')}>"
    note = source["body"].strip()
    mail.set_content(note + "\n", cte="base64")
    lines = "".join(f"<p>{line}</p>\n" for line in note.splitlines() if line)
    page = f'<html><body>\n{lines}<img src="cid:logo" width="24" height="24" alt="">\n</body></html>\n'
    mail.add_alternative(page, subtype="html", cte="base64")
    mail.get_payload()[1].add_related(_logo(), "image", "png", cid="<logo>", disposition="inline", filename="logo.png")
    for name, data in attachments.items():
        mail.add_attachment(data, "application", _TYPES[name.rpartition(".")[2]], filename=name)
    for n, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"----=_Part_{n}")
    return bytes(mail)


def _logo() -> bytes:
    """A green leaf in a ring, as offices put under their mails."""
    picture = Image.new("RGB", (24, 24), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1, 1, 22, 22), outline=(20, 110, 60), width=2)
    draw.chord((7, 5, 17, 19), 60, 240, fill=(40, 150, 80))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
