"""One duty a body: expanded as of the day of issue, and the same duty after every reading and correction."""

from __future__ import annotations

import pytest
from register_papers import LATER, WHO, before, enter, obligation, paper

from pipeline.register import correct, open_register, undo
from pipeline.register.migrations import STEPS, migrate

PROVINCES = "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"
REPORT = "Gửi báo cáo kết quả trồng cây về Bộ trước ngày 10/12"
LIMIT = before("10/12", "2021-12-10")


def duties(register, current=True):
    return register.rows(
        "SELECT y.id, y.sort, y.printed, b.canonical_id AS code FROM duties y LEFT JOIN bodies b ON b.id = y.body_id"
        " WHERE y.is_current = ? ORDER BY y.id",
        (current,),
    )


def ids(register):
    return {row["code"] or row["printed"]: row["id"] for row in duties(register)}


def central(*obligations, issued_on="2021-07-12", **more):
    return paper(*obligations, issuer="Bộ Tài chính", issued_on=issued_on, doc_type="công văn", **more)


@pytest.mark.parametrize(
    ("issued_on", "count", "there", "gone"),
    [
        ("2021-07-12", 63, "UBND_KONTUM_OLD", "UBND_QUANGNGAI"),
        ("2021-07", 63, "UBND_KONTUM_OLD", "UBND_QUANGNGAI"),
        ("2025-07-02", 34, "UBND_QUANGNGAI", "UBND_KONTUM_OLD"),
    ],
)
def test_a_group_is_each_of_its_members_on_the_day_of_issue(register, issued_on, count, there, gone):
    enter(register, central(obligation(REPORT, LIMIT, lead=(PROVINCES,)), issued_on=issued_on))
    rows = duties(register)
    assert len(rows) == count
    assert {row["sort"] for row in rows} == {"member"} and {row["printed"] for row in rows} == {PROVINCES}
    assert there in ids(register) and gone not in ids(register)


def test_what_names_nobody_and_what_names_no_members_have_a_row_each(register):
    enter(
        register,
        paper(
            obligation("Việc chung", LIMIT, lead=()),
            obligation("Việc các đơn vị", LIMIT, lead=("các đơn vị liên quan",)),
            obligation("Việc của Sở", LIMIT, lead=("Sở Mây", "Sở Gió", "Sở Mây")),
        ),
    )
    assert [(row["sort"], row["printed"]) for row in duties(register)] == [
        ("nobody", None), ("group", "các đơn vị liên quan"), ("body", "Sở Mây"), ("body", "Sở Gió"),
    ]  # fmt: skip


def test_a_duty_keeps_its_id_when_the_document_is_read_again(register):
    enter(register, paper(obligation(REPORT, LIMIT, lead=("Sở Mây", "Sở Gió"))))
    first = ids(register)
    again = paper(obligation(REPORT + " nhé", LIMIT, lead=("Sở Gió", "Sở Mưa", "Sở Mây")))
    document, _ = paper(obligation(REPORT, LIMIT, lead=("Sở Mây", "Sở Gió")))
    enter(register, (document, again[1]), version="2", now=LATER)
    second = ids(register)
    assert {name: second[name] for name in first} == first
    assert set(second) == {"Sở Mây", "Sở Gió", "Sở Mưa"}


def test_a_name_that_is_read_otherwise_is_the_same_duty(register):
    document, dispatch = paper(obligation(REPORT, LIMIT, lead=("Ban Quản lý dự án đường ven sồng Mơ", "Sở Gió")))
    enter(register, (document, dispatch))
    first = ids(register)
    _, better = paper(obligation(REPORT, LIMIT, lead=("Ban Quản lý dự án đường ven sông Mơ", "Sở Gió")))
    enter(register, (document, better), version="2")
    assert sorted(ids(register).values()) == sorted(first.values())


def test_a_lead_that_a_person_enters_takes_the_duty_of_nobody_and_an_undo_gives_it_back(register):
    enter(register, paper(obligation(REPORT, LIMIT, lead=())))
    (before_it,) = duties(register)
    made = correct(register, "O1", "lead", "Sở Mây", who=WHO, now=LATER, why="theo phiếu")
    assert [(row["id"], row["printed"]) for row in duties(register)] == [(before_it["id"], "Sở Mây")]
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert duties(register) == [before_it]


def test_members_are_those_of_the_day_that_a_person_corrects(register):
    enter(register, central(obligation(REPORT, LIMIT, lead=(PROVINCES,)), issued_on="2021"))
    first = ids(register)
    made = correct(register, "D1", "issued_on", "2025-07-02", who=WHO, now=LATER, why="đọc lại")
    assert len(duties(register)) == 34
    assert {name: n for name, n in ids(register).items() if name in first}.items() <= first.items()
    undo(register, f"C{made}", who=WHO, now=LATER)
    assert ids(register) == first


def test_a_reading_that_changes_nothing_writes_nothing(register):
    made = central(obligation(REPORT, LIMIT, lead=(PROVINCES,)))
    enter(register, made)
    before_it = list(register.connection.iterdump())
    changes = register.connection.total_changes
    with register.transaction():
        from pipeline.register.applying import bodies_of
        from pipeline.register.duties import refresh_duties

        refresh_duties(register, 1, bodies_of(register, 1))
    assert register.connection.total_changes == changes
    assert list(register.connection.iterdump()) == before_it


def test_an_older_register_gets_its_duties(tmp_path):
    path = tmp_path / "r.db"
    with open_register(path, "create") as register:
        enter(register, paper(obligation(REPORT, LIMIT, lead=("Sở Mây", "Sở Gió")), obligation("Việc", lead=())))
        expected = [(row["sort"], row["printed"]) for row in duties(register)]
        for view in ("current_duties",):
            register.connection.execute(f"DROP VIEW {view}")
        for table in ("duty_events_head", "duty_events", "duties"):
            register.connection.execute(f"DROP TABLE {table}")
        names = [step.__name__ for step in STEPS]
        register.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'duties'")
        register.connection.execute(f"PRAGMA user_version = {names.index('duties')}")
        with register.transaction() as connection:
            migrate(connection)
        assert [(row["sort"], row["printed"]) for row in duties(register)] == expected


def involved(register):
    return [
        (row["obligation_id"], row["name"], row["role"])
        for row in register.rows(
            "SELECT i.obligation_id, b.name, i.role FROM involved i JOIN bodies b ON b.id = i.body_id ORDER BY i.id"
        )
    ]


def test_who_takes_part_and_who_gets_the_letter_is_kept_too(register):
    made = central(
        obligation(REPORT, LIMIT, lead=("Bộ Y tế",), coordinating=("Sở Mây", PROVINCES)),
        addressees=("Bộ Y tế", "Sở Gió"),
    )
    enter(register, made)
    rows = involved(register)
    assert len([row for row in rows if row[2] == "coordinating"]) == 64
    assert (1, "Sở Mây", "coordinating") in rows
    assert [row[:2] for row in rows if row[2] == "informed"] == [(None, "Bộ Y tế"), (None, "Sở Gió")]
    correct(register, "O1", "coordinating", "Sở Gió", who=WHO, now=LATER, why="theo phiếu")
    assert [row for row in involved(register) if row[2] == "coordinating"] == [(1, "Sở Gió", "coordinating")]
