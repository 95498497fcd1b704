"""What a register keeps of digital signatures, and shows."""

import json
import time

import pytest
from letters import Letter
from parcels import edxml
from running import process
from signing import Authority, pem, signed


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def letter(authority):
    return signed(Letter().pdf(), authority.signer("Đặng Văn Thử"), "Signature1")


class Office:
    def __init__(self, folder):
        self.inbox, self.settings = folder / "in", folder / "congvan.toml"
        self.inbox.mkdir()
        self.settings.touch()
        self.env = {
            "CONGVAN_REGISTER": str(folder / "r.db"),
            "CONGVAN_SETTINGS": str(self.settings),
            "CONGVAN_LANG": "en",
        }

    def run(self, *args):
        return process(*args, **self.env)

    def ingest(self):
        return self.run("ingest", self.inbox, "--workers", "0", "--lenient")

    def signatures(self):
        (file,) = json.loads(self.run("show", "D1", "--json").out)["files"]
        return file["signatures"]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_show_tells_who_signed_and_that_the_file_is_intact(office, letter):
    (office.inbox / "a.pdf").write_bytes(letter)
    office.ingest()
    (kept,) = office.signatures()
    assert (kept["signer"], kept["state"], kept["later"], kept["trusted"]) == (
        "Đặng Văn Thử",
        "intact",
        "nothing",
        None,
    )
    shown = " ".join(office.run("show", "D1").out.split())
    assert "Đặng Văn Thử · Sở Khoa học Kỹ thuật" in shown and "the file is intact" in shown
    assert "trusted" not in shown


def test_a_pdf_without_a_signature_says_so_and_a_text_says_nothing(office):
    (office.inbox / "a.pdf").write_bytes(Letter().pdf())
    Letter(number="7/SKHKT-VP").write(office.inbox / "b.txt")
    office.ingest()
    assert ["none in the file" in office.run("show", one).out for one in ("D1", "D2")] == [True, False]


def test_extracting_the_stored_text_anew_keeps_the_signatures(office, letter):
    (office.inbox / "a.pdf").write_bytes(letter)
    office.ingest()
    before = office.signatures()
    assert office.run("reextract", "--all", "--workers", "0").code == 0
    assert office.signatures() == before


def test_the_offices_authorities_say_whether_a_certificate_is_trusted(office, authority, letter):
    (office.inbox / "a.pdf").write_bytes(letter)
    bundle = office.settings.with_name("ca.pem")
    bundle.write_bytes(pem(authority.certificate))
    office.settings.write_text('[signatures]\nauthorities = "ca.pem"\n')
    office.ingest()
    assert office.signatures()[0]["trusted"] is True
    assert "certificate trusted" in " ".join(office.run("show", "D1").out.split())


def test_certificates_that_cannot_be_used_stop_the_run_before_it_begins(office, letter):
    (office.inbox / "a.pdf").write_bytes(letter)
    office.settings.with_name("ca.pem").write_text("no certificate")
    office.settings.write_text('[signatures]\nauthorities = "ca.pem"\n')
    done = office.ingest()
    assert done.code != 0 and "ca.pem" in done.err
    office.settings.write_text('[signatures]\nauthorities = "missing.pem"\n')
    done = office.ingest()
    assert done.code != 0 and "signatures.authorities" in done.err


def test_a_signed_document_with_a_secrecy_mark_leaves_no_signature(office, authority):
    secret = Letter(stamp="MẬT")
    (office.inbox / "a.pdf").write_bytes(signed(secret.pdf(), authority.signer("Đặng Văn Thử"), "Signature1"))
    assert "refused" in office.ingest().err
    with open(office.env["CONGVAN_REGISTER"], "rb") as file:
        assert "Đặng Văn Thử".encode() not in file.read()


def listed(office):
    return {row["path"].rpartition("/")[2]: row["signed"] for row in json.loads(office.run("dispatches", "--json").out)}


def test_the_list_of_dispatches_tells_the_worst_of_a_files_signatures(office, authority, letter):
    signer = authority.signer("Đặng Văn Thử")
    marked = signed(Letter(number="2/SKHKT-VP", subject="việc thứ hai").pdf() + b"\n% lan 1\n", signer, "Signature1")
    (office.inbox / "a.pdf").write_bytes(letter)
    (office.inbox / "b.pdf").write_bytes(signed(marked, signer, "Signature2").replace(b"% lan 1", b"% lan 2"))
    (office.inbox / "c.pdf").write_bytes(Letter(number="3/SKHKT-VP", subject="việc thứ ba").pdf())
    office.ingest()
    assert listed(office) == {"a.pdf": "intact", "b.pdf": "changed", "c.pdf": None}
    assert "CHANGED" in office.run("dispatches").out


def test_a_certificate_that_ran_out_is_not_called_that_of_a_stranger(office, authority):
    brief = authority.signer("Đặng Văn Thử", seconds=2)
    (office.inbox / "a.pdf").write_bytes(signed(Letter().pdf(), brief, "Signature1"))
    stranger = Authority().signer("Lý Văn Lạ")
    (office.inbox / "b.pdf").write_bytes(signed(Letter(number="2/SKHKT-VP", subject="khác").pdf(), stranger, "S"))
    office.settings.with_name("ca.pem").write_bytes(pem(authority.certificate))
    office.settings.write_text('[signatures]\nauthorities = "ca.pem"\n')
    time.sleep(2.5)
    office.ingest()
    told = {}
    for number in ("101/SKHKT-VP", "2/SKHKT-VP"):
        ((one,),) = (f["signatures"] for f in json.loads(office.run("show", number, "--json").out)["files"])
        told[one["signer"]] = (one["state"], one["trusted"], one["problem"])
    assert told == {"Đặng Văn Thử": ("intact", False, "expired"), "Lý Văn Lạ": ("intact", False, "unknown")}
    assert "expired since" in " ".join(office.run("show", "101/SKHKT-VP").out.split())
    assert "NOT FROM THE CHOSEN AUTHORITIES" in " ".join(office.run("show", "2/SKHKT-VP").out.split())


def test_signatures_of_files_sent_as_edxml_are_kept_too(office, letter):
    (office.inbox / "den.edxml").write_bytes(edxml(("a.pdf", letter)))
    office.ingest()
    assert [one["state"] for one in office.signatures()] == ["intact"]
