"""Messages to a real receiver on this machine: their shape, their signature, and what is never sent twice."""

import hashlib
import hmac
import json
import time

import pytest
from reminder_servers import Hook, RudeServer, free_port

from pipeline.register.delivering import deliveries

DAY = "2026-03-10"


@pytest.fixture
def posts_to(settings_file):
    """`posts_to(url)`: "Sở Mây" is reminded there."""

    def write(url, more=""):
        settings_file(f'[reminders]\ntimeout = 1\n{more}\n[[reminders.to]]\nbody = "Sở Mây"\nwebhook = "{url}"\n')

    return write


@pytest.fixture
def remind(run, filled, hasty):
    def call(*words):
        return run("remind", "--as-of", DAY, "--register", filled.path, *words)

    return call


def steps(register):
    return [row["state"] for row in register.rows("SELECT state FROM deliveries ORDER BY id")]


def last_error(register):
    return deliveries(register)[0]["error"]


def test_a_message_has_counts_ids_numbers_and_days_and_no_word_of_a_document(remind, posts_to, filled):
    with Hook() as hook:
        posts_to(hook.url)
        assert remind("--send").code == 0
        assert remind("--send").code == 0
        ((path, headers, body),) = hook.seen
    message = json.loads(body)
    assert path == "/hook/very-secret-path" and headers["Content-Type"].startswith("application/json")
    assert (message["type"], message["format"], message["day"]) == ("congvan.digest", 1, DAY)
    assert message["counts"] == {"late": 1, "today": 1, "soon": 3, "escalated": 0, "reported": 0, "waiting": 0}
    assert message["id"] == headers["X-Congvan-Delivery"] and message["omitted"] == 0
    assert message["tasks"][0] == {
        "part": "late",
        "duties": ["T1"],
        "obligation": "O1",
        "dispatch": "D1",
        "number": "12/CT-UBND",
        "issued_on": "2026-01-05",
        "last_day": "2026-02-18",
        "days_left": -20,
        "doubtful": False,
        "body_codes": [],
    }
    words = body.decode()
    assert not [w for w in ("hồ chứa", "Gửi", "Sông Mơ", "đôn đốc") if w in words]
    assert "Sở Mây, ngày 10/03/2026: 1 việc quá hạn" in message["message"]


def test_words_go_only_where_the_settings_say_so(remind, posts_to):
    with Hook() as hook:
        posts_to(hook.url, more="text = true")
        assert remind("--send").code == 0
        ((_, _, body),) = hook.seen
    task = json.loads(body)["tasks"][0]
    assert (task["text"], task["bodies"]) == ("Lập danh mục <b>hồ chứa</b> & kênh.", ["Sở Mây"])
    assert task["issuer"] == "Ủy ban nhân dân tỉnh Sông Mơ"


def test_a_receiver_can_know_who_sent_it_and_when(remind, posts_to, filled, monkeypatch):
    monkeypatch.setenv("CONGVAN_WEBHOOK_SECRET", "open sesame")
    with Hook() as hook:
        posts_to(hook.url)
        done = remind("--send")
        ((_, headers, body),) = hook.seen
    signed = headers["X-Congvan-Timestamp"].encode() + b"." + body
    assert headers["X-Congvan-Signature"] == "sha256=" + hmac.new(b"open sesame", signed, hashlib.sha256).hexdigest()
    dump = "\n".join(filled.connection.iterdump())
    for kept in (dump, done.out, done.err, remind("--log").out, remind("--json").out):
        assert "sesame" not in kept and "very-secret" not in kept


def test_without_a_key_there_is_no_signature(remind, posts_to):
    with Hook() as hook:
        posts_to(hook.url)
        remind("--send")
        assert "X-Congvan-Signature" not in hook.seen[0][1]


