"""edXML in the inbox: its files are read as files, and what its head says is proposed, never taken for printed."""

import pytest
from letters import Letter
from parcels import edxml, mail, zip_of
from test_secrecy import WORDS, secret

import pipeline.reading.containers as containers
from pipeline.errors import DamagedFile, NothingInside, TooLarge
from pipeline.reading.containers import contents
from pipeline.reading.edxml import head_of, open_edxml
from pipeline.reading.sniff import kind_of
from pipeline.register import failures, open_register, show

LETTER = Letter()
BLANK = Letter(number="      /SKHKT-VP")


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "hop").mkdir()
    return tmp_path / "hop"


@pytest.fixture
def entered(inbox, tmp_path, run):
    """`entered(data)` ingests a message and gives what the register shows of its one dispatch."""

    def enter(data, *more):
        (inbox / "den.edxml").write_bytes(data)
        assert run("ingest", inbox, "--workers", 0, *more).code == 0
        with open_register(tmp_path / "register.db") as register:
            return show(register, "D1")

    return enter


def proposals(shown):
    return {row["field"]: row["value"] for row in shown["inferred"] if row["rule"] == "inferred.edxml"}


def codes(shown):
    return [row["code"] for row in shown["issues"] if row["code"].startswith("edxml")]


# ------------------------------------------------------------------ files


def test_a_file_sent_so_is_read_and_knows_where_it_came_from(inbox, entered):
    shown = entered(edxml(("Công văn 101.docx", LETTER.docx())))
    assert shown["document"]["number"] == "101/SKHKT-VP"
    assert shown["files"][0]["paths"] == [f"{inbox}/den.edxml/::/Công văn 101.docx"]


def test_a_file_packed_alone_is_unpacked_and_keeps_the_name_it_was_sent_by(inbox, entered):
    packed = zip_of(("5c7082fe.pdf", LETTER.pdf()))
    shown = entered(edxml(("101.pdf", packed)))
    assert shown["files"][0]["paths"] == [f"{inbox}/den.edxml/::/101.pdf"]
    assert shown["format"] == "pdf"


def test_messages_in_mails_and_archives_are_read(inbox, tmp_path, run):
    (inbox / "thu.eml").write_bytes(mail(("gui.zip", zip_of(("a.edxml", edxml(("101.docx", BLANK.docx()))))), text=" "))
    assert run("ingest", inbox, "--workers", 0).code == 0
    with open_register(tmp_path / "register.db") as register:
        shown = show(register, "D1")
    assert shown["files"][0]["paths"] == [f"{inbox}/thu.eml/::/gui.zip/::/a.edxml/::/101.docx"]
    assert proposals(shown) == {"number": "101/SKHKT-VP"}


def test_a_message_in_an_archive_proposes_to_its_own_file_alone(inbox, tmp_path, run):
    one, two = edxml(("1.docx", BLANK.docx())), Letter(number="      /SKHKT-VP", subject="việc khác", day=6).docx()
    (inbox / "a.zip").write_bytes(zip_of(("a.edxml", one), ("b.docx", two)))
    assert run("ingest", inbox, "--workers", 0).code == 0
    with open_register(tmp_path / "register.db") as register:
        assert [proposals(show(register, d)).get("number") for d in ("D1", "D2")] == ["101/SKHKT-VP", None]


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><edXML xmlns='http://www.mic.gov.vn/TBT/QCVN_102_2016'><a></edXML>",
        b"<!DOCTYPE edXML [<!ENTITY a 'b'>]><edXML xmlns='http://www.mic.gov.vn/TBT/QCVN_102_2016'>&a;</edXML>",
        edxml(("a.txt", b"x")).replace(b"eA==", b"e"),
    ],
    ids=["cut", "entities", "encoding"],
)
def test_what_is_broken_is_told(data):
    assert kind_of(data) == "edxml"
    with pytest.raises(DamagedFile):
        opened = open_edxml(data)
        opened.entries[0].read(100)


def test_entities_are_neither_fetched_nor_expanded(tmp_path):
    (tmp_path / "secret.txt").write_text("nội dung trên máy")
    bomb = "<!ENTITY a0 'x'>" + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};'>" for n in range(1, 40))
    outside = f"<!ENTITY f SYSTEM 'file://{tmp_path}/secret.txt'>"
    for entity, use in ((bomb, "&a39;"), (outside, "&f;")):
        data = edxml(("a.txt", b"x"), subject=use).replace(b"?>\n", f"?>\n<!DOCTYPE edXML [{entity}]>".encode(), 1)
        with pytest.raises(DamagedFile):
            open_edxml(data)


def test_bounds_hold_for_what_lies_inside(monkeypatch):
    assert open_edxml(edxml(("a.txt", b"x" * 90))).entries[0].read(90) == b"x" * 90
    with pytest.raises(TooLarge):
        open_edxml(edxml(("a.txt", b"x" * 90))).entries[0].read(89)
    with pytest.raises(TooLarge):
        open_edxml(edxml(("a.txt", zip_of(("a.txt", bytes(10_000)))))).entries[0].read(9_999)
    with pytest.raises(TooLarge):
        open_edxml(edxml(*[("a.txt", b"x")] * 1001))
    monkeypatch.setattr(containers, "MAX_UNPACKED", 100)
    with pytest.raises(TooLarge):
        contents(edxml(("a.txt", b"x" * 90), ("b.txt", b"y" * 90)), "edxml")


def test_a_message_without_files_says_so(inbox, run):
    with pytest.raises(NothingInside):
        contents(edxml(), "edxml")
    (inbox / "a.edxml").write_bytes(edxml())
    assert run("ingest", inbox, "--workers", 0).code == 1


# ------------------------------------------------------------------ what the head says


