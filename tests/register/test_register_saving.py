"""What saving does with bytes, paths and findings, and how findings keep their identity when read again."""

from __future__ import annotations

import pytest
from register_papers import LATER, NOW, WHO, before, deadline, dump, enter, obligation, paper, stat

from extractors.model import Box, Document, Issue, Line, Refusal, ScannedWord, Span
from pipeline.errors import UnknownId
from pipeline.register import (
    check,
    correct,
    counts,
    failures,
    finish_run,
    issues,
    known_files,
    outdated,
    review,
    save_dispatch,
    save_failure,
    save_refusal,
    show,
    start_run,
    stored_document,
    tasks,
)

TREES = "Trồng mới hai nghìn cây bóng mát dọc đường liên xã trước ngày 10/3/2026"
WATER = "Cử cán bộ đầu mối theo dõi việc tưới nước và gửi danh sách về Sở Mây"
FENCE = "Rào chắn các đoạn đường có trâu bò qua lại và thay cây chết"


def ids(register, as_of="2026-01-01"):
    return {t["quote"]: t["id"] for t in tasks(register, as_of=as_of)}


def test_same_bytes_twice_change_nothing(register):
    made = paper(obligation(TREES, before("10/3/2026", "2026-03-10")))
    first = enter(register, made)
    rows = dump(register)
    again = enter(register, made, now=LATER)
    assert (first.outcome, again.outcome) == ("new", "same")
    assert again.dispatch_id == first.dispatch_id
    assert dump(register) == rows


def test_same_bytes_under_another_path_are_one_file(register):
    made = paper(obligation(TREES))
    enter(register, made, path="inbox/a.pdf")
    assert enter(register, made, path="inbox/copy of a.pdf").outcome == "same"
    assert show(register, "D1")["files"][0]["paths"] == ["inbox/copy of a.pdf", "inbox/a.pdf"]
    assert counts(register)["files"]["read"] == 1


def test_blank_fields_stay_blank(register):
    enter(register, paper(number=None, issued_on="2026-01", issuer=None, subject=None))
    fields = show(register, "D1")["document"]
    assert fields["number"] is fields["issuer"] is fields["subject"] is fields["place"] is None
    assert fields["issued_on"] == "2026-01"


def test_every_value_leads_back_to_its_place(register):
    document, dispatch = paper(obligation(TREES, before("10/3/2026", "2026-03-10")))
    enter(register, (document, dispatch))
    shown = show(register, "12/ct-ubnd")
    start, end = shown["found"]["subject"]["span"]
    assert document.text[start:end] == shown["document"]["subject"]
    start, end = shown["obligations"][0]["span"]
    assert document.text[start:end] == TREES
    assert shown["obligations"][0]["page"] == 1


def test_the_document_comes_back_as_it_was_read(register):
    document, dispatch = paper(obligation(TREES))
    document = Document(
        document.text,
        (*document.lines[:2], Line(5, 9, 2, None, 1, True)),
        document.sha256,
        pages=2,
        medium="scan",
        format="pdf",
        issues=(Issue("page.empty", "a page without text", Span(0, 3)),),
        words=(
            ScannedWord(0, 2, Box(70.1, 40.0, 99.9, 52.7), 0.913),
            ScannedWord(5, 9, Box(0.0, 60.3, 1190.6, 841.9), 1.0),
        ),
    )
    saved = enter(register, (document, dispatch))
    assert stored_document(register, saved.file_id) == document


def reread(register, first, second, version="2"):
    """The same bytes with other findings, as a newer version may have them."""
    document, _ = first
    _, dispatch = second
    enter(register, first)
    return save_dispatch(register, "inbox/a.pdf", stat(), document, dispatch, version=version, now=LATER)


def test_obligations_keep_their_ids_when_read_again(register):
    first = paper(obligation(TREES, before("10/3/2026", "2026-03-10")), obligation(WATER), obligation(FENCE))
    reworded, added = WATER.replace("theo dõi", "phụ trách"), "Tổ chức lễ phát động trồng cây"
    saved = reread(register, first, paper(obligation(FENCE), obligation(reworded), obligation(added)))
    assert (saved.outcome, saved.unmatched) == ("reread", 1)
    rows = {o["quote"]: (o["id"], o["status"]) for o in show(register, "D1")["obligations"]}
    assert rows == {
        FENCE: ("O3", "current"),
        reworded: ("O2", "current"),
        added: ("O4", "current"),
        TREES: ("O1", "unmatched"),
    }