def test_the_address_may_be_a_secret(remind, posts_to, filled, monkeypatch):
    posts_to("$HOOK_OF_MAY")
    done = remind("--send")
    assert done.code == 1 and "HOOK_OF_MAY" in done.err and not steps(filled)
    with Hook() as hook:
        monkeypatch.setenv("HOOK_OF_MAY", hook.url)
        done = remind("--send")
        assert done.code == 0 and len(hook.seen) == 1
    assert "very-secret" not in done.out + done.err + "\n".join(filled.connection.iterdump())
    assert deliveries(filled)[0]["destination"] == "$HOOK_OF_MAY"


@pytest.mark.parametrize("answer", [500, 503, 429, 408, (429, {"Retry-After": "0"})])
def test_what_the_receiver_cannot_take_now_is_tried_again(remind, posts_to, filled, answer):
    with Hook(answer) as hook:
        posts_to(hook.url)
        assert remind("--send").code == 0
        assert len(hook.seen) == 2
        assert hook.seen[0][1]["X-Congvan-Delivery"] == hook.seen[1][1]["X-Congvan-Delivery"]
    assert steps(filled) == ["sending", "failed", "sending", "sent"]


def test_it_is_left_alone_for_as_long_as_it_asks(remind, posts_to):
    with Hook((503, {"Retry-After": "1"})) as hook:
        posts_to(hook.url)
        begun = time.monotonic()
        assert remind("--send").code == 0
        assert time.monotonic() - begun >= 1.0 and len(hook.seen) == 2


def test_what_it_never_takes_fails_within_bounds(remind, posts_to, filled):
    with Hook(500, 500, 500) as hook:
        posts_to(hook.url)
        done = remind("--send")
        assert done.code == 1 and len(hook.seen) == 3 and last_error(filled) == "busy 500"
        assert "congvan remind --send" in done.err and "busy" not in done.err


@pytest.mark.parametrize("answer", [400, 404, 410, (302, {"Location": "http://127.0.0.1:9/"})])
def test_what_it_refuses_is_not_tried_again(remind, posts_to, filled, answer):
    with Hook(answer) as hook:
        posts_to(hook.url)
        assert remind("--send").code == 1
        assert len(hook.seen) == 1 and last_error(filled).startswith("rejected")


@pytest.mark.parametrize("answer", ["hang", "drop"])
def test_what_it_may_have_taken_is_sent_again_only_when_asked(remind, posts_to, filled, answer):
    with Hook(answer) as hook:
        posts_to(hook.url)
        assert remind("--send").code == 1
        assert steps(filled) == ["sending", "unknown"]
        assert remind("--send").code == 1
        assert len(hook.seen) == 1
        assert remind("--send", "--resend").code == 0
        assert len(hook.seen) == 2
        assert hook.seen[0][1]["X-Congvan-Delivery"] == hook.seen[1][1]["X-Congvan-Delivery"]


def test_nobody_there_is_tried_within_bounds(remind, posts_to, filled):
    posts_to(f"http://127.0.0.1:{free_port()}/x")
    assert remind("--send").code == 1
    assert steps(filled) == ["sending", "failed"] * 3 and last_error(filled) == "refused"


def test_an_answer_without_end_is_given_up(remind, posts_to, filled):
    with RudeServer(["line", b"HTTP/1.1 ", "drip"]) as server:
        posts_to(f"http://127.0.0.1:{server.port}/x")
        assert remind("--send").code == 1
        assert steps(filled) == ["sending", "unknown"]


def test_one_bad_address_keeps_no_other_from_its_digest(remind, settings_file, filled):
    with Hook() as hook:
        settings_file(
            "[reminders]\ntries = 1\ntimeout = 1\n"
            f'[[reminders.to]]\nbody = "Sở Mây"\nwebhook = "http://127.0.0.1:{free_port()}/x"\n'
            f'[[reminders.to]]\nbody = "Sở Gió"\nwebhook = "{hook.url}"\n'
        )
        assert remind("--send").code == 1
        assert [json.loads(body)["body"] for _, _, body in hook.seen] == ["Sở Gió"]
    assert sorted(row["state"] for row in deliveries(filled)) == ["failed", "sent"]
