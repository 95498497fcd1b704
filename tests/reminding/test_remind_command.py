"""`congvan remind` as its user meets it: who, when, in which form, and what is said where something lacks."""

import csv
import io

import pytest
from letters import Letter
from register_papers import before, enter, obligation, paper
from reminder_servers import Hook, MailServer

DAY = "2026-03-10"
TO = '[[reminders.to]]\nbody = "{body}"\nmail = "{mail}@example.vn"\n{more}'


@pytest.fixture
def office(settings_file, filled):
    """A mail server; `office.reminds(words, ...)` writes the settings."""
    with MailServer() as server:

        def reminds(*to, more=""):
            smtp = f'[reminders.smtp]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\nfrom = "vp@example.vn"\n'
            settings_file(f"[reminders]\ntimeout = 5\n{more}\n{smtp}" + "".join(to))

        server.reminds = reminds
        yield server


@pytest.fixture
def remind(run, filled, hasty):
    def call(*words, day=DAY):
        return run("remind", "--as-of", day, "--register", filled.path, *words)

    return call


def to(body, mail, superior=None):
    return TO.format(body=body, mail=mail, more=f'superior = "{superior}"\n' if superior else "")


def test_without_recipients_it_says_what_to_write(remind, settings_file):
    settings_file("")
    for words in ((), ("--send",)):
        done = remind(*words)
        assert done.code == 1 and "[[reminders.to]]" in done.err


def test_nobody_is_reminded_on_a_day_off_unless_asked(remind, office):
    office.reminds(to("Sở Mây", "may"))
    sunday = remind("--send", day="2026-03-08")
    assert sunday.code == 0 and "ngày nghỉ" in sunday.err
    holiday = remind("--send", day="2026-04-30")
    assert holiday.code == 0 and not office.box.mails
    office.reminds(to("Sở Mây", "may"), more="days_off = true")
    assert remind("--send", day="2026-03-08").code == 0
    assert len(office.box.mails) == 1


def test_who_has_nothing_to_be_told_gets_nothing(remind, office):
    office.reminds(to("Sở Mây", "may"), to("Sở Gió", "gio"), to("Sở Y tế tỉnh Lâm Đồng", "yte"))
    done = remind("--send")
    assert done.code == 0 and "1 nơi không có việc" in done.err and "cơ quan khác" not in done.err
    assert sorted(mail["To"] for mail in office.box.mails) == ["gio@example.vn", "may@example.vn"]


def test_one_body_alone(remind, office):
    office.reminds(to("Sở Mây", "may"), to("Sở Gió", "gio"))
    assert remind("--send", "--body", "Gió").code == 0
    assert [mail["To"] for mail in office.box.mails] == ["gio@example.vn"]
    assert [row["body"] for row in remind("--body", "sở mây", "--json").json()] == ["Sở Mây"]


def test_how_many_with_something_late_have_no_address(remind, office):
    office.reminds(to("Sở Y tế tỉnh Lâm Đồng", "yte"))
    assert "2 cơ quan khác có việc quá hạn hoặc sắp đến hạn" in remind().err


def test_what_is_late_below_goes_up(remind, office):
    office.reminds(to("Sở Mây", "may", "Tỉnh Sông Mơ"), to("Tỉnh Sông Mơ", "tinh"), more="escalate_after_days = 10")
    rows = {row["body"]: row for row in remind("--json").json()}
    assert (rows["Tỉnh Sông Mơ"]["escalated"], rows["Tỉnh Sông Mơ"]["late"]) == (1, 0)
    assert remind("--send").code == 0
    up = next(mail for mail in office.box.mails if mail["To"] == "tinh@example.vn")
    words = up.get_body(("plain",)).get_content()
    assert "CƠ QUAN CẤP DƯỚI QUÁ HẠN KÉO DÀI (trên 10 ngày" in words and "Sở Mây" in words


def test_what_reaches_nobody_is_told(remind, office):
    office.reminds(to("Sở Mây", "may", "Tỉnh Sông Mơ"), to("Sở Chẳng Có", "x"), more="escalate_after_days = 10")
    shown = remind()
    assert shown.code == 0 and "Sở Chẳng Có" in shown.err and "Tỉnh Sông Mơ" in shown.err
    sent = remind("--send")
    assert sent.code == 1 and "Tỉnh Sông Mơ" in sent.err and len(office.box.mails) == 1


def test_forms_for_programs(remind, office):
    office.reminds(to("Sở Mây", "may"))
    remind("--send")
    (row,) = remind("--json").json()
    assert (row["state"], row["late"], row["today"], row["soon"], row["channel"]) == ("sent", 1, 1, 3, "mail")
    (cells,) = csv.DictReader(io.StringIO(remind("--csv").out))
    assert cells["destination"] == "may@example.vn" and cells["state"] == "sent"


