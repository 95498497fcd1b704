"""Digital signatures: who signed and when, whether the bytes are intact, and no word of trust without authorities."""

import datetime
import io
import logging
import threading

import pytest
from letters import Letter
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from signing import Authority, pem, signed

from pipeline.errors import BadAuthorities
from pipeline.reading.signatures import load_authorities, signatures


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def official(authority):
    return authority.signer("Đặng Văn Thử")


@pytest.fixture(scope="module")
def office(authority):
    return authority.signer("Sở Khoa học Kỹ thuật")


@pytest.fixture(scope="module")
def once(official):
    return signed(Letter().pdf(), official, "Signature1")


@pytest.fixture(scope="module")
def twice(once, office):
    return signed(once, office, "Signature2")


def test_a_signature_tells_who_and_that_the_bytes_are_intact(once):
    (found,) = signatures(once)
    assert (found.signer, found.organization) == ("Đặng Văn Thử", "Sở Khoa học Kỹ thuật")
    assert (found.state, found.later) == ("intact", "nothing")
    signed_at = datetime.datetime.fromisoformat(found.signed_at)
    assert abs(datetime.datetime.now(datetime.UTC) - signed_at) < datetime.timedelta(hours=1)


def test_a_second_signature_leaves_the_first_intact_and_says_what_came_later(twice):
    assert [(s.signer, s.state, s.later) for s in signatures(twice)] == [
        ("Đặng Văn Thử", "intact", "signatures"),
        ("Sở Khoa học Kỹ thuật", "intact", "nothing"),
    ]


def test_bytes_changed_after_signing_are_told(once):
    place = once.index(b"endobj") - 2
    altered = once[:place] + bytes([once[place] ^ 1]) + once[place + 1 :]
    assert [s.state for s in signatures(altered)] in (["changed"], ["unreadable"])


def test_one_letter_of_the_text_changed_is_told(official):
    data = Letter().pdf()
    marked = signed(data + b"\n% noi dung 1\n", official, "Signature1")
    altered = marked.replace(b"% noi dung 1", b"% noi dung 2")
    assert altered != marked
    assert [s.state for s in signatures(altered)] == ["changed"]


def test_content_added_after_signing_is_told(once):
    writer = IncrementalPdfFileWriter(io.BytesIO(once))
    writer.root[pdf_name("/Lang")] = pdf_string("vi")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    (found,) = signatures(out.getvalue())
    assert (found.state, found.later) == ("intact", "content")


def test_nothing_is_said_of_trust_until_authorities_are_given(once, authority, tmp_path):
    assert signatures(once)[0].trusted is None
    bundle = tmp_path / "authorities.pem"
    bundle.write_bytes(pem(authority.certificate))
    assert signatures(once, load_authorities(bundle))[0].trusted is True
    bundle.write_bytes(pem(Authority().certificate))
    assert signatures(once, load_authorities(bundle))[0].trusted is False


@pytest.mark.parametrize("content", [b"", b"no certificate", None], ids=["empty", "other", "missing"])
def test_a_bundle_that_cannot_be_used_is_named(tmp_path, content):
    bundle = tmp_path / "authorities.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(BadAuthorities) as raised:
        load_authorities(bundle)
    assert raised.value.details["path"] == str(bundle)


@pytest.mark.parametrize("data", [Letter().pdf(), b"/ByteRange in a text", b""], ids=["unsigned", "text", "empty"])
def test_a_file_without_signatures_has_none(data):
    assert signatures(data) == ()


def test_a_file_cut_off_is_unreadable_and_no_error(twice):
    for end in range(2000, len(twice) - 10, len(twice) // 7):
        assert all(s.state in ("unreadable", "changed", "intact", "invalid") for s in signatures(twice[:end]))
    assert [s.state for s in signatures(twice[: twice.rindex(b"xref") - 5])] != ["intact", "intact"]


def test_the_library_says_nothing_of_the_file(once, caplog, capfd):
    signatures(once[: len(once) // 2])
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


class Slow(list):
    """Authorities that are looked at only when a gate is opened."""

    def __init__(self):
        self.asked, self.gate = threading.Event(), threading.Event()

    def __iter__(self):
        self.asked.set()
        assert self.gate.wait(30)
        return iter(())


def test_two_at_once_leave_the_program_able_to_log(once):
    first, second = Slow(), Slow()
    running = [threading.Thread(target=signatures, args=(once, one)) for one in (first, second)]
    running[0].start()
    assert first.asked.wait(30)
    running[1].start()
    second.asked.wait(0.5)
    for one, thread in zip((first, second), running, strict=True):
        one.gate.set()
        thread.join()
    assert logging.root.manager.disable == logging.NOTSET
