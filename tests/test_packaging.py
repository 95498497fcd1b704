"""`pip install .`: what is installed holds all that the program opens, and the command."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("extractors", "pipeline")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The project's wheel, built from a copy of its sources."""
    pytest.importorskip("setuptools", minversion="77")
    copy, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, copy)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", out, copy]
    run = subprocess.run(build, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return next(out.glob("congvan-*.whl"))


def test_the_wheel_holds_every_file_of_both_rooms(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= inside
    assert not [name for name in inside if name.startswith(("tests/", "corpus/"))]


def test_the_wheel_brings_the_command_and_the_licence(wheel):
    with zipfile.ZipFile(wheel) as package:
        names = package.namelist()
        points = package.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert "congvan = pipeline.cli:main" in points
    assert any(name.endswith("licenses/LICENSE") for name in names)
