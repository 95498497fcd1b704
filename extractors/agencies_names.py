"""Tên cơ quan: bodies with a name of their own, and the territory or superior that follows a name.

Every function takes a place and gives the place where its part ends, -1 where there is no such part.
"""

from __future__ import annotations

import regex

from extractors.agencies_words import Reading

_ACRONYM = regex.compile(
    r"\p{Lu}[\p{Lu}\d]+(?:\s?[&/-]\s?\p{Lu}[\p{Lu}\d]*)*(?:,\s?(?=\p{Lu}{2,}&)[\p{Lu}&]+)?(?:\s(?:&|và)\s\p{Lu}{2,})?(?!\w)"
)
_CAPITAL_WORD = regex.compile(r"\p{Lu}[\p{Ll}']*(?!\w)")
_SMALL_WORD = regex.compile(r"\p{Ll}+(?!\w)")
_NUMBER = regex.compile(r"\d{1,4}(?:/\p{Lu}+)?(?![\w/.])")
_DASH = regex.compile(r"\s?-\s?")
_JOIN = regex.compile(r"\s?(?:-|/|&)\s?|,\s|\s(?:và|&)\s|\s")
_SLASH = regex.compile(r"\s?/\s?")
_COLON = regex.compile(r"\s?:\s")
_UNIT = regex.compile(r"\s(?:các\s)?(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|cấp)(?!\w)")
_AND = regex.compile(r",\s|\svà\s")
_OWNER = regex.compile(r"\s\((?=\p{Lu})(?:thuộc\s)?(?P<body>[^()]{3,60})\)")
SUPERIOR = regex.compile(
    r"(?:Bộ|Sở|Tổng cục|Cục|Chi cục|Tỉnh ủy|Thành ủy|Huyện ủy|Trung ương(?: Đảng)?|Chính phủ|Quốc hội|Nhà trường|Trường"
    r"|Trung tâm|Xã|Phường|Huyện|Tỉnh|TW)(?!\w)(?!\s(?:trưởng|luật|phận|hợp))"
)


def read_institution(r: Reading, at: int, many: bool = False) -> int:
    """End of a body that needs no further name ("UBND", "Bảo hiểm xã hội"), with the territory after it."""
    end = r.end("institution", at)
    if end < 0 or r.blocked(at, end):
        return -1
    if r.compound(at):
        return -1
    small = r.end("capital", at) == end and not r.capital(at) and not many
    if small and not _UNIT.match(r.low, end):
        return -1
    if r.end("nesting", at) == end and (nested := r.inner(_nested, end, -1)) > 0:
        return nested
    if not r.has("placeless", at):
        end = _own_place(r, end)
    return tails(r, end)


def read_named(r: Reading, at: int, many: bool = False) -> int:
    """End of a head noun with its name and tails: "Sở Nội vụ", "phòng Đào tạo", "các Sở: Tài chính, Xây dựng"."""
    return max((_headed(r, at, end, many) for end in r.ends("head", at)), default=-1)


def read_full(r: Reading, at: int) -> int:
    """End of a body with a name of its own, of either kind."""
    return max(read_institution(r, at), read_named(r, at))


def _headed(r: Reading, at: int, end: int, many: bool) -> int:
    strong = r.capital(at)
    if r.blocked(at, end) or r.compound(at):
        return -1
    slash = _SLASH.match(r.low, end)
    if slash and (second := r.end("head", slash.end())) > 0:
        end = second
    colon = _COLON.match(r.low, end) if many else None
    begin = colon.end() if colon else r.skip(end)
    if begin == end:
        return -1
    named = read_name(r, begin, strong or many, many)
    nested = r.inner(_nested, end, -1) if strong or r.end("nesting", at) == end else -1
    if named > 0 and nested < 0:
        end_of_name = _owner(r, tails(r, named))
        return _after_dash(r, end_of_name) if r.has("under", at) else end_of_name
    return nested if nested > 0 else _head_of_territory(r, at, end, many)


