"""The tree of items that paragraphs form."""

from duty_texts import document

from extractors.model import Span
from extractors.outline import Item, is_title, outline
from extractors.paragraphs import paragraphs


def tree(text: str) -> tuple[Item, ...]:
    doc = document(text)
    return outline(paragraphs(doc, Span(0, len(doc.text))))


def shape(items: tuple[Item, ...]) -> list[object]:
    """Each item as its first words, or as a pair of these and its children."""
    return [
        (i.passage.text.split(" ")[0], shape(i.children)) if i.children else i.passage.text.split(" ")[0] for i in items
    ]


def test_numbers_letters_and_bullets_stand_below_each_other():
    text = "I. Chung\n1. Vườn trường\na) Tưới cây.\n- Sáng.\n- Chiều.\nb) Nhổ cỏ.\n2. Thư viện\nII. Riêng"
    assert shape(tree(text)) == [
        ("Chung", [("Vườn", [("Tưới", ["Sáng.", "Chiều."]), "Nhổ"]), "Thư"]),
        "Riêng",
    ]


def test_decimals_stand_below_the_number_they_begin_with():
    assert shape(tree("1. Vườn\n1.1. Tưới cây\n1.1.1. Sáng\n1.2. Nhổ cỏ\n2. Sách")) == [
        ("Vườn", [("Tưới", ["Sáng"]), "Nhổ"]),
        "Sách",
    ]


def test_labels_are_the_path_of_numbers_without_bullets():
    text = "II. Chung\n1. Vườn trường\na) Tưới cây:\n- Sáng.\n1.2. Nhổ cỏ."
    labels = {i.passage.text: i.label for top in tree(text) for i in top.walk()}
    assert labels == {
        "Chung": "II",
        "Vườn trường": "II.1",
        "Tưới cây:": "II.1.a",
        "Sáng.": "II.1.a",
        "Nhổ cỏ.": "1.2",
    }


def test_an_article_holds_its_clauses():
    text = "Điều 2. Giao các lớp:\n1. Tưới cây.\n2. Nhổ cỏ.\nĐiều 3. Hiệu trưởng thi hành."
    assert shape(tree(text)) == [("Giao", ["Tưới", "Nhổ"]), "Hiệu"]


def test_a_paragraph_without_a_number_stands_below_the_number_it_follows():
    assert shape(tree("1. Vườn trường\nCác lớp tưới cây.\n2. Thư viện")) == [("Vườn", ["Các"]), "Thư"]


def test_words_that_announce_a_list_stand_above_its_bullets():
    assert shape(tree("1. Vườn trường\nCác lớp:\n- Tưới cây.\n- Nhổ cỏ.")) == [
        ("Vườn", [("Các", ["Tưới", "Nhổ"])]),
    ]


def test_a_title_in_capitals_ends_all_items():
    assert shape(tree("1. Vườn trường\na) Tưới cây.\nKẾ HOẠCH NĂM SAU\n1. Thư viện")) == [
        ("Vườn", ["Tưới"]),
        ("KẾ", ["Thư"]),
    ]


def test_a_row_that_begins_again_below_a_letter_stands_within_it():
    text = "3. Vườn trường\na) Các lớp làm những việc sau:\n1. Tưới cây.\n2. Nhổ cỏ.\n4. Thư viện"
    assert shape(tree(text)) == [("Vườn", [("Các", ["Tưới", "Nhổ"])]), "Thư"]


def test_rows_within_rows_come_to_an_end():
    text = "\n".join(["1. Việc sau:"] * 3000)
    assert sum(1 for top in tree(text) for _ in top.walk()) == 3000


def test_titles_are_short_and_in_capitals():
    assert is_title("NHIỆM VỤ TRỌNG TÂM")
    assert not is_title("Nhiệm vụ trọng tâm")
    assert not is_title("ABC")
    assert not is_title("TƯỚI CÂY " * 40)


def test_a_title_that_lost_its_number_does_not_stand_above_the_second():
    text = "MỤC ĐÍCH\n1. Vườn xanh\nII. VIỆC CẦN LÀM\n1. Tưới cây"
    assert shape(tree(text)) == [("MỤC", ["Vườn"]), ("VIỆC", ["Tưới"])]
    text = "PHỤ LỤC VƯỜN TRƯỜNG\nI. MỤC ĐÍCH\n1. Vườn xanh\nII. VIỆC CẦN LÀM\n1. Tưới cây"
    assert shape(tree(text)) == [("PHỤ", [("MỤC", ["Vườn"]), ("VIỆC", ["Tưới"])])]


def test_a_letter_lost_between_its_brackets_still_opens_an_item():
    text = "1. Lớp 5A: (a) Tưới cây; () Nhổ cỏ; (c) Quét lá."
    assert [i.passage.text for i in tree(text)[0].walk()] == ["Lớp 5A:", "Tưới cây;", "Nhổ cỏ;", "Quét lá."]
    assert [i.label for i in tree(text)[0].walk()] == ["1", "1.a", "1", "1.c"]
    text = "1. Lớp 5A tưới cây (sáng; () chiều)."
    assert len(list(tree(text)[0].walk())) == 1
