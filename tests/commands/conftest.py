import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    """Vietnamese, a wide page, and a register of the test's own."""
    for name in ("CONGVAN_LANG", "CONGVAN_POLICY", "CONGVAN_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("CONGVAN_REGISTER", str(tmp_path / "register.db"))


@pytest.fixture
def run(capsys):
    from running import Run

    return Run(capsys)
