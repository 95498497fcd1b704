"""Stamps: secrecy is found wherever it stands, and words about secrecy are left alone."""

from dataclasses import replace

import pytest
from paper import paper

from extractors.dispatch import extract_dispatch
from extractors.marks import find_secrecy
from extractors.model import Box, Document, Refusal, ScannedWord

LETTER = """
BỘ TƯ PHÁP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 14/BTP-VP
Hà Nội, ngày 05 tháng 5 năm 2021
V/v kiểm kê tài sản
{stamp}
Kính gửi: Các đơn vị thuộc Bộ
Đề nghị các đơn vị kiểm kê tài sản trước ngày 20/5/2021; {words}./.
Nơi nhận:
- Như trên;
- Lưu: VT.
CHÁNH VĂN PHÒNG
Trần Thế Vinh
"""


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        ("MẬT", "mật"),
        ("M Ậ T", "mật"),
        ("* TỐI MẬT *", "tối mật"),
        ("[TUYỆT MẬT]", "tuyệt mật"),
        ("T U Y Ệ T   M Ậ T", "tuyệt mật"),
        ("**MẬT**", "mật"),
        ("| MẬT |  |", "mật"),
        ("Tối mật", "tối mật"),
        ("Độ mật: Mật", "mật"),
        ("MAT", "mật"),
    ],
)
def test_a_stamped_letter_is_refused_and_the_refusal_holds_no_words(stamp, value):
    document = paper(LETTER.format(stamp=stamp, words=""))
    assert find_secrecy(document).value == value
    refusal = extract_dispatch(document)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "secrecy"
    assert refusal.span is None
    assert refusal.rule.startswith("marks.secrecy.")


def test_a_stamp_on_a_late_page_counts():
    document = paper(LETTER.format(stamp="", words="") + "PHỤ LỤC\n" + "Dòng\n" * 400 + "MẬT\n1. Kho số 3\n")
    assert find_secrecy(document).value == "mật"


@pytest.mark.parametrize(
    "words",
    ["bảo mật thông tin", "giữ bí mật nhà nước", "đổi mật khẩu", "không xác định độ mật", "mật độ dân số tăng"],
)
def test_words_about_secrecy_are_no_stamp(words):
    assert find_secrecy(paper(LETTER.format(stamp="", words=words))) is None


@pytest.mark.parametrize("line", ["BẢO MẬT", "DANH MỤC BÍ MẬT NHÀ NƯỚC", "MẮT", "MẬT KHẨU", "VỀ ĐỘ MẬT CỦA TÀI LIỆU"])
def test_headings_in_capitals_are_no_stamp(line):
    assert find_secrecy(paper(LETTER.format(stamp=line, words=""))) is None


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [("HỎA TỐC", "hỏa tốc"), ("THƯỢNG KHẨN", "thượng khẩn"), ("[KHẨN]", "khẩn"), ("K H Ẩ N", "khẩn"), ("", None)],
)
def test_urgency_is_a_stamp_of_its_own(stamp, urgency):
    dispatch = extract_dispatch(paper(LETTER.format(stamp=stamp, words="thực hiện khẩn trương, tình trạng KHẨN cấp")))
    assert (dispatch.urgency.value if dispatch.urgency else None) == urgency


def recognised(text: str) -> Document:
    """The document as a recognition of its page gives it: each line a row of the page, its words with boxes."""
    document = paper(text)
    lines = tuple(
        replace(line, page=1, box=Box(80, 40 + 14 * n, 300, 52 + 14 * n)) for n, line in enumerate(document.lines)
    )
    words = tuple(ScannedWord(line.start, line.end, line.box, 0.6) for line in lines if line.box)
    return replace(document, lines=lines, words=words, medium="scan")


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        ("MẶT", "mật"),
        ("[MÁT]", "mật"),
        ("NẬT", "mật"),
        ("MẬI", "mật"),
        ("TÓI MẠT", "tối mật"),
        ("TỐI MẬI", "tối mật"),
        ("TỔL MẬT", "tối mật"),
        ("TUYỆT MẠI", "tuyệt mật"),
        ("TUYẸTMẬT", "tuyệt mật"),
        ("TỤYỆI MẬT", "tuyệt mật"),
    ],
)
def test_a_stamp_that_the_recognition_of_a_page_misread_is_told_beside_the_letterhead(stamp, value):
    found = find_secrecy(recognised(LETTER.format(stamp=stamp, words="")))
    assert found and found.value == value


@pytest.mark.parametrize(
    "line",
    [
        "MẶT TRẬN TỔ QUỐC",
        "LUẬT",
        "NHẬT",
        "VẬT",
        "Mai",
        "TÓM TẮT",
        "TỜ TRÌNH",
        "QUYẾT ĐỊNH",
        "THUYẾT MINH",
        "HỎA TỐC",
        "KHẨN",
        "ĐẾN",
        "MẪU",
        "ĐẠI TÁ",
    ],
)
def test_other_short_lines_beside_a_letterhead_are_no_misread_stamps(line):
    assert find_secrecy(recognised(LETTER.format(stamp=line, words=""))) is None


def test_slips_are_forgiven_beside_a_letterhead_of_a_picture_only():
    assert find_secrecy(recognised(LETTER.format(stamp="", words="") + "PHỤ LỤC\n" * 20 + "NẬT\n")) is None
    assert find_secrecy(paper(LETTER.format(stamp="NẬT", words=""))) is None


