"""Mails to a real server on this machine: what arrives, what is tried again, and what is never sent twice."""

import ssl
import subprocess
from email.header import decode_header, make_header

import pytest
from icalendar import Calendar
from reminder_servers import ENVELOPE, HELLO, TAKEN, UP_TO_CONTENT, MailServer, RudeServer, free_port

from pipeline.register.delivering import deliveries
from pipeline.reminding.sending import Bounds

DAY = "2026-03-10"


@pytest.fixture
def mails_to(settings_file):
    """`mails_to(port)`: "Sở Mây" is reminded by the server there."""

    def write(port, *, tls="none", more="", to='[[reminders.to]]\nbody = "Sở Mây"\nmail = "may@example.vn"\n'):
        settings_file(
            f'[register]\nagency = "Văn phòng Mây Gió"\n[reminders]\ntimeout = 1\n{more}\n[reminders.smtp]\n'
            f'host = "127.0.0.1"\nport = {port}\ntls = "{tls}"\nfrom = "Văn phòng Mây <vp@example.vn>"\n{to}'
        )

    return write


@pytest.fixture
def remind(run, filled, hasty):
    """`remind("--send")` on the day of the office."""

    def call(*words, day=DAY):
        return run("remind", "--as-of", day, "--register", filled.path, *words)

    return call


def log(register):
    """The last step of each delivery, newest first."""
    return [(row["destination"], row["state"], row["error"]) for row in deliveries(register)]


def steps(register):
    return [row["state"] for row in register.rows("SELECT state FROM deliveries ORDER BY id")]


def test_shown_is_not_sent(remind, mails_to, filled):
    with MailServer() as server:
        mails_to(server.port)
        done = remind("--show")
        assert done.code == 0 and "chưa gửi" in done.out and "congvan remind --send" in done.err
        assert "Gửi dự toán." in done.out and "may@example.vn" in done.out
        assert not server.box.mails and not steps(filled)


def test_a_digest_arrives_once_with_both_parts(remind, mails_to, filled):
    with MailServer() as server:
        mails_to(server.port)
        assert remind("--send").code == 0
        again = remind("--send")
        assert again.code == 0 and "đã gửi" in again.out
        (mail,) = server.box.mails
    assert str(make_header(decode_header(mail["Subject"]))).startswith("[Nhắc việc 10/03/2026] Sở Mây: 1 việc quá hạn")
    assert mail["To"] == "may@example.vn" and mail["Auto-Submitted"] == "auto-generated" and mail["Date"]
    assert mail["From"].addresses[0].display_name == "Văn phòng Mây"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Lập danh mục <b>hồ chứa</b> & kênh." in plain
    assert "<b>hồ chứa" not in html and "&lt;b&gt;hồ chứa&lt;/b&gt; &amp; kênh." in html and 'lang="vi"' in html
    assert steps(filled) == ["sending", "sent"]
    (row,) = remind("--json").json()
    assert row["state"] == "sent" and row["message_id"] in mail["Message-ID"]


def test_the_calendar_comes_along_where_the_settings_say_so(remind, mails_to, filled):
    with MailServer() as server:
        mails_to(server.port)
        remind("--send")
        mails_to(server.port, more="calendar = true")
        assert remind("--send", day="2026-03-11").code == 0
        plain, mail = server.box.mails
    assert not list(plain.iter_attachments())
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar" and part.get_filename() == "nhiem-vu.ics"
    todos = list(Calendar.from_ical(part.get_content()).walk("VTODO"))
    assert len(todos) == 6 and any("Gửi dự toán" in one["SUMMARY"] for one in todos)
    assert not any("Kiểm tra đê" in one["SUMMARY"] for one in todos)
    assert "Gửi dự toán." in mail.get_body(("plain",)).get_content()


def test_what_changed_since_is_told_tomorrow(remind, mails_to, filled, run):
    with MailServer() as server:
        mails_to(server.port)
        remind("--send")
        assert run("done", "T2", "--on", "2026-03-10", "--register", filled.path).code == 0
        remind("--send")
        assert len(server.box.mails) == 1
        remind("--send", day="2026-03-11")
        first, second = server.box.mails
    assert first["Message-ID"] != second["Message-ID"]


