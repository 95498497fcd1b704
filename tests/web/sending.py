"""What tests of uploading share: sending files as the form does, waiting for their end, documents of all kinds."""

from __future__ import annotations

import io
import re
import time
import unicodedata
import zipfile
from html import unescape

from letters import Letter

STATES = {"đang chờ", "đang đọc", "đã xong", "cần kiểm tra", "không đọc được", "bị từ chối"}
UNFINISHED = {"đang chờ", "đang đọc"}
# words that stand nowhere else, in every line that a reader could keep
SECRET_WORDS = ("zuvoxarid", "quỷnhđẵmvượk")


def secret_letter():
    first, second = SECRET_WORDS
    return Letter(
        number="77/SKHKT-VP",
        stamp="MẬT",
        subject=f"kiểm kê kho {first} và {second}",
        addressee=f"Ủy ban nhân dân huyện {first.title()}",
        body=[
            f"Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân huyện {second.title()}:",
            f"1. Kiểm kê kho {first}, báo cáo Sở trước ngày 20/3/2023.",
        ],
    )


def traces(*folders):
    """Files below folders that hold one of the secret words, in content or name."""
    forms = {
        unicodedata.normalize(form, spelt).encode(code)
        for word in SECRET_WORDS
        for spelt in (word, word.upper(), word.title())
        for form in ("NFC", "NFD")
        for code in ("utf-8", "utf-16-le")
    } | {word.encode("ascii", "backslashreplace") for word in SECRET_WORDS}
    files = [path for folder in folders for path in folder.rglob("*")]
    return [
        path
        for path in files
        for form in forms
        if form in path.name.encode() or (path.is_file() and form in path.read_bytes())
    ]


def letter(n=1, **more):
    """A letter as text, told from others by its number."""
    return Letter(number=f"{n}/SKHKT-VP", subject=f"rà soát danh mục số {n}", **more).text().encode()


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def send(visitor, *files, page="/uploads", **fields):
    """Send files, each (name, bytes), by the form of the page."""
    parts = [("csrf", (None, visitor.token(page)))] + [(name, (None, value)) for name, value in fields.items()]
    parts += [("files", file) for file in files]
    return visitor.post("/uploads", files=parts)


def rows(html):
    """The rows of an upload's table: (name, state, result)."""
    out = []
    for row in re.findall(r'<tr id="file-\d+">(.*?)</tr>', html, re.S):
        cells = [
            " ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        out.append((unescape(cells[1]), cells[3], unescape(cells[4])))
    return out


def ended(visitor, address, seconds=90):
    """The rows of an upload when all its files have come to their end."""
    until = time.monotonic() + seconds
    while True:
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        found = rows(answer.text)
        if not {state for _, state, _ in found} & UNFINISHED:
            return found
        assert time.monotonic() < until, found
        time.sleep(0.1)


def eventually(holds, seconds=60):
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
