"""The figures themselves: small invented cases whose score can be counted by hand."""

import copy

import pytest

from pipeline.scoring import Score, Tally, distinct, pairs, same_deadline, score


def limit(**changes):
    return {
        **{"quote": "trước ngày 05/6/2024", "kind": "date", "due": "2024-06-05", "start": None},
        **{"boundary": "before", "rrule": None, "offset": None},
    } | changes


def duty(quote="Kiểm đếm số ghế đá hỏng trong công viên.", lead=("Đội Cây xanh",), limits=(), **more):
    return {
        **{"quote": quote, "kind": "task", "modality": "ordered", "lead": list(lead)},
        **{"coordinating": [], "deadlines": list(limits)},
    } | more


def paper(*duties, source="a.txt", **fields):
    document = {"type": "công văn", "number": "7/ĐCX", "issued_on": "2024-05-20", "subject": None, "addressees": []}
    return {"source": source, "is_dispatch": True, "document": document | fields, "obligations": list(duties)}


NONE = {"source": "n.txt", "is_dispatch": False, "document": None, "obligations": []}


def figures(gold, said):
    return score([gold], {gold["source"]: said}).figures


def counts(tally):
    return tally.tp, tally.fp, tally.fn


def test_gold_scored_against_itself_is_right_everywhere():
    gold = paper(duty(limits=[limit()]), duty("Sơn lại hàng rào phía bắc.", lead=["Tổ Sơn", "Đội Cây xanh"]))
    result = score([gold], {"a.txt": copy.deepcopy(gold)})
    assert not result.misses
    assert {row["f1"] for row in result.rows().values()} <= {1.0, None}


def test_a_document_without_prediction_has_nothing_found():
    result = figures(paper(duty()), None)
    assert counts(result["is_dispatch"]) == (0, 0, 1)
    assert counts(result["document.number"]) == (0, 0, 1)
    assert counts(result["obligation.found"]) == (0, 0, 1)
    assert result["macro.strict"].f1 == 0


def test_what_a_refused_document_says_beside_is_not_counted():
    refused = paper(duty()) | {"is_dispatch": False}
    assert counts(figures(paper(duty()), refused)["obligation.found"]) == (0, 0, 1)


def test_taking_in_what_is_no_dispatch_is_wrong_with_all_its_obligations():
    result = figures(NONE, paper(duty(), duty("Quét sân."), source="n.txt"))
    assert counts(result["is_dispatch"]) == (0, 1, 0)
    assert counts(result["obligation.found"]) == counts(result["obligation.strict"]) == (0, 2, 0)
    assert not any(name.startswith("document.") for name in result)


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        ("7/ĐCX", "7/ĐCX", (1, 0, 0)),
        ("7/ĐCX", "7/đcx.", (1, 0, 0)),
        ("7/ĐCX", "8/ĐCX", (0, 1, 1)),
        ("7/ĐCX", None, (0, 0, 1)),
        (None, "7/ĐCX", (0, 1, 0)),
        (None, None, (0, 0, 0)),
    ],
)
def test_a_field_is_right_wrong_or_missed(wanted, got, expected):
    assert counts(figures(paper(number=wanted), paper(number=got))["document.number"]) == expected


@pytest.mark.parametrize(
    ("got", "expected"),
    [("2024-05", (0, 0, 1)), ("2024", (0, 0, 1)), ("2024-05-21", (0, 1, 1)), ("2024-06", (0, 1, 1))],
)
def test_a_blunt_date_is_missed_and_another_date_is_wrong(got, expected):
    assert counts(figures(paper(), paper(issued_on=got))["document.issued_on"]) == expected


def test_subjects_may_differ_a_little_but_types_may_not():
    wanted = paper(subject="tổng vệ sinh các công viên trên địa bàn quận trong tháng 6", type="công văn")
    got = paper(subject="tổng vệ sinh các công viên trên địa bàn quận trong tháng 5", type="công vãn")
    result = figures(wanted, got)
    assert counts(result["document.subject"]) == (1, 0, 0)
    assert counts(result["document.type"]) == (0, 1, 1)


def test_recipients_are_compared_by_name():
    wanted = paper(recipients=[{"name": "Như trên", "purpose": None}, {"name": "Lưu: VT", "purpose": None}])
    got = paper(recipients=[{"name": "Như trên", "purpose": "để b/c"}])
    assert counts(figures(wanted, got)["document.recipients"]) == (1, 0, 1)


def test_an_obligation_is_found_at_half_its_words_and_strict_at_four_fifths():
    ten = "một hai ba bốn năm sáu bảy tám chín mười"
    for n, found, strict in ((4, 0, 0), (5, 1, 0), (7, 1, 0), (8, 1, 1)):
        said = duty(" ".join(ten.split()[:n]))
        result = figures(paper(duty(ten)), paper(said))
        assert (result["obligation.found"].tp, result["obligation.strict"].tp) == (found, strict)


@pytest.mark.parametrize(
    ("lead", "strict"),
    [
        (["Đội Cây xanh"], 1),
        (["các Đội Cây xanh"], 1),
        (["Đội Cây xanb"], 1),
        (["Đội Chiếu sáng"], 0),
        (["Đội Cây xanh số 2"], 0),
        (["Đội Cây xanh", "Tổ Sơn"], 0),
        ([], 0),
    ],
)
def test_a_strict_obligation_has_every_lead_and_no_other(lead, strict):
    assert figures(paper(duty()), paper(duty(lead=lead)))["obligation.strict"].tp == strict


