"""Registered bodies anywhere in a text: every spelling finds its body, and common words find none."""

import os
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from paper import paper

from extractors.agencies_identity import identities, province_of
from extractors.dispatch import extract_dispatch
from extractors.gazetteer import find_known_bodies
from extractors.model import Dispatch

BEFORE, AFTER = "2024-06-01", "2025-09-01"


def ids(text, on=BEFORE, place=None):
    found = find_known_bodies(text, on, place)
    assert all(text[b.start : b.end] == b.text for b in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    return [body.id for body in found]


@pytest.mark.parametrize(
    "printed",
    [
        "Bộ Thông tin và Truyền thông",
        "Bộ Thông tin & Truyền thông",
        "BỘ THÔNG TIN VÀ TRUYỀN THÔNG",
        "Bộ thông tin và truyền thông",
        "Bộ TT&TT",
        "(Bộ TTTT)",
        "Bộ Thông tin\nvà  Truyền\n thông",
        "**Bộ Thông tin** và Truyền thông",
        "ý kiến của BTTTT.",
    ],
)
def test_every_spelling_is_the_same_body(printed):
    assert ids(f"Theo đề nghị của {printed}, giao đơn vị") == ["BTTTT"]


@pytest.mark.parametrize(
    "printed, body",
    [
        ("Bộ Lao động – Thương binh và Xã hội", "BLDTBXH"),
        ("Bộ LĐ-TB&XH", "BLDTBXH"),
        ("Bộ VH,TT&DL", "BVHTTDL"),
        ("Ngân hàng Nhà nước", "NHNN"),
        ("VPCP", "VPCP"),
        ("Thủ tướng", "TTG"),
        ("Thanh tra Chính phủ", "TTCP"),
        ("UBND TP.Hà Nội", "UBND_HANOI"),
        ("Uỷ ban nhân dân Thành phố Hà Nội", "UBND_HANOI"),
        ("UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH", "UBND_HOABINH_OLD"),
        ("Sở Y tế tỉnh Kon Tum", "SO_SYT@KONTUM_OLD"),
        ("Sở KH&ĐT Hòa Bình", "SO_SKHDT@HOABINH_OLD"),
        ("Công an tỉnh Kon Tum", "CA_TINH@KONTUM_OLD"),
    ],
)
def test_names_and_abbreviations(printed, body):
    assert ids(f"Gửi {printed}; các đơn vị") == [body]
    assert ids(unicodedata.normalize("NFC", unicodedata.normalize("NFD", f"- {printed}"))) == [body]


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ y tế và cán bộ công an xã",
        "CÁN BỘ CÔNG AN XÃ",
        "bộ y tế dự phòng gồm kim tiêm",
        "toàn bộ tài chính của hộ, nội bộ tư pháp",
        "xây dựng Chính phủ điện tử, Chính phủ số",
        "các tổ chức phi chính phủ",
        "Chính phủ Nhật Bản tài trợ",
        "BTC giải chạy, theo BCT",
        "Số: 12/CT-BTTTT",
        "Thông tư 05/2023/TT-BYT, ký hiệu QĐ-TTg, CV-NHNN-TD",
        "Phó Thủ tướng họp với Ban Bí thư Trung ương Đoàn",
        "UBND các tỉnh, Sở Y tế các tỉnh",
        "UBND thành phố Mây Trắng",
    ],
)
def test_what_is_no_mention(text):
    assert ids(text) == []


def test_the_longest_name_wins():
    assert ids("Văn phòng Chính phủ, Thủ tướng Chính phủ, Thanh tra Chính phủ, Chính phủ") == [
        "VPCP",
        "TTG",
        "TTCP",
        "CP",
    ]
    assert ids("Tổng cục Thuế và Cục Thuế tỉnh Kon Tum") == ["TCT", "CTHUE_TINH@KONTUM_OLD"]
    assert ids("Phó Thủ tướng Chính phủ") == ["PTTG"]


def test_a_name_means_the_body_of_its_day():
    assert ids("Bộ Nông nghiệp và Môi trường", BEFORE) == []
    assert ids("Bộ Nông nghiệp và Môi trường", AFTER) == ["BNNMT"]
    assert ids("UBND tỉnh Quảng Ngãi", BEFORE) == ["UBND_QUANGNGAI_OLD"]
    assert ids("UBND tỉnh Quảng Ngãi", AFTER) == ["UBND_QUANGNGAI"]


