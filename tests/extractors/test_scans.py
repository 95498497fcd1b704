"""What is read on paper: numbers by hand are doubted, rubbish is passed over, what a closed list tells is mended."""

import pytest
from scanned_paper import scan

from extractors.citations import find_citations
from extractors.dispatch import extract_dispatch
from extractors.model import Refusal
from extractors.recipients import find_recipients
from extractors.sections import read_layout
from extractors.signer import find_signer

HEAD = (
    ("ỦY BAN NHÂN DÂN", 90, 0, 0),
    ("TỈNH QUẢNG TRỊ", 92, 0, 1),
    ("{number}", 95, 0, 3),
    ("V/v trồng rau trên mái nhà", 80, 0, 4),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 1, 0),
    ("Độc lập - Tự do - Hạnh phúc", 320, 1, 1),
    ("{date}", 330, 1, 3),
)
BODY = (
    ("Kính gửi: Các sở, ban, ngành cấp tỉnh.", 150, None, 7),
    ("Thực hiện Kế hoạch số 15/KH-UBND, Ủy ban nhân dân tỉnh đề nghị các sở, ban, ngành", 110, None, 10),
    ("gửi báo cáo về vườn rau trước ngày 10/6/2030./.", 80, None, 11),
)
PRINTED_NUMBER = "Số: 512/UBND-NN"
PRINTED_DATE = "Quảng Trị, ngày 05 tháng 5 năm 2030"


def letter(number=PRINTED_NUMBER, date=PRINTED_DATE, body=BODY, tail=()):
    head = [(text.format(number=number, date=date), *place) for text, *place in HEAD]
    found = extract_dispatch(scan(*head, *body, *tail))
    assert not isinstance(found, Refusal)
    return found


def value(found):
    return found.value if found else None


def codes(dispatch):
    return {issue.code for issue in dispatch.issues}


def test_what_is_surely_print_is_taken():
    found = letter()
    assert (value(found.number), value(found.symbol)) == ("512/UBND-NN", "UBND-NN")
    assert (value(found.issued_on), value(found.place)) == ("2030-05-05", "Quảng Trị")
    assert value(found.issuer) == "Ủy ban nhân dân tỉnh Quảng Trị"
    assert found.number.confidence < 0.97


@pytest.mark.parametrize(
    "number",
    [
        "Số: 512@0.5 /UBND-NN",
        "Số: 512@0.95^1.5 /UBND-NN",
        "Số: 512@0.7^1.2 /UBND-NN",
        "Số: 512/UBND-NN@0.5",
        "Số: 512 /UBND-NN@0.4",
        "Số: 5l2@0.9 /UBND-NN",
    ],
    ids=["unsure", "taller than print", "unsure, taller", "in one word", "a doubtful symbol", "a letter for a digit"],
)
def test_a_number_by_hand_is_left_blank(number):
    found = letter(number)
    assert found.number is None and value(found.symbol) == "UBND-NN"
    assert codes(found) & {"number.doubtful", "number.unreadable"}


def test_odd_letters_of_a_symbol_leave_printed_digits_in_one_word_with_it_printed():
    assert value(letter("Số: 137/TB-UBNDQTX@0.6").number) == "137/TB-UBNDQTX"


@pytest.mark.parametrize(("month", "known"), [("1]@0.6", "2030-11"), ("II@0.5", "2030-11"), ("1]@0.3", "2030")])
def test_two_strokes_are_november(month, known):
    assert value(letter(date=f"Quảng Trị, ngày Ÿ@0.3 tháng {month} năm 2030").issued_on) == known


def test_a_doubtful_number_that_the_text_prints_again_is_taken():
    again = (*BODY, ("(Kèm theo Công văn số 512/UBND-NN ngày 05/5/2030)", 80, None, 13))
    assert value(letter("Số: 512@0.5 /UBND-NN", body=again).number) == "512/UBND-NN"


