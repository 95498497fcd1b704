"""Every public extractor takes time that grows with its text, not with the square of it, whatever stands in it.

Texts that no office writes (a hundred thousand digits, brackets that never close, thousands of articles) are grown
eightfold; the processor time may grow a little more than that, never 64-fold.
"""

from __future__ import annotations

import importlib
import inspect
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paper import paper

from extractors import model
from extractors.agencies import find_bodies
from extractors.clauses import pieces
from extractors.dates import find_times, parse_issue
from extractors.deadlines import find_limits
from extractors.dispatch import extract_dispatch
from extractors.gazetteer import find_known_bodies, find_mentions
from extractors.likeness import same_body, similarity
from extractors.model import Cell, Document, Line, Table
from extractors.naming import from_text
from extractors.predicates import actor_at, predicates, subject_at

SMALL, TIMES = 4_000, 8
STEEPEST = 1.5  # the exponent of growth: 1 is linear, 2 is a square
UNNOTICED = 0.1  # seconds for the large text, below which growth cannot be told from noise
TRIES = 4

WORDS = {
    "letters": "a", "digits": "1", "spaces": " ", "line breaks": "\n", "short lines": "a\n", "capitals": "A ",
    "accents": "á", "only accents": "́", "no letters": "�", "dots": ".", "dashes": "-", "opening": "(",
    "brackets": "(a) ", "quotation marks": "\"", "commas": ", ", "semicolons": "a; ", "pipes": "| ", "colons": "a: ",
    "labels": "1.1.", "roman": "I.", "points": "a) ", "items": "I. a\n1. b\na) c\n- d\n", "articles": "Điều 1. A\n",
    "days": "ngày ", "dates": "1/1/2030, ", "limits": "trước ngày 1/1/2030 và ", "years": "2024-", "hours": "8 giờ, ",
    "periods": "tháng 1 năm 2024 đến tháng 2 năm 2025 ", "counts": "05 ngày làm việc ",
    "weekdays": "thứ Hai và thứ Ba, ", "frequencies": "hằng quý/6 tháng/năm, ", "numbers": "Số: ", "symbols": "A-",
    "number lines": "Số: 1/QĐ-UBND\n", "addressees": "Kính gửi: ", "addressee lines": "Kính gửi: Sở A\n",
    "recipients": "Nơi nhận:\n- Như trên;\n", "citations": "Nghị định số 1/2030/NĐ-CP của Chính phủ, ",
    "grounds": "Căn cứ Luật A số 1/2030/QH15;\n", "bodies": "Sở A, ", "bodies joined": "Ủy ban nhân dân ",
    "departments": "Phòng B - C thuộc ", "signs": "UBND, ", "signatures": "TM. ỦY BAN\nCHỦ TỊCH\n", "for": "KT. ",
    "names": "Trần Văn ", "orders": "giao ", "verbs": "phải báo cáo ",
    "leads": "giao Sở A chủ trì, phối hợp với Sở B ", "tasks": "Giao Sở A báo cáo trước ngày 1/1/2030. ",
    "task lines": "1. Giao Sở A báo cáo trước ngày 1/1/2030.\n",
    "task labels": "Cơ quan chủ trì: Sở A\nThời gian: Quý I\n", "flat rows": "1\nLập kế hoạch\nSở A\nQuý I/2030\n",
    "subjects": "V/v ", "secrecy": "Độ mật: ", "stamps": "HỎA TỐC\n",
    "annexes": "PHỤ LỤC\n(Kèm theo Quyết định số 1/QĐ-UBND)\n", "places": "Hà Nội, ngày 1 tháng 1 năm 2030\n",
}  # fmt: skip
HEAD = """
ỦY BAN NHÂN DÂN || CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ SUỐI MƠ || Độc lập - Tự do - Hạnh phúc
Số: 15/UBND-VP || Suối Mơ, ngày 5 tháng 3 năm 2030
Kính gửi: Các thôn trong xã.
"""
TAIL = """
Yêu cầu các thôn báo cáo kết quả trước ngày 15/5/2030./.
Nơi nhận: || TM. ỦY BAN NHÂN DÂN
- Như trên; || CHỦ TỊCH
- Lưu: VT. || Trần Văn Mẫu
"""


