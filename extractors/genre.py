"""Thể loại: whether a paper is itself a dispatch, by the parts of the prescribed form that it has.

Evidence for and against is weighed. For: the parts of the form (Decree 30/2020/NĐ-CP, Article 8), an annex's note of
the paper that it belongs to. Against: the signs of other genres in `lexicon/genre.toml`, sentences above its head.
Forms to be filled in, contracts and papers that persons hand in have parts of the form too: their own signs decide.
"""

from __future__ import annotations

import regex

from extractors.addressees import find_addressees
from extractors.alternatives import stands_in
from extractors.landmarks import like_motto
from extractors.lexicon import Entry, by_role
from extractors.model import Document, Refusal, Span
from extractors.number import Number
from extractors.sections import Layout
from extractors.task_tables import carries_tasks_on
from extractors.text import matchable, skeleton

# Genres that are told by their signs when the form is too weak. Pages of portals, lists and tables often stand around
# or in a dispatch: they name a refusal but do not make one likelier.
GENRES = (
    "question", "speech", "news", "commentary", "mail", "advert", "study", "invoice", "personal", "form", "contract",
    "web", "index", "table",
)  # fmt: skip
_AROUND = {"web", "index", "table", "form", "contract"}
_ENOUGH = 3.0
_MOST = 9.0
_NAMED = 1.5
_SLIGHT = 0.5
_ONE_SIGN = 3
_SAMPLE = 400
_SAMPLE_CHARS = 16_000
_HEAD = 25
_LONG = 8000
_MANY = 6
_LONG_LINES = 120
_HARDLY = 0.6
_DATED = regex.compile(r"\d|nam\W*$")
_DATE_LIKE = regex.compile(r"nga.{0,14}?t\w{0,4}g.{0,12}?n\w{1,3}m? ?\d{3,4}")
_END_MARK = regex.compile(r"\./\.?[^\w\n]{0,12}\w{0,4}\s*$", regex.M)
_SPEAKS = regex.compile(
    r"\b(?:co y kien nhu sau|co y kien chi dao nhu sau|tra loi nhu sau|huong dan nhu sau"
    r"|thong bao (?:nhu sau|de [^.]{3,90} biet)"
    r"|de nghi (?:cac|qu[yi]|uy ban|so|bo|cuc)\b|(?:de|duoc) (?:[^.]{3,60} )?biet (?:va|,) thuc hien)"
)
_BASES = regex.compile(
    r"^\W{0,4}can cu (?:luat|bo luat|nghi dinh|nghi quyet|quyet dinh|thong tu|phap lenh|hien phap)", regex.M
)
_ANSWERS = regex.compile(
    r"^\W{0,3}(?:tra loi|phuc dap) (?:cong van|van ban|cong ham|to trinh|thu|phieu chuyen|de nghi)\b", regex.M
)
_ENDS = regex.compile(
    r"\b(?:(?:trong|qua) qua trinh (?:\w+ ){0,4}thuc hien|n?eu (?:co|phat sinh) (?:\w+ ){0,3}(?:kho khan|vuong mac)"
    r"|(?:nghiem tuc|khan truong) (?:\w+ ){0,3}(?:thuc hien|chap hanh)"
    r"|bao cao (?:uy ban nhan dan|ubnd|bo|so|thu tuong)[^.\n]{0,40}(?:xem xet|chi dao|quyet dinh))"
)
_ITSELF = regex.compile(
    r"\b(?:thuc hien|thi hanh) (?:chi thi|quyet dinh|ke hoach|nghi quyet|ket luan|thong bao|quy che|huong dan) nay\b"
)
_MIDWAY = regex.compile(r"\W{0,3}(?:[2-9]\d?[.)]|[b-h][.)]|Điều \d|\p{Ll}{2})")
_MET = regex.compile(r"^\W{0,4}(?:hom nay|vao hoi|hoi)\b.{0,40}\bngay \d", regex.M)
_KEPT = regex.compile(r"\bluu\b")
_SENTENCE = regex.compile(r"[.!?…:][\"”»')]?\s*$")