def test_a_body_that_is_gone_can_still_be_spoken_of():
    assert ids("trước đây do Bộ Thông tin và Truyền thông quản lý", "2025-02-10") == ["BTTTT"]
    assert ids("trước đây do Bộ Thông tin và Truyền thông quản lý", "2026-02-10") == ["BTTTT"]
    assert ids("số liệu của Sở TT&TT tỉnh Kon Tum", AFTER) == ["SO_STTTT@KONTUM_OLD"]
    assert ids("UBND tỉnh Quảng Ngãi", None) == []


def test_bare_departments_are_those_of_the_province_that_writes():
    text = "Sở Y tế, Công an tỉnh và UBND tỉnh; UBND thành phố Kon Tum; các Sở Tài chính; Sở Y tế Hà Nội"
    own = ["SO_SYT@KONTUM_OLD", "CA_TINH@KONTUM_OLD", "UBND_KONTUM_OLD"]
    assert ids(text, place="Kon Tum") == [*own, "SO_SYT@HANOI"]
    assert ids(text) == ["SO_SYT@HANOI"]
    assert ids("UBND Thành phố, UBND thành phố Thủ Đức", place="Hồ Chí Minh") == ["UBND_HOCHIMINH_OLD"]


def test_places_are_true_far_into_a_long_text():
    filler = "Việc trồng cây ven đường được giao cho các hộ.\n" * 2_000
    text = f"Bộ Y tế\n{filler}Bộ  Công\nan\n{filler}VPCP"
    found = find_known_bodies(text, BEFORE)
    assert [(b.id, b.text) for b in found] == [("BYT", "Bộ Y tế"), ("BCA", "Bộ  Công\nan"), ("VPCP", "VPCP")]
    assert [b.start for b in found] == [0, text.index("Bộ  Công"), len(text) - 4]


def test_no_name_is_lost_where_a_long_text_is_cut():
    text = "Giao Bộ Tài nguyên và Môi trường. " * 3_000
    assert len(ids(text)) == 3_000


def test_all_bodies_that_bore_a_name():
    assert identities("Bộ TT&TT") == identities("bộ thông tin và truyền thông") == ("BTTTT",)
    assert identities("UBND tỉnh Quảng Ngãi") == ("UBND_QUANGNGAI", "UBND_QUANGNGAI_OLD")
    assert identities("Sở Mây Trắng") == ()


def test_only_provincial_bodies_have_a_province():
    assert province_of("Ủy ban nhân dân thành phố Hà Nội", BEFORE) == "hà nội"
    assert province_of("Sở Y tế", BEFORE, "Kon Tum") == "kon tum"
    assert province_of("Bộ Y tế", BEFORE, "Hà Nội") is None


LETTER = """
ỦY BAN NHÂN DÂN || CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH KON TUM || Độc lập - Tự do - Hạnh phúc
Số: 12/CT-UBND || Kon Tum, ngày 05 tháng 5 năm 2023
CHỈ THỊ
Về việc trồng cây ven đường
Thực hiện ý kiến của Bộ TN&MT và Bộ Tài nguyên và Môi trường, Ủy ban nhân dân tỉnh yêu cầu:
1. Sở Y tế báo cáo Bộ Y tế trước ngày 10/6/2023.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Văn Thử
"""


def test_a_dispatch_tells_whom_it_speaks_of_and_where_first():
    document = paper(LETTER)
    dispatch = extract_dispatch(document, mentions=True)
    assert isinstance(dispatch, Dispatch)
    found = {m.id: m for m in dispatch.mentions}
    assert found.keys() == {"UBND_KONTUM_OLD", "BTNMT", "SO_SYT@KONTUM_OLD", "BYT"}
    assert (found["BTNMT"].times, found["BTNMT"].name) == (2, "Bộ Tài nguyên và Môi trường")
    assert document.text[found["BTNMT"].span.start : found["BTNMT"].span.end] == "Bộ TN&MT"


def test_spacy_is_loaded_only_for_a_dispatch_whose_mentions_are_asked_for():
    code = (
        "import sys; from paper import paper; from test_gazetteer import LETTER\n"
        "from extractors.dispatch import extract_dispatch\n"
        "for text, asked in (('Bài viết về Bộ Y tế', True), (LETTER, False), (LETTER, True)):\n"
        "    extract_dispatch(paper(text), asked); print('spacy' in sys.modules)"
    )
    here = Path(__file__).parent
    path = os.pathsep.join(map(str, (here, here.parent, here.parents[1])))
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert run.stdout.split() == ["False", "False", "True"]
