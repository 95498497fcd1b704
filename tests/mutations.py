"""Files damaged at random, each in a way that its format feels: what `tests/fuzz.py` feeds to the readers.

A mutation is a name and a seed, so that the same damage can be done again, and a part of it left out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random

from lxml import etree

Mutation = Callable[[bytes, Random], bytes]

MAX_BYTES = 20_000_000
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65535", b"65536", b"1000000", b"2147483647", b"2147483648", b"4294967295",
            b"-2147483648", b"99999999999999999999", b"1e308", b"0.0000001", b"NaN")  # fmt: skip
_INTS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_RUNS = ("\n", " ", "\t", "1", "a", "(", ")", ".", ",", "; ", "1.1.", "ngày ", "trước ngày 1/1/2030 và ", "Điều 1. ",
         "Kính gửi: ", "Số: ", "| a ", "a\u0301", "\u202e", "Ủy ban nhân dân ", "- a\n", "I. a\n1. b\na) c\n", "\ufffd",
         "\x00")  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TAG = re.compile(rb"<[^<>]{1,400}>")
_TEXT = re.compile(rb">[^<>]{1,2000}<")
_STREAM = re.compile(rb"stream\r?\n")
_CONTROL = re.compile(rb"\\[a-z]{1,20}-?\d*")
_LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY l0 "ha ha ha ha ha ha ha ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 20) for n in range(1, 10))
    + b'<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/"><!ENTITY %% z SYSTEM '
    b'"http://127.0.0.1:9/z.dtd">%%z;]>'
)


def flipped(data: bytes, rng: Random) -> bytes:
    """Some bits turned over."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 3, 20, 200)) if out else 0):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def overwritten(data: bytes, rng: Random) -> bytes:
    """A number as a program stores it, set to an extreme; mostly in the head, where sizes and counts stand."""
    if len(data) < 8:
        return data
    at = rng.randrange(min(len(data) - 8, rng.choice((64, 600, len(data))))) if len(data) > 8 else 0
    size = rng.choice((1, 2, 4, 8))
    value = rng.choice(_INTS) & (256**size - 1)
    return data[:at] + value.to_bytes(size, rng.choice(("little", "big"))) + data[at + size :]


def without_part(data: bytes, rng: Random) -> bytes:
    """A stretch cut out."""
    start, end = _stretch(data, rng)
    return data[:start] + data[end:]


