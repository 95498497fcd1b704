"""What is kept of a recognised document suffices to extract it anew, without recognising it again."""

import pytest
from letters import Letter

import pipeline.worker
from extractors.model import Box, Document, Line, ScannedWord
from pipeline.register import open_register, show, stored_document


def recognised(data, sha256):
    """The letter as a scan of it is read: boxes and confidences of a sharpness that nobody keeps."""
    text, lines, words, at = Letter().text(), [], [], 0
    for n, row in enumerate(text.splitlines(keepends=True)):
        if row.strip():
            top = 40 + n * 9.87654321
            lines.append(Line(at, at + len(row) - 1, 1, Box(70.123456, top, 510 / 3.3, top + 13 / 1.7)))
            start = at
            for word in row.split():
                start = text.index(word, start)
                box = Box(start / 7, top, start / 7 + len(word) * 6.54321, top + 12.3456)
                words.append(ScannedWord(start, start + len(word), box, (7919 * start % 10_000) / 10_000 + 0.00005))
                start += len(word)
        at += len(row)
    return Document(text, tuple(lines), sha256, pages=1, medium="scan", format="pdf", words=tuple(words))


@pytest.fixture
def scanned(tmp_path, monkeypatch, run):
    monkeypatch.setattr(pipeline.worker, "read_document_bytes", recognised)
    (tmp_path / "scan.pdf").write_bytes(b"a picture")
    assert run("ingest", tmp_path / "scan.pdf", "--workers", 0).code == 0
    return tmp_path / "register.db"


def test_a_scan_extracted_anew_gives_what_it_gave_at_first(scanned, run):
    with open_register(scanned) as register:
        before = show(register, "D1")
    assert before["obligations"]
    assert run("reextract", "--all", "--workers", 0).code == 0
    with open_register(scanned) as register:
        assert show(register, "D1") | {"read_at": ""} == before | {"read_at": ""}


def test_extractors_see_a_scan_exactly_as_it_is_kept(scanned, tmp_path, monkeypatch, run):
    judged = []
    judge = pipeline.worker.judge
    monkeypatch.setattr(pipeline.worker, "judge", lambda *args: judged.append(args[0]) or judge(*args))
    (tmp_path / "second.pdf").write_bytes(b"another picture")
    run("ingest", tmp_path / "second.pdf", "--workers", 0)
    with open_register(scanned) as register:
        assert stored_document(register, 2) == judged[0]
    assert len(judged[0].words) > 100