def test_a_lead_that_the_document_does_not_name_is_held_against_nobody():
    gold = paper(duty(lead_stated=False), duty("Sơn lại hàng rào phía bắc."))
    said = paper(duty(lead=["Ai đó"]), duty("Sơn lại hàng rào phía bắc."))
    result = figures(gold, said)
    assert counts(result["obligation.strict"]) == (2, 0, 0)
    assert counts(result["obligation.strict_named"]) == (1, 0, 0)
    assert counts(result["obligation.lead"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({}, True),
        ({"quote": "chậm nhất 04/6", "kind": "period"}, True),
        ({"due": "2024-06-04"}, False),
        ({"boundary": "on_or_before"}, False),
        ({"boundary": None}, False),
        ({"rrule": "FREQ=MONTHLY"}, False),
        ({"offset": {"amount": 5, "unit": "day", "anchor": "issue"}}, False),
    ],
)
def test_limits_bind_alike_in_due_rule_offset_and_boundary(said, same):
    assert same_deadline(limit(), limit(**said)) is same


def test_the_boundary_of_a_period_makes_no_difference():
    period = limit(kind="period", due="2024-06-30", boundary="on_or_before")
    assert same_deadline(period, period | {"boundary": None})


def test_recurrences_are_equal_in_any_order_of_their_parts():
    monthly = limit(kind="recurring", due=None, rrule="FREQ=MONTHLY;BYMONTHDAY=25")
    assert same_deadline(monthly, monthly | {"rrule": "rrule:bymonthday=25;freq=monthly;interval=1"})
    assert not same_deadline(monthly, monthly | {"rrule": "FREQ=MONTHLY;BYMONTHDAY=26"})


def test_events_are_equal_by_half_of_their_words():
    event = limit(kind="event", due=None, quote="trước khi khánh thành cầu")
    assert same_deadline(event, event | {"quote": "trước khi khánh thành cầu mới"})
    assert not same_deadline(event, event | {"quote": "ngay sau lễ hội hoa"})
    assert not same_deadline(event, event | {"kind": "period"})


def test_the_limits_of_a_document_count_once_each():
    other = limit(due="2024-07-01")
    assert distinct([duty(limits=[limit(), other]), duty(limits=[limit()])]) == [limit(), other]


def test_pairs_are_one_to_one_and_the_most_alike_first():
    alike = {("a", "x"): 0.6, ("a", "y"): 0.9, ("b", "y"): 0.95, ("b", "x"): 0.1}
    assert sorted(pairs("ab", "xy", lambda a, b: alike[a, b], 0.5)) == [(0, 0), (1, 1)]
    assert pairs("ab", "xy", lambda a, b: alike[a, b], 0.92) == [(1, 1)]


def test_equal_quotes_are_paired_where_who_and_when_agree():
    same = "Dọn rác trên bãi cỏ."
    gold = paper(duty(same, lead=["Tổ Một"]), duty(same, lead=["Tổ Hai"]))
    said = paper(duty(same, lead=["Tổ Hai"]), duty(same, lead=["Tổ Một"]))
    assert counts(figures(gold, said)["obligation.strict"]) == (2, 0, 0)


def test_macro_figures_are_means_over_documents():
    one = paper(duty(), source="1.txt")
    many = paper(*[duty(f"Việc thứ {n} của tổ {n * n}.") for n in range(9)], source="2.txt")
    result = Score()
    result.add(one, copy.deepcopy(one))
    result.add(many, {})
    assert result.figures["macro.found"].f1 == 0.5
    assert result.figures["obligation.found"].f1 == pytest.approx(2 / 11)


def test_a_figure_without_values_on_either_side_is_none():
    assert Tally().f1 is Tally().precision is Tally().recall is None
    assert Tally(tp=3, fp=1, fn=2).row()["f1"] == pytest.approx(6 / 9)


def test_a_miss_names_document_field_values_and_rule():
    said = paper(number="8/ĐCX") | {"found": {"number": {"rule": "number.after_label"}}}
    (miss,) = score([paper()], {"a.txt": said}).misses
    assert (miss.document, miss.field, miss.gold, miss.found, miss.rule) == (
        *("a.txt", "number", "7/ĐCX", "8/ĐCX"),
        "number.after_label",
    )


def test_limits_are_counted_by_kind_and_apart_from_those_taken_from_elsewhere():
    own = {"quote": "trước ngày 10/12/2025", "kind": "date", "due": "2025-12-10", "boundary": "before"}
    quarter = {"quote": "Quý II/2026", "kind": "period", "due": "2026-06-30", "boundary": "on_or_before"}
    event = {"quote": "ngay sau khi họp", "kind": "event"}
    quote = "Quét sân đình trước ngày 10/12/2025 và báo cáo."
    wanted = paper(duty(quote, deadlines=[own, quarter]))
    limits = score([wanted], {wanted["source"]: paper(duty(quote, deadlines=[own, event]))}).limits
    found = {name: counts(tally) for name, tally in limits.items()}
    assert found == {
        "date": (1, 0, 0), "own": (1, 0, 0), "period": (0, 0, 1), "event": (0, 1, 0), "inherited": (0, 1, 1),
    }  # fmt: skip