STAMPS = """\
ĐỘ MẬT: MẬT|Độ mật: Tối mật|Ký hiệu độ mật: C|[Con dấu: MẬT]|Dấu mật: MẬT|MẬT (A)|«MẬT»|M.Ậ.T|T Ố I M Ậ T
MÂT|TUYÊT MẬT|TÓI MẬT|TUYET MAT|MẬT HỎA TỐC|HỎA TỐC MẬT|Mật - Khẩn|TỐI MẬT/HỎA TỐC|MẬT Số: 12/CV-TU
TỐI MẬT    Số: 12/CV-TU|MẬT. Số: 12/TTr-X|**MẬT** **Số:** 12/CV-TU|Số: 12/CV-TU MẬT|Số: 12/CV-TU (MẬT)
MẬT V/v kiểm kê|MẬT Kính gửi: Ông A|BỘ TƯ PHÁP MẬT|MẬT BỘ TƯ PHÁP|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM MẬT
BẢN SỐ: 02 MẬT|Chỉ người có tên mới được bóc bì MẬT|DỰ THẢO MẬT|BÍ MẬT NHÀ NƯỚC - ĐỘ TỐI MẬT"""


@pytest.mark.parametrize("place", ["letterhead", "late page"])
@pytest.mark.parametrize("stamp", [s for line in STAMPS.split("\n") for s in line.split("|")])
def test_stamps_in_every_spelling_and_glued_to_other_parts(stamp, place):
    text = LETTER.format(stamp=stamp if place == "letterhead" else "", words="")
    assert find_secrecy(paper(text + ("Dòng\n" * 60 + stamp + "\nDòng\n" if place == "late page" else "")))


@pytest.mark.parametrize(
    "lines", ["┌─────┐\n│ MẬT │\n└─────┘", "+-----+\n| MẬT |\n+-----+", "Độ mật:\nMật", "| Sở Nội vụ | MẬT |"]
)
def test_stamps_in_frames_and_cells(lines):
    assert find_secrecy(paper(LETTER.format(stamp=lines, words=""))).value == "mật"


OTHER_WORDS = """\
BẢO MẬT THÔNG TIN|MẬT ONG|Mật ong rừng|MẬT ĐỘ DÂN SỐ|Danh mục bí mật nhà nước độ Tối mật, độ Mật
CƠ YẾU, MẬT MÃ|VỀ CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC|BÍ MẬT|Độ mật: Không|Độ mật: Thường|Độ mật:
XÁC ĐỊNH ĐỘ MẬT|SỎI MẬT|TÚI MẬT|THÂN MẬT|NGHIÊM MẬT|Mật rỉ đường|1. Bệnh về mật|- Lập sổ văn bản mật;
Văn bản mật đi|CÔNG TY MẬT VIỆT|VŨ THỊ MẬT|Nguyễn Văn Mật|SỞ NỘI VỤ VỀ CÔNG TÁC BẢO MẬT
độ "Mật", "Tối mật", "Tuyệt mật"|Điều 5. Độ mật của văn bản|BẢO MẬT Số: 12/KH|tài liệu mật được lưu riêng
MÁY MÁT|ĐỔI MẬT KHẨU"""


@pytest.mark.parametrize("words", [s for line in OTHER_WORDS.split("\n") for s in line.split("|")])
def test_lines_about_secrecy_bees_and_bile_are_no_stamps(words):
    text = LETTER.format(stamp=words, words=words) + "Dòng\n" * 60 + words + "\nDòng\n"
    assert find_secrecy(paper(text)) is None


def test_a_register_that_names_secret_documents_is_refused_wherever_its_row_stands():
    rows = "".join(f"{n} | {n}/SNV-VP | Thường\n" for n in range(1, 60))
    open_register = "SỔ VĂN BẢN\nTT | Số | Độ mật\n" + rows
    assert find_secrecy(paper(open_register)) is None
    assert find_secrecy(paper(open_register + "60 | 60/SNV-VP | Mật\n")).value == "mật"


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [
        ("HOẢ TỐC", "hỏa tốc"),
        ("HỎA TỐC HẸN GIỜ", "hỏa tốc"),
        ("Hỏa tốc", "hỏa tốc"),
        ("H Ỏ A T Ố C", "hỏa tốc"),
        ("Độ khẩn: Thượng khẩn", "thượng khẩn"),
        ("ĐỘ KHẨN: KHẨN", "khẩn"),
        ("« KHẨN »", "khẩn"),
        ("HỎA TỐC Số: 15/BTP-VP", "hỏa tốc"),
        ("Số: 15/BTP-VP THƯỢNG KHẨN", "thượng khẩn"),
        ("Độ khẩn: Thường", None),
        ("TÌNH HUỐNG KHẨN CẤP", None),
        ("CÔNG ĐIỆN KHẨN", None),
        ("KHẨN TRƯƠNG", None),
    ],
)
def test_urgency_in_every_position_of_the_letterhead(stamp, urgency):
    dispatch = extract_dispatch(paper(LETTER.format(stamp=stamp, words="")))
    assert (dispatch.urgency.value if dispatch.urgency else None) == urgency


@pytest.mark.parametrize(
    "words", ["Khẩn trương rà soát", "gửi hỏa tốc", "công điện khẩn", "tình huống khẩn cấp", "Khẩn"]
)
def test_words_about_urgency_in_the_text_are_no_stamp(words):
    assert extract_dispatch(paper(LETTER.format(stamp="", words=f"\n{words}\nvà"))).urgency is None
