"""What the speed of large registers is measured against gives the same answers."""

from __future__ import annotations

from collections import Counter

import bench_queries
import pytest

from pipeline.register import open_register

SIZE = 6000  # more rows with a word than are ranked


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    path = tmp_path_factory.mktemp("made_up") / "register.db"
    bench_queries.build(path, SIZE)
    with open_register(path) as register:
        yield register


def asked(name):
    [question] = [one for one in bench_queries.questions() if one.name == name]
    return question


@pytest.mark.parametrize("name", ["search, exact", "search, folded", "search, a word of every row"])
def test_the_bare_search_finds_the_same_in_the_same_order(made_up, name):
    question = asked(name)
    found = question.ours(made_up)
    bare = [(f"O{row[1]}" if row[1] else f"D{row[2]}", *row[3:8]) for row in question.bare(made_up)]
    shown = ("id", "number", "issuer", "type", "issued_on", "subject")
    assert [tuple(row[key] for key in shown) for row in found] == bare
    assert len(found) > 5


def test_the_bare_counts_are_those_beside_a_search(made_up):
    question = asked("facets of a search")
    groups = question.ours(made_up).groups
    found = Counter({(what, one.value): one.count for what, values in groups.items() for one in values})
    [rows] = question.bare(made_up)
    assert Counter({(row["what"], row["value"]): row["n"] for row in rows}) == found
    assert found["type", "công văn"]
