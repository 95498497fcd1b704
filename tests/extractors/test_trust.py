"""Confidence: how likely an obligation is right in all, by few traits that act in one direction each."""

from dataclasses import replace

import pytest

from extractors import lexicon
from extractors.model import Box, Deadline, Document, Found, Obligation, ScannedWord, Span
from extractors.slips import slips
from extractors.trust import BASE, probability, trusted

QUOTE = "Yêu cầu Sở Nội vụ lập danh sách cán bộ dự lớp tập huấn và gửi về Văn phòng trước ngày 15/8/2030"
HERE = Span(0, len(QUOTE))
LIMIT = Deadline("trước ngày 15/8/2030", HERE, "date", "2030-08-15", None, "before", None, None, "r", 0.95)


def lead(rule="lead.item", name="Sở Nội vụ"):
    return Found(name, HERE, rule, 0.9)


def duty(**changes):
    plain = Obligation(
        quote=QUOTE,
        span=HERE,
        kind="task",
        modality="ordered",
        lead=(lead(),),
        coordinating=(),
        deadlines=(LIMIT,),
        rule="task.order.demand",
        confidence=0.95,
        check=Found("trước ngày 15/8/2030", HERE, "check.limit", 0.95),
    )
    return replace(plain, **changes)


def judged(one, *others, type_name="kế hoạch", document=None, unclear=0):
    text = "\n".join(o.quote for o in (one, *others))
    document = document or Document(text, (), "0")
    return trusted(document, type_name, "2030-07-01", [one, *others], unclear)[0]


def test_a_plain_order_is_sure():
    assert judged(duty()).confidence >= 0.9


@pytest.mark.parametrize(
    ("trait", "changed"),
    [
        ("lead_elsewhere", duty(lead=(lead("lead.issuer"),))),
        ("several_leads", duty(lead=(lead(), lead(name="Sở Y tế")))),
        ("long_lead", duty(lead=(lead(name="Sở Nội vụ, các phòng, ban và tất cả những đơn vị thuộc Sở"),))),
        ("several_limits", duty(deadlines=(LIMIT, replace(LIMIT, due="2030-09-15")))),
        ("doubtful_limit", duty(deadlines=(replace(LIMIT, confidence=0.6),))),
        ("idle_days", duty(deadlines=())),
        ("sentences", duty(quote=f"{QUOTE}. Giao Phòng Hành chính theo dõi.")),
        ("short", duty(quote="Sở Nội vụ lập danh sách", deadlines=())),
        ("urging", duty(check=None)),
    ],
)
def test_what_makes_a_reading_doubtful_never_raises_its_confidence(trait, changed):
    worse = judged(changed)
    assert trait in dict(worse.traits)
    assert trait not in dict(judged(duty()).traits)
    assert worse.confidence <= judged(duty()).confidence


def test_traits_of_the_document_count_for_all_its_obligations():
    misread = duty(quote="Tiép tục trién khai thât dat | kêt quả, xuat trình bat cap theo quy dinh của pháp luật")
    assert judged(duty(), *[misread] * 6).confidence < judged(duty()).confidence - 0.05
    assert judged(duty(), unclear=3).confidence <= judged(duty()).confidence
    assert judged(duty(), type_name="thông báo").confidence < judged(duty()).confidence


def test_doubts_add_up():
    doubtful = duty(lead=(lead(), lead(name="Sở Y tế")), deadlines=(replace(LIMIT, confidence=0.6), LIMIT))
    assert judged(doubtful, type_name="thông báo").confidence < 0.8


def test_a_hardly_recognised_word_makes_an_obligation_doubtful():
    word = ScannedWord(8, 10, Box(0, 0, 1, 1), 0.9)
    clear, torn = (Document(QUOTE, (), "0", words=(w,)) for w in (word, replace(word, confidence=0.2)))
    assert judged(duty(), document=torn).confidence < judged(duty(), document=clear).confidence


def test_confidence_never_claims_certainty():
    weights = {BASE: 50.0}
    assert probability({}, weights) == 0.99
    assert probability({}, {BASE: -50.0}) == 0.05


def test_each_weight_keeps_the_direction_that_the_table_gives_it():
    rows = {row["trait"]: row for row in lexicon.rows("trust")}
    assert set(dict(judged(duty()).traits)) <= set(rows)
    for row in rows.values():
        weight = float(row["weight"])
        assert row["trait"] == BASE or weight == 0 or row["sign"] == ("+" if weight > 0 else "-")
        assert row["trait"] == BASE or row["meaning"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Các lớp khẩn trương nộp bài về Phòng Tổng hợp trước ngày 15/5/2030 (qua email: lop5@hoasen.edu.vn).", 0),
        ("UBND huyện Đồng Sen, UBMTTQ, HĐND; camera, internet, website, file, fanpage Hoà Bình – Thuý", 0),
        ("Tiép tục trién khai", 2),
        ("bat cap | that", 4),
        ("", 0),
    ],
)
def test_misread_words_are_told_by_their_spelling(text, count):
    assert slips(text) == count
