"""[reminders] of congvan.toml: what it says, and clear words for what cannot be meant."""

import re

import pytest

from pipeline.followup.settings import BadSettings, load_settings
from pipeline.reminding.configuring import Recipient, Smtp

SMTP = '[reminders.smtp]\nhost = "mail.example.vn"\nfrom = "Văn phòng <vp@example.vn>"\n'


def to(words, smtp=SMTP):
    return f"{smtp}[[reminders.to]]\n{words}\n"


def load(tmp_path, words):
    (tmp_path / "congvan.toml").write_text(words, "utf-8")
    return load_settings(tmp_path, {}).reminders


def test_recipients_and_mail_server_are_read(tmp_path):
    found = load(
        tmp_path,
        "[reminders]\nescalate_after_days = 10\ntext = true\ndays_off = true\ntimeout = 5\ntries = 2\n"
        + to('body = "Sở  Mây"\nmail = ["a@example.vn", "b@example.vn"]\nwebhook = "$HOOK"\nsuperior = "Bộ Gió"'),
    )
    assert found.smtp == Smtp("mail.example.vn", 587, "starttls", "vp@example.vn", "Văn phòng")
    assert found.to == (Recipient("Sở Mây", ("a@example.vn", "b@example.vn"), "$HOOK", "Bộ Gió"),)
    assert (found.escalate_after_days, found.text, found.days_off, found.timeout, found.tries) == (10, True, True, 5, 2)


def test_one_address_needs_no_list_and_a_webhook_no_mail_server(tmp_path):
    assert load(tmp_path, to('body = "Sở Mây"\nmail = "a@example.vn"')).to[0].mails == ("a@example.vn",)
    found = load(tmp_path, to('body = "Sở Mây"\nwebhook = "https://chat.example.vn/x"', smtp=""))
    assert found.smtp is None and found.to[0].webhook == "https://chat.example.vn/x"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (to('body = "Sở Mây"\nmail = "a@example.vn"', smtp=""), "reminders.smtp"),
        (to('body = "Sở Mây"'), "reminders.to[1]"),
        (to('body = ""\nmail = "a@example.vn"'), "reminders.to[1].body"),
        (to('mail = "a@example.vn"'), "reminders.to[1].body"),
        (to('body = "Sở Mây"\nmail = "a@example.vn\\nBcc: all@example.vn"'), "reminders.to[1].mail"),
        (to('body = "Sở Mây"\nmail = "a@b@example.vn"'), "reminders.to[1].mail"),
        (to('body = "Sở Mây"\nmail = "Mây <a@example.vn>"'), "reminders.to[1].mail"),
        (to('body = "Sở Mây"\nmail = 5'), "reminders.to[1].mail"),
        (to('body = "Sở Mây"\nwebhook = "ftp://example.vn"'), "reminders.to[1].webhook"),
        (to('body = "Sở Mây"\nwebhook = "https://"'), "reminders.to[1].webhook"),
        (to('body = "Sở Mây"\nwebhook = "https://example.vn:port/"'), "reminders.to[1].webhook"),
        (to('body = "Sở Mây"\nwebhook = "https://me:word@example.vn/"'), "reminders.to[1].webhook"),
        (to('body = "Sở Mây"\nmail = "a@example.vn"\nsuperior = 1'), "reminders.to[1].superior"),
        (to('body = "Sở Mây"\nmial = "a@example.vn"'), "reminders.to[1].mial"),
        (to('body = "S"\nmail = "a@example.vn"\n[[reminders.to]]\nbody = "s"\nmail = "a@example.vn"'), "reminders.to"),
        ('[reminders]\nto = "a@example.vn"', "reminders.to"),
        ("[reminders]\nescalate_after_days = 0", "reminders.escalate_after_days"),
        ("[reminders]\ntries = 99", "reminders.tries"),
        ("[reminders]\ntimeout = 0.5", "reminders.timeout"),
        ('[reminders]\ntext = "yes"', "reminders.text"),
        ("[reminders]\npassword = 'x'", "reminders.password"),
        ('[reminders.smtp]\nhost = "x"\nfrom = "v@example.vn"\npassword = "x"', "reminders.smtp.password"),
        ('[reminders.smtp]\nfrom = "v@example.vn"', "reminders.smtp.host"),
        ('[reminders.smtp]\nhost = "x"\nfrom = "v@example.vn\\nBcc: x@example.vn"', "reminders.smtp.from"),
        ('[reminders.smtp]\nhost = "x"\nfrom = "v@example.vn"\nport = 70000', "reminders.smtp.port"),
        ('[reminders.smtp]\nhost = "x"\nfrom = "v@example.vn"\ntls = "maybe"', "reminders.smtp.tls"),
        ('[reminders]\ntext = true\n[[reminders.to]]\nbody = "S"\nwebhook = "http://example.vn/"', "reminders.text"),
    ],
)
def test_what_cannot_be_meant_is_named_in_the_users_language(tmp_path, monkeypatch, words, key):
    with pytest.raises(BadSettings) as caught:
        load(tmp_path, words)
    assert caught.value.details["key"] == key
    monkeypatch.setenv("CONGVAN_LANG", "en")
    with pytest.raises(BadSettings) as in_english:
        load(tmp_path, words)
    problem = caught.value.details["problem"]
    assert problem != in_english.value.details["problem"]
    assert not re.search(r"\b(an|is|of|or|the|must|known|unknown|line|value)\b", problem)


def test_the_settings_are_shown_without_what_may_be_a_secret(run, settings_file):
    settings_file(to('body = "Sở Mây"\nmail = "a@example.vn"\nwebhook = "https://chat.example.vn/hook/very-secret"'))
    out = run("config", "--json").out
    assert "chat.example.vn" in out and "a@example.vn" in out and "mail.example.vn:587" in out
    assert "very-secret" not in out and "very-secret" not in run("config").out
