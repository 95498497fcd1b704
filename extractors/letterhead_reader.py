"""Đọc phần đầu văn bản: walks over the pieces of a letterhead and gives each to its part."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.document_type import title_of
from extractors.endless_lines import addressee_run_on, subject_run_on
from extractors.landmarks import (
    continues,
    is_noise,
    is_office,
    is_office_line,
    like_motto,
    looks_like_body,
    matches,
    opens,
    squeeze,
    wraps,
)
from extractors.letterhead import Letterhead
from extractors.model import Document
from extractors.pieces import BARE_NUMBER, SPOILT_NUMBER, Piece, number_label, pieces, place_date
from extractors.placing import (
    LINE_OF_WORDS,
    below_signatures,
    centred_under,
    in_column_of,
    is_beside,
    is_in_brackets,
    is_next_line,
    is_off_centre,
    is_spoilt,
    left_margin,
    opens_text,
    part_from,
)

MAX_LINES = 160
USUAL_LINES = 48
_LONG = 70
_COMPOUND = regex.compile(r"\s+(?:hanh dong|cong tac|phoi hop|lien tich)(?=\W*$)")
_ITEM = regex.compile(r"\s*(?:[-+~•*–—>·]|\d{1,2}[.)])\s*\S")
_NUMBERED = regex.compile(r"\s*\d{1,2}[.)]\s+\S")
_SAID = regex.compile(r"\W{0,3}(?:ve viec|v/v)\b")
_SYMBOL_SIGN = regex.compile(r"/|-\s?\p{Lu}")
_ABOUT_LABEL = regex.compile(r"\W{0,3}(?:v\s?/\s?v|ve viec)\b")
_ADDRESS = regex.compile(r"\W*(?:dia chi|d\s?[/.]?\s?c(?:hi)?\b|m(?:a so thue|st)\b|dien thoai)")


def read_letterhead(document: Document, start: int = 0, end: int | None = None) -> Letterhead:
    """The letterhead that begins at line `start`."""
    stop = min(len(document.lines) if end is None else end, start + MAX_LINES)
    for limit in (start + USUAL_LINES, stop):
        last = min(limit, stop)
        reader = _Reader(list(pieces(document, start, last)), document)
        head = reader.read(last)
        if head.body + 6 < last:
            break
    return head


class _Reader:
    """Walks over the pieces once; each step takes those that belong to one part."""

    def __init__(self, found: Sequence[Piece], document: Document) -> None:
        scanned = bool(document.words)
        self.pieces = below_signatures(found) if scanned else found
        self.document, self.scanned = document, scanned
        self.edge = max((p.right for p in self.pieces if p.right is not None and len(p.text) > _LONG), default=0.0)
        self.at = 0
        self.head = Letterhead(scanned=scanned)

    def read(self, stop: int) -> Letterhead:
        while self.at < len(self.pieces):
            if not self._step(self.pieces[self.at]) or self.head.body_offset is not None:
                break
        head = self.head
        head.body = self.pieces[self.at].line if self.at < len(self.pieces) else stop
        if head.body_offset is not None:
            head.body = (head.addressees or head.subject)[0].line
        return head

    def _step(self, p: Piece) -> bool:
        """Take one piece (or a run of them); False where the body begins."""
        head = self.head
        if self.scanned and self._goes_on_below(p):
            head.subject.append(p)
            self.at += 1
            return True
        if self._take_landmark(p):
            return True
        if head.addressees and self._awaits_addressees(p):
            self._take_addressees(p, head.addressees)
            return True
        if is_noise(p) or (self.scanned and p.column == 1 and not head.title) or not any(c.isalnum() for c in p.text):
            self.at += 1
            return True
        title = self._title(p)
        if title and not head.title and not head.addressees:
            self._take_title(p, *title)
            return True
        if head.addressees or (head.title and (head.subject or self._opens_body(p))):
            return self._take_authority(p)
        if self._opens_body(p) and head.landmarks:
            return False
        return self._take_top(p)

    # -- landmarks

    def _take_landmark(self, p: Piece) -> bool:
        head = self.head
        if (matches("motto", p.key) or (self.scanned and like_motto(p.key))) and len(p.text) < 90:
            head.motto.append(p)
        elif matches("party", p.key) and p.capitals:
            head.party.append(p)
        elif not head.date and place_date(p.text, p.key) and len(p.text) < _LONG:
            head.date = p
        elif not head.number and self._is_number(p):
            head.number = p
        elif matches("addressees", p.key) and p.key.find("kinh") < 6 and not head.addressees:
            self._take_addressees(p)
            return True
        elif not head.addressees and self._is_telegram(p):
            self._take_addressees(p)
            head.telegram = True
            return True
        elif self._is_stamp(p):
            head.stamps.append(p)
        elif self._is_about(p):
            self._take_about(p)
            return True
        else:
            return False
        self.at += 1
        return True

    def _is_number(self, p: Piece) -> bool:
        if self.head.title:
            return False
        m = number_label(p.text, p.key)
        if not m or m.start() > 3:
            bare = self.head.motto and BARE_NUMBER.match(p.text)
            spoilt = self.scanned and (self.head.issuer or self.head.motto) and SPOILT_NUMBER.match(p.text)
            return bool(len(p.text) < 40 and (bare or spoilt))
        rest = p.text[m.end() :]
        return len(p.text) < _LONG and bool(_SYMBOL_SIGN.search(rest) or not rest.strip() or len(rest) < 12)

    def _is_about(self, p: Piece) -> bool:
        head = self.head
        begun = head.number or head.motto or head.date or (self.scanned and head.issuer)
        if head.about or head.title or not begun:
            return False
        if self.scanned and head.number and p.column == 0 and not p.capitals and LINE_OF_WORDS.search(p.text):
            return True  # the block under the number, whatever became of its "V/v"
        if not head.number and not _ABOUT_LABEL.match(p.key):
            return False
        return bool(matches("about", p.key) or (head.number and p.key.startswith("ve ") and len(p.text) < 200))

    def _is_telegram(self, p: Piece) -> bool:
        return bool(self.head.title and self.head.type == "công điện" and matches("telegram", p.key))

    def _is_stamp(self, p: Piece) -> bool:
        return bool(matches("urgency", p.key, "marks") and p.capitals)

    # -- title and subject

    def _title(self, p: Piece) -> tuple[str, int] | None:
        found = title_of(p.key)
        if not found:
            return None
        name = p.text[: found[1]]
        letters = [c for c in name if c.isalpha()]
        if sum(c.isupper() for c in letters) < 0.8 * len(letters):
            return None
        rest = p.text[found[1] :].strip(" :.-*")
        head = self.head
        stamp = self.scanned and head.about  # what goes on is the head of a stamp beside the block under the number
        if rest and (stamp or not (head.number or head.date or head.motto) or matches("decides", p.key)):
            return None
        return found

    def _take_title(self, p: Piece, name: str, end: int) -> None:
        head = self.head
        head.title, head.type = p, name
        self.at += 1
        if head.about:
            return
        if m := _COMPOUND.match(p.key, end):
            end = m.end()
        taken: list[Piece] = []
        if any(c.isalnum() for c in p.words.cut(end).text):
            taken.append(part_from(p, end))
            if cut := subject_run_on(taken[0]):
                head.subject, head.body_offset = [cut[0]], cut[1]
                return
        while self.at < len(self.pieces):
            q = self.pieces[self.at]
            if self.scanned:
                if self._new_part(q) or matches("bases", q.key):
                    break
                q = centred_under(head.title, q, self.document)
            if is_noise(q) or (self.scanned and (is_beside(head.title, q) or not any(c.isalnum() for c in q.text))):
                self.at += 1
                continue
            if self._ends_subject(q, taken) or (taken and self.scanned and self._opens_text(taken[-1], q)):
                break
            taken.append(q)
            self.at += 1
        head.subject = taken

    def _opens_text(self, above: Piece, q: Piece) -> bool:
        title = self.head.title or above
        return opens_text(above, q, self.edge) or is_spoilt(q, self.document) or is_off_centre(title, q)

    def _ends_subject(self, q: Piece, taken: list[Piece]) -> bool:
        if not any(c.isalnum() for c in q.text):
            return bool(taken)
        if taken and taken[-1].text.endswith(";") and q.bold == taken[-1].bold and not q.gap:
            return False  # a list within the subject: "(1) roads; (2) wells"
        if self._new_part(q) or (matches("structure", q.key) and not continues(taken)):
            return True
        if not taken or (taken[0].key.lstrip().startswith("cua ") and _SAID.match(q.key)):
            return not taken and self._is_body_at_once(q)  # below a title that names the issuer: what it is about
        last = taken[-1]
        if continues(taken) and not q.gap:
            return False
        if q.column != taken[0].column and q.column is not None:
            return True
        if self._is_authority(q, taken):
            return True
        if q.text[0].islower() and not q.gap:
            return False
        if last.bold and not q.bold:
            return True
        if last.bold and q.bold and self.head.title and self.head.title.bold:
            return False
        if q.gap:
            return not ((q.capitals and last.capitals) or q.text[0].islower())
        if q.capitals and last.capitals:
            return False
        if opens(q):
            return True
        return len(q.text) > 110 or last.text.rstrip().endswith((".", "./.")) or (last.capitals and not q.capitals)

    def _is_body_at_once(self, q: Piece) -> bool:
        """Whether no subject stands under the title: the bases or the text itself follow it."""
        if matches("bases", q.key):
            return True
        if self.head.title and self.head.title.bold and not q.bold and not q.capitals and len(q.text) > 60:
            return True
        running = len(q.text) > 60 and (self.head.type == "giấy mời" or len(q.text) > 250)
        return running and opens(q) and not q.capitals

    def _is_authority(self, q: Piece, taken: list[Piece]) -> bool:
        """The body or office that decides, in capitals between subject and bases ("CHÍNH PHỦ")."""
        if not q.capitals:
            return False
        names = {squeeze(i.key) for i in self.head.issuer} | {squeeze("".join(i.key for i in self.head.issuer))}
        if squeeze(q.key) in names or (not taken[-1].capitals and is_office(q.key)):
            return True
        return bool(is_office(q.key) and self._next_opens())

    def _next_opens(self) -> bool:
        later = self.pieces[self.at + 1 : self.at + 4]
        return any(opens(p) for p in later[:2]) or bool(later and matches("structure", later[0].key))

    def _take_about(self, p: Piece) -> None:
        head = self.head
        head.about = True
        taken = [p]
        self.at += 1
        while self.at < len(self.pieces):
            q = self.pieces[self.at]
            if self._new_part(q) or self._title(q) or is_noise(q) or is_office_line(q):
                break
            if self.scanned and not any(c.isalnum() for c in q.text):
                self.at += 1
                continue
            if (
                not (q.column == p.column or (self.scanned and in_column_of(p, q)))
                or (q.gap and not continues(taken) and not wraps(q))
                or len(q.text) > 150
                or (self.scanned and p.column is None and is_off_centre(p, q))  # a stamp beside centred lines
            ):
                break
            if p.x is not None and q.x is not None and q.column is None and q.x > p.x + 200:
                break
            if (not q.starts_line and q.line != taken[-1].line) or (taken[-1].text[-1:] == "." and q.text[0].isupper()):
                break
            if opens(q) and q.text[0].isupper() and len(q.text) > 55:
                break
            taken.append(q)
            self.at += 1
        head.subject = taken

    def _goes_on_below(self, p: Piece) -> bool:
        """Whether a piece is the next line of the block under the number, cut off from it by the right column."""
        head = self.head
        if not (head.about and head.subject) or head.addressees or head.title or self._new_part(p):
            return False
        return is_next_line(head.subject[-1], p, self.document) and in_column_of(head.subject[-1], p)

    def _new_part(self, q: Piece) -> bool:
        return bool(
            matches("motto", q.key)
            or (place_date(q.text, q.key) and len(q.text) < _LONG)
            or (matches("addressees", q.key) and q.key.find("kinh") < 6)
            or (not self.head.number and self._is_number(q))
            or self._is_stamp(q)
            or matches("decides", q.key)
            or (self._is_telegram(q))
        )

    # -- addressees

    def _awaits_addressees(self, p: Piece) -> bool:
        """Whether "Kính gửi:" stood alone in the left cell and its list comes after the right cell's motto."""
        label = self.head.addressees
        alone = len(label) == 1 and label[0].key.rstrip(" :.*").endswith(("gui", "goi", "gu"))
        return alone and bool(_ITEM.match(p.text)) and (p.column == 1 or self.at < 20)

    def _take_addressees(self, p: Piece, label: Sequence[Piece] = ()) -> None:
        taken = [*label, p]
        self.at += 1
        if len(taken) == 1 and (cut := addressee_run_on(p)):
            self.head.addressees, self.head.body_offset = [cut[0]], cut[1]
            return
        while self.at < len(self.pieces):
            q = self.pieces[self.at]
            if (is_noise(q) and not _ADDRESS.match(q.key)) or not any(c.isalnum() for c in q.text):
                self.at += 1
                continue
            if self._ends_addressees(q, taken):
                break
            taken.append(q)
            self.at += 1
        self.head.addressees = taken

    def _ends_addressees(self, q: Piece, taken: list[Piece]) -> bool:
        if self._new_part(q) or self._title(q) or matches("decides", q.key):
            return True
        last = taken[-1].text.rstrip(" *_")
        if is_in_brackets(taken, _ITEM if self.scanned else None) and len(taken) < 12:
            return False
        empty = (last.endswith(":") and len(taken) == 1) or not any(c.isalnum() for c in last)
        bullet = bool(_ITEM.match(q.text))
        if not empty and _NUMBERED.match(q.text) and not any(_NUMBERED.match(t.text) for t in taken):
            return True
        if _ADDRESS.match(q.key):
            return False
        if opens(q) and len(q.text) > 40:
            return True
        if not bullet and not empty and q.text[0].isupper() and matches("speech", q.key):
            return True
        if bullet:
            return len(q.text) > 200 and not last.endswith((";", ",", ":"))
        if empty or last.endswith((";", ",")) or continues(taken):
            return len(q.text) > 260
        if q.gap:
            return not last.endswith(";")
        if last.endswith("."):
            return True
        return not (
            q.text[0].islower() or (q.x is not None and taken[0].x is not None and q.x > left_margin(self.pieces) + 60)
        ) or (len(q.text) > 95)

    # -- the rest

    def _take_authority(self, p: Piece) -> bool:
        head = self.head
        if (head.title or not head.addressees) and p.capitals and is_office(p.key) and not matches("structure", p.key):
            head.authority.append(p)
            self.at += 1
            return True
        return False

    def _take_top(self, p: Piece) -> bool:
        head = self.head
        if p.capitals or (not head.number and (looks_like_body(p) or self._stands_left(p))):
            right = self.scanned and p.column == 1
            (head.issuer if not (head.number or head.about or right) else head.left).append(p)
        elif len(p.text) > 2 * _LONG and head.landmarks > 1:
            return False
        else:
            head.left.append(p)
            lost = head.landmarks == 0 and len(head.left) > 25
            if lost or (head.landmarks > 1 and head.number and p.starts_line and len(p.text) > _LONG):
                return False
        self.at += 1
        return True

    def _stands_left(self, p: Piece) -> bool:
        """A recognised line left of the motto is part of the issuer's name, whatever became of its capitals."""
        return self.scanned and p.column == 0 and not self.head.date and len(p.text) < 60 and not p.text[0].islower()

    def _opens_body(self, p: Piece) -> bool:
        marked = bool(matches("structure", p.key) or matches("decides", p.key))
        return marked or (opens(p) and not p.capitals and len(p.text) > 30)