def doubled_part(data: bytes, rng: Random) -> bytes:
    """A stretch many times over."""
    start, end = _stretch(data, rng)
    times = min(rng.choice((2, 10, 1000)), max(2, MAX_BYTES // 8 // max(1, end - start)))
    return data[:start] + data[start:end] * times + data[end:]


def shuffled_part(data: bytes, rng: Random) -> bytes:
    """A stretch put where it does not belong, over what stood there."""
    start, end = _stretch(data, rng)
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at + end - start :]


def cut_short(data: bytes, rng: Random) -> bytes:
    """The end missing."""
    return data[: rng.randrange(len(data) + 1)]


def other_number(data: bytes, rng: Random) -> bytes:
    """A number that is written out (a count, a size, a width) set to an extreme."""
    return _replaced(_NUMBER, data, rng, lambda old: rng.choice(_NUMBERS))


def run_of_text(data: bytes, rng: Random) -> bytes:
    """The same words again and again."""
    words = rng.choice(_RUNS).encode()
    run = words * (rng.choice((100, 3000, 60_000)) // len(words))
    at = rng.randrange(len(data) + 1)
    return data[:at] + run + data[at:]


def other_lines(data: bytes, rng: Random) -> bytes:
    """Lines left out, said twice, or in another order."""
    lines = data.splitlines(keepends=True)
    for _ in range(rng.choice((1, 5)) if lines else 0):
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[at : at + 1] = rng.choice(([], [lines[at]] * rng.choice((2, 500)), [lines[to]]))
        if not lines:
            break
    return b"".join(lines)


def other_tags(data: bytes, rng: Random) -> bytes:
    """Marks of XML or HTML left out, repeated or taken from elsewhere, and words put between them."""
    tags = [found.span() for found in _TAG.finditer(data, rng.randrange(len(data) + 1))][:2000]
    if not tags:
        return data
    start, end = rng.choice(tags)
    other = data[slice(*rng.choice(tags))]
    new = rng.choice((b"", data[start:end] * rng.choice((2, 50, 5000)), other, b"<" + other, b"</" + other[1:]))
    return data[:start] + new + data[end:]


def other_words(data: bytes, rng: Random) -> bytes:
    """The words between two marks replaced by a run."""
    words = rng.choice(_RUNS).replace("<", "").replace("\x00", "").encode()
    run = words * (rng.choice((10, 1000, 60_000)) // max(1, len(words)))
    return _replaced(_TEXT, data, rng, lambda old: b">" + run + b"<")


def deep(data: bytes, rng: Random) -> bytes:
    """An opening mark or bracket so often that a reader which calls itself for each would fall over."""
    opening = rng.choice((b"<w:tbl><w:tr><w:tc>", b"<table><tr><td>", b"<div>", b"<ul><li>", b"{", b"{\\*\\a ", b"[",
                          b"(", b"<<", b"<w:p><w:r>", b"q ", b"<b>"))  # fmt: skip
    places = [found.end() for found in _TAG.finditer(data)][:3000] or [rng.randrange(len(data) + 1)]
    at = rng.choice(places)
    return data[:at] + opening * rng.choice((50, 2000, 30_000)) + data[at:]


def entities(data: bytes, rng: Random) -> bytes:
    """XML that names entities within entities, files and addresses."""
    at = data.find(b"?>") + 2 if b"?>" in data[:200] else 0
    used = _replaced(_TEXT, data[at:], rng, lambda old: b">" + rng.choice((b"&l9;", b"&x;", b"&y;")) + old[1:])
    return data[:at] + _LAUGHS + used


def other_elements(data: bytes, rng: Random) -> bytes:
    """XML that stays XML: elements left out, repeated, put into others, with other numbers and words."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return other_tags(data, rng)
    elements = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
    for _ in range(rng.choice((1, 3, 20)) if elements else 0):
        _changed(rng.choice(elements), rng.choice(elements), rng)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _changed(one: etree._Element, other: etree._Element, rng: Random) -> None:
    parent = one.getparent()
    what = rng.randrange(7)
    if parent is None:
        return
    if what == 0:
        parent.remove(one)
    elif what == 1:
        for _ in range(min(rng.choice((1, 30, 1000)), 200_000 // max(1, sum(1 for _ in one.iter())))):
            parent.append(etree.fromstring(etree.tostring(one)))
    elif what == 2 and other not in one.iter():
        other.append(one)
    elif what == 3:
        for _ in range(rng.choice((1, 30, 150))):
            outer = etree.SubElement(parent, other.tag)
            outer.append(one)
            parent = outer
    elif what == 4:
        one.text = rng.choice(_RUNS).replace("\x00", "") * rng.choice((1, 1000))
    elif one.attrib:
        name = rng.choice(list(one.attrib))
        one.set(name, rng.choice((rng.choice(_NUMBERS).decode(), "", "x" * 1000, *other.attrib.values())))


def other_controls(data: bytes, rng: Random) -> bytes:
    """A control word of RTF with another number, or another word."""
    words = (b"\\bin999999999", b"\\u-99999", b"\\cellx-5", b"\\trowd", b"\\row", b"\\'", b"\\ansicpg0", b"\\uc200")
    return _replaced(_CONTROL, data, rng, lambda old: rng.choice(words) * rng.choice((1, 1, 3000)))


def other_sector(data: bytes, rng: Random) -> bytes:
    """A sector of a compound file blank, full, or another's."""
    count = len(data) // 512
    if count < 2:
        return data
    at, other = 512 * rng.randrange(count), 512 * rng.randrange(count)
    new = rng.choice((bytes(512), b"\xff" * 512, data[other : other + 512]))
    return data[:at] + new + data[at + 512 :]


def in_a_stream(data: bytes, rng: Random) -> bytes:
    """A stream of a PDF unpacked, changed and packed again."""
    starts = [found.end() for found in _STREAM.finditer(data)]
    if not starts:
        return data
    start = rng.choice(starts)
    end = data.find(b"endstream", start)
    if end < 0:
        return data
    try:
        plain = zlib.decompressobj().decompress(data[start:end], MAX_BYTES)
    except zlib.error:
        return data[:start] + flipped(data[start:end], rng) + data[end:]
    inner = rng.choice((other_number, other_number, doubled_part, without_part, shuffled_part, deep, run_of_text))
    packed = zlib.compress(inner(plain, rng), 1)
    at = data.rfind(b"/Length", max(0, start - 400), start)
    if at < 0:
        return data[:start] + packed + data[end:]
    length = re.sub(rb"/Length \d+(?: \d+ R)?", b"/Length %d" % len(packed), data[at:start], count=1)
    return data[:at] + length + packed + data[end:]


def in_a_member(data: bytes, rng: Random) -> bytes:
    """A member of a ZIP archive changed, left out, doubled, renamed or blown up."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:
        return flipped(data, rng)
    if not members:
        return data
    telling = [n for n, (name, _) in enumerate(members) if name.endswith((".xml", ".rels"))] or range(len(members))
    at = rng.choice(list(telling))
    name, content = members[at]
    what = rng.randrange(12)
    if what == 0:
        members.pop(at)
    elif what == 1:
        members.append((name, content))
    elif what == 2:
        members[at] = (rng.choice(("../" + name, name.upper(), "x" * 60_000, "/" + name, "")), content)
    elif what == 3:
        members[at] = (name, content[: len(content) // 2] + bytes(30_000_000) + content[len(content) // 2 :])
    else:
        inner = rng.choice((other_elements,) * 6 + (other_number, other_tags, other_words, deep, entities, flipped))
        members[at] = (name, inner(content, rng))
    return _packed(members, rng)


def _packed(members: list[tuple[str, bytes]], rng: Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name[:60_000]), content, zipfile.ZIP_DEFLATED)
    data = out.getvalue()
    return overwritten(data, rng) if rng.random() < 0.1 else data


def _stretch(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 64, 1000, 20_000)))


def _replaced(pattern: re.Pattern[bytes], data: bytes, rng: Random, new: Callable[[bytes], bytes]) -> bytes:
    places = [found.span() for found in pattern.finditer(data)][:20_000]
    if not places:
        return data
    start, end = rng.choice(places)
    return data[:start] + new(data[start:end]) + data[end:]


_ANY = (flipped, overwritten, without_part, doubled_part, shuffled_part, cut_short)
_MARKUP = (other_tags, other_tags, other_words, other_number, deep, entities, run_of_text)
_WORDS = (run_of_text, run_of_text, other_lines, other_number)
BY_KIND: dict[str, tuple[Mutation, ...]] = {
    "pdf": (*_ANY, other_number, other_number, in_a_stream, in_a_stream, in_a_stream, deep),
    "zip": (*(in_a_member,) * 12, *_ANY),
    "ole": (other_sector, other_sector, overwritten, *_ANY),
    "rtf": (*_ANY, other_controls, other_controls, other_number, deep, run_of_text),
    "markup": (*_ANY, *_MARKUP),
    "mail": (*_ANY, other_lines, other_lines, other_number, run_of_text),
    "text": (*_ANY, *_WORDS),
    "picture": (*_ANY, overwritten, overwritten),
}


def kind_of(data: bytes) -> str:
    """The family of formats that a file belongs to: which mutations it feels."""
    start = data[:600].lstrip().lower()
    for magic, kind in (
        (b"%pdf", "pdf"),
        (b"pk\x03", "zip"),
        (b"\xd0\xcf\x11", "ole"),
        (b"{\\rtf", "rtf"),
        (b"<", "markup"),
        (b"\x89png", "picture"),
        (b"\xff\xd8", "picture"),
        (b"ii*\0", "picture"),
        (b"mm\0*", "picture"),
    ):
        if start.startswith(magic):
            return kind
    return "mail" if re.search(rb"(?m)^(?:mime-version|content-type):", start) else "text"


def mutated(data: bytes, kind: str, mutations: list[tuple[int, int]]) -> bytes:
    """The file with these mutations (number of the mutation among those of its kind, seed) done one after the other."""
    for number, seed in mutations:
        data = BY_KIND[kind][number](data, Random(seed))[:MAX_BYTES]
    return data