def test_equal_quotes_are_told_apart_by_their_order(register):
    first = paper(obligation(WATER, lead=("Sở Mây",)), obligation(WATER, lead=("Sở Gió",)))
    reread(register, first, paper(obligation(WATER, lead=("Sở Mây",)), obligation(WATER, lead=("Sở Gió",))))
    shown = show(register, "D1")["obligations"]
    assert [(o["id"], o["lead"]) for o in shown] == [("O1", ["Sở Mây"]), ("O2", ["Sở Gió"])]


def test_what_is_not_found_again_waits_in_the_queue_and_comes_back(register):
    first = paper(obligation(TREES, before("10/3/2026", "2026-03-10")), obligation(WATER))
    reread(register, first, paper(obligation(WATER)))
    assert [(r["what"], r["id"], r["value"]) for r in review(register)] == [("unmatched", "O1", TREES)]
    assert list(ids(register)) == [WATER]
    save_dispatch(register, "inbox/a.pdf", stat(), *first, version="3", now=LATER)
    assert ids(register)[TREES] == "O1"
    assert review(register) == []


def test_deadlines_keep_their_ids_when_read_again(register):
    first = paper(obligation(TREES, before("10/3/2026", "2026-03-10"), deadline("hằng quý", kind="recurring")))
    again = paper(obligation(TREES, deadline("định kỳ hằng quý", kind="recurring"), before("10/3/2026", "2026-03-11")))
    reread(register, first, again)
    limits = {d["id"]: d for d in show(register, "D1")["obligations"][0]["deadlines"]}
    assert limits["L1"]["due"] == "2026-03-11"
    assert limits["L2"]["quote"] == "định kỳ hằng quý"
    assert len(limits) == 2


def test_a_document_is_read_again_only_by_another_version_or_on_demand(register):
    made = paper(obligation(TREES))
    enter(register, made)
    assert outdated(register, "1") == []
    assert [(r["dispatch_id"], r["paths"]) for r in outdated(register, "2")] == [(1, ["inbox/a.pdf"])]
    assert len(outdated(register, "1", everything=True)) == 1
    assert enter(register, made, force=True).outcome == "reread"


def test_a_failed_save_leaves_nothing_behind(register):
    rows = dump(register)
    document, dispatch = paper(obligation(TREES, kind="wish"))
    with pytest.raises(Exception, match="kind"):
        enter(register, (document, dispatch))
    assert dump(register) == rows


def test_issues_keep_their_rows_until_a_reading_has_them_no_more(register):
    blank, odd = Issue("number.blank", "the number is blank", Span(0, 5)), Issue("date.impossible", "30/02", Span(2, 6))
    document, dispatch = paper(issues=(blank, odd))
    enter(register, (document, dispatch))
    _, fewer = paper(issues=(odd,))
    save_dispatch(register, "inbox/a.pdf", stat(), document, fewer, version="2", now=LATER)
    assert [(i["id"], i["code"]) for i in issues(register)] == [("I2", "date.impossible")]
    save_dispatch(register, "inbox/a.pdf", stat(), document, dispatch, version="3", now=LATER)
    assert [i["id"] for i in issues(register)] == ["I1", "I2"]


# ------------------------------------------------------------------ files


def test_unchanged_files_are_skipped(register):
    enter(register, paper())
    known = known_files(register)
    assert known.unchanged("inbox/a.pdf", stat(), "2").status == "read"
    assert known.unchanged("inbox/a.pdf", stat(2), "1") is None
    assert known.unchanged("inbox/b.pdf", stat(), "1") is None