def _nested(r: Reading, end: int) -> int:
    """A body named by the body it belongs to: "Đảng ủy Công an tỉnh", "Văn phòng Bộ"."""
    at = r.skip(end)
    if at == end:
        return -1
    inner = max(read_full(r, at), _nested_many(r, at))
    if inner > 0:
        return inner
    superior = SUPERIOR.match(r.plain, at)
    return tails(r, superior.end()) if superior else -1


def _nested_many(r: Reading, at: int) -> int:
    """Several bodies above: "ban thường vụ các huyện ủy, thành ủy"."""
    quantified = r.end("quantifier", at)
    end = read_institution(r, r.skip(quantified), True) if quantified > 0 else -1
    while end > 0 and (join := _AND.match(r.low, end)) and (more := read_institution(r, join.end(), True)) > 0:
        end = more
    return end


def _head_of_territory(r: Reading, at: int, end: int, many: bool) -> int:
    """A kind of body with a territory only: "Thanh tra tỉnh", "Trung tâm Y tế huyện"."""
    tail = tails(r, end)
    if tail == end or many or not (r.capital(at) or " " in r.low[at:end]):
        return -1
    return tail


def _owner(r: Reading, end: int) -> int:
    """The body above in brackets: "Vụ Pháp chế (Bộ Y tế)"."""
    found = _OWNER.match(r.plain, end)
    if found is None:
        return end
    start, stop = found.span("body")
    return found.end() if r.inner(read_full, start, -1) == stop else end


def _after_dash(r: Reading, end: int) -> int:
    """The body above after a dash: "Phòng PA05 - Công an tỉnh"."""
    dash = _DASH.match(r.low, end)
    if dash is None or not r.capital(dash.end()) or r.has("under", dash.end()):
        return end
    return max(end, r.inner(read_full, dash.end(), -1))


def _own_place(r: Reading, end: int) -> int:
    """A place name right after the institution: "Điện lực Lạc Thủy"."""
    at = r.skip(end)
    if at == end or not r.capital(at):
        return end
    if (province := r.end("province", at)) > 0:
        return province
    last = end
    while (word := _CAPITAL_WORD.match(r.plain, at)) and not starts_body(r, at):
        last, at = word.end(), r.skip(word.end())
        if at == last:
            break
    return last


# -- proper names -------------------------------------------------------------------------------------------------


def read_name(r: Reading, at: int, strong: bool, many: bool) -> int:
    """End of a proper name: fields of work, capitals and abbreviations, joined by "và", commas and dashes.

    `strong`: the noun before it has a capital, so a known field may be printed small ("Cục thuế").
    """
    end = _first_element(r, at, strong)
    if end < 0:
        return -1
    while (join := _JOIN.match(r.low, end)) is not None:
        nxt = join.end()
        grown = r.end("province", nxt) if r.capital(nxt) and join[0] == " " else -1
        if grown < 0 and not starts_body(r, nxt):
            grown = _next_element(r, nxt, join[0].strip(), many)
        if grown < 0:
            break
        end = grown
    return end


def _first_element(r: Reading, at: int, strong: bool) -> int:
    capital = r.capital(at)
    known = r.end("field", at) if capital or strong else -1
    known = max(known, r.end("field.capital" if capital else "field.noun", at) if capital or strong else -1)
    if capital:
        known = max(known, r.end("province", at))
    if known > 0:
        return known
    if not capital:
        number = _NUMBER.match(r.plain, at) if strong else None
        return number.end() if number else -1
    return -1 if _shouted(r, at) else _capitals(r, at)


def _shouted(r: Reading, at: int) -> bool:
    """Whether a line in capitals runs through here: its unknown words may be anything."""
    before = r.plain[max(0, at - 24) : at]
    return len(before) > 2 and before.isupper() and " " in before.strip()[-8:] + " " and before.strip()[-2:].isupper()


def _next_element(r: Reading, at: int, mark: str, many: bool) -> int:
    if not r.capital(at):
        if mark or r.has("predicate", at):
            return -1
        return max(r.end("field", at), r.end("field.noun", at))
    known = max(r.end("field", at), r.end("field.capital", at))
    if known > 0:
        return known
    if _shouted(r, at):
        return -1
    if mark in ("/", "&") or many:
        return _one_capital(r, at)
    return _own_name(r, at) if mark in ("", "-") else -1