def test_several_addresses_get_a_mail_each(remind, mails_to, filled):
    to = '[[reminders.to]]\nbody = "Sở Mây"\nmail = ["a@example.vn", "b@example.vn"]\n'
    with MailServer() as server:
        mails_to(server.port, to=to)
        server.box.answers["RCPT"] = ["550 5.1.1 no such user: Lập danh mục"]
        done = remind("--send")
        assert done.code == 1 and "a@example.vn" in done.err and "550 5.1.1" in done.err
        assert [mail["To"] for mail in server.box.mails] == ["b@example.vn"]
        assert {(to, state) for to, state, _ in log(filled)} == {("a@example.vn", "failed"), ("b@example.vn", "sent")}
        assert remind("--send").code == 0
        assert sorted(mail["To"] for mail in server.box.mails) == ["a@example.vn", "b@example.vn"]
    kept = str([list(row.values()) for row in filled.rows("SELECT * FROM deliveries")])
    assert "550 5.1.1" in kept and "Lập danh mục" not in kept


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_the_server_puts_off_is_tried_again_within_the_run(remind, mails_to, filled, command):
    with MailServer() as server:
        mails_to(server.port)
        server.box.answers[command] = ["451 4.7.1 later", "451 4.7.1 later"]
        assert remind("--send").code == 0
        assert len(server.box.mails) == 1
    assert steps(filled) == ["sending", "failed", "sending", "failed", "sending", "sent"]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_the_server_puts_off_for_ever_fails_and_can_be_sent_later(remind, mails_to, filled, command):
    with MailServer() as server:
        mails_to(server.port)
        server.box.answers[command] = ["451 4.7.1 later"] * 3
        assert remind("--send").code == 1
        assert log(filled) == [("may@example.vn", "failed", "busy 451 4.7.1")] and not server.box.mails
        assert remind("--send").code == 0
        assert len(server.box.mails) == 1


def test_what_the_server_refuses_is_not_tried_again(remind, mails_to, filled):
    with MailServer() as server:
        mails_to(server.port)
        server.box.answers["DATA"] = ["554 5.7.1 no"]
        done = remind("--send")
        assert done.code == 1 and "từ chối hẳn" in done.err
    assert steps(filled) == ["sending", "failed"]


def test_nobody_there(remind, mails_to, filled):
    to = "".join(f'[[reminders.to]]\nbody = "Sở Mây"\nmail = "{name}@example.vn"\n' for name in "abc")
    mails_to(free_port(), to=to)
    done = remind("--send")
    assert done.code == 1 and "không nhận kết nối" in done.err
    assert sorted(log(filled)) == [(f"{name}@example.vn", "failed", "refused") for name in "abc"]
    # the server is asked once a round, not once a mail
    assert steps(filled).count("sending") == 3


CERTAIN = {  # the server cannot have the mail
    "greeting": ["hang"],
    "no greeting": [],
    "hello": [b"220 here\r\n", "line", "hang"],
    "sender": [*HELLO, "line"],
    "content not asked for": [*ENVELOPE, "hang"],
    "cut before the content": ENVELOPE,
    "not now": [b"421 4.3.2 closing\r\n"],
}


@pytest.mark.parametrize("script", CERTAIN.values(), ids=CERTAIN)
def test_a_cut_or_a_silence_before_the_content_is_tried_again(remind, mails_to, filled, script):
    with RudeServer(script, TAKEN) as server:
        mails_to(server.port)
        assert remind("--send").code == 0
        assert len(server.contents) == 1
    assert steps(filled) == ["sending", "failed", "sending", "sent"]


@pytest.mark.parametrize("after", [["hang"], [], [b"25"]], ids=["silence", "cut", "half an answer"])
def test_what_may_have_arrived_is_sent_again_only_when_asked(remind, mails_to, filled, after):
    with RudeServer([*UP_TO_CONTENT, "content", *after], TAKEN) as server:
        mails_to(server.port)
        done = remind("--send")
        assert done.code == 1 and "không rõ" in done.err.lower() and "--resend" in done.err
        assert steps(filled) == ["sending", "unknown"] and len(server.contents) == 1
        again = remind("--send")
        assert again.code == 1 and len(server.contents) == 1 and server.connections == 1
        assert remind("--send", "--resend").code == 0
        assert log(filled)[0][1] == "sent"
        assert remind("--send", "--resend").code == 0
    first, second = server.contents
    ids = [next(line for line in mail.splitlines() if line.startswith(b"Message-ID")) for mail in (first, second)]
    assert ids[0] == ids[1]


def test_a_failure_of_the_second_does_not_undo_that_the_first_may_have_arrived(remind, mails_to, filled):
    with RudeServer([*UP_TO_CONTENT, "content"], [b"554 5.7.1 no\r\n", "line"], TAKEN) as server:
        mails_to(server.port)
        remind("--send")
        assert remind("--send", "--resend").code == 1
        assert remind("--send").code == 1
        assert len(server.contents) == 1 and log(filled)[0][1:] == ("unknown", "rejected 554 5.7.1")


def test_a_cut_after_yes_is_a_yes(remind, mails_to, filled):
    with RudeServer(TAKEN) as server:
        mails_to(server.port)
        assert remind("--send").code == 0
        assert len(server.contents) == 1 and steps(filled) == ["sending", "sent"]


