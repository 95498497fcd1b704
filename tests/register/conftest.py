"""An empty register for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.register import open_register


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "register.db"


@pytest.fixture
def register(path: Path):
    with open_register(path, "create") as opened:
        yield opened