@pytest.mark.parametrize(
    ("date", "known"),
    [
        ("Quảng Trị, ngày 05@0.5 tháng 5 năm 2030", "2030-05"),
        ("Quảng Trị, ngày 05@0.9^1.5 tháng 5 năm 2030", "2030-05"),
        ("Quảng Trị, ngày 05 tháng 5@0.4 năm 2030", "2030"),
        ("Quảng Trị, ngày 05 tháng 5 năm 2030@0.2", None),
    ],
)
def test_a_date_is_as_sharp_as_what_is_print(date, known):
    found = letter(date=date)
    assert value(found.issued_on) == known
    assert "issued_on.doubtful_hand" in codes(found)


SIGNED = (("Ký bởi: Văn phòng", 430, None, -2), ("Thời gian ký: 06.05.2030 09:15:20", 430, None, -1))


def signed_letter(date):
    head = [(text.format(number=PRINTED_NUMBER, date=date), *place) for text, *place in HEAD]
    return extract_dispatch(scan(*SIGNED, *head, *BODY))


def test_the_time_of_a_signature_is_proposed_for_an_open_day():
    found = signed_letter("Quảng Trị, ngày 05@0.3 tháng 5 năm 2030")
    assert value(found.issued_on) == "2030-05"
    (proposal,) = found.inferred
    assert (proposal.field, proposal.value, proposal.rule) == ("issued_on", "2030-05-06", "inferred.signature_time")
    assert "06.05.2030" in proposal.evidence and proposal.confidence < 0.7


@pytest.mark.parametrize("date", [PRINTED_DATE, "Quảng Trị, ngày 30@0.3 tháng 4 năm 2030"])
def test_no_day_is_proposed_that_is_printed_or_does_not_fit(date):
    assert not signed_letter(date).inferred


def test_rubbish_beside_the_letterhead_is_passed_over():
    stamped = (
        ("đu,@0.1 -=ne@0.0 sấu@0.2 ~~~ Kính gửi: - Sở Xây dựng;", 60, None, 7),
        ("Ễ@0.3", 540, None, 8),
        ("- Sở Y tế. ^»@0.2", 190, None, 8),
        BODY[1],
        BODY[2],
    )
    found = letter(body=stamped)
    assert [a.value for a in found.addressees] == ["Sở Xây dựng", "Sở Y tế"]


def test_addressees_without_bullets_stand_on_lines_of_their_own():
    body = (("Kính gửi: Sở Xây dựng các tỉnh", 150, None, 7), ("Các trường cao đẳng", 205, None, 8), *BODY[1:])
    assert [a.value for a in letter(body=body).addressees] == ["Sở Xây dựng các tỉnh", "Các trường cao đẳng"]


def test_a_bracket_that_nothing_closes_ends_with_its_entry():
    body = (
        ("Kính gửi: - Sở Xây dựng;", 150, None, 7),
        ("- Bệnh viện Suối (Mây, Bệnh viện Núi.", 205, None, 8),
        ("- Sở Y tế.", 205, None, 9),
        ("Sở Nông nghiệp nhận được Kế hoạch số 15/KH-UBND về trồng rau trên mái nhà.", 80, None, 10),
        *BODY[1:],
    )
    assert letter(body=body).addressees[-1].value.endswith("Sở Y tế")


def test_a_stamp_left_of_an_addressee_is_cut_off():
    stamped = (
        ("Kính gửi: - Sở Xây dựng;", 150, None, 7),
        ("KẾ H0AH VÀ ĐẪI) - Sở Y tế.", 60, None, 8),
        *BODY[1:],
    )
    assert [a.value for a in letter(body=stamped).addressees] == ["Sở Xây dựng", "Sở Y tế"]


def test_the_head_of_a_stamp_is_no_title_of_a_letter():
    stamped = (("KẾ HOẠCH VÀ ĐẦU TƯ TỈNH QUẢNG TRỊ", 60, None, 6), *BODY)
    assert letter(body=stamped).type.value == "công văn"


