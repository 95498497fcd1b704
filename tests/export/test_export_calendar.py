"""The calendar as calendar programs read it: with a library, and by the lines of RFC 5545 alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar
from register_papers import LATER, NOW, WHO, before, deadline, enter, obligation, paper

from pipeline.export.calendar import calendar, feed
from pipeline.export.series import expanded, series
from pipeline.followup.occurrences import Recurrence, lay_out
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.settings import Settings
from pipeline.register import TaskFilter, correct, finish_run, open_register, start_run

AS_OF = date(2026, 1, 20)
STRICT = Settings()
LENIENT = Settings(before="lenient")


def made(register, settings=LENIENT, as_of=AS_OF, **wanted):
    return calendar(register, TaskFilter(**wanted), settings, as_of=as_of)


def parts(data, name):
    return Calendar.from_ical(data).walk(name)


def happens(register, kind, target="T1", day="2026-01-15", now=LATER, **more):
    return enter_event(register, Entry(kind, target, day, **more), LENIENT, who=WHO, now=now, why="theo phiếu")


# ------------------------------------------------------------------ a reader of its own: RFC 5545, section 3.1


def lines_of(data):
    """The content lines of a calendar: (name, parameters, value); nothing of the library that wrote them."""
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    physical = data.split(b"\r\n")
    assert max(map(len, physical)) <= 75
    for line in data.replace(b"\r\n ", b"").decode("utf-8").rstrip("\r\n").split("\r\n"):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        yield name, parameters, value


def components(data, kind):
    """The lines of each component of a kind, without those of components in it."""
    stack, out = [], []
    for name, parameters, value in lines_of(data):
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            ended, content = stack.pop()
            assert ended == value
            if ended == kind:
                out.append(content)
        else:
            stack[-1][1].setdefault(name, []).append((parameters, value))
    assert not stack
    return out


def day(text):
    return datetime.strptime(text, "%Y%m%d").date()


def days_shown(data, until, kind="VEVENT", start="DTSTART"):
    """Every day on which a calendar program shows something of a calendar with one series."""
    out, moved = set(), {}
    whole = None
    for part in components(data, kind):
        if "RECURRENCE-ID" in part:
            moved[day(part["RECURRENCE-ID"][0][1])] = day(part[start][0][1])
        else:
            whole = part
    first = day(whole["DTSTART"][0][1])
    if "RRULE" in whole:
        rule = rrulestr(whole["RRULE"][0][1], dtstart=datetime(first.year, first.month, first.day))
        out |= {
            moment.date()
            for moment in rule.between(datetime(2000, 1, 1), datetime(2100, 1, 1), inc=True)
            if moment.date() <= until
        }
    else:
        out.add(first)
    out -= {day(one) for _, text in whole.get("EXDATE", ()) for one in text.split(",")}
    out |= {day(one) for _, text in whole.get("RDATE", ()) for one in text.split(",")}
    assert moved.keys() <= out
    return {moved.get(one, one) for one in out}


# ------------------------------------------------------------------ one day


def test_a_duty_is_a_to_do_and_an_all_day_event(register):
    limit = before("10/2/2026", "2026-02-10")
    enter(register, paper(obligation("Gửi báo cáo; nêu rõ, cụ thể", limit, coordinating=("Sở Gió",))))
    data = made(register, STRICT).data
    (todo,), (event,) = parts(data, "VTODO"), parts(data, "VEVENT")
    assert todo["DUE"].dt == event["DTSTART"].dt == date(2026, 2, 9)  # on time is the day before
    assert event["DTEND"].dt == date(2026, 2, 10)
    assert todo["STATUS"] == "NEEDS-ACTION"
    assert event["SUMMARY"] == "Gửi báo cáo; nêu rõ, cụ thể"
    words = event["DESCRIPTION"]
    assert "trước ngày 10/2/2026" in words and "số 12/CT-UBND" in words and "05/01/2026" in words
    assert "Sở Gió" in words and "ngày liền trước" in words
    assert event["CATEGORIES"].cats == ["Sở Mây"]
    assert made(register, LENIENT).data != data


@pytest.mark.parametrize(
    ("issued_on", "words"),
    [("2026-01-05", "ngày 05/01/2026"), ("2026-01", "tháng 01/2026"), ("2026", "năm 2026"), (None, "")],
)
def test_the_day_of_a_dispatch_is_told_as_far_as_it_is_printed(register, issued_on, words):
    enter(register, paper(obligation("Gửi báo cáo", deadline("đến 31/3/2026", "2026-03-31")), issued_on=issued_on))
    (todo,) = parts(made(register).data, "VTODO")
    assert " ".join(f"số 12/CT-UBND {words} của Ủy ban".split()) in todo["DESCRIPTION"]


def test_the_lines_are_as_the_standard_says_without_the_library_that_wrote_them(register):
    enter(register, paper(obligation("Rà soát, gửi báo cáo\\về Sở; " * 30, before("10/2", "2026-02-10"))))
    data = made(register).data
    (todo,), (event,) = components(data, "VTODO"), components(data, "VEVENT")
    assert todo["DUE"] == [(["VALUE=DATE"], "20260210")]
    assert event["DTEND"] == [(["VALUE=DATE"], "20260211")]
    assert {"UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "SUMMARY", "DESCRIPTION"} <= todo.keys() & event.keys()
    (whole,) = components(data, "VCALENDAR")
    assert whole["X-WR-TIMEZONE"] == [([], "Asia/Ho_Chi_Minh")]
    assert whole["X-WR-CALNAME"] == [([], "Hạn công việc – Sở Mây")]
    plain = event["DESCRIPTION"][0][1].replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\")
    assert "gửi báo cáo\\về Sở; Rà soát, gửi" in plain


def test_reminders_ring_at_eight_on_the_days_that_the_office_calls_soon(register):
    enter(register, paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10"))))
    data = made(register, Settings(before="lenient", soon=(5, 1))).data
    for part in (*parts(data, "VTODO"), *parts(data, "VEVENT")):
        start = datetime(2026, 2, 10)
        rings = [start + alarm["TRIGGER"].dt for alarm in part.walk("VALARM")]
        assert rings == [datetime(2026, 2, 5, 8), datetime(2026, 2, 9, 8)]
    assert not parts(made(register, as_of=date(2026, 3, 1)).data, "VALARM")  # it is late


def test_what_is_done_is_completed_and_what_is_withdrawn_cancelled(register):
    limit = before("10/2", "2026-02-10")
    enter(register, paper(obligation("Gửi báo cáo", limit), obligation("Trồng cây", limit)))
    happens(register, "accepted")
    happens(register, "withdrawn", "T2")
    data = made(register).data
    done, gone = parts(data, "VTODO")
    assert (done["STATUS"], gone["STATUS"]) == ("COMPLETED", "CANCELLED")
    assert done["COMPLETED"].dt.astimezone(datetime.now().astimezone().tzinfo).date() == date(2026, 1, 15)
    assert [event["STATUS"] for event in parts(data, "VEVENT")] == ["CONFIRMED", "CANCELLED"]
    assert "Đã xong" in parts(data, "VEVENT")[0]["SUMMARY"]
    assert not parts(data, "VALARM")
    assert not parts(made(register, as_of=date(2027, 6, 1)).data, "VTODO")  # over for more than a year


def test_an_extension_moves_the_day_and_keeps_the_entry(register):
    enter(register, paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10"))))
    (old,) = parts(made(register).data, "VTODO")
    happens(register, "extended", due="2026-03-05")
    (new,) = parts(made(register).data, "VTODO")
    assert (old["UID"], new["DUE"].dt) == (new["UID"], date(2026, 3, 5))
    assert new["SEQUENCE"] > old["SEQUENCE"] and new["LAST-MODIFIED"].dt > old["LAST-MODIFIED"].dt
    assert "10/02/2026" in new["DESCRIPTION"]


def test_each_change_makes_the_number_grow_and_nothing_else_does(register):
    made_of = paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10")))
    enter(register, made_of)
    seen = [parts(made(register).data, "VTODO")[0]["SEQUENCE"]]
    assert made(register).data == made(register).data
    correct(register, "L1", "due", "2026-02-12", who=WHO, now="2026-02-01T08:00:00+07:00", why="đọc nhầm")
    seen.append(parts(made(register).data, "VTODO")[0]["SEQUENCE"])
    happens(register, "reminded", now="2026-02-02T08:00:00+07:00")
    seen.append(parts(made(register).data, "VTODO")[0]["SEQUENCE"])
    enter(register, made_of, version="2", now="2026-02-03T08:00:00+07:00")
    seen.append(parts(made(register).data, "VTODO")[0]["SEQUENCE"])
    assert seen == sorted(set(seen))


def test_entries_of_two_registers_are_never_taken_for_each_other(register, tmp_path):
    made_of = paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10")))
    uids = []
    with open_register(tmp_path / "other.db", "create") as other:
        for where, began in ((register, NOW), (other, LATER)):
            finish_run(where, start_run(where, now=began, version="1", roots=["inbox"]), now=began)
            enter(where, made_of)
            uids += [str(part["UID"]) for kind in ("VTODO", "VEVENT") for part in parts(made(where).data, kind)]
    assert len(set(uids)) == 4


def test_targets_and_duties_without_a_day_are_counted_and_left_out(register):
    enter(
        register,
        paper(
            obligation("Gửi báo cáo", before("10/2", "2026-02-10")),
            obligation("Tăng cường trồng cây"),
            obligation("Tỷ lệ cây sống đạt 95%", before("10/2", "2026-02-10"), kind="target"),
        ),
    )
    written = made(register)
    assert (written.duties, written.undated, written.targets) == (1, 1, 1)
    assert len(parts(written.data, "VEVENT")) == 1


def test_a_feed_holds_what_one_body_owes(register):
    limit = before("10/2", "2026-02-10")
    enter(register, paper(obligation("Gửi báo cáo", limit), obligation("Trồng cây", limit, lead=("Sở Gió",))))
    (event,) = parts(feed(register, "Sở Gió", AS_OF, LENIENT), "VEVENT")
    assert event["SUMMARY"] == "Trồng cây"
    assert [e["SUMMARY"] for e in parts(made(register).data, "VEVENT")] == [
        "Gửi báo cáo – Sở Mây",
        "Trồng cây – Sở Gió",
    ]


# ------------------------------------------------------------------ days that recur

RULES = {
    "monthly": ("FREQ=MONTHLY;BYMONTHDAY=20", None),
    "before a day of each month": ("FREQ=MONTHLY;BYMONTHDAY=25", "before"),
    "before the first": ("FREQ=MONTHLY;BYMONTHDAY=1", "before"),
    "before the thirty-first": ("FREQ=MONTHLY;BYMONTHDAY=31", "before"),
    "last day": ("FREQ=MONTHLY;BYMONTHDAY=-1", None),
    "before the last day": ("FREQ=MONTHLY;BYMONTHDAY=-1", "before"),
    "last working day": ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", None),
    "last working day of the week": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", None),
    "before the last working day": ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "before"),
    "quarterly": ("FREQ=MONTHLY;INTERVAL=3", None),
    "a day that closes quarters": ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15", "before"),
    "half-yearly": ("FREQ=MONTHLY;INTERVAL=6", None),
    "yearly": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15", "before"),
    "before the first of March": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "before"),
    "each year": ("FREQ=YEARLY", None),
    "every two years": ("FREQ=YEARLY;INTERVAL=2", None),
    "weekly": ("FREQ=WEEKLY", None),
    "two days of the week": ("FREQ=WEEKLY;BYDAY=MO,TH", "before"),
    "every two weeks": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", None),
    "every fifteen days": ("FREQ=DAILY;INTERVAL=15", None),
    "last Friday": ("FREQ=MONTHLY;BYDAY=-1FR", "before"),
    "every five months": ("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=10", None),
    "five times": ("FREQ=MONTHLY;BYMONTHDAY=20;COUNT=5", None),
    "until a day": ("FREQ=MONTHLY;BYMONTHDAY=20;UNTIL=20260720", None),
}


def own_days(rrule, boundary, settings, until, end=None):
    """The register's last days on time."""
    limit = Recurrence(rrule, "định kỳ", date(2026, 1, 5), end, boundary)
    strict = settings.before == "strict"
    return [one.last_day for one in lay_out(limit, until, strict=strict, calendar=settings.calendar)]


