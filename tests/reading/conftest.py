"""What tests of reading share."""

from __future__ import annotations

import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def recognise():
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed")
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout
    if "vie" not in listed.split():
        pytest.skip("the Vietnamese data of tesseract are not installed")
    from pipeline.reading.ocr import recognise

    return recognise
