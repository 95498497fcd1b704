"""Ngữ pháp tên cơ quan: how the words of a body's name join, and where the name ends.

A mention is [quantifier] [official] (institution | head + name | common nouns in a group | people) [tails]. Every
function takes a place and gives the place where its part ends, -1 where there is no such part.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.agencies_words import WORD, Words, words
from extractors.text import matchable

_ACRONYM = regex.compile(
    r"\p{Lu}[\p{Lu}\d]+(?:\s?[&/-]\s?\p{Lu}[\p{Lu}\d]*)*(?:,\s?(?=\p{Lu}{2,}&)[\p{Lu}&]+)?(?:\s(?:&|và)\s\p{Lu}{2,})?(?!\w)"
)
_CAPITAL_WORD = regex.compile(r"\p{Lu}[\p{Ll}']*(?!\w)")
_SMALL_WORD = regex.compile(r"\p{Ll}+(?!\w)")
_JOIN = regex.compile(r"\s?(?:-|/|&)\s?|,\s|\s(?:và|&)\s|\s")
_GROUP_JOIN = regex.compile(r"(?:,\s?(?:và\s)?|\svà\s|\s?/\s?|\s-\s|\s?;\s(?!\w)|\s)")
_SLASH = regex.compile(r"\s?/\s?")
_SUPERIOR = regex.compile(
    r"(?:Bộ|Sở|Tổng cục|Cục|Chi cục|Tỉnh ủy|Thành ủy|Huyện ủy|Trung ương(?: Đảng)?|Chính phủ|Quốc hội|Nhà trường|Trường|Xã|Phường|TW)(?!\w)"
    r"(?!\s(?:trưởng|luật|phận))"
)
_OWNER = regex.compile(r"\s\((?=\p{Lu})(?:thuộc\s)?(?P<body>[^()]{3,60})\)")
_PERSON_NAME = regex.compile(r"\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}*){1,4}(?!\w)")
_CLAUSE = regex.compile(r"[.;:]|,\s(?=đề nghị|yêu cầu)|\stheo\s|\w+|,")
_AFTER_DUTY = regex.compile(r"(?:đối với|riêng)\s$", regex.IGNORECASE)
_OPEN_REACH = 200
_COLON_NAMES = regex.compile(r"\s?:\s")
_JUXTAPOSED = frozenset({"ngành", "đơn", "đoàn", "địa", "cơ"})
_NO_PLACE_AFTER = ("chính phủ", "thủ tướng", "phó thủ tướng", "quốc hội", "gvcn", "cvht", "bộ chính trị", "ban bí thư")


@dataclass(frozen=True, slots=True)
class Reading:
    """A string in the spelling of rules, with its case and without."""

    plain: str
    low: str
    words: Words

    @classmethod
    def of(cls, text: str) -> Reading:
        """The text made ready; offsets stay those of the text."""
        plain = matchable(text)
        low = plain.lower()
        if len(low) != len(plain):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
        return cls(plain, low, words())

    def capital(self, at: int) -> bool:
        """Whether a capital stands at this place."""
        return self.plain[at : at + 1].isupper()

    def skip(self, at: int) -> int:
        """The place after spaces."""
        while self.low[at : at + 1] == " ":
            at += 1
        return at


def read_mention(r: Reading, at: int, listed: bool = False) -> tuple[int, int, str] | None:
    """(core end, end, rule) of the mention that begins here, None where none does.

    `listed`: another mention ends just before, so that common nouns need no "các". The core leaves a clause that
    tells which bodies are meant ("được giao …") out.
    """
    quantified = r.words.quantifier.end(r.low, at)
    start = r.skip(quantified) if quantified > 0 else at
    many = quantified > 0
    official = _officials(r, start)
    if official > 0:
        return _with_official(r, at, start, official, many)
    return _body(r, at, start, many, listed)


def _body(r: Reading, at: int, start: int, many: bool, listed: bool) -> tuple[int, int, str] | None:
    if (end := read_institution(r, start, many)) > 0:
        return end, end, "agency.institution"
    if (end := read_named(r, start, many)) > 0:
        return end, end, "agency.name"
    if (end := _people(r, start, many)) > 0:
        return end, _open_end(r, at, end), "agency.person"
    if (end := _group(r, start, many, listed)) > 0:
        return end, _open_end(r, at, end), "agency.group"
    if (end := _house(r, start)) > 0:
        return end, end, "agency.house"
    return None


# -- officials and people ----------------------------------------------------------------------------------------


def _officials(r: Reading, at: int) -> int:
    end = r.words.official.end(r.low, at)
    while end > 0:
        nxt = _join_official(r, at, end)
        if nxt < 0:
            return end
        at, end = nxt, r.words.official.end(r.low, nxt)
    return -1


def _join_official(r: Reading, start: int, end: int) -> int:
    """Where the next title begins in "Giám đốc, Thủ trưởng các …", "đồng chí Giám đốc"; -1 where none does."""
    titled = r.low[start:end]
    for join in (" ", ", ", "/", " và "):
        nxt = end + len(join)
        if not r.low.startswith(join, end) or r.words.official.end(r.low, nxt) < 0:
            continue
        if join == " " and titled.endswith(("đồng chí", "đ/c", "đại diện")):
            return nxt
        if join != " " and titled in {"giám đốc", "thủ trưởng", "hiệu trưởng", "lãnh đạo"}:
            return nxt
    return -1


def _with_official(r: Reading, at: int, start: int, end: int, many: bool) -> tuple[int, int, str] | None:
    nxt = r.skip(end)
    if r.low.startswith("của ", nxt):
        nxt += 4
    inner = read_mention(r, nxt) if nxt > end else None
    if inner is not None and inner[2] != "agency.official":
        return inner[0], inner[1], "agency.official"
    if inner is not None and r.low.startswith(("các ", "phó "), nxt):
        return inner
    if r.words.nameable.end(r.low, start) == end and (named := _name(r, nxt, True, many)) > 0:
        tail = _tails(r, named, False)
        return tail, tail, "agency.official"
    title = r.low[start:end]
    if title.endswith(("đồng chí", "đ/c")) and (person := _PERSON_NAME.match(r.plain, nxt)):
        return person.end(), person.end(), "agency.official"
    tail = _tails(r, end, True)
    if tail > end:
        return tail, tail, "agency.official"
    if title in {"lãnh đạo", "đại diện", "đồng chí", "các đồng chí", "ủy viên", "thành viên"} and not many:
        return None
    if many or r.capital(start) or _ends_here(r, end):
        return end, _open_end(r, at, end), "agency.official"
    return None


def _people(r: Reading, at: int, many: bool) -> int:
    end = r.words.person.end(r.low, at)
    if end < 0:
        return -1
    while True:
        join = _GROUP_JOIN.match(r.low, end)
        nxt = r.words.person.end(r.low, join.end()) if join else -1
        if nxt < 0:
            break
        end = nxt
    if (more := r.words.complement.end(r.low, r.skip(end))) > 0:
        end = more
    return _tails(r, end, True)


# -- institutions and names ----------------------------------------------------------------------------------------


def read_institution(r: Reading, at: int, many: bool = False) -> int:
    """End of a body that needs no further name ("UBND", "Bảo hiểm xã hội"), with the territory after it."""
    end = r.words.institution.end(r.low, at)
    if end < 0 or _blocked(r, at, end):
        return -1
    small = r.words.capital.end(r.low, at) == end and not r.capital(at)
    if r.words.nesting.end(r.low, at) == end and (nested := _nested(r, end)) > 0:
        return nested
    if not r.low.startswith(_NO_PLACE_AFTER, at):
        end = _own_place(r, end)
    tail = _tails(r, end, False)
    return -1 if small and tail == end and not many else tail


def _own_place(r: Reading, end: int) -> int:
    """A place name right after the institution: "Điện lực Lạc Thủy"."""
    at = r.skip(end)
    if at == end or not r.capital(at) or _starts_body(r, at):
        return end
    last = end
    while (word := _CAPITAL_WORD.match(r.plain, at)) and not _starts_body(r, at):
        last, at = word.end(), r.skip(word.end())
        if at == last:
            break
    return last


def _nested(r: Reading, end: int) -> int:
    at = r.skip(end)
    if at == end:
        return -1
    if (inner := read_institution(r, at, False)) > 0:
        return inner
    if (inner := read_named(r, at, False)) > 0:
        return inner
    if superior := _SUPERIOR.match(r.plain, at):
        return _tails(r, superior.end(), False)
    return -1


def read_named(r: Reading, at: int, many: bool = False) -> int:
    """End of a head noun with its name and tails: "Sở Nội vụ", "phòng Đào tạo", "các Sở: Tài chính, Xây dựng"."""
    end = r.words.head.end(r.low, at)
    if end < 0 or _blocked(r, at, end):
        return -1
    strong = r.capital(at)
    slash = _SLASH.match(r.low, end)
    if slash and (second := r.words.head.end(r.low, slash.end())) > 0:
        end = second
    colon = _COLON_NAMES.match(r.low, end) if many else None
    begin = colon.end() if colon else r.skip(end)
    if begin == end:
        return -1
    named = _name(r, begin, strong or many, many or bool(colon))
    if named < 0:
        nested = _nested(r, end) if strong or r.words.nesting.end(r.low, at) == end else -1
        return nested if nested > 0 else _head_of_territory(r, at, end, strong, many)
    return _owner(r, _tails(r, named, False))


def _head_of_territory(r: Reading, at: int, end: int, strong: bool, many: bool) -> int:
    """A kind of body with a territory only: "Thanh tra tỉnh", "Trung tâm Y tế huyện"."""
    tail = _tails(r, end, False)
    if tail == end or not (strong or " " in r.low[at:end]) or many:
        return -1
    return tail


def _owner(r: Reading, end: int) -> int:
    """The body above in brackets: "Vụ Pháp chế (Bộ Y tế)"."""
    found = _OWNER.match(r.plain, end)
    if found is None:
        return end
    start, stop = found.span("body")
    inner = max(read_named(r, start), read_institution(r, start))
    return found.end() if inner == stop else end


def _name(r: Reading, at: int, strong: bool, many: bool) -> int:
    """End of a proper name: fields of work, capitals and abbreviations, joined by "và", commas and dashes."""
    end = _element(r, at, strong, first=True)
    if end < 0:
        return -1
    while (join := _JOIN.match(r.low, end)) is not None:
        nxt = join.end()
        mark = join[0].strip()
        following = -1 if _starts_body(r, nxt) else _joined(r, end, nxt, mark, many)
        if following < 0:
            break
        end = following
    return end


def _joined(r: Reading, end: int, nxt: int, mark: str, many: bool) -> int:
    w = r.words
    if not mark:
        if r.capital(nxt):
            return _element(r, nxt, True, first=False)
        known = max(w.field.end(r.low, nxt), w.field_noun.end(r.low, nxt))
        return -1 if w.predicate.end(r.low, nxt) > 0 else known
    if not r.capital(nxt):
        return -1
    known = max(w.field.end(r.low, nxt), w.field_capital.end(r.low, nxt))
    if known > 0 or mark not in ("-", "/", "&"):
        if known < 0 and many:
            return _element(r, nxt, True, first=False)
        return known
    return _element(r, nxt, True, first=False)


def _element(r: Reading, at: int, strong: bool, first: bool) -> int:
    """One part of a name: a known field, an abbreviation, or a word with a capital (and its second syllable)."""
    w = r.words
    capital = r.capital(at)
    known = w.field.end(r.low, at) if capital or strong else -1
    if capital:
        known = max(known, w.field_capital.end(r.low, at))
    elif strong and first:
        known = max(known, w.field_noun.end(r.low, at))
    if known > 0 and not _longer_word(r, at, known):
        return known
    if not capital:
        return -1
    if acronym := _ACRONYM.match(r.plain, at):
        return acronym.end()
    word = _CAPITAL_WORD.match(r.plain, at)
    if word is None:
        return -1
    if not first:
        return word.end()
    second = _SMALL_WORD.match(r.plain, r.skip(word.end()))
    if second and w.predicate.end(r.low, second.start()) < 0 and not _small_word(r, second.start()):
        return second.end()
    return word.end()


def _longer_word(r: Reading, at: int, end: int) -> bool:
    return r.words.predicate.end(r.low, at) > end and not r.capital(at)


def _small_word(r: Reading, at: int) -> bool:
    """Whether a tail or another body begins at a small word that follows a name."""
    return any(tail.match(r.plain, at) for tail in r.words.tails) or _starts_body(r, at) or _function_word(r, at)


_FUNCTION = frozenset(
    "và với về của cho để do là có được bị đã đang sẽ không chưa thì mà nhằm theo từ đến tại ở trong trên ngoài sau "
    "trước khi nếu cũng vẫn còn phải cần nên hãy chủ phối tham tiếp khẩn tổ chỉ hướng giao yêu đề ban trình gửi báo "
    "làm xem lập cử rà đôn thực triển tăng đẩy nghiêm thường kịp quan bố cùng gồm qua này trực thuộc ký xây kiểm hoàn "
    "đảm bảo tuyên".split()
)


def _function_word(r: Reading, at: int) -> bool:
    word = WORD.match(r.low, at)
    return word is None or word[0] in _FUNCTION


# -- groups of common nouns ------------------------------------------------------------------------------------------


def _group(r: Reading, at: int, many: bool, listed: bool) -> int:
    """End of common nouns in one group: "các sở, ban, ngành tỉnh", "cơ quan, tổ chức liên quan"."""
    end = _member(r, at)
    if end < 0:
        return -1
    association = r.words.association.end(r.low, at) > 0
    members = 1
    while True:
        tail = _tails(r, end, True)
        nxt = -1 if tail > end else _next_member(r, end, association)
        if nxt < 0:
            break
        end, members = nxt, members + 1
    end = tail
    if many or members > 1 or r.words.alone.end(r.low, at) > 0:
        return end
    if listed and _ends_here(r, end):
        return end
    return -1


def _member(r: Reading, at: int) -> int:
    """One common noun with its complement: "cơ quan ngang bộ", "tổ chức chính trị - xã hội"."""
    w = r.words
    end = w.noun.end(r.low, at)
    if end < 0 or _blocked(r, at, end):
        return -1
    complement = w.complement.end(r.low, r.skip(end))
    while complement > 0:
        end = complement
        join = _JOIN.match(r.low, end)
        complement = w.complement.end(r.low, join.end()) if join and w.noun.end(r.low, join.end()) < 0 else -1
        if complement < 0 and join and join[0].strip() in ("", ","):
            complement = _field_complement(r, join.end())
    if end == w.noun.end(r.low, at):
        field = _field_complement(r, r.skip(end))
        end = max(end, field)
    if r.low[at:end] == "tổ chức" and not _organisation(r, end):
        return -1
    return end


def _field_complement(r: Reading, at: int) -> int:
    w = r.words
    if w.noun.end(r.low, at) > 0 or w.predicate.end(r.low, at) > 0 or r.capital(at):
        return -1
    return w.field_noun.end(r.low, at)


def _organisation(r: Reading, end: int) -> bool:
    """Whether "tổ chức" is the noun here, not the verb."""
    if _ends_here(r, end, weak=False):
        return True
    at = r.skip(end)
    return r.words.relative.end(r.low, at) > 0 or _tails(r, end, True) > end


def _next_member(r: Reading, end: int, association: bool) -> int:
    join = _GROUP_JOIN.match(r.low, end)
    if join is None:
        return -1
    nxt = join.end()
    w = r.words
    if not join[0].strip():
        word = WORD.match(r.low, nxt)
        if word is None or word[0] not in _JUXTAPOSED:
            return -1
    if not association and w.association.end(r.low, nxt) > 0 and not r.low.startswith("doanh nghiệp", nxt):
        return -1
    if w.quantifier.end(r.low, nxt) > 0 or w.official.end(r.low, nxt) > 0 or w.institution.end(r.low, nxt) > 0:
        return -1
    if r.capital(nxt) and read_named(r, nxt) > 0:
        return -1
    return _member(r, nxt)


def _house(r: Reading, at: int) -> int:
    """A kind of body that stands for the body itself, in its own house: "Văn phòng", "Sở"."""
    end = r.words.house.end(r.low, at)
    if end < 0 or not r.capital(at) or _blocked(r, at, end):
        return -1
    tail = _tails(r, end, False)
    return tail if tail > end or _ends_here(r, end) else -1


# -- where it ends ------------------------------------------------------------------------------------------------


def _tails(r: Reading, end: int, common: bool) -> int:
    """The end after territories, levels, superiors and "liên quan"."""
    for _ in range(6):
        at = r.skip(end)
        grown = end
        for tail in r.words.tails:
            start = end if tail.pattern.startswith(",?") else at
            if (start > end or tail.pattern.startswith(",?")) and (found := tail.match(r.plain, start)):
                grown = max(grown, found.end())
        if grown == end:
            return end
        end = _more_places(r, at, grown)
    return end


def _more_places(r: Reading, start: int, end: int) -> int:
    if not r.low.startswith("các ", start) or not r.plain[:end].rsplit(" ", 1)[-1][:1].isupper():
        return end
    while found := r.words.places.match(r.plain, end):
        end = found.end()
    return end


def _ends_here(r: Reading, end: int, weak: bool = True) -> bool:
    """Whether a name can be over here: punctuation, a conjunction, or what the body has to do."""
    at = r.skip(end)
    if at >= len(r.low) or not r.low[at].isalnum():
        return True
    if at == end:
        return False
    phrases = r.words.predicate if weak else r.words.modal
    word = WORD.match(r.low, at)
    return phrases.end(r.low, at) > 0 or (word is not None and word[0] in _AFTER)


_AFTER = frozenset("và để sẽ được đã có chủ phối theo với khi trong tiến yêu đề giao ban ký xem trình là nghiên".split())


def _open_end(r: Reading, start: int, end: int) -> int:
    """The end of a clause that tells which bodies are meant, where it plainly ends; else `end`."""
    at = r.skip(end)
    w = r.words
    if at == end or (cue := w.relative.end(r.low, at)) < 0:
        return end
    complete = w.complete.end(r.low, at)
    if complete > 0 and _ends_here(r, complete):
        return complete
    set_apart = _AFTER_DUTY.search(r.plain[max(0, start - 12) : start]) is not None
    weak = -1
    for found in _CLAUSE.finditer(r.low, cue, min(len(r.low), cue + _OPEN_REACH)):
        here = found.start()
        if found[0] in (":",) or found[0].startswith(", "):
            return here
        if found[0] in (".", ";"):
            break
        if found[0] == "," or found[0] == "và":
            nxt = r.skip(found.end())
            if _starts_full_body(r, nxt):
                return len(r.plain[:here].rstrip())
            if found[0] == "," and set_apart:
                return here
            continue
        if found[0].strip() == "theo" and set_apart:
            return here
        if w.modal.end(r.low, here) > 0 and here > cue + 1:
            return len(r.plain[:here].rstrip())
        if weak < 0 and here > r.skip(cue) and w.predicate.end(r.low, here) > 0:
            weak = len(r.plain[:here].rstrip())
    return weak if weak > 0 else end


def _starts_full_body(r: Reading, at: int) -> bool:
    if r.words.quantifier.end(r.low, at) > 0:
        nxt = r.skip(r.words.quantifier.end(r.low, at))
        return r.words.noun.end(r.low, nxt) > 0 or r.words.institution.end(r.low, nxt) > 0
    return r.capital(at) and (read_institution(r, at) > 0 or read_named(r, at) > 0)


def _starts_body(r: Reading, at: int) -> bool:
    """Whether words that open another body stand here."""
    w = r.words
    if w.quantifier.end(r.low, at) > 0 or w.official.end(r.low, at) > 0:
        return True
    if not r.capital(at):
        return False
    if w.institution.end(r.low, at) > 0 and w.field.end(r.low, at) < w.institution.end(r.low, at):
        return w.capital.end(r.low, at) != w.institution.end(r.low, at) or r.low.startswith("công an", at)
    head = w.head.end(r.low, at)
    return head > 0 and w.field.end(r.low, at) < 0 and w.field_capital.end(r.low, at) < head


def _blocked(r: Reading, at: int, end: int) -> bool:
    """Whether a longer word stands here that only begins like a body ("hội nghị", "ban hành")."""
    found = r.words.blocked.match(r.low, at)
    return found is not None and found.end() > end