def grown(words: str, length: int) -> str:
    return (words * (length // len(words) + 1))[:length]


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    """The public functions of all extractors, by the name of module and function."""
    for path in sorted(Path(model.__file__).parent.glob("[!_]*.py")):
        module = importlib.import_module(f"extractors.{path.stem}")
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", "") == module.__name__
            if own and not name.startswith("_") and callable(thing) and not inspect.isclass(thing):
                yield f"{path.stem}.{name}", thing


def of_text_alone() -> dict[str, Callable[[str], object]]:
    """Those that need a text and nothing else; words of the program's own (a unit, a role, a table) are no texts."""
    found = {}
    for name, function in public():
        given = inspect.signature(function).parameters.values()
        needed = [one for one in given if one.default is one.empty]
        if len(needed) == 1 and needed[0].annotation == "str" and needed[0].name not in ("unit", "role", "table"):
            found[name] = function
    return found


OF_TEXT: dict[str, Callable[[str], object]] = {
    **of_text_alone(),
    "dates.find_times": lambda text: find_times(text.lower(), parse_issue("2030-01-01")),
    "deadlines.find_limits": lambda text: find_limits(text, "2030-01-01"),
    "deadlines.find_limits of a cell": lambda text: find_limits(text, "2030-01-01", "cell"),
    "gazetteer.find_known_bodies": lambda text: find_known_bodies(text, "2030-01-01"),
    "likeness.similarity": lambda text: similarity(text, text + "b"),
    "likeness.same_body": lambda text: same_body(text, text + "b"),
    "naming.from_text": lambda text: from_text(text[: len(text) // 2], text),
    "predicates.actor_at": lambda text: actor_at(text, 0),
    "predicates.subject_at": lambda text: subject_at(text, 0),
    "predicates.predicates": lambda text: list(predicates(text)),
}


def seconds(function: Callable[..., object], make: Callable[[int], object], size: int) -> float:
    """Processor time, generators run to their end."""
    argument = make(size)
    start = time.process_time()
    result = function(argument)
    if inspect.isgenerator(result):
        for _ in result:
            pass
    return time.process_time() - start


def steepness(function: Callable[..., object], make: Callable[[int], object], small: int) -> float:
    """The exponent of growth; the best of several measurements, since a busy machine disturbs one."""
    best = math.inf
    for _ in range(TRIES):
        large = seconds(function, make, TIMES * small)
        if large < UNNOTICED:
            return 1.0
        little = min(seconds(function, make, small) for _ in range(2))
        best = min(best, math.log(large / max(little, 1e-4), TIMES))
        if best < STEEPEST:
            break
    return best


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Patterns are compiled at the first text, which is nobody's fault."""
    extract_dispatch(paper(HEAD + "Giao Sở A báo cáo trước ngày 1/1/2030." + TAIL), mentions=True)
    for function in OF_TEXT.values():
        seconds(function, lambda size: "Giao Sở A báo cáo trước ngày 1/1/2030.", 0)


def test_the_functions_are_found():
    assert {"agencies.find_bodies", "text.matchable", "frames.read_clause", "syllables.is_syllable"} <= OF_TEXT.keys()
    assert find_bodies in OF_TEXT.values()
    assert len(OF_TEXT) > 60


@pytest.mark.parametrize("name", OF_TEXT)
def test_text_is_read_in_linear_time(name):
    steep = {}
    for kind, words in WORDS.items():
        found = steepness(OF_TEXT[name], lambda size, words=words: grown(words, size), SMALL)
        if found >= STEEPEST:
            steep[kind] = round(found, 2)
    assert not steep


@pytest.mark.parametrize("kind", WORDS)
def test_a_dispatch_is_read_in_linear_time(kind):
    def make(size: int) -> Document:
        return paper(HEAD + grown(WORDS[kind], size) + TAIL)

    assert steepness(lambda document: extract_dispatch(document, mentions=True), make, SMALL) < STEEPEST


@pytest.mark.parametrize("kind", WORDS)
def test_what_is_no_dispatch_is_refused_in_linear_time(kind):
    def make(size: int) -> Document:
        return paper(grown(WORDS[kind], size) + "\na")

    assert steepness(extract_dispatch, make, SMALL) < STEEPEST


def table(rows: int, words: tuple[str, ...]) -> Document:
    """A dispatch whose body is a ruled table."""
    head, tail = HEAD.replace(" || ", "\n").strip() + "\n", TAIL.replace(" || ", "\n").strip() + "\n"
    text, at, cells = [head], len(head), []
    for _ in range(rows):
        row = []
        for word in words:
            row.append(Cell(at, at + len(word)))
            text.append(word + "\n")
            at += len(word) + 1
        cells.append(tuple(row))
    whole = "".join([*text, tail])
    lines, start = [], 0
    for line in whole.split("\n"):
        if line:
            lines.append(Line(start, start + len(line)))
        start += len(line) + 1
    return Document(whole, tuple(lines), "0" * 64, tables=(Table(len(head), at - 1, tuple(cells)),))


TABLES = {
    "one cell": ("Giao Sở A báo cáo trước ngày 1/1/2030",),
    "tasks": ("1", "Lập kế hoạch", "Sở A", "Sở B, Sở C", "Quý I/2030"),
    "nothing": ("", "", ""),
    "names": ("1", "Trần Văn Mẫu", "1/1/1990"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_are_read_in_linear_time(kind):
    def make(rows: int) -> Document:
        return table(rows, TABLES[kind])

    assert steepness(lambda document: extract_dispatch(document, mentions=True), make, 250) < STEEPEST


def test_the_sentences_of_an_item_of_any_length_are_cut_in_linear_time():
    def make(size: int) -> str:
        return grown("Giao các thôn làm ngay trong tuần này. ", size)

    assert steepness(pieces, make, 200_000) < STEEPEST


def test_mentions_are_counted_in_linear_time():
    def make(size: int) -> Document:
        return paper(grown("Bộ Tài chính, Sở Y tế tỉnh Kon Tum; ", size))

    assert steepness(lambda document: find_mentions(document, "2023-01-01"), make, SMALL) < STEEPEST