def decision(*rows):
    left = (("ỦY BAN NHÂN DÂN", 90, 0, 0), ("TỈNH QUẢNG TRỊ", 92, 0, 1), ("Số: 512/QĐ-UBND", 95, 0, 3))
    right = (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 1, 0), (PRINTED_DATE, 330, 1, 3))
    end = (("QUYẾT ĐỊNH:", 250, None, 14), ("Điều 1. Các sở trồng rau trên mái nhà theo kế hoạch.", 80, None, 15))
    found = extract_dispatch(scan(*left, *right, *rows, *end))
    assert not isinstance(found, Refusal)
    return found


def test_a_lost_title_is_told_by_the_symbol():
    found = decision(("Lẹ~ QIYẸT ĐNH", 250, None, 5), ("Về việc trồng rau trên mái nhà", 220, None, 6))
    assert found.type.value == "quyết định"


def test_bases_and_addressees_are_never_part_of_the_subject():
    title = (("TỜ TRÌNH", 290, None, 5), ("Về việc trồng rau trên mái nhà", 230, None, 6))
    based = decision(*title, ("Căn cứ Luật Vườn rau số 43/2030/QH17 ngày 26/11/2030;", 100, None, 8))
    addressed = decision(*title, ("Kính gửi:", 150, None, 8), ("- Văn phòng Núi;", 250, None, 9))
    assert based.subject.value == addressed.subject.value == "trồng rau trên mái nhà"
    assert [a.value for a in addressed.addressees] == ["Văn phòng Núi"]


def test_what_a_title_with_its_issuer_is_about_stands_below():
    found = decision(
        ("NGHỊ QUYẾT CỦA HỘI ĐỒNG VƯỜN RAU", 190, None, 5),
        ("VÀ CÂY XANH", 250, None, 6),
        ("(Về việc trồng rau trên mái nhà)", 200, None, 7),
    )
    assert found.subject.value == "trồng rau trên mái nhà"


LIST = ("Nơi nhận:", "- Như trên;", "- Sở Xây dựng (để p/h);", "- Lưu: VT.")


def closing(*rows):
    listed = [(text, 80, None, 20 + n) for n, text in enumerate(LIST)]
    return read_layout(scan("Điều 1. Các sở trồng rau trên mái nhà theo kế hoạch.", *listed, *rows))


def signer(*lines):
    document = scan(
        "Điều 1. Các sở trồng rau trên mái nhà theo kế hoạch.",
        *((text, 80, 0, 20 + n) for n, text in enumerate(LIST)),
        *((text, 370, 1, row) for text, row in lines),
    )
    found, _ = find_signer(read_layout(document).closing, document)
    return tuple(value(f) for f in (found.authority, found.title, found.name))


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (
            (("KT. GIÁM ĐÓC", 20), ("PHÓ GIÁM ĐÓC", 21), ("Nguyên Thị Mây", 27)),
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Mây"),
        ),
        (
            (("“T. GIÁM ĐỐC", 20), ("PHÓ GIÁM ĐÓC", 21), ("Lê Văn Suối", 27)),
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn Suối"),
        ),
        (
            (("KT. BỘ TRƯỜNG", 20), ("THỬ TRƯỞNG", 21), ("hạm Văn Suối", 27)),
            ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "Phạm Văn Suối"),
        ),
        ((("TM. ỦY BAN NHÂN DÂN", 20), ("Lê Văn Suối", 27)), (None, None, "Lê Văn Suối")),
        ((("TM. ỦY BAN NHÂN DÂN", 20), ("GIÁM ĐỐC SỞ NỘI VỤ", 26), ("Lê Văn Suối", 27)), (None, None, "Lê Văn Suối")),
        ((("CHỦ TỊCH", 20), ("øuyên Thị Mây", 27)), (None, "CHỦ TỊCH", "Nguyễn Thị Mây")),
        ((("CHỦ TỊCH", 22), ("Lê Văn Suối", 27)), (None, None, "Lê Văn Suối")),
        ((("CHỦ@0.9^1.6 TỊCH@0.9^1.6", 21.5), ("Lê Văn Suối", 27)), (None, "CHỦ TỊCH", "Lê Văn Suối")),
        ((("CHỦ TỊCH", 20), ("Lê Văn", 27)), (None, None, None)),
        ((("CHỦ TỊCH", 20), ("Lê Văn Tzối", 27)), (None, None, None)),
        ((("CHỦ TỊCH", 20), ("Hoàng Suối", 27)), (None, None, None)),
        ((("CHỦ TỊCH", 20), ("PHÓ VĂN PHÒNG", 27)), (None, None, None)),
        (
            (("KT. TRƯỞNG BAN", 20), ("PHÓ TRƯỞNG 2", 21), ("Lê Văn Suối", 27)),
            ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "Lê Văn Suối"),
        ),
    ],
    ids=[
        "accents lost",
        "KT. by hand",
        "office by its head",
        "title under the seal",
        "lines under the seal",
        "a name by its end",
        "title below lost lines",
        "title in letters larger than the list",
        "a word lost",
        "no syllable",
        "two words, a third perhaps hidden",
        "an office is no name",
        "title cut off",
    ],
)
def test_signer_under_seal_and_hand(lines, read):
    assert signer(*lines) == read


