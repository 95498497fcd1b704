"""What is a Vietnamese syllable, and what is a text that kept its accents."""

import unicodedata

import pytest

from extractors import lexicon
from extractors.syllables import is_syllable, is_vietnamese, vietnamese_share

TEXT = (
    "Ủy ban nhân dân xã giao Trạm Y tế chủ trì, phối hợp với các thôn kiểm tra nguồn nước giếng, "
    "báo cáo kết quả trước ngày 15/5/2030; quá thời hạn nêu trên phải giải trình bằng văn bản."
)


@pytest.mark.parametrize("row", lexicon.rows("syllables"), ids=lambda row: f"{row['part']}:{row['letters']}")
def test_each_onset_and_rime_is_shown_in_a_syllable(row):
    bare = unicodedata.normalize("NFD", row["example"])
    bare = unicodedata.normalize("NFC", "".join(c for c in bare if c not in "\u0300\u0301\u0303\u0309\u0323")).lower()
    assert is_syllable(row["example"])
    assert bare.startswith(row["letters"]) if row["part"] == "onset" else bare.endswith(row["letters"])


SYLLABLES = """
nghiêng nghề ghi kỳ kĩ của cuốn quyết quốc quý quí gì gìn giếng giữa giá yêu yến uyên ở ý à ạ ăn anh hoà hòa thuỷ thủy
khoẻ khỏe toàn tòan hoạch khuỷu khuya Huế thuở xoong điều Kiểm QUYẾT
"""
OTHERS = """
kêt cac hop hạnp ngiệm ghà kỏng cề qốc quuyết iên uyêt bêư nguyễnn QUYÉT Dl GrAo J)i~u nh©n b¸o and contract www ăng̣̀
fax zalo jan wđ đ tiếńg họàn̂g
"""


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables_in_either_spelling_and_case(word):
    assert is_syllable(word)
    assert is_syllable(word.upper())
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", OTHERS.split())
def test_what_no_syllable_is(word):
    assert not is_syllable(word)


@pytest.mark.parametrize("text", [TEXT, TEXT.upper(), unicodedata.normalize("NFD", TEXT), TEXT.replace(" ", "\n")])
def test_vietnamese_is_known_in_any_form(text):
    assert vietnamese_share(text) == 1.0
    assert is_vietnamese(text)


WRONG = {
    "accents lost": "Uy ban nhan dan xa giao Tram Y te chu tri, phoi hop voi cac thon kiem tra nguon nuoc gieng, "
    "bao cao ket qua truoc ngay 15/5/2030",
    "half of the accents lost": "Uy ban nhân dân xa giao Tram Y tê chu tri, phôi hơp vơi cac thôn kiêm tra nguôn "
    "nươc giêng, bao cao kêt qua trươc ngay 15/5/2030",
    "letters mistaken": "Oy ban nh~n dftn xa giao Tr~m Y t~ chu tri, ph6i hgp v6'i cac th6n ki€m tra ngu6n nu6c gi€ng, "
    "bao cao k€t qua tru6c ngay 15/5/2030",
    "TCVN3": "Uû ban nh©n d©n x· giao Tr¹m Y tÕ chñ tr×, phèi hîp víi c¸c th«n kiÓm tra nguån n\xadíc giÕng, "
    "b¸o c¸o kÕt qu¶ tr\xadíc ngµy 15/5/2030",
    "VNI": "UÛy ban nhaân daân xaõ giao Traïm Y teá chuû trì, phoái hôïp vôùi caùc thoân kieåm tra nguoàn nöôùc "
    "gieáng, baùo caùo keát quaû tröôùc ngaøy 15/5/2030",
    "nameless letters": "Ủy ban nh\ue023n d\ue023n x\ue078 giao Tr\ue038m Y t\ue040 chủ trì, ph\ue041i hợp với "
    "c\ue011c th\ue023n kiểm tra ngu\ue051n nư\ue061c giếng, b\ue011o c\ue011o kết quả",
    "English": "The seller delivers the goods to the buyer on the day agreed upon; an annex to this contract sets out "
    "how they are to be paid for",
    "upside down": "Uęq uẹA ọnu) enb lại ose2 oęq Bueib oọnu uọnBu uuọi uoui se2 dóu Ioud iiu ọs ew ueq ɐnp lu eyo "
    "uęp uequ ueg lợp ien gị ịnp",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_a_bad_reading_is_known(text):
    assert is_vietnamese(text) is False


@pytest.mark.parametrize(
    "text",
    ["", "Trang 12/40", "STT 1 2 3 4 5 6 7 " * 40, "Số: 15/QĐ-UBND ngày 3/4/2030", "UBND HĐND VPCP SYT " * 20],
)
def test_too_few_words_are_not_judged(text):
    assert vietnamese_share(text) is None
    assert is_vietnamese(text) is None


def test_numbers_and_abbreviations_do_not_count_against_a_table():
    rows = "".join(f"{n} | Trường Tiểu học xã | {n * 317:,} | UBND | 15/{n}-TTr | 12/05/2030\n" for n in range(40))
    assert is_vietnamese(rows)


def test_a_list_of_names_is_vietnamese():
    assert is_vietnamese(
        "Nguyễn Văn An, Trần Thị Bình, Lê Hoàng Nam, Phạm Minh Long, Vũ Thu Hà, Đỗ Quang Hưng, Bùi Lan"
    )