@pytest.mark.parametrize("settings", [STRICT, LENIENT], ids=["strict", "lenient"])
@pytest.mark.parametrize(("rrule", "boundary"), RULES.values(), ids=RULES)
def test_a_calendar_shows_the_days_of_the_register(register, rrule, boundary, settings):
    limit = deadline("định kỳ", None, "recurring", rrule=rrule, boundary=boundary)
    enter(register, paper(obligation("Báo cáo định kỳ", limit)))
    data = made(register, settings).data
    ahead = date(2027, 1, 20)
    own = set(own_days(rrule, boundary, settings, ahead))
    for kind in ("VEVENT", "VTODO"):
        start = "DUE" if kind == "VTODO" else "DTSTART"
        assert {one for one in days_shown(data, ahead, kind, start) if one < ahead} == {
            one for one in own if one < ahead
        }


# What moves with holidays, and "before" a day that not every month has, is told day by day as far as the office looks
# ahead; a rule that has no year's months counts them from another one there.
DAY_BY_DAY = {"last Friday", "before the thirty-first", "before the last day", "every five months"}
DAY_BY_DAY |= {name for name, (rrule, _) in RULES.items() if "BYSETPOS" in rrule}


@pytest.mark.parametrize("name", sorted(RULES.keys() - DAY_BY_DAY))
def test_a_rule_goes_on_as_the_register_does_for_years(name):
    rrule, boundary = RULES[name]
    limit = Recurrence(rrule, "định kỳ", date(2026, 1, 5), None, boundary)
    far = own_days(rrule, boundary, STRICT, date(2036, 1, 1))
    ends = far[-1] if "COUNT" in rrule or "UNTIL" in rrule else None
    found = series(limit, far[:4], strict=True, until=ends)
    assert not found.moved and not found.left_out and not found.added
    assert expanded(found.rrule, found.start, far[-1]) == far