def test_a_list_whose_head_was_not_recognised_is_found_by_its_end():
    rows = [(text, 80, None, 20 + n) for n, text in enumerate(LIST[1:])]
    found = read_layout(scan("Điều 1. Các sở trồng rau trên mái nhà theo kế hoạch.", *rows)).closing
    assert [r.name for r in find_recipients(found.recipients)] == ["Như trên", "Sở Xây dựng", "Lưu: VT"]


def test_what_stands_right_of_the_list_is_the_signature():
    found = closing(("- Website ~~~ ~~~ ~~~ Trần Thị Suối", 80, None, 24)).closing
    assert [p.text for p in found.signature] == ["Trần Thị Suối"]


def test_words_of_visible_signatures_after_the_last_page_are_no_text():
    one = scan("Điều 1. Các sở trồng rau trên mái nhà.", "Nơi nhận:", "- Như trên;", "- Lưu: VT.", page=2)
    tail = scan("TRUNG TÂM TIN HỌC", "Thời gian ký: 06.05.2030 09:15:20")
    shift = len(one.text)
    both = type(one)(
        one.text + tail.text,
        one.lines + tuple(type(x)(x.start + shift, x.end + shift, 1, x.box) for x in tail.lines),
        one.sha256,
        pages=2,
        medium="scan",
        format="pdf",
        words=one.words,
    )
    assert read_layout(both).closing.end == 4


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Công điện số 62/CĐĐ-BNV@0.5 ngày 5/5/2030; thực hiện Công điện số 62/CĐ-BNV", ["62/CĐ-BNV"]),
        ("Công văn số 193/UBND-BCPĐ@0.4 và Kế hoạch số 194/KH-BCĐ", ["193/UBND-BCĐ", "194/KH-BCĐ"]),
        ("Luật số 105/2030/QHI3", ["105/2030/QH13"]),
        ("Công văn số 53 11/BYT-BM ngày 20/9/2030", ["5311/BYT-BM"]),
        ("Công văn số 1945/SYT-NVY; theo Công văn số 1945/SY@0.5 I-NVY", ["1945/SYT-NVY"]),
        ("Công văn số 12/SYT-NVY và Công văn số 13/SNV-NVY", ["12/SYT-NVY", "13/SNV-NVY"]),
        ("Kế hoạch số 25/KH-STTTTT; Công văn số 7/SLĐĐTBXH-VP", ["25/KH-STTTT", "7/SLĐTBXH-VP"]),
        ("Công văn số 9/BKHĐT-TCTT; Công văn số 4/ĐĐBQH-VP", ["9/BKHĐT-TCTT", "4/ĐĐBQH-VP"]),
        ("Thông tư số 5/2030/TT-BYTT@0.5", ["5/2030/TT-BYT"]),
    ],
)
def test_citations_mend_one_another(text, cited):
    assert [f.value for f in find_citations(scan(text), (), None)] == cited


