"""The same duties, however a letter was typed and set: who, what, by when and how binding do not change."""

import re
import unicodedata

import pytest
from variants import old_tones

from extractors.dispatch import extract_dispatch
from extractors.text import matchable
from pipeline.reading import read_document

HEAD = """ỦY BAN NHÂN DÂN
TỈNH TRƯỜNG GIANG
Số: 12/CT-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Trường Giang, ngày 05 tháng 3 năm 2030

CHỈ THỊ
Về việc trồng cây và quản lý vườn ươm năm 2030

"""
FOOT = """

Nơi nhận:
- Như trên;
- Lưu: VT.

CHỦ TỊCH


Đỗ Hòa Bình
"""
ITEMS = [
    "Yêu cầu Sở Xây dựng hoàn thành việc kiểm kê cây xanh trước ngày 15/6/2030.",
    "Giao Sở Tài chính chủ trì, phối hợp với Sở Nội vụ bố trí kinh phí trồng cây trong quý II/2030.",
    "Đề nghị Ủy ban Mặt trận Tổ quốc tỉnh vận động hội viên tham gia trồng cây.",
    "Các Sở: Y tế, Xây dựng lập danh sách cán bộ phụ trách vườn ươm, gửi Văn phòng chậm nhất ngày 20 tháng 4.",
    "Rà soát, bổ sung quy chế quản lý vườn ươm; hòa giải các tranh chấp về đất trồng cây.",
    "Sở Xây dựng báo cáo Ủy ban nhân dân tỉnh trước ngày 25 hằng tháng.",
    "Ủy ban nhân dân các huyện gửi kế hoạch trong thời hạn 15 ngày kể từ ngày nhận được Chỉ thị này.",
    "Sở Nội vụ cử cán bộ trước ngày 10/4/2030; Sở Y tế chuẩn bị xe trước ngày 20/4/2030.",
    "Các trường hoàn thành trồng cây trước khi khai giảng năm học mới.",
    "Thủ trưởng các đơn vị phải chịu trách nhiệm về việc chậm báo cáo.",
    "Khuyến khích các doanh nghiệp tài trợ cây giống cho các trường học.",
    "Phấn đấu đến hết năm 2030, 80% số trường có vườn ươm.",
]


CHAPEAU = "Chủ tịch Ủy ban nhân dân tỉnh yêu cầu các cơ quan, đơn vị thực hiện các nhiệm vụ sau:\n"


def letter(text):
    return HEAD + text + FOOT


def wrapped(text, width):
    """Broken into lines after so many characters, as mails and old editors do."""
    out = []
    for line in text.split("\n"):
        while len(line) > width and " " in line[:width].strip():
            cut = line.rindex(" ", 0, width)
            out.append(line[:cut])
            line = line[cut + 1 :]
        out.append(line)
    return "\n".join(out)


def in_capitals(text):
    """The words of each item in capitals, its number left alone."""
    return re.sub(r"(?m)^(\d+\. )(.*)$", lambda m: m[1] + m[2].upper(), text)


def spaced(text):
    return re.sub(r"(?<=\S) (?=\S)", "  ", text)


def bold(text):
    """Numbers and names in bold, as exports to markdown have them."""
    return re.sub(r"(?m)^(\d+)\. (.*)$", r"**\1\\.** **\2**", text)


def emphasised(text):
    return re.sub(r"(?m)^(\d+\. )(.*)$", r"\1_\2_", text)


VARIANTS = {
    "decomposed": lambda text: unicodedata.normalize("NFD", letter(text)),
    "capitals": lambda text: letter(in_capitals(text)),
    "old tones": lambda text: old_tones(letter(text)),
    "narrow lines": lambda text: letter(wrapped(text, 50)),
    "wide lines": lambda text: letter(wrapped(text, 90)),
    "doubled spaces": lambda text: letter(spaced(text)),
    "fixed spaces": lambda text: letter(text.replace(" ", "\u00a0")),
    "markdown": lambda text: letter(bold(text)),
    "emphasis": lambda text: letter(emphasised(text)),
}


def said(text, folder):
    path = folder / "letter.txt"
    path.write_text(text, "utf-8")
    dispatch = extract_dispatch(read_document(path))
    return [facts(o) for o in dispatch.obligations]


def facts(o):
    """Everything but how it is printed."""
    limits = [(d.kind, d.due, d.start, d.boundary, d.rrule, d.offset) for d in o.deadlines]
    lead, helpers = [plain(f.value) for f in o.lead], [plain(f.value) for f in o.coordinating]
    return (plain(o.quote), o.kind, o.modality, lead, helpers, limits, o.check is not None)


def plain(text):
    return " ".join(matchable(unicodedata.normalize("NFC", text)).lower().split())


CAPITALS = pytest.mark.xfail(
    reason="an item wholly in capitals is taken for a heading, and its names are told by their capitals", strict=True
)
CASES = [pytest.param(name, marks=CAPITALS if name == "capitals" else ()) for name in VARIANTS]


@pytest.fixture(scope="module")
def plain_letter(tmp_path_factory):
    text = CHAPEAU + "\n".join(f"{n}. {item}" for n, item in enumerate(ITEMS, 1))
    return text, said(letter(text), tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("variant", CASES)
def test_duties_are_the_same(variant, plain_letter, tmp_path):
    text, wanted = plain_letter
    assert len(wanted) > len(ITEMS)  # one item is cut in two
    assert said(VARIANTS[variant](text), tmp_path) == wanted
