"""Pictures of pages show what is printed, signature stamps too."""

import io
import resource
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import VanishedFile
from pipeline.reading.bytes import sha256_of
from pipeline.reading.facsimile import Source, page_picture, page_sizes

SAMPLE = Path(__file__).parents[2] / "corpus/samples/cong-van-nuoc-sach.pdf"
NUMBER = (190, 160, 250, 180)  # where the signature of the sample prints its number, at 800 pixels across


def source(path=SAMPLE):
    return Source(str(path), None, "pdf", sha256_of(path.read_bytes()))


def ink(picture, box):
    grey = Image.open(io.BytesIO(picture)).convert("L").crop(box)
    return sum(grey.histogram()[:128])


def test_a_number_that_only_the_field_of_a_signature_prints_is_on_the_picture():
    for _ in range(2):
        assert ink(page_picture(source(), 1, 800), NUMBER) > 50


def test_a_page_is_as_large_as_it_is_printed():
    width, height = page_sizes(source())[0]
    assert (round(width), round(height)) == (595, 842)
    with pytest.raises(IndexError):
        page_picture(source(), 99, 800)


def test_other_bytes_are_not_shown(tmp_path):
    meant = source()
    path = tmp_path / "a.pdf"
    path.write_bytes(SAMPLE.read_bytes() + b"\n")
    with pytest.raises(VanishedFile):
        page_picture(Source(str(path), None, "pdf", meant.sha256), 1, 800)


def test_who_looks_at_a_page_has_as_much_memory_as_before():
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert page_sizes(source())
    assert resource.getrlimit(resource.RLIMIT_AS) == before
