"""A year in an office, made up by chance: what is entered in the register, and an account of it kept by other means.

The account knows nothing of the program's own reckoning: it goes through every duty of every dispatch, day by day, with
rules of its own. Provinces and their mergers it reads from the list that ships with the program.
"""

from __future__ import annotations

import csv
import random
import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources

from register_papers import before, deadline, enter, obligation, paper

from pipeline.followup.recording import Entry, enter_event, undo_event
from pipeline.followup.settings import Settings
from pipeline.register import correct, remove

WHO = "Lê Thị Thử"
PROVINCES = "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"
MERGED = {  # body -> (the day on which another one took over, that one)
    "Bộ Giao thông vận tải": (date(2025, 3, 1), "Bộ Xây dựng"),
    "Bộ Kế hoạch và Đầu tư": (date(2025, 3, 1), "Bộ Tài chính"),
    "Sở Tài chính tỉnh Kon Tum": (date(2025, 7, 1), "Sở Tài chính tỉnh Quảng Ngãi"),
}
BODIES = (*MERGED, "Bộ Y tế", "Bộ Xây dựng", "Sở Mây", "Sở Gió", "Sở Y tế tỉnh Lâm Đồng")
OTHERS = ("Bộ Quốc phòng", "Bộ Công Thương")
PROVINCES_MERGED = date(2025, 7, 1)


@dataclass
class Happened:
    """An event as the account keeps it."""

    day: date
    order: int
    kind: str
    period: str | None = None
    due: date | None = None
    to: str | None = None
    undone: bool = False


@dataclass
class Duty:
    """What one body owes by the account; `limit` is ("day", last day), ("period", last day), ("monthly",),
    ("quarterly",), ("pending",) or None."""

    quote: str
    body: str | None
    issued_on: date
    limit: tuple | None
    number: int = 0
    happened: list[Happened] = field(default_factory=list)
    is_gone: bool = False


def provinces() -> list[tuple[str, str]]:
    """(name before 1 July 2025, name after) of each province, by its bare name in small letters."""
    text = resources.files("extractors.lexicon").joinpath("provinces.csv").read_text("utf-8")
    return [(row["old_name"].lower(), row["new_name"].lower()) for row in csv.DictReader(text.splitlines())]


def bare(name: str | None) -> str:
    """A province by its bare name in small letters, any other body by its own."""
    found = re.fullmatch(r"Ủy ban nhân dân (?:tỉnh |thành phố )?(.+)", name or "", re.IGNORECASE)
    return found[1].lower() if found else name or ""


# ------------------------------------------------------------------------------------------------ the account


def occurrences(duty: Duty, as_of: date):
    """(period, last day, whether a limit is set) of each time that a duty is owed by a day, one after the other."""
    if duty.limit is None or duty.limit[0] in ("day", "period", "pending"):
        yield None, duty.limit[1] if duty.limit and len(duty.limit) > 1 else None, duty.limit is not None
        return
    months = 1 if duty.limit[0] == "monthly" else 3
    year, month = duty.issued_on.year, 1
    while date(year, month, 1) <= as_of:
        last_month = month + months - 1
        due = date(year, last_month, 20 if months == 1 else monthrange(year, last_month)[1])
        # a period without a printed day that closes on the day of issue is reported on too
        if due > duty.issued_on or (due == duty.issued_on and months == 3):
            yield f"{year}-{month:02d}" if months == 1 else f"{year}Q{month // 3 + 1}", due, True
        year, month = (year, month + months) if month + months <= 12 else (year + 1, 1)


def history(duty: Duty, period: str | None, as_of: date):
    """What happened to one time of a duty by a day, in order."""
    events = [e for e in duty.happened if not e.undone and e.day <= as_of and e.period == period]
    if period:
        whole = ("withdrawn", "reassigned", "suspended", "confirmed")
        events += [e for e in duty.happened if not e.undone and e.day <= as_of and not e.period and e.kind in whole]
    return sorted(events, key=lambda e: (e.day, e.order))


