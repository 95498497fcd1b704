"""Registers by year are asked together, as docs/scale.md says."""

import re
from pathlib import Path

from register_papers import before, enter, obligation, paper

from pipeline.register import open_register

PAGE = Path(__file__).parents[2] / "docs/scale.md"


def test_the_worked_example_lists_what_is_due_in_both_years(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("outputs").mkdir()
    for year in (2024, 2025):
        with open_register(Path(f"outputs/{year}.db"), "create") as register:
            made = obligation(f"Rà soát năm {year}", before(f"1/3/{year}", f"{year}-03-01"))
            enter(register, paper(made, number=f"{year}/CT-UBND", issued_on=f"{year}-01-05"))
    import sqlite3

    *attached, question = (
        re.search(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1].strip().rstrip(";").split(";")
    )
    connection = sqlite3.connect(":memory:")
    for statement in attached:
        connection.execute(statement)
    rows = connection.execute(question).fetchall()
    connection.close()
    assert [row[0] for row in rows] == ["2024/CT-UBND", "2025/CT-UBND"]
