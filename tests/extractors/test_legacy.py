"""Text of legacy fonts becomes Unicode; Unicode stays as it is."""

from __future__ import annotations

import time
import unicodedata

import pytest

from extractors import lexicon
from extractors.legacy import LegacyFont, as_unicode, charset_of, legacy_font, mended, set_in

TCVN3, CAPITALS, VNI = LegacyFont("tcvn3"), LegacyFont("tcvn3", capitals=True), LegacyFont("vni")
LETTERS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
ALPHABET = {unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES} | {"đ"}

SENTENCES = [
    "Ủy ban nhân dân xã báo cáo việc sửa chữa đường ống nước trước ngày 15 tháng 6.",
    "Kính gửi: Các đơn vị trực thuộc, trưởng thôn và những hộ ở cuối kênh mương",
    "Đề nghị kiểm kê số giếng khơi, bể chứa, thuyền thúng; ghi rõ nguồn gốc từng thứ.",
]


def codes(charset: str) -> dict[str, str]:
    rows = [row for row in lexicon.rows("legacy_letters") if row["charset"] == charset]
    return {row["letter"]: "".join(chr(int(code, 16)) for code in row["codes"].split()) for row in rows}


def typed(text: str, charset: str) -> str:
    """The text as somebody typed it with a legacy keyboard; TCVN3 has no codes for most capitals."""
    table = codes(charset)
    return "".join(table.get(c) or table.get(c.lower(), c) for c in text)


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
def test_every_letter_of_vietnamese_has_a_code(charset):
    assert ALPHABET - set("aeiouy") <= set(codes(charset))
    assert len(set(codes(charset).values())) == len(codes(charset))


def test_capitals_have_codes_of_their_own():
    assert set("ĂÂĐÊÔƠƯ") <= set(codes("tcvn3"))
    assert {letter.upper() for letter in codes("vni")} <= set(codes("vni"))


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_was_typed_is_read(charset, sentence):
    read = as_unicode(typed(sentence, charset), charset)
    assert (read if charset == "vni" else read.lower()) == (sentence if charset == "vni" else sentence.lower())
    assert charset_of(typed(sentence, charset)) == charset


def test_the_letter_that_is_a_soft_hyphen_is_not_lost():
    assert set_in("tr\u00adíc", TCVN3) == "trước"


def test_a_font_of_capitals_shows_capitals():
    assert set_in("uû ban nh©n d©n", CAPITALS) == "UỶ BAN NHÂN DÂN"


def test_a_mark_belongs_to_the_letter_before_it_whatever_its_case():
    assert set_in("AÙo, Aùo, NÖÔÙC, nöôùc, Ñöùc", VNI) == "Áo, Áo, NƯỚC, nước, Đức"


def test_codes_of_symbol_fonts_are_read():
    assert set_in("B\uf0cf", TCVN3) == "Bẽ"


@pytest.mark.parametrize("text", [*SENTENCES, "Ủy ban", "Công tác phía Nam, báo cáo"])
@pytest.mark.parametrize("font", [TCVN3, CAPITALS, VNI])
def test_unicode_under_the_name_of_a_legacy_font_stays(text, font):
    assert set_in(text, font, trusted=False) == text


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "Công tác phía Nam: báo cáo, bà con, lá cây, ý chí, quê nhà",
        "Le préfet, déjà prévenu, a noté l'été où tout a brûlé: garçon, forêt, naïve, être",
        "Mañana será otro día, señor; el niño comió piñas con azúcar",
        "Die Übergänge für Fußgänger, größere Höfe, schöne Bäume, Möhren, Käse",
        "Ghi chú: © 2020 · ½ lít, 5 m², 30°, ± 3 µm, § 4, «trích», 12 × 5 ÷ 3",
        "Nhån dån xä to chuc hop thön; cac ho gia dinh dong gop ngåy cöng sua duong muong, nåo vet kenh va trong cåy",
    ],
)
def test_unicode_lines_stay(text):
    assert (mended([text]) or [text]) == [text]


def test_lines_that_say_too_little_go_with_those_before_them():
    unicode, ambiguous = "Nhà máy nước báo cáo", "sè: 12"
    legacy = [typed(sentence, "tcvn3") for sentence in SENTENCES]
    lines = [*SENTENCES, "Bà Tý", *legacy, ambiguous, *SENTENCES, unicode]
    out = mended(lines)
    assert out is not None
    assert out[:4] == [*SENTENCES, "Bà Tý"]
    assert [line.lower() for line in out[4:7]] == [sentence.lower() for sentence in SENTENCES]
    assert out[7:] == ["số: 12", *SENTENCES, unicode]


def test_the_hyphen_that_pdf_makes_of_a_letter_is_read_and_other_hyphens_stay():
    assert set_in("t- vÊn, tr-íc, nh- sau; 12/Q§-UB, B- C«ng viÖc, N«ng-L©m", TCVN3) == (
        "tư vấn, trước, như sau; 12/QĐ-UB, B- Công việc, Nông-Lâm"
    )


@pytest.mark.parametrize(
    ("name", "font"),
    [
        (".VnTime", TCVN3),
        (".VnArial Narrow", TCVN3),
        ("BCDEEE+.VnTimeH", CAPITALS),
        (".VnArialH,Bold", CAPITALS),
        (".VnHelvetIns", TCVN3),
        ("VNI-Times", VNI),
        ("BCDEEE+VNI-Helve-Condense", VNI),
        ("Times New Roman", None),
        ("UTM Times", None),
        ("Vnn-Sans", None),
        ("", None),
    ],
)
def test_fonts_are_known_by_their_names(name, font):
    assert legacy_font(name) == font


@pytest.mark.parametrize("unit", ["¸", "a¸", "¸-", "tr\u00adíc ", "öôù", "A", "-", "aâ\u00ad"])
def test_no_text_takes_long(unit):
    def seconds(times: int) -> float:
        started = time.process_time()
        mended([unit * times, unit * times])
        set_in(unit * times, TCVN3)
        set_in(unit * times, VNI)
        return time.process_time() - started

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(20_000) for _ in range(2)) < 60 * max(small, 0.005)