def test_failed_and_refused_files_are_tried_again_by_a_newer_version(register):
    save_failure(register, "a.pdf", stat(1), "damaged_file", {}, version="1", now=NOW, sha256="aa")
    save_failure(register, "b.pdf", stat(2), "not_permitted", {}, version="1", now=NOW)
    known = known_files(register)
    assert known.unchanged("a.pdf", stat(1), "1").code == "damaged_file"
    assert known.unchanged("a.pdf", stat(1), "2") is None
    assert known.unchanged("b.pdf", stat(2), "1") is None


def test_a_failure_is_one_row_however_often_it_happens_and_goes_when_the_file_is_read(register):
    for _ in range(2):
        save_failure(register, "inbox/a.pdf", stat(), "no_text", {"page": 1}, version="1", now=NOW, sha256="aa")
    [row] = failures(register, "failed")
    assert (row["path"], row["code"], row["details"]) == ("inbox/a.pdf", "no_text", {"page": 1})
    enter(register, paper(), path="inbox/a.pdf")
    assert failures(register) == []
    assert counts(register)["files"] == {"read": 1, "refused": 0, "failed": 0}


def test_a_file_that_could_be_read_once_stays(register):
    made = paper(obligation(TREES))
    enter(register, made)
    save_failure(register, "inbox/a.pdf", stat(), "timed_out", {}, version="1", now=LATER, sha256=made[0].sha256)
    assert list(ids(register)) == [TREES]
    assert [f["code"] for f in failures(register)] == ["timed_out"]


def test_a_failure_before_the_bytes_are_known_is_noted_with_the_file_that_stands_there(register):
    made = paper(obligation(TREES))
    enter(register, made)
    save_failure(register, "inbox/a.pdf", None, "crashed_worker", {}, version="2", now=LATER)
    save_failure(register, "inbox/a.pdf", stat(), "timed_out", {}, version="2", now=LATER)
    assert [f["code"] for f in failures(register)] == ["timed_out"]
    assert known_files(register).unchanged("inbox/a.pdf", stat(), "2") is None
    assert enter(register, made).outcome == "same"
    assert failures(register) == []
    assert known_files(register).unchanged("inbox/a.pdf", stat(), "2")


def test_reading_again_without_the_file_keeps_what_is_known_of_its_path(register):
    document, dispatch = paper(obligation(TREES))
    enter(register, (document, dispatch))
    save_dispatch(register, "inbox/a.pdf", None, document, dispatch, version="2", now=LATER)
    assert known_files(register).unchanged("inbox/a.pdf", stat(), "2")
    save_dispatch(register, "", None, document, dispatch, version="3", now=LATER)
    assert show(register, "D1")["files"][0]["paths"] == ["inbox/a.pdf"]


def test_bytes_that_could_not_be_known_at_first_take_over_their_path(register):
    save_failure(register, "inbox/a.pdf", stat(), "not_permitted", {}, version="1", now=NOW)
    enter(register, paper(obligation(TREES)))
    assert failures(register) == []
    enter(register, paper(obligation(WATER), number="13/CT-UBND", subject="tưới cây"), path="inbox/a.pdf")
    assert [r["paths"] for r in outdated(register, "2")] == [[], ["inbox/a.pdf"]]


def test_a_refused_file_keeps_its_reason_and_none_of_its_words(register):
    document, _ = paper(obligation(TREES))
    refusal = Refusal("not_dispatch.news", "genre.byline")
    save_refusal(register, "inbox/news.html", stat(), document, refusal, version="1", now=NOW)
    [row] = failures(register, "refused")
    assert (row["code"], row["details"]) == ("not_dispatch.news", {"rule": "genre.byline"})
    assert not any("trồng cây" in line for line in dump(register))


def test_a_dispatch_that_a_newer_version_refuses_stays_and_asks_a_person(register):
    document, dispatch = paper(obligation(TREES))
    enter(register, (document, dispatch))
    refusal = Refusal("not_dispatch.form", "genre.form")
    save_refusal(register, "inbox/a.pdf", stat(), document, refusal, version="2", now=LATER)
    assert list(ids(register)) == [TREES]
    assert [i["code"] for i in issues(register)] == ["register.now_refused"]
    assert outdated(register, "2") == []