def refuse(document: Document, layout: Layout, number: Number, named: bool) -> Refusal | None:
    """Why the document is not taken in; None for a dispatch. `named` says that a signer's name was found."""
    sample = _sample(document)
    if found := _decided(document, sample, layout, number):
        return _refusal(*found, document)
    weight = evidence(document, layout, number, named)
    if weight >= _MOST:
        return None
    against = signs_against(sample, layout)
    nature = max((w for genre, (w, _) in against.items() if genre not in _AROUND), default=0.0)
    if weight >= _ENOUGH + min(max(nature - _SLIGHT, 0), _MOST - _ENOUGH):
        return None
    genre = max(against, key=lambda g: against[g][0], default="")
    if genre and against[genre][0] >= _NAMED:
        return _refusal(genre, against[genre][1], document)
    return Refusal("not_dispatch.unrecognised", "genre.too_little_form", None)


# -- for


def evidence(document: Document, layout: Layout, number: Number, named: bool) -> float:
    """How much of the prescribed form is there: 3 is enough where nothing speaks against it."""
    head, closing = layout.head, layout.closing
    key = skeleton(document.text)
    points = {
        "number": 2.0 if number.number or (number.symbol and head.motto) else 1.0 if number.symbol else 0.0,
        "motto": 1.0 if head.motto or head.party else _garbled_form(document),
        "date": 1.5 if head.date and _DATED.search(head.date.key) else 0.0,
        "title": 1.0 if head.title else 0.0,
        "about": 1.0 if head.about else 0.0,
        "addressees": _address(layout),
        "recipients": 2.0 if len(closing.recipients) > 1 or any(_KEPT.search(p.key) for p in closing.recipients) else 0,
        "signature": 1.0 if closing.signature else 0.0,
        "name": 0.5 if named and closing.signature else 0.0,
        "end": 1.0 if _END_MARK.search(key, max(0, len(key) - 40000)) else 0.0,
        "speaks": 1.0 if _SPEAKS.search(key[:60000].replace("\n", " ")) else 0.0,
        "bases": 1.0 if _BASES.search(key, 0, 20000) else 0.0,
        "answers": 1.0 if _ANSWERS.search(key, 0, 6000) else 0.0,
        "ends": 1.0 if _MIDWAY.match(document.text) and _ENDS.search(_last(key)) else 0.0,
        "itself": 1.0 if _ITSELF.search(_last(key)) else 0.0,
        "letter": _letter(document) if head.motto else 0.0,
        "met": 1.0 if head.type == "biên bản" and _MET.search(key, 0, 3000) else 0.0,
        "annexed": _annexed(document),
        "assigns": 3.0 if not head.landmarks and carries_tasks_on(document) else 0.0,
        "buried": -_sentences_above(document, layout),
    }
    return sum(points.values())


def _address(layout: Layout) -> float:
    """An address to bodies or offices; none where it is left to be filled in, or names friends and customers."""
    found, _ = find_addressees(layout.head)
    if not any(c.isalpha() for f in found for c in f.value):
        return 0.0
    key = skeleton(found[0].value)
    private = any(e.pattern.search(key) for e in by_role("genre", "private"))
    return 0.5 if private else 2.0


def _last(key: str) -> str:
    """The last words of a text, on one line."""
    return key.rstrip()[-700:].replace("\n", " ")


def _annexed(document: Document) -> float:
    """An annex saved alone names near its top the paper that it belongs to."""
    return _at_top(document, "annexed")


def _letter(document: Document) -> float:
    """A leader's letter has a title of its own and mostly no number."""
    return _at_top(document, "letter_title")


def _at_top(document: Document, role: str) -> float:
    if not document.lines:
        return 0.0
    top = skeleton(document.text)[: document.lines[min(_HEAD + 15, len(document.lines) - 1)].end]
    return max((_weight(e) for e in by_role("genre", role) if e.pattern.search(top)), default=0.0)


def _sentences_above(document: Document, layout: Layout) -> float:
    """Sentences before the first part of the form: someone else speaks, and the form is quoted."""
    head = layout.head
    parts = [p for p in (head.number, head.date, *head.motto[:1], *head.addressees[:1]) if p]
    if not parts:
        return 0.0
    above, introduced = 0, 0.0
    for line in document.lines[: min(p.line for p in parts)]:
        text = document.text[line.start : line.end]
        if len(text) > 60 and not text.isupper() and (_SENTENCE.search(text) or len(text) > 75):
            above += len(text)
        if len(text) > 30 and not text.isupper() and text.rstrip().endswith(":"):
            introduced = 1.0
    return introduced + (0.0 if above < 100 else 1.0 if above < 350 else 2.0 if above < 800 else 3.0)