def _one_capital(r: Reading, at: int) -> int:
    found = _ACRONYM.match(r.plain, at) or _CAPITAL_WORD.match(r.plain, at)
    return found.end() if found else -1


def _own_name(r: Reading, at: int) -> int:
    """A place or a firm after the field: words with capitals. One alone before small letters opens a sentence."""
    if acronym := _ACRONYM.match(r.plain, at):
        return acronym.end()
    words, end = 0, -1
    while (word := _CAPITAL_WORD.match(r.plain, at)) and not starts_body(r, at):
        words, end, at = words + 1, word.end(), r.skip(word.end())
        if at == end:
            break
    if words == 1 and r.plain[at : at + 1].islower() and at > end and not _opens_something(r, at):
        return -1
    return end


def _capitals(r: Reading, at: int) -> int:
    """An unknown name: an abbreviation, or a word with a capital and the small second syllable it may have."""
    if acronym := _ACRONYM.match(r.plain, at):
        return acronym.end()
    word = _CAPITAL_WORD.match(r.plain, at)
    if word is None:
        return -1
    second = _SMALL_WORD.match(r.plain, r.skip(word.end()))
    if second is None or second.start() == word.end() or _opens_something(r, second.start()):
        return word.end()
    return second.end()


def _opens_something(r: Reading, at: int) -> bool:
    """Whether a small word after a name begins what the body does, a tail, or another body."""
    if r.has("predicate", at) or r.has("function", at) or starts_body(r, at):
        return True
    return bool(r.tails(at))


def starts_body(r: Reading, at: int) -> bool:
    """Whether words that open another body stand here."""
    if r.has("quantifier", at) or r.has("official", at):
        return True
    if not r.capital(at):
        return False
    field = max(r.end("field", at), r.end("field.capital", at))
    institution = r.end("institution", at)
    if institution > 0 and institution >= field:
        return r.end("capital", at) != institution or r.low.startswith("công an", at)
    return r.end("head", at) > field


# -- what follows a name --------------------------------------------------------------------------------------------


def tails(r: Reading, end: int, common: bool = False) -> int:
    """The end after territories, levels, seats, superiors and "liên quan"."""
    for _ in range(6):
        at = r.skip(end)
        grown = end
        if at > end and r.low[at : at + 1].isalnum():
            grown = max(r.tails(at), default=end)
            if grown == end:
                grown = _superior(r, at, end)
            grown = _more_places(r, at, grown)
        if grown == end and (branch := r.words.branch.match(r.plain, end)):
            grown = branch.end()
        if grown == end:
            return end
        end = grown
    return end


def _superior(r: Reading, at: int, end: int) -> int:
    """The body above: "thuộc Bộ", "của Sở Xây dựng", "trực thuộc UBND tỉnh"."""
    cue = r.words.superior_cue.match(r.low, at)
    if cue is None:
        return end
    start = cue.end()
    named = r.inner(read_full, start, -1) if r.capital(start) else -1
    if named > 0:
        return named
    bare = r.words.superior_bare.match(r.plain, start)
    if bare is None:
        return end
    if bare[0].lower() == "ngành" and (name := read_name(r, r.skip(bare.end()), True, False)) > 0:
        return name
    return max([bare.end(), *r.tails(start)])


def _more_places(r: Reading, start: int, end: int) -> int:
    """The other places after a plural: "các tỉnh: A, B và C"."""
    if not r.low.startswith("các ", start):
        return end
    if not r.plain[:end].rsplit(" ", 1)[-1][:1].isupper():
        colon = _COLON.match(r.low, end)
        place = _own_place(r, colon.end() - 1) if colon else end
        if colon is None or place == colon.end() - 1 or r.plain[r.skip(place) : r.skip(place) + 1].islower():
            return end
        end = place
    while found := r.words.places.match(r.plain, end):
        end = found.end()
    return end
