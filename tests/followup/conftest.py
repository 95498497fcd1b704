"""An empty register for each test."""

import pytest

from pipeline.register import open_register


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.db"


@pytest.fixture
def register(path):
    with open_register(path, "create") as opened:
        yield opened