STAMPED = (
    ("ỦY BAN NHÂN DÂN TỈNH QUẢNG TRỊ", 90, 0, 0),
    ("Số: 512/QĐ-UBND", 120, 0, 3),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 1, 0),
    (PRINTED_DATE, 330, 1, 3),
    ("LỒN Q UYÉT ĐỊNH", 250, None, 6),
    ("Về việc giao mái nhà của các trường cho các đội vườn rau", 130, None, 7),
    ("CỔNG THÔNG TIN ĐẾN", 20, None, 8),
    ("2@0.2", 250, None, 9),
    ("Căn cứ Luật Trồng rau ngày 19 tháng 6 năm 2015;", 110, None, 11),
    ("Điều 1. Giao mái nhà cho các đội vườn rau.", 110, None, 13),
)


def test_a_stamp_beside_the_lines_under_a_lost_title_is_no_part_of_the_subject():
    found = extract_dispatch(scan(*STAMPED))
    assert value(found.subject) == "giao mái nhà của các trường cho các đội vườn rau"


def test_a_dash_between_years_read_as_two_neither_ends_the_subject_nor_stays_two():
    about = [(text.replace("các đội vườn rau", "đội 2, 2024 -- 2025"), *at) for text, *at in STAMPED]
    assert value(extract_dispatch(scan(*about)).subject) == "giao mái nhà của các trường cho đội 2, 2024 - 2025"


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        ("TRƯỜNG TRUNG HỌC PHÓỎ THÔNG", "Trường trung học phổ thông"),
        ("BẠN QUAN VRM", None),
        ("VIỄN THÔNG QUẢNG TRỊ", "Viễn thông Quảng Trị"),
    ],
    ids=["two tones in one syllable", "a word for another", "a word that is like another"],
)
def test_names_of_issuers_that_a_recognition_spoilt(line, issuer):
    head = [(text.format(number=PRINTED_NUMBER, date=PRINTED_DATE), *place) for text, *place in HEAD[2:]]
    rows = (("SỞ TRỒNG TRỌT", 90, 0, 0), (line, 92, 0, 1), *head, *BODY)
    assert value(extract_dispatch(scan(*rows)).issuer) == issuer


def test_two_issuers_joined_by_a_dash_are_one():
    head = [(text.format(number=PRINTED_NUMBER, date=PRINTED_DATE), *place) for text, *place in HEAD[2:]]
    rows = (("LIÊN ĐOÀN LAO ĐỘNG -", 90, 0, 0), ("SỞ Y TẾ TỈNH QUẢNG TRỊ", 92, 0, 1), *head, *BODY)
    assert value(extract_dispatch(scan(*rows)).issuer) == "Liên đoàn Lao động - Sở Y tế tỉnh Quảng Trị"


def test_a_hyphen_read_as_a_colon_is_mended_in_a_symbol():
    assert value(letter("Số: 512/UBND:NN").symbol) == "UBND-NN"


def test_the_label_of_the_addressees_may_have_lost_its_space_and_last_letter():
    body = (("Kínhgử: - Sở Xây dựng;", 150, None, 7), ("- Sở Y tế.", 205, None, 8), *BODY[1:])
    assert [a.value for a in letter(body=body).addressees] == ["Sở Xây dựng", "Sở Y tế"]


def test_bullets_of_bodies_above_the_text_are_the_addressees_whose_label_was_not_recognised():
    listed = (("- Sở Xây dựng;", 205, None, 7), ("'~ Sở Y tế.", 200, None, 8), *BODY[1:])
    assert [a.value for a in letter(body=listed).addressees] == ["Sở Xây dựng", "Sở Y tế"]
    other = (("- Sở Xây dựng;", 205, None, 7), ("- Rau muống.", 205, None, 8), *BODY[1:])
    assert letter(body=other).addressees == ()


def test_a_bracket_that_lost_its_end_holds_no_other_bullet():
    tail = (
        ("Nơi nhận:", 80, None, 20),
        ("- Sở Xây dựng (để", 80, None, 21),
        ("- Sở Y tế;", 80, None, 22),
        ("- Lưu: VT, NN.", 80, None, 23),
    )
    assert [r.name for r in letter(tail=tail).recipients] == ["Sở Xây dựng", "Sở Y tế", "Lưu: VT, NN"]
