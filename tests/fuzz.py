"""Damaged files for the readers: `make fuzz`, or `python tests/fuzz.py [--minutes N] [--seed N] [--kinds pdf,rtf]`.

Real files are damaged at random (`tests/mutations.py`) and read and extracted in a worker process, as `congvan ingest`
does. Whatever comes of it must be a document, a refusal, or a failure with a reason. A fault of the program, a worker
that died, ran out of time or memory is a finding: it is made as small as it gets, and kept with its seed in a folder.

Files come from ../shared where it is there, else from corpus/samples. Without `--programs` no outside program runs:
files of pictures and old Word files are left out where others of their kind can be read without.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutations import BY_KIND, kind_of, mutated  # noqa: E402

from pipeline.errors import CongvanError  # noqa: E402
from pipeline.worker import Container, Failed, read_file, read_member  # noqa: E402
from pipeline.workers import Workers  # noqa: E402

SHARED = ROOT.parent / "shared"
FOLDERS = (SHARED / "corpus/raw", SHARED / "gold/dev/docs", SHARED / "corpus/text", ROOT / "corpus/samples")
FAULTS = frozenset({"internal", "crashed", "timed_out", "out_of_memory"})
LARGEST_SEED = 2_000_000
SECONDS = 20.0
MOST_MEMBERS = 5
MINIMISING_SECONDS = 120
TEXT = frozenset({"rtf", "markup", "mail", "text"})


@dataclass(frozen=True)
class Finding:
    """What went wrong, where, and what did it."""

    code: str
    at: str
    source: Path
    kind: str
    mutations: list[tuple[int, int]]
    data: bytes

    @property
    def key(self) -> tuple[str, str]:
        """Findings with the same key have one cause."""
        return self.code, self.at or self.kind


class Fuzzer:
    """Reads damaged files one after the other and keeps what should not have happened."""

    def __init__(self, rng: Random, folder: Path, seconds: float) -> None:
        self.rng, self.folder, self.seconds = rng, folder, seconds
        self.workers = Workers(1, seconds)
        self.scratch = tempfile.TemporaryDirectory()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.found: dict[tuple[str, str], Finding] = {}

    def outcome(self, data: bytes) -> tuple[str, str]:
        """What becomes of a file: the code of its failure (or how it was read), and where a fault was."""
        path = Path(self.scratch.name) / "damaged"
        path.write_bytes(data)
        try:
            seen = self.workers.submit(read_file, str(path)).result()
            if isinstance(seen, Container):
                return self._of_members(seen, str(path))
        except CongvanError as error:
            return error.code, ""
        return (seen.code, str(seen.details.get("at", ""))) if isinstance(seen, Failed) else (type(seen).__name__, "")

    def _of_members(self, container: Container, path: str) -> tuple[str, str]:
        for member in container.contents.members[:MOST_MEMBERS]:
            if member.problem or not member.sha256:
                continue
            seen = self.workers.submit(read_member, path, member.path, member.sha256).result()
            if isinstance(seen, Failed) and seen.code in FAULTS:
                return seen.code, str(seen.details.get("at", ""))
        return type(container).__name__, ""

    def reads(self, source: Path) -> bool:
        """Whether a file can be read without any outside program."""
        return self.outcome(source.read_bytes())[0] != "program_missing"

    def try_one(self, source: Path, kind: str) -> None:
        """Damage one file, read it, note what becomes of it."""
        count = self.rng.choice((1, 1, 2, 4))
        mutations = [(self.rng.randrange(len(BY_KIND[kind])), self.rng.randrange(2**31)) for _ in range(count)]
        data = mutated(source.read_bytes(), kind, mutations)
        code, at = self.outcome(data)
        self.outcomes[kind, code] += 1
        finding = Finding(code, at, source, kind, mutations, data)
        if code in FAULTS and finding.key not in self.found:
            self.found[finding.key] = finding
            print(f"\n{code} {at}: {source.name} {mutations}", flush=True)
            self.keep(self.smaller(finding))

    def smaller(self, finding: Finding) -> Finding:
        """The finding with as little damage, and of a text as few bytes, as do it still."""
        until = time.monotonic() + MINIMISING_SECONDS
        mutations = finding.mutations
        for one in list(mutations):
            fewer = [m for m in mutations if m != one]
            data = mutated(finding.source.read_bytes(), finding.kind, fewer)
            if fewer and self.outcome(data) == (finding.code, finding.at):
                mutations = fewer
        data = mutated(finding.source.read_bytes(), finding.kind, mutations)
        if finding.kind in TEXT:
            data = self._shortened(data, (finding.code, finding.at), until)
        return Finding(finding.code, finding.at, finding.source, finding.kind, mutations, data)

    def _shortened(self, data: bytes, wanted: tuple[str, str], until: float) -> bytes:
        size = len(data) // 2
        while size and time.monotonic() < until:
            for start in range(0, len(data), size):
                shorter = data[:start] + data[start + size :]
                if time.monotonic() > until or not shorter:
                    break
                if self.outcome(shorter) == wanted:
                    data = shorter
                    break
            else:
                size //= 2
        return data

    def keep(self, finding: Finding) -> None:
        """The file that did it, and how it was made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{finding.code}-{finding.at.replace(':', '-') or finding.kind}"
        (self.folder / f"{name}.bin").write_bytes(finding.data)
        told = {"source": str(finding.source), "kind": finding.kind, "mutations": finding.mutations}
        (self.folder / f"{name}.json").write_text(json.dumps(told) + "\n")

    def close(self) -> None:
        """End the worker."""
        self.workers.shutdown()
        self.scratch.cleanup()


