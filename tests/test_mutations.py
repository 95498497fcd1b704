"""What `make fuzz` does can be done again: damage is the same for the same seed, and no file is too small for it."""

import pytest
from mutations import BY_KIND, kind_of, mutated
from running import ROOT

SAMPLES = sorted(path for path in (ROOT / "corpus/samples").iterdir() if path.is_file())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_damage_can_be_done_again(path):
    data = path.read_bytes()
    kind = kind_of(data)
    changed = 0
    for number in range(len(BY_KIND[kind])):
        damaged = mutated(data, kind, [(number, 7)])
        assert damaged == mutated(data, kind, [(number, 7)])
        changed += damaged != data
    assert changed > len(BY_KIND[kind]) / 2


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("data", [b"", b"a", b"<", b"stream\n", b"PK\x03\x04"])
def test_the_smallest_files_can_be_damaged(kind, data):
    for number in range(len(BY_KIND[kind])):
        assert isinstance(mutated(data, kind, [(number, seed) for seed in range(5)]), bytes)
