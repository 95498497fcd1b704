"""Charts: the figures that they show are those of the register, every letter is there, and nothing is no crash."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from io import BytesIO

import pytest
from lxml import etree
from PIL import Image
from register_papers import LATER, WHO, before, deadline, enter, obligation, paper

from pipeline.export.charts import charts, charts_of
from pipeline.followup.owed import owed
from pipeline.followup.recording import Entry, enter_event
from pipeline.followup.scoreboard import score
from pipeline.followup.settings import Settings
from pipeline.register import TaskFilter, open_register

AS_OF = date(2026, 3, 20)
OFFICE = Settings(before="lenient")
SVG = "{http://www.w3.org/2000/svg}"


def made(register, as_of=AS_OF):
    return charts(register, TaskFilter(), OFFICE, as_of=as_of)


def words(svg):
    """The texts of a picture, as an XML parser finds them."""
    return ["".join(text.itertext()) for text in etree.fromstring(svg).iter(f"{SVG}text")]


def limit(day):
    return before("ngày ấy", day)


@pytest.fixture
def busy(register):
    """Two bodies late (one twice), one duty done on time and one late in February, one to come."""
    duties = [("2026-02-10", "Sở Mây"), ("2026-02-12", "Sở Mây"), ("2026-02-20", "Sở Gió"), ("2026-02-25", "Sở Gió")]
    duties += [("2026-03-25", "Sở Gió"), ("2026-03-01", "Ủy ban nhân dân thị xã Đồng Xoài Thượng")]
    enter(register, paper(*(obligation(f"Gửi báo cáo số {n}", limit(d), lead=(b,)) for n, (d, b) in enumerate(duties))))
    for duty, day in (("T3", "2026-02-19"), ("T4", "2026-02-27")):
        enter_event(register, Entry("accepted", duty, day), OFFICE, who=WHO, now="2026-03-21T08:00:00+07:00", why="đủ")
    return register


def test_what_is_late_is_told_by_body_most_first(busy):
    late = made(busy)[0]
    assert late.told.startswith("3 nhiệm vụ quá hạn của 2 cơ quan. Nhiều nhất: Sở Mây: 2; Ủy ban nhân dân thị xã")
    shown = words(late.svg())
    assert "Nhiệm vụ quá hạn theo cơ quan" in shown and "Tính đến ngày 20/03/2026" in shown
    assert "Sở Mây" in shown and "2" in shown and "Sở Gió" not in shown


def test_what_is_not_drawn_is_told(register):
    tasks = [obligation(f"Gửi báo cáo số {n}", limit("2026-02-10"), lead=(f"Sở thứ {n}",)) for n in range(18)]
    enter(register, paper(*tasks))
    late = made(register)[0]
    assert "Còn 3 cơ quan khác với 3 nhiệm vụ quá hạn không vẽ ở đây." in words(late.svg())
    assert late.told.startswith("18 nhiệm vụ")


def test_weeks_count_what_is_open_from_this_day_on(busy):
    weeks = made(busy)[1]
    assert weeks.told == "1 nhiệm vụ đến hạn trong 12 tuần tới. Nhiều nhất: tuần từ 23/03/2026: 1."
    assert words(weeks.svg()).count("1") >= 1


def test_months_have_the_rate_of_the_scoreboard(busy):
    months = made(busy)[2]
    assert "02/2026: 25%" in months.told and "03/2026: 0%" in months.told
    assert "1/4" in words(months.svg())
    found = owed(busy, TaskFilter(), OFFICE, as_of=AS_OF)
    everything = score(found)[1]
    fractions = [re.fullmatch(r"(\d+)/(\d+)", text) for text in words(months.svg())]
    kept, due = (sum(int(f[n]) for f in fractions if f) for n in (1, 2))
    assert (kept, due) == (everything.done_on_time, everything.due)


def test_recurring_duties_of_the_coming_weeks_are_counted(register):
    weekly = deadline("hằng tuần", None, "recurring", rrule="FREQ=WEEKLY;BYDAY=FR")
    enter(register, paper(obligation("Báo cáo hằng tuần", weekly), issued_on="2026-03-19"))
    assert made(register)[1].told.startswith("12 nhiệm vụ đến hạn")


def test_nothing_is_said_and_no_crash(register):
    sentences = [text for one in made(register) for text in words(one.svg())]
    assert "Không có nhiệm vụ quá hạn." in sentences
    assert "Không có nhiệm vụ nào đến hạn trong 12 tuần tới." in sentences
    assert "Chưa có nhiệm vụ nào đến hạn trong 12 tháng qua." in sentences


def test_a_picture_is_told_to_those_who_do_not_see_it_and_its_ids_are_its_own(busy):
    seen = set()
    for one in made(busy):
        root = etree.fromstring(one.svg())
        assert root.get("role") == "img"
        named = [root.xpath(f"//*[@id='{name}']")[0].text for name in root.get("aria-labelledby").split()]
        assert named == [one.title, one.told]
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids)) and not seen & set(ids)
        seen |= set(ids)
        used = set(re.findall(r'(?:href="|url\()#([^")]+)', one.svg().decode()))
        assert used and used <= set(ids)


def test_names_that_xml_would_take_for_marks_are_shown(register):
    enter(register, paper(obligation("Gửi báo cáo", limit("2026-02-10"), lead=("Phòng <Kỹ thuật> & “Vật tư”",))))
    late = made(register)[0]
    assert "Phòng <Kỹ thuật> & “Vật tư”" in words(late.svg())
    assert "<Kỹ thuật> &" in etree.fromstring(late.svg()).find(f"{SVG}desc").text


@pytest.mark.parametrize("name", ["Đội $x_$^{ \\frac{", "Đội giá $5 và $6", "Đội\x07 Cây\u202e"])
def test_signs_of_formulas_and_unseen_ones_in_a_name_do_no_harm(register, name):
    enter(register, paper(obligation("Gửi báo cáo", limit("2026-02-10"), lead=(name,))))
    late = made(register)[0]
    shown = "".join(c for c in name if c.isprintable())
    assert shown in words(late.svg()) and shown in etree.fromstring(late.svg()).find(f"{SVG}desc").text
    assert Image.open(BytesIO(late.png(60))).width


def test_the_same_register_gives_the_same_bytes(busy):
    first = [(one.svg(), one.png(60)) for one in made(busy)]
    assert [
        (one.svg(), one.png(60)) for one in charts_of(owed(busy, TaskFilter(), OFFICE, as_of=AS_OF), AS_OF)
    ] == first


def test_every_letter_of_vietnamese_is_drawn(busy, recwarn):
    for one in made(busy):
        picture = Image.open(BytesIO(one.png(80)))
        assert picture.width == round(6.4 * 80) and len(set(picture.convert("L").tobytes())) > 20
    assert not [str(w.message) for w in recwarn if "missing from font" in str(w.message)]


def test_words_stay_within_the_picture(busy):
    for one in made(busy):
        picture = Image.open(BytesIO(one.png(80))).convert("L")
        edges = [(0, 0, picture.width, 1), (0, 0, 1, picture.height)]
        edges += [(picture.width - 1, 0, picture.width, picture.height)]
        assert all(picture.crop(edge).getextrema()[0] > 200 for edge in edges)


def test_the_library_is_loaded_only_where_something_is_drawn():
    code = "import sys, pipeline.export.charts; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_folder_gets_all_and_a_file_the_one_asked_for(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_register(tmp_path / "register.db", "create") as register:
        enter(register, paper(obligation("Gửi báo cáo", limit("2026-02-10"))), now=LATER)
    done = run("export", "charts", "--to", tmp_path / "out", "--as-of", "2026-03-20")
    assert done.code == 0 and "1 nhiệm vụ quá hạn" in done.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"overdue-by-body.svg", "due-by-week.svg", "on-time-by-month.svg"}
    assert run("export", "charts", "--to", tmp_path / "out").code == 1
    picture = tmp_path / "thang.png"
    assert run("export", "charts", "--chart", "on-time-by-month", "--to", picture).code == 0
    assert Image.open(picture).format == "PNG"
    assert run("export", "charts", "--to", tmp_path / "a.pdf").code == 2
