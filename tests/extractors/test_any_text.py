"""Whatever stands in a text, every extractor comes to an end without an error, and every finding lies in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper import paper
from test_growth import HEAD, OF_TEXT, TAIL, WORDS

from extractors import lexicon, model
from extractors.dispatch import extract_dispatch
from extractors.model import Dispatch, Document, Refusal, Span

EXAMPLES = sorted({text for name in lexicon.names() for entry in lexicon.load(name) for text in entry.examples})
GLUE = ["", " ", "\n", ", ", "; ", ". ", ": ", " và ", " || ", "\n\n", "(", ")", '"', " - ", "/", "\t", "| "]
NUMBERS = [
    "0",
    "00",
    "31/02/2030",
    "9" * 400,
    "²",
    "٣",
    "½",
    "1e999",
    "nan",
    "-1",
    "2030",
    "32",
    "13",
    "0,0",
    "1.000.000",
]
ODD = [
    "\u0301",
    "\u202e",
    "\ufffd",
    "İ",
    "ß",
    "ﬁ",
    "Đ",
    "đ",
    "\u00ad",
    "\u200b",
    "🙂",
    "字",
    "\u2028",
    "\x85",
    "ʼn",
    "ΐ",
]

pieces = st.one_of(
    st.sampled_from(EXAMPLES),
    st.sampled_from(sorted(WORDS.values())),
    st.sampled_from(NUMBERS),
    st.sampled_from(ODD),
    st.sampled_from(EXAMPLES).map(str.upper),
    st.text(max_size=12),
)
glued = st.lists(st.tuples(pieces, st.sampled_from(GLUE), st.integers(1, 3)), max_size=14).map(
    lambda found: "".join((piece + glue) * times for piece, glue, times in found)
)
clean = glued.map(lambda text: text.replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))
many = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@many
@given(clean)
def test_no_text_is_too_odd_for_a_reader_of_texts(text):
    for function in OF_TEXT.values():
        list(found) if isinstance(found := function(text), Iterator) else found


@many
@given(clean, st.booleans())
def test_all_that_is_found_lies_in_the_text(text, framed):
    document = paper(HEAD + text + TAIL if framed else text + "\na")
    found = extract_dispatch(document, mentions=True)
    assert isinstance(found, Dispatch | Refusal)
    for span in spans(found):
        assert 0 <= span.start <= span.end <= len(document.text)
    if isinstance(found, Dispatch):
        check_values(found, document)


def spans(thing: object) -> Iterator[Span]:
    """Every span in a finding."""
    if isinstance(thing, Span):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from spans(one)
    elif is_dataclass(thing) and type(thing).__module__ == model.__name__:
        for one in fields(thing):
            yield from spans(getattr(thing, one.name))


def check_values(found: Dispatch, document: Document) -> None:
    """Values have the form that they promise."""
    for obligation in found.obligations:
        assert obligation.quote.strip()
        for deadline in obligation.deadlines:
            assert deadline.due is None or len(deadline.due) == 10
            assert document.text[deadline.span.start : deadline.span.end].strip()
    for one in (found.number, found.symbol, found.issuer, found.subject):
        assert one is None or one.value.strip()
    assert found.issued_on is None or 4 <= len(found.issued_on.value) <= 10
