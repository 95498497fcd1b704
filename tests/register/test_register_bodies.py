"""Which body a name in a dispatch means, and what is found by a body's name."""

from __future__ import annotations

from register_papers import enter, obligation, paper

from pipeline.register import TaskFilter, check, tasks


def codes(register):
    rows = register.rows(
        "SELECT t.name, y.canonical_id FROM obligation_bodies t JOIN bodies y ON y.id = t.body_id ORDER BY t.id"
    )
    return [(row["name"], row["canonical_id"]) for row in rows]


def made(*tasks_of, issuer, day="2023-05-04", **more):
    return paper(*tasks_of, issuer=issuer, issued_on=day, addressees=(), **more)


def test_a_name_means_the_body_of_the_issuer(register):
    tasks_of = obligation("Báo cáo.", lead=("Sở Tài chính", "Vụ Pháp chế"))
    enter(register, made(tasks_of, issuer="Ủy ban nhân dân tỉnh Sơn La"))
    enter(register, made(tasks_of, issuer="Bộ Y tế", number="9/CV-YT", salt="b"), path="inbox/b.pdf")
    assert codes(register) == [
        ("Sở Tài chính", "SO_STC@SONLA"),
        ("Vụ Pháp chế", None),
        ("Sở Tài chính", None),  # of every province, not that of Hà Nội
        ("Vụ Pháp chế", "BYT/vu-phap-che"),
    ]
    assert check(register) == []


def test_a_body_is_found_under_any_name_and_as_a_member_of_a_group(register):
    enter(
        register,
        made(
            obligation("Rà soát quy hoạch.", lead=("Bộ Thông tin và Truyền thông",)),
            obligation("Báo cáo kết quả.", lead=("UBND các tỉnh, thành phố trực thuộc Trung ương",)),
            obligation("Trồng cây.", lead=("Bộ Y tế",), coordinating=("Bộ TT&TT",)),
            issuer="Thủ tướng Chính phủ",
        ),
    )

    def quotes(name):
        return [row["quote"] for row in tasks(register, TaskFilter(body=name), as_of="2023-06-01")]

    assert sorted(quotes("Bộ TT&TT")) == ["Rà soát quy hoạch.", "Trồng cây."]
    assert quotes("UBND tỉnh Kon Tum") == ["Báo cáo kết quả."]
    assert quotes("UBND tỉnh Hà Tây") == []  # none any more on that day