def seeds(kinds: frozenset[str]) -> dict[str, list[Path]]:
    """The files to be damaged, by kind."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for folder in FOLDERS if folder.is_dir() for path in folder.iterdir()):
        if path.is_file() and 0 < path.stat().st_size < LARGEST_SEED:
            kind = kind_of(path.read_bytes())
            if not kinds or kind in kinds:
                found.setdefault(kind, []).append(path)
    return found


def trials(files: dict[str, list[Path]], rng: Random, until: float) -> Iterator[tuple[Path, str]]:
    """Files by turns of all kinds until the time is over."""
    while time.monotonic() < until:
        kind = rng.choice(sorted(files))
        yield rng.choice(files[kind]), kind


def main() -> int:
    """Damage and read files for so many minutes; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", default="", help=f"of {', '.join(sorted(BY_KIND))}; default all")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="that a file may take without progress")
    parser.add_argument("--programs", action="store_true", help="let Tesseract and the converters run")
    parser.add_argument("--folder", type=Path, default=ROOT / "outputs/fuzz", help="where findings are kept")
    asked = parser.parse_args()
    if not asked.programs:
        os.environ["PATH"] = "/nowhere"
    rng = Random(asked.seed)
    files = seeds(frozenset(asked.kinds.split(",")) - {""})
    fuzzer = Fuzzer(rng, asked.folder, asked.seconds)
    try:
        if not asked.programs:
            files = {kind: [one for one in found if fuzzer.reads(one)] or found for kind, found in files.items()}
        for source, kind in trials(files, rng, time.monotonic() + 60 * asked.minutes):
            fuzzer.try_one(source, kind)
    finally:
        fuzzer.close()
    report(fuzzer)
    return int(bool(fuzzer.found))


def report(fuzzer: Fuzzer) -> None:
    """What became of the files, by kind, and the findings."""
    kinds = sorted({kind for kind, _ in fuzzer.outcomes})
    for kind in kinds:
        told = {code: n for (k, code), n in fuzzer.outcomes.most_common() if k == kind}
        print(f"{kind:8} {sum(told.values()):6} files: " + ", ".join(f"{code} {n}" for code, n in told.items()))
    print(f"{sum(fuzzer.outcomes.values())} files, {len(fuzzer.found)} findings in {fuzzer.folder}")
    for finding in fuzzer.found.values():
        print(f"  {finding.code} {finding.at} ({finding.source.name}, {finding.mutations})")


if __name__ == "__main__":
    raise SystemExit(main())