def test_the_log_of_a_day_or_of_a_body(run, remind, office, filled):
    office.reminds(to("Sở Mây", "may"), to("Sở Gió", "gio"))
    remind("--send")
    remind("--send", day="2026-03-11")

    def log(*words):
        return run("remind", "--log", "--json", "--register", filled.path, *words).json()

    assert len(log()) == 4 and len(log("--as-of", DAY)) == 2
    (row,) = log("--as-of", DAY, "--body", "Gió")
    assert (row["destination"], row["state"], row["tries"], row["day"]) == ("gio@example.vn", "sent", 1, DAY)
    assert row["begun"] <= row["at"] and len(row["digest"]) == 64
    table = run("remind", "--log", "--register", filled.path, "--lang", "en").out
    assert "gio@example.vn" in table and "sent" in table


@pytest.mark.parametrize("words", [("--resend",), ("--log", "--send")])
def test_options_that_do_not_go_together(remind, office, words):
    office.reminds(to("Sở Mây", "may"))
    assert remind(*words).code == 2


def test_a_name_with_a_line_feed_makes_no_header(remind, office):
    office.reminds(to("Sở Mây\\r\\nBcc: all@example.vn\\u2028X: y", "may"))
    done = remind("--send")
    assert "Bcc" in done.err and not office.box.mails  # no body of that name
    office.reminds(to("Sở\\nMây", "may"))
    assert remind("--send").code == 0
    (mail,) = office.box.mails
    assert "Sở Mây" in mail["Subject"] and mail["Bcc"] is None


def test_hostile_words_of_a_body_reach_the_mail_as_words(run, register, office, hasty):
    name = 'Sở <img src=x onerror="alert(1)"> & {body}'
    late = obligation("Việc.", before("01/3/2026", "2026-03-01"), lead=(name,))
    enter(register, paper(late, number="13/CT-UBND"), path="inbox/b.pdf")
    office.reminds(to(name.replace('"', '\\"'), "img"))
    assert run("remind", "--send", "--as-of", DAY, "--register", register.path).code == 0
    (mail,) = office.box.mails
    html = mail.get_body(("html",)).get_content()
    assert "<img" not in html and "&lt;img" in html and "{body}" in html


def test_english_is_for_the_user_not_for_the_mail(remind, office):
    office.reminds(to("Sở Mây", "may"))
    done = remind("--send", "--lang", "en")
    assert "1 were sent now" in done.err
    assert "QUÁ HẠN" in office.box.mails[0].get_body(("plain",)).get_content()


# ---------------------------------------------------------------------------------------------------- secrecy


def test_of_a_secret_dispatch_nobody_is_reminded(run, tmp_path, settings_file, hasty):
    body = ["Đề nghị Ủy ban nhân dân các huyện:", "1. Gửi phương án đặc biệt trước ngày 20/4/2023."]
    Letter(body=body, stamp="MẬT").write(tmp_path / "inbox" / "a.txt")
    Letter(body=["Đề nghị Sở Mây:", "1. Gửi số liệu trước ngày 20/4/2023."], addressee="Sở Mây", number="2/X").write(
        tmp_path / "inbox" / "b.txt"
    )
    with Hook() as hook:
        settings_file(
            "[register]\nagency = 'Văn phòng'\n[reminders]\ntext = true\n"
            f"[[reminders.to]]\nbody = 'Văn phòng'\nwebhook = '{hook.url}'\n"
            f"[[reminders.to]]\nbody = 'Sở Mây'\nwebhook = '{hook.url}'\n"
        )
        run("ingest", tmp_path / "inbox", "--workers", 0)
        done = run("remind", "--send", "--show", "--as-of", "2023-05-10")
        sent = " ".join(body.decode() for _, _, body in hook.seen)
    assert "Gửi số liệu" in sent and "phương án" not in sent + done.out + done.err


def test_the_log_keeps_no_word_of_a_dispatch_that_turns_out_to_be_secret(remind, office, filled):
    from pipeline.register.erasing import erase_file, shred

    office.reminds(to("Sở Mây", "may"))
    assert remind("--send").code == 0 and len(office.box.mails) == 1
    with filled.transaction():
        erase_file(filled, 1)
    shred(filled)
    left = filled.path.read_bytes() + filled.path.with_name(filled.path.name + "-wal").read_bytes()
    assert "hồ chứa".encode() not in left and b"may@example.vn" in left
    assert remind("--json").json() == []
