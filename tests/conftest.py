"""What tests share: a register of their own, Vietnamese, and commands run as a user runs them."""

import pytest

from pipeline.register import open_register


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    """Nothing of the user's settings, a page of fixed width, and a register of the test's own."""
    for name in ("CONGVAN_LANG", "CONGVAN_POLICY", "CONGVAN_TRACEBACK", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("CONGVAN_REGISTER", str(tmp_path / "register.db"))


@pytest.fixture
def run(capsys):
    """`run("tasks", "--json")` gives exit code, standard output and standard error."""
    from running import Run

    return Run(capsys)


@pytest.fixture
def path(tmp_path):
    """Where a register of the test's own lies."""
    return tmp_path / "outputs" / "register.db"


@pytest.fixture
def register(path):
    """An empty register."""
    with open_register(path, "create") as opened:
        yield opened