def test_a_path_that_is_no_text_can_be_stored(register):
    name = b"inbox/\xff.pdf".decode("utf-8", "surrogateescape")
    enter(register, paper(), path=name)
    assert known_files(register).unchanged(name, stat(), "1")


def test_runs_are_noted_with_what_they_opened(register):
    run = start_run(register, now=NOW, version="1", roots=["inbox"])
    enter(register, paper(), run=run)
    save_failure(register, "b.pdf", stat(2), "empty_file", {}, version="1", now=NOW, run=run, sha256="bb")
    finish_run(register, run, now=LATER)
    assert [row["run_id"] for row in register.rows("SELECT run_id FROM files")] == [run, run]
    assert register.one("SELECT finished_at FROM runs")["finished_at"] == LATER


def test_ids_are_never_used_again(register):
    enter(register, paper(obligation(TREES)))
    secret = Refusal("secrecy", "secrecy.stamp")
    save_refusal(register, "inbox/a.pdf", stat(), paper(obligation(TREES))[0], secret, version="2", now=LATER)
    saved = enter(register, paper(obligation(TREES), salt="other bytes"))
    assert saved.dispatch_id == 2


def test_an_unknown_dispatch_is_an_error(register):
    for text in ("D9", "O9", "99/CT-UBND"):
        with pytest.raises(UnknownId):
            show(register, text)


# ------------------------------------------------------------------ secrecy

SECRET = Refusal("secrecy", "secrecy.stamp")


def everything_on_disk(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_of_a_secret_paper_only_its_folder_and_inode_are_kept(register, path):
    document, _ = paper(obligation(TREES), salt="s")
    for _ in range(2):
        save_refusal(register, "inbox/ke hoach mat.pdf", stat(7), document, SECRET, version="1", now=NOW)
    [row] = failures(register)
    assert (row["status"], row["code"], row["path"], row["details"]) == ("refused", "secrecy", "inbox", {"inode": 7})
    kept = everything_on_disk(path)
    for word in ("ke hoach", "trồng", document.sha256, "secrecy.stamp"):
        assert word.encode() not in kept
    assert known_files(register).unchanged("inbox/ke hoach mat.pdf", stat(7), "1").code == "secrecy"


def test_a_stamp_seen_late_erases_all_that_an_earlier_version_stored(register, path):
    document, dispatch = paper(obligation("Xây hầm ngầm Kim Quy trước ngày 10/3/2026"), number="77/KH-UBND")
    enter(register, paper(obligation(TREES)), path="inbox/b.pdf")
    enter(register, (document, dispatch), path="inbox/hầm.pdf")
    correct(register, "D2", "subject", "hầm ngầm Kim Quy tầng hai", who=WHO, now=NOW, why="đọc sai")
    register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Kim Quy" in everything_on_disk(path)
    save_refusal(register, "inbox/hầm.pdf", stat(), document, SECRET, version="2", now=LATER)
    kept = everything_on_disk(path).lower()
    for word in ("kim quy", "quy", "77/KH-UBND", "hầm", document.sha256):
        assert word.lower().encode() not in kept
    assert list(ids(register)) == [TREES]
    assert check(register) == []
    correct(register, "D1", "place", "Sông Mơ", who=WHO, now=NOW, why="thiếu")
    with pytest.raises(Exception, match="only ever added"):
        register.connection.execute("DELETE FROM corrections")


def test_a_part_that_fails_takes_nothing_else_of_its_transaction_along(register):
    def start(version):
        start_run(register, now=NOW, version=version, roots=[])

    with register.transaction():
        start("before")
        with pytest.raises(KeyboardInterrupt), register.part():
            start("broken off")
            raise KeyboardInterrupt
        with register.part():
            start("after")
    assert [row["version"] for row in register.rows("SELECT version FROM runs ORDER BY id")] == ["before", "after"]


def test_what_stopped_a_part_is_told_even_where_its_transaction_is_gone(register):
    with pytest.raises(KeyboardInterrupt), register.transaction(), register.part():
        register.connection.execute("ROLLBACK")
        raise KeyboardInterrupt
    assert not register.connection.in_transaction