def stands(duty: Duty, period: str | None, last_day: date | None, as_of: date) -> dict:
    """state, body (None: as in the dispatch), last day in force, and when and how it ended."""
    now = {"state": "open", "body": None, "last_day": last_day, "reported": None, "ended": None}
    for event in history(duty, period, as_of):
        if now["ended"]:
            continue
        if event.kind in ("accepted", "withdrawn"):
            now |= {"state": event.kind, "ended": event.day}
        elif event.kind == "extended":
            now["last_day"] = event.due
        elif event.kind == "reassigned":
            now["body"] = event.to
        elif event.kind == "reported":
            now |= {"state": "reported", "reported": event.day}
        elif event.kind in ("returned", "confirmed"):
            now |= {"state": "open", "reported": None}
        elif event.kind == "suspended":
            now["state"] = "suspended"
    return now


def answers(body: str | None, day: date) -> str:
    """Who answers for a body on a day."""
    if body in MERGED and day >= MERGED[body][0]:
        return bare(MERGED[body][1])
    if day >= PROVINCES_MERGED and (body or "").startswith("tỉnh:"):
        return dict(provinces())[body[5:]]
    return (body or "").removeprefix("tỉnh:")


def account(duties: list[Duty], as_of: date):
    """(what is late: (words, body, period or "", days), in order; the figures of each body) at the end of a day."""
    late: list = []
    figures: dict = {}
    for duty in duties:
        if duty.is_gone or duty.issued_on > as_of:
            continue
        for period, last_day, has_limit in occurrences(duty, as_of):
            now = stands(duty, period, last_day, as_of)
            body = answers(now["body"] or duty.body, now["ended"] or as_of)
            column = _column(now, has_limit, as_of)
            if column:
                figures.setdefault(body, dict.fromkeys(COLUMNS, 0))[column] += 1
            if column == "overdue":
                late.append((duty.quote, body, period or "", (as_of - now["last_day"]).days))
    return sorted(late), figures


COLUMNS = ("done_on_time", "done_late", "open_in_time", "overdue", "no_deadline", "suspended")


def _column(now: dict, has_limit: bool, as_of: date) -> str | None:
    if now["state"] == "withdrawn":
        return None
    if now["state"] == "suspended":
        return "suspended"
    if now["last_day"] is None:
        return "no_deadline"
    if now["state"] == "accepted":
        return "done_on_time" if (now["reported"] or now["ended"]) <= now["last_day"] else "done_late"
    if now["reported"] and now["reported"] <= now["last_day"]:
        return "open_in_time"
    return "overdue" if as_of > now["last_day"] else "open_in_time"


# ------------------------------------------------------------------------------------------------ the year