def test_a_silence_after_yes_is_a_yes(remind, mails_to, filled):
    with RudeServer([*TAKEN, "hang"]) as server:
        mails_to(server.port)
        assert remind("--send").code == 0
        assert steps(filled) == ["sending", "sent"]


def test_a_server_that_says_a_letter_now_and_then_is_given_up(remind, mails_to, filled):
    with RudeServer(["drip"]) as server:
        mails_to(server.port)
        assert remind("--send").code == 1
        assert log(filled) == [("may@example.vn", "unknown", "no_answer")] and server.connections == 1


def test_a_run_begins_nothing_new_when_its_time_is_over(remind, mails_to, filled, monkeypatch):
    bounds = Bounds(tries=3, pause=0.05, attempt=3.0, whole=-1.0)
    monkeypatch.setattr("pipeline.reminding.couriers.bounds_of", lambda _: bounds)
    with MailServer() as server:
        mails_to(server.port)
        assert remind("--send").code == 1
        assert log(filled) == [("may@example.vn", "failed", "time_up")] and not server.box.mails
        monkeypatch.setattr("pipeline.reminding.couriers.bounds_of", lambda _: Bounds())
        assert remind("--send").code == 0


def test_dots_at_the_beginning_of_lines_arrive(run, register, hasty, mails_to):
    from register_papers import before, enter, obligation, paper

    enter(register, paper(obligation(".. hai chấm", before("01/3/2026", "2026-03-01"), lead=("Sở Mây",))))
    with MailServer() as server:
        mails_to(server.port)
        assert run("remind", "--send", "--as-of", DAY, "--register", register.path).code == 0
        (mail,) = server.box.mails
    assert "1. .. hai chấm" in mail.get_body(("plain",)).get_content()


# ---------------------------------------------------------------------------------------------------- secrets


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.fixture
def tls_server(certificate):
    """A server that wants STARTTLS and then a login."""
    from aiosmtpd.smtp import AuthResult

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    seen = []

    def authenticator(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    with MailServer(tls_context=context, authenticator=authenticator, auth_required=True) as server:
        server.seen = seen
        yield server


def test_a_login_travels_encrypted_and_is_kept_nowhere(remind, mails_to, filled, tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("CONGVAN_SMTP_USER", "vanthu")
    monkeypatch.setenv("CONGVAN_SMTP_PASSWORD", "open sesame")
    mails_to(tls_server.port, tls="starttls")
    done = remind("--send")
    assert done.code == 0 and len(tls_server.box.mails) == 1
    dump = "\n".join(filled.connection.iterdump())
    assert "sesame" not in dump + done.out + done.err and "vanthu" not in dump


def test_a_wrong_password_is_tried_once(remind, mails_to, filled, tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("CONGVAN_SMTP_USER", "vanthu")
    monkeypatch.setenv("CONGVAN_SMTP_PASSWORD", "wrong")
    to = '[[reminders.to]]\nbody = "Sở Mây"\nmail = ["a@example.vn", "b@example.vn"]\n'
    mails_to(tls_server.port, tls="starttls", to=to)
    done = remind("--send")
    assert done.code == 1 and "CONGVAN_SMTP_PASSWORD" in done.err and "wrong" not in done.err
    assert len(set(tls_server.seen)) == 1 and steps(filled).count("sending") == 1
    assert [row[1] for row in log(filled)] == ["failed", "failed"]


def test_a_certificate_that_nobody_vouches_for_gets_nothing(remind, mails_to, filled, tls_server, monkeypatch):
    monkeypatch.setenv("CONGVAN_SMTP_USER", "vanthu")
    monkeypatch.setenv("CONGVAN_SMTP_PASSWORD", "open sesame")
    mails_to(tls_server.port, tls="starttls")
    assert remind("--send").code == 1
    assert log(filled)[0][1:] == ("failed", "tls") and not tls_server.seen


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(remind, mails_to, filled):
    with MailServer() as server:
        mails_to(server.port, tls="starttls")
        assert remind("--send").code == 1
        assert log(filled)[0][1:] == ("failed", "no_tls") and not server.box.mails


def test_no_password_travels_in_the_clear(remind, settings_file, filled, monkeypatch):
    settings_file(
        '[reminders.smtp]\nhost = "mail.example.vn"\ntls = "none"\nfrom = "vp@example.vn"\n'
        '[[reminders.to]]\nbody = "Sở Mây"\nmail = "may@example.vn"\n'
    )
    monkeypatch.setenv("CONGVAN_SMTP_USER", "vanthu")
    incomplete = remind("--send")
    assert incomplete.code == 1 and "CONGVAN_SMTP_PASSWORD" in incomplete.err
    monkeypatch.setenv("CONGVAN_SMTP_PASSWORD", "open sesame")
    done = remind("--send")
    assert done.code == 1 and "mail.example.vn" in done.err and "sesame" not in done.err and not steps(filled)