def _garbled_form(document: Document) -> float:
    """A letterhead that a bad reading left hardly legible: its motto within a few letters, and its date line."""
    lines = [skeleton(document.text[line.start : line.end]) for line in document.lines[:14]]
    motto = any(like_motto(line, _HARDLY) for line in lines)
    dated = any(len(line) < 90 and _DATE_LIKE.search(line) for line in lines)
    return 3.0 if motto and dated else 0.0


# -- against


def signs_against(sample: str, layout: Layout) -> dict[str, tuple[float, str]]:
    """Each genre that has signs for it, how much they weigh, and the rule that weighs most."""
    long = len(sample) > _LONG or sample.count("\n") > _LONG_LINES
    found = {genre: _signs(genre, sample) for genre in GENRES}
    if "index" in found and layout.head.number:
        found["index"] = (min(found["index"][0], 1.0), found["index"][1])
    return {
        genre: (weight if not long or weight >= _MANY else weight / 2, rule)
        for genre, (weight, rule) in found.items()
        if weight
    }


def _signs(genre: str, text: str) -> tuple[float, str]:
    """What the signs of a genre in a text weigh together; one sign counts a few times at most."""
    total, best, rule = 0.0, 0.0, ""
    for entry in by_role("genre", genre):
        if not stands_in(entry, text):
            continue
        hits = 0
        for _ in entry.pattern.finditer(text):
            hits += 1
            if hits == _ONE_SIGN:
                break
        weight = hits * _weight(entry)
        total += weight
        if weight > best:
            best, rule = weight, entry.id
    return total, rule


def _weight(entry: Entry) -> float:
    return float(entry.value or 1)


def _sample(document: Document) -> str:
    """The first lines without accents: enough to tell what a paper is."""
    if not document.lines:
        return ""
    end = document.lines[min(_SAMPLE, len(document.lines)) - 1].end
    return skeleton(document.text)[: min(end, _SAMPLE_CHARS)]


def _decided(document: Document, sample: str, layout: Layout, number: Number) -> tuple[str, str] | None:
    """Genre and rule of a paper that has parts of the form and yet is a form, a contract or a person's paper."""
    if rule := _form(sample, layout, number):
        return "form", rule
    if rule := _contract(sample, layout):
        return "contract", rule
    if not number.symbol and (rule := _application(document)):
        return "personal", rule
    return None


def _form(sample: str, layout: Layout, number: Number) -> str | None:
    """A form: its number is left open, and blanks stand where a draft would have words."""
    line = layout.head.number
    if number.number or (line and regex.search(r":\D{0,3}\d|/\s?\d{4}\s?/", line.text)):
        return None
    lines = sample.split("\n")
    weight, rule = _signs("form", "\n".join(lines[: _HEAD + 10]))
    filled = [li for li in lines if li.strip()]
    dotted = sum(bool(e.pattern.search(li)) for e in by_role("genre", "dots") for li in filled)
    share = dotted / max(1, len(filled))
    weight += 2 if share > 0.3 else 1.5 if share > 0.15 else 0
    return rule if rule and weight >= (4.5 if number.symbol else 3) else None


def _contract(sample: str, layout: Layout) -> str | None:
    """A contract: its title, and its parties."""
    top = "\n".join(sample.split("\n")[:15])
    if layout.head.title or not any(e.pattern.search(top) for e in by_role("genre", "contract_title")):
        return None
    weight, rule = _signs("contract", sample)
    return rule if weight >= 2 else None


def _application(document: Document) -> str | None:
    """The rule that finds the title of a paper which citizens or firms hand in."""
    for line in document.lines[:15]:
        text = matchable(document.text[line.start : line.end]).strip(" *_#")
        for entry in by_role("genre", "application"):
            if len(text) < 80 and entry.pattern.search(text):
                return entry.id
    return None


def _refusal(genre: str, rule: str, document: Document) -> Refusal:
    span = None
    if document.lines:
        span = Span(document.lines[0].start, document.lines[0].end)
    return Refusal(f"not_dispatch.{genre}", rule, span)