def test_a_series_ends_where_the_document_says_so(register):
    limit = deadline("đến hết năm 2026", "2026-12-31", "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo hằng tháng", limit)))
    data = made(register).data
    assert days_shown(data, date(2030, 1, 1)) == {date(2026, month, 20) for month in range(1, 13)}
    assert "UNTIL=20261220" in components(data, "VEVENT")[0]["RRULE"][0][1]


def test_each_time_has_a_state_of_its_own(register):
    limit = deadline("hằng tháng", None, "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo hằng tháng", limit)))
    happens(register, "accepted", "T1@2026-01")
    happens(register, "extended", "T1@2026-02", due="2026-02-27")
    data = made(register).data
    whole, done, later = parts(data, "VTODO")
    assert "RRULE" in whole and whole["STATUS"] == "NEEDS-ACTION"
    assert (done["RECURRENCE-ID"].dt, done["STATUS"]) == (date(2026, 1, 20), "COMPLETED")
    assert (later["RECURRENCE-ID"].dt, later["DUE"].dt) == (date(2026, 2, 20), date(2026, 2, 27))
    assert len({part["UID"] for part in (whole, done, later)}) == 1
    assert "Kỳ: 01/02/2026 – 28/02/2026" in later["DESCRIPTION"]


def test_what_is_not_followed_any_more_is_not_shown(register):
    limit = deadline("hằng tháng", None, "recurring", rrule="FREQ=MONTHLY;BYMONTHDAY=20")
    enter(register, paper(obligation("Báo cáo hằng tháng", limit), issued_on="2015-01-05"))
    first = min(days_shown(made(register).data, date(2027, 1, 1)))
    assert AS_OF - timedelta(days=370) < first <= AS_OF


# ------------------------------------------------------------------ the command


def test_the_file_is_written_once_and_what_is_left_out_is_told(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_register(tmp_path / "register.db", "create") as register:
        enter(register, paper(obligation("Gửi báo cáo", before("10/2", "2026-02-10")), obligation("Trồng cây")))
    target = tmp_path / "lich.ics"
    done = run("export", "calendar", "--to", target, "--as-of", "2026-01-20")
    assert done.code == 0 and not done.out
    assert "1 việc có ngày hạn" in done.err and "1 việc chưa có ngày hạn" in done.err
    assert len(parts(target.read_bytes(), "VTODO")) == 1
    again = run("export", "calendar", "--to", target)
    assert again.code == 1 and "--force" in again.err
    assert run("export", "calendar", "--to", target, "--force").code == 0
    assert "BEGIN:VTODO" in run("export", "calendar", "--body", "Sở Mây").out
