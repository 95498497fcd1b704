"""edXML out: the names and the order of the standard's samples, and a message that came goes out as it came."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET

import pytest
from letters import Letter
from parcels import edxml as message
from parcels import zip_of
from register_papers import LATER, NOW, WHO, before, enter, obligation, paper

from pipeline.errors import UnknownId
from pipeline.export.edxml import FileGone, edxml
from pipeline.register import correct, open_register

NS = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
# the order of elements in the samples of the integration kit
SAMPLE = [
    *("From", "To", "Code", "PromulgationInfo", "DocumentType", "Subject", "Content", "SignerInfo", "DueDate"),
    *("ToPlaces", "OtherInfo", "ResponseFor", "SteeringType", "DocumentId"),
]
INSIDE = {
    "From": "OrganId OrganizationInCharge OrganName OrganAdd Email Telephone Fax Website",
    "Code": "CodeNumber CodeNotation",
    "PromulgationInfo": "Place PromulgationDate",
    "DocumentType": "Type TypeDetail TypeName",
    "SignerInfo": "Competence Position FullName",
    "OtherInfo": "Priority SphereOfPromulgation TyperNotation PromulgationAmount PageAmount Direction Appendixes",
}


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "hop").mkdir()
    return tmp_path / "hop"


@pytest.fixture
def written(inbox, tmp_path, run):
    """`written(name, data)` ingests a file and gives D1 as edXML."""

    def write(name, data, **more):
        (inbox / name).write_bytes(data)
        assert run("ingest", inbox, "--workers", 0).code == 0
        with open_register(tmp_path / "register.db") as register:
            return edxml(register, "D1", **more)

    return write


def head(data):
    """The head as another parser reads it."""
    return ET.fromstring(data).find(f".//{NS}MessageHeader")


def names(element):
    return [child.tag.removeprefix(NS) for child in element]


def value(data, path):
    return head(data).findtext("/".join(NS + name for name in path.split("/")))


def is_in_order(found, order):
    places = [order.index(name) for name in found]
    return places == sorted(places)


def full(register):
    """A dispatch that has everything."""
    enter(
        register,
        paper(
            obligation("Gửi báo cáo", before("10/2/2026", "2026-02-10")),
            number="1064/BTTTT-KTS&XHS",
            issuer="Văn phòng Chính phủ",
            addressees=("Bộ Tài chính", "Sở Mây"),
            doc_type="công văn",
        ),
    )
    return register


def test_elements_stand_in_the_order_of_the_samples(register):
    data = edxml(full(register), "D1").data
    found = names(head(data))
    assert is_in_order(found, SAMPLE)
    assert {"From", "To", "Code", "PromulgationInfo", "DocumentType", "Subject", "DueDate", "DocumentId"} <= set(found)
    for name, order in INSIDE.items():
        assert is_in_order(names(head(data).find(NS + name)), order.split())
    whole = [element.tag.removeprefix(NS) for element in ET.fromstring(data).iter()]
    assert whole[:4] == ["edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader"]
    assert data.index(b"</edXML:edXMLHeader>") < data.index(b"<edXML:edXMLBody>")


def test_values_are_those_of_the_register(register):
    data = edxml(full(register), "D1").data
    assert value(data, "Code/CodeNumber") == "1064"
    assert value(data, "Code/CodeNotation") == "BTTTT-KTS&XHS"
    assert value(data, "PromulgationInfo/PromulgationDate") == "2026/01/05"
    assert value(data, "DocumentType/TypeName") == "Công văn"
    assert value(data, "From/OrganId") == "G22"
    assert value(data, "DueDate") == "2026/02/10"
    assert value(data, "DocumentId") == "G22,2026/01/05,1064/BTTTT-KTS&XHS"
    assert value(data, "OtherInfo/Priority") == "0"
    bodies = [(to.findtext(f"{NS}OrganId"), to.findtext(f"{NS}OrganName")) for to in head(data).findall(f"{NS}To")]
    assert bodies == [("G12", "Bộ Tài chính"), (None, "Sở Mây")]


def test_what_is_not_known_is_left_out(register):
    limits = obligation("Gửi", before("10/2", "2026-02-10")), obligation("Trồng", before("11/2", "2026-02-11"))
    enter(register, paper(*limits, number=None, issued_on="2026-01", symbol="UBND-VX"))
    data = edxml(register, "D1").data
    assert value(data, "Code/CodeNumber") is None and value(data, "Code/CodeNotation") == "UBND-VX"
    assert value(data, "PromulgationInfo/PromulgationDate") is None
    assert value(data, "DueDate") is None  # two days are no one day
    assert value(data, "DocumentId") is None and value(data, "From/OrganId") is None


@pytest.mark.parametrize(
    ("number", "digits", "notation"),
    [("34-KL/TW", "34", "KL/TW"), ("42/2014/QĐ-TTg", "42", "2014/QĐ-TTg"), ("30c/NQ-CP", "30c", "NQ-CP")],
)
def test_numbers_of_every_kind_are_parted(register, number, digits, notation):
    enter(register, paper(number=number))
    data = edxml(register, "D1").data
    assert (value(data, "Code/CodeNumber"), value(data, "Code/CodeNotation")) == (digits, notation)


def test_a_long_subject_is_cut_to_what_the_standard_takes_and_marks_are_words(register):
    enter(register, paper(subject="<b>rà soát</b> & báo cáo " * 60))
    subject = value(edxml(register, "D1").data, "Subject")
    assert len(subject) <= 500 and subject.startswith("<b>rà soát</b> & báo cáo")


# ------------------------------------------------------------------ there and back


def test_what_goes_out_and_comes_in_goes_out_the_same(written, tmp_path, run, monkeypatch):
    first = written("101.docx", Letter().docx(), with_file=True)
    monkeypatch.setenv("CONGVAN_REGISTER", str(tmp_path / "other.db"))
    (tmp_path / "den").mkdir()
    (tmp_path / "den" / "a.edxml").write_bytes(first.data)
    assert run("ingest", tmp_path / "den", "--workers", 0).code == 0
    with open_register(tmp_path / "other.db") as register:
        second = edxml(register, "D1", with_file=True)
    assert second.data == first.data
    assert second.received and not second.changed


def test_the_file_goes_with_it_byte_for_byte(written):
    paper_bytes = Letter().docx()
    root = ET.fromstring(written("Công văn.docx", paper_bytes, with_file=True).data)
    (attachment,) = root.iter(f"{NS}Attachment")
    (reference,) = root.iter(f"{NS}Reference")
    assert base64.b64decode(attachment.findtext(f"{NS}ContentTransferEncoded")) == paper_bytes
    assert attachment.findtext(f"{NS}AttachmentName") == "Công văn.docx"
    assert attachment.findtext(f"{NS}ContentId") == reference.findtext(f"{NS}ContentId")


FOREIGN = message(("101.pdf", zip_of(("x.pdf", Letter().pdf()))), more="<edXML:SteeringType>1</edXML:SteeringType>")


def test_a_message_of_another_maker_goes_out_as_it_came(written):
    out = written("den.edxml", FOREIGN, with_file=True)
    assert not [name for name in out.changed if not re.match("Content|SignerInfo|DueDate|OtherInfo", name)]
    sent, came = ET.fromstring(out.data), ET.fromstring(FOREIGN)
    for path in (f".//{NS}Type", ".//{urn:truc-lien-thong}Hop", f".//{NS}SteeringType", f".//{NS}AttachmentEncoded"):
        assert ET.tostring(sent.find(path)) == ET.tostring(came.find(path))
    assert sent.find(".//{urn:truc-lien-thong}Route").get("hops") == "2"
    assert b"of the sender's own program" in out.data
    assert is_in_order(names(head(out.data)), SAMPLE)


def test_a_signature_that_does_not_hold_any_more_is_taken_out_and_told(written, run, tmp_path):
    out = written("den.edxml", FOREIGN)
    assert out.changed and out.unsigned and b"SignatureValue" not in out.data
    done = run("export", "edxml", "D1", "--to", tmp_path / "a.edxml")
    assert done.code == 0 and "chữ ký số" in done.err
    assert run("export", "edxml", "D1", "--to", tmp_path / "a.edxml").code == 1


def test_every_signature_is_taken_out_and_not_the_first_kind_alone(written):
    more = "<edXML:DigitalSignature>MEUCIQ</edXML:DigitalSignature>"
    out = written("den.edxml", message(("101.pdf", Letter().pdf()), more=more))
    assert b"DigitalSignature" in message(("101.pdf", b""), more=more) and out.unsigned
    assert b"DigitalSignature" not in out.data and b"SignatureValue" not in out.data


def test_what_the_sender_wrote_stands_until_a_person_corrects_it(written, tmp_path):
    data = message(("101.pdf", Letter().pdf()), subject="trích yếu do người gửi gõ")
    assert value(written("den.edxml", data).data, "Subject") == "trích yếu do người gửi gõ"
    with open_register(tmp_path / "register.db", "write") as register:
        correct(register, "D1", "subject", "trích yếu đúng", who=WHO, now=LATER, why="gõ nhầm")
        out = edxml(register, "D1")
    assert value(out.data, "Subject") == "trích yếu đúng" and "Subject" in out.changed


def test_files_that_are_gone_are_told(written, inbox, tmp_path):
    written("den.edxml", FOREIGN)
    (inbox / "den.edxml").unlink()
    with open_register(tmp_path / "register.db") as register:
        with pytest.raises(FileGone):
            edxml(register, "D1", with_file=True)
        assert edxml(register, "D1").received
        with pytest.raises(UnknownId):
            edxml(register, "D9")


def test_a_file_that_changed_since_is_not_sent(written, inbox, tmp_path):
    written("101.docx", Letter().docx())
    (inbox / "101.docx").write_bytes(b"something else")
    with open_register(tmp_path / "register.db") as register, pytest.raises(FileGone):
        edxml(register, "D1", with_file=True)


def test_a_message_that_changed_since_is_not_sent(written, inbox, tmp_path):
    written("den.edxml", FOREIGN)
    (inbox / "den.edxml").write_bytes(message(("101.pdf", Letter().pdf())))
    with open_register(tmp_path / "register.db") as register, pytest.raises(FileGone):
        edxml(register, "D1", with_file=True)


def test_nothing_of_the_office_s_own_clock_stands_in_it(register):
    assert edxml(full(register), "D1").data == edxml(register, "D1").data
    assert NOW[:10].encode() not in edxml(register, "D1").data