def test_what_the_dispatch_does_not_print_is_proposed(entered, run):
    shown = entered(edxml(("a.docx", BLANK.docx())))
    assert shown["document"]["number"] is None
    assert proposals(shown) == {"number": "101/SKHKT-VP"}
    assert "theo siêu dữ liệu edXML" in run("show", "D1").out
    assert not codes(shown)


def test_a_proposal_can_be_taken_and_stays_after_reading_again(entered, run, tmp_path):
    entered(edxml(("a.docx", BLANK.docx())))
    proposal = next(r["id"] for r in run("show", "D1", "--json").json()["inferred"] if r["rule"] == "inferred.edxml")
    assert run("reextract", "--all", "--workers", 0).code == 0
    again = run("show", "D1", "--json").json()
    assert proposals(again) == {"number": "101/SKHKT-VP"}
    assert run("confirm", proposal, "--by", "Lê Thị Thử").code == 0
    assert run("show", "D1", "--json").json()["document"]["number"] == "101/SKHKT-VP"


def test_what_is_printed_is_never_overwritten_and_another_number_is_an_issue(entered):
    shown = entered(edxml(("a.docx", LETTER.docx()), number="202", notation="SKHKT-TH"))
    assert shown["document"]["number"] == "101/SKHKT-VP"
    assert proposals(shown) == {}
    assert codes(shown) == ["edxml.differs"]


@pytest.mark.parametrize(
    ("due", "expected"), [("2023/03/20", []), ("2023/04/30", ["edxml.due_differs"]), ("", []), ("2023/02/31", [])]
)
def test_the_due_day_of_the_head_is_a_hint_that_the_text_overrules(entered, run, due, expected):
    shown = entered(edxml(("a.docx", LETTER.docx()), due=due))
    assert codes(shown) == expected
    days = {limit["due"] for o in shown["obligations"] for limit in o["deadlines"]}
    assert days == {"2023-03-20", "2023-06-30"}
    if expected:
        assert "30/04/2023" in run("issues").out


@pytest.mark.parametrize(
    ("number", "notation", "expected"),
    [("34", "KL/TU", "34-KL/TU"), ("05", "2026/QĐ-UBND", "05/2026/QĐ-UBND"), ("7", "", None)],
)
def test_numbers_are_spelt_as_dispatches_print_them(number, notation, expected):
    assert head_of(edxml(("a", b""), number=number, notation=notation).decode().partition("?>")[2]).number == expected


# ------------------------------------------------------------------ secrecy


def test_of_a_message_with_a_secret_dispatch_the_head_is_not_kept(inbox, tmp_path, run):
    data = edxml(("a.docx", LETTER.docx()), ("b.txt", secret("MẬT").text().encode()), subject=WORDS[0])
    (inbox / "den.edxml").write_bytes(data)
    run("ingest", inbox, "--workers", 0)
    with open_register(tmp_path / "register.db") as register:
        assert register.rows("SELECT * FROM edxml") == []
        assert "secrecy" in [row["code"] for row in failures(register)]
    assert WORDS[0].encode() not in (tmp_path / "register.db").read_bytes()


@pytest.mark.parametrize("degree", ["1", "Mật", "tối mật", "?"])
def test_a_degree_of_secrecy_in_the_head_refuses_all(inbox, tmp_path, run, degree):
    more = f"<edXML:OtherInfo><edXML:Secret>{degree}</edXML:Secret></edXML:OtherInfo>"
    (inbox / "den.edxml").write_bytes(edxml(("a.docx", LETTER.docx()), more=more, subject="chuyện không ai được biết"))
    run("ingest", inbox, "--workers", 0)
    with open_register(tmp_path / "register.db") as register:
        assert [row["code"] for row in failures(register)] == ["secrecy"]
        assert register.rows("SELECT * FROM dispatches") == []
    assert "không ai được biết".encode() not in (tmp_path / "register.db").read_bytes()


@pytest.mark.parametrize("degree", ["0", "", "Thường", "THƯỜNG", "Không"])
def test_a_degree_that_says_that_there_is_none_refuses_nothing(inbox, tmp_path, run, degree):
    more = f"<edXML:OtherInfo><edXML:Secret>{degree}</edXML:Secret></edXML:OtherInfo>"
    (inbox / "den.edxml").write_bytes(edxml(("a.docx", LETTER.docx()), more=more))
    run("ingest", inbox, "--workers", 0)
    with open_register(tmp_path / "register.db") as register:
        assert failures(register) == [] and len(register.rows("SELECT * FROM dispatches")) == 1


def test_the_head_is_kept_back_while_a_file_beside_it_cannot_be_read(inbox, tmp_path, run):
    (inbox / "den.edxml").write_bytes(edxml(("a.docx", LETTER.docx()), ("b.pdf", b"%PDF-1.4 broken")))
    run("ingest", inbox, "--workers", 0)
    with open_register(tmp_path / "register.db") as register:
        assert register.rows("SELECT * FROM edxml") == []
        assert len(register.rows("SELECT * FROM dispatches")) == 1


def test_a_dispatch_erased_for_its_secrecy_takes_the_head_with_it(entered, tmp_path):
    entered(edxml(("a.docx", BLANK.docx()), subject="chuyện không ai được biết"))
    from pipeline.register.erasing import erase_file, shred

    with open_register(tmp_path / "register.db", "write") as register:
        (row,) = register.rows("SELECT file_id FROM dispatches")
        assert register.rows("SELECT xml FROM edxml")
        with register.transaction():
            erase_file(register, row["file_id"])
        shred(register)
        assert register.rows("SELECT xml FROM edxml") == []
    assert "không ai được biết".encode() not in (tmp_path / "register.db").read_bytes()
