"""Archives and mails made for tests."""

import io
import zipfile
from email.message import EmailMessage


def zip_of(*members, method=zipfile.ZIP_DEFLATED):
    """An archive of (name or ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def mail(*attachments, text="Kính chuyển văn bản kèm theo.", html=None, **head):
    """A mail with attachments (name, bytes), as a program writes it that heeds the standards."""
    message = EmailMessage()
    head = {"From": "a@coquan.example", "To": "b@coquan.example", "Date": "Thu, 16 Jan 2025 20:00:00 +0000"} | head
    for name, value in head.items():
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def raw_mail(parts, subtype="mixed"):
    """A mail out of parts as they are written (head and content in bytes)."""
    lines = [b"From: a@coquan.example", b"To: b@coquan.example", b"MIME-Version: 1.0"]
    lines += [b'Content-Type: multipart/%s; boundary="=_b"' % subtype.encode(), b""]
    for part in parts:
        lines += [b"--=_b", part]
    return b"\r\n".join([*lines, b"--=_b--", b""])