class Year:
    """Fills a register through the doors that people use, and keeps the account of it."""

    def __init__(self, register, seed: int = 1) -> None:
        self.register = register
        self.chance = random.Random(seed)
        self.settings = Settings()
        self.duties: list[Duty] = []
        self.letters: list[dict] = []
        self.today = date(2025, 1, 1)
        self.order = 0

    def live(self, letters: int) -> None:
        """A year with so many dispatches."""
        days = sorted(date(2025, 1, 2) + timedelta(days=self.chance.randrange(363)) for _ in range(letters))
        for count, day in enumerate(days):
            self.today = day
            self._letter(count)
            if count == letters // 2:
                self._read_again()
            for _ in range(3):
                self._something_happens()
        self.today = date(2025, 12, 31)
        for _ in range(letters // 3):
            self._something_happens()

    @property
    def now(self) -> str:
        return f"{self.today}T08:00:00+07:00"

    def _limit(self):
        """(as the document states it, as the account keeps it)"""
        chance, day = self.chance.random(), self.today + timedelta(days=self.chance.randrange(5, 120))
        words = f"{day.day}/{day.month}/{day.year}"
        if chance < 0.35:
            return before(words, day.isoformat()), ("day", day - timedelta(days=1))
        if chance < 0.55:
            return deadline(f"đến hết ngày {words}", day.isoformat(), boundary="on_or_before"), ("day", day)
        if chance < 0.7:
            end = date(day.year, day.month, monthrange(day.year, day.month)[1])
            return deadline(f"trong tháng {day.month}/{day.year}", end.isoformat(), "period"), ("period", end)
        if chance < 0.76:
            rule = "FREQ=MONTHLY;BYMONTHDAY=20"
            return deadline("ngày 20 hằng tháng", None, "recurring", rrule=rule), ("monthly",)
        if chance < 0.82:
            return deadline("hằng quý", None, "recurring", rrule="FREQ=MONTHLY;INTERVAL=3"), ("quarterly",)
        if chance < 0.88:
            return deadline("sau khi kết thúc đợt kiểm tra", None, "event"), ("pending",)
        return None, None

    def _letter(self, count: int) -> None:
        asked = []
        for n in range(self.chance.randrange(1, 4)):
            printed, limit = self._limit()
            leads = (PROVINCES,) if self.chance.random() < 0.02 else tuple(
                self.chance.sample(BODIES, self.chance.choice((1, 1, 1, 2)))
            )  # fmt: skip
            leads = () if self.chance.random() < 0.03 else leads
            quote = f"Việc {count} khoản {n}: rà soát, lập danh mục {self.chance.randrange(10**9)} và báo cáo"
            asked.append((quote, printed, leads, limit))
        letter = {"count": count, "day": self.today, "asked": asked}
        self.letters.append(letter)
        letter["id"] = enter(self.register, self._paper(letter), path=f"{count}", now=self.now).dispatch_id
        for quote, _, leads, limit in asked:
            for body in self._owing(leads):
                self.duties.append(Duty(quote, body, self.today, limit))
        self._number(letter)

    def _owing(self, leads):
        if not leads:
            return [None]
        if leads != (PROVINCES,):
            return list(leads)
        names = provinces()
        if self.today < PROVINCES_MERGED:
            return [f"tỉnh:{old}" for old, _ in names]
        return sorted({new for _, new in names})

    def _paper(self, letter, asked=None):
        made = [
            obligation(quote, *([limit] if limit else []), lead=leads)
            for quote, limit, leads, _ in (asked or letter["asked"])
        ]
        count = letter["count"]
        words = f"Văn bản thứ {count} của năm, số ngẫu nhiên {count * 7919}, về những việc phải làm trong năm {count}."
        return paper(
            *made, number=f"{count}/CV-BTC", issuer="Bộ Tài chính", issued_on=letter["day"].isoformat(),
            subject=f"công việc thứ {count}", doc_type="công văn", filler=words, addressees=(),
        )  # fmt: skip

    def _number(self, letter) -> None:
        """Which of the register's duties is which of the account's: by words and body, as the register printed them."""
        rows = self.register.rows(
            "SELECT y.id, o.quote, y.sort, y.printed, b.name FROM duties y JOIN obligations o ON o.id = y.obligation_id"
            " LEFT JOIN bodies b ON b.id = y.body_id WHERE o.dispatch_id = ? AND y.is_current",
            (letter["id"],),
        )
        ids = {(r["quote"], bare(r["name"]) if r["sort"] == "member" else r["printed"]): r["id"] for r in rows}
        for duty in self.duties:
            if not duty.number and duty.issued_on == self.today:
                key = (duty.quote, duty.body and duty.body.removeprefix("tỉnh:"))
                duty.number = ids.get(key, 0)

    def _read_again(self) -> None:
        """A new version of the program reads everything anew; of some letters it finds one obligation no more."""
        for letter in self.letters:
            kept = letter["asked"]
            if self.chance.random() < 0.1 and len(kept) > 1:
                kept = kept[1:]
                for duty in self.duties:
                    duty.is_gone = duty.is_gone or duty.quote == letter["asked"][0][0]
            document, _ = self._paper(letter)
            _, dispatch = self._paper(letter, kept)
            enter(self.register, (document, dispatch), path=f"{letter['count']}", version="2", now=self.now)

    # -------------------------------------------------------------------------------- what happens

    def _something_happens(self) -> None:
        chance = self.chance.random()
        if chance < 0.02:
            self._correct_a_day()
        elif chance < 0.03:
            self._remove_a_letter()
        elif chance < 0.08:
            self._take_back()
        else:
            self._event()

    def _event(self) -> None:
        duty = self.chance.choice(self.duties)
        times = list(occurrences(duty, self.today))
        if duty.is_gone or not times:
            return
        period, last_day, _ = self.chance.choice(times)
        day = self.today - timedelta(days=self.chance.choice((0, 0, 1, 5)))
        whole = period is not None and self.chance.random() < 0.15
        if day < duty.issued_on or any(e.day > day for e in duty.happened if not e.undone):
            return
        now = stands(duty, None if whole else period, last_day, day)
        kinds = {
            "open": (*("accepted", "reported") * 2, "extended", "suspended", "withdrawn", "reassigned", "reminded"),
            "reported": ("accepted", "accepted", "returned", "withdrawn"),
            "suspended": ("confirmed", "withdrawn"),
        }.get(now["state"], ())  # fmt: skip
        if whole:
            kinds = [kind for kind in kinds if kind in ("withdrawn", "reassigned", "suspended", "confirmed")]
            kinds = kinds if now["state"] != "reported" else []
        if kinds:
            self._enter(duty, self.chance.choice(kinds), None if whole else period, day, now["last_day"])

    def _enter(self, duty: Duty, kind: str, period: str | None, day: date, last_day: date | None) -> None:
        due = last_day + timedelta(days=self.chance.randrange(1, 60)) if last_day else None
        if kind == "extended" and not due:
            return
        to = self.chance.choice(OTHERS) if kind == "reassigned" else None
        given = {"due": due.isoformat() if due and kind == "extended" else None, "to": to}
        target = f"T{duty.number}@{period}" if period else f"T{duty.number}"
        given["proof"] = self._reply(day) if kind == "reported" else None
        made = enter_event(
            self.register, Entry(kind, target, day.isoformat(), **given), self.settings, who=WHO, now=self.now
        )
        self.order = int(made.event[1:])
        duty.happened.append(Happened(day, self.order, kind, period, due if kind == "extended" else None, to))

    def _reply(self, day: date) -> str:
        """A report comes in, and proves what it reports."""
        number = f"{self.order + 1}/BC-{self.today:%m%d}"
        made = paper(
            number=number, issuer="Sở Mây", issued_on=day.isoformat(), subject=f"báo cáo kết quả {number}",
            doc_type="báo cáo", filler=f"Báo cáo {number}.", addressees=(),
        )  # fmt: skip
        enter(self.register, made, path=f"tra-loi-{number}", now=self.now)
        return number

    def _take_back(self) -> None:
        """The newest event of a duty is taken back."""
        duties = [d for d in self.duties if not d.is_gone and any(not e.undone for e in d.happened)]
        if duties:
            duty = self.chance.choice(duties)
            event = max((e for e in duty.happened if not e.undone), key=lambda e: (e.day, e.order))
            undo_event(self.register, event.order, who=WHO, now=self.now)
            event.undone = True

    def _correct_a_day(self) -> None:
        """A person reads another day in the document."""
        known = [d for d in self.duties if d.limit and d.limit[0] == "day" and not d.is_gone and not d.happened]
        if not known:
            return
        quote = self.chance.choice(known).quote
        same = [d for d in self.duties if d.quote == quote]
        if any(d.happened for d in same):
            return
        (row,) = self.register.rows(
            "SELECT l.id, l.boundary FROM deadlines l JOIN obligations o ON o.id = l.obligation_id WHERE o.quote = ?",
            (quote,),
        )
        due = same[0].issued_on + timedelta(days=self.chance.randrange(5, 200))
        correct(self.register, f"L{row['id']}", "due", due.isoformat(), who=WHO, now=self.now, why="đọc lại")
        for duty in same:
            duty.limit = ("day", due - timedelta(days=1) if row["boundary"] == "before" else due)

    def _remove_a_letter(self) -> None:
        letter = self.chance.choice(self.letters)
        if letter.get("removed"):
            return
        letter["removed"] = True
        remove(self.register, f"D{letter['id']}", who=WHO, now=self.now, why="nạp nhầm")
        for quote, *_ in letter["asked"]:
            for duty in self.duties:
                duty.is_gone = duty.is_gone or duty.quote == quote
