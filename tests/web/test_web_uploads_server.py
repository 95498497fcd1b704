"""Uploading to a server in a process of its own: far too much, far too slowly, cut off, and the server killed."""

import re
import shutil
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest
from sending import ended, eventually, letter, send
from visiting import SAMPLES, Visitor, start_server, stop

from pipeline.register import open_register

HUGE = 1024**3
PIECE = bytes(1024**2)
BOUNDARY = "x-boundary-x"


class Caller(httpx.Client):
    """A client of a running server: sends forms as its pages do."""

    token, submit, sign_in = Visitor.token, Visitor.submit, Visitor.sign_in

    def __init__(self, server):
        super().__init__(base_url=server.address, timeout=60)


def heads(token):
    """What stands before the bytes of a file in a body, and after them."""
    part = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
    part += f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="files"; filename="zeros.pdf"\r\n\r\n'
    return part.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def megabytes(process, field="VmHWM"):
    """The memory of a process now (VmRSS), or the most that it ever had."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != ".records"]


@pytest.fixture
def clerk(server):
    with Caller(server) as caller:
        yield caller.sign_in("clerk")


@pytest.mark.parametrize("is_announced", [True, False], ids=["with its length", "in pieces"])
def test_a_gigabyte_is_refused_in_little_memory_and_leaves_nothing(server, clerk, is_announced):
    before, after = heads(clerk.token("/uploads"))
    most = megabytes(server.process)

    def body():
        yield before
        for _ in range(HUGE // len(PIECE)):
            yield PIECE
        yield after

    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    if is_announced:
        headers["content-length"] = str(HUGE + len(before) + len(after))
    answer = clerk.post("/uploads", content=body(), headers=headers)
    assert answer.status_code == 413
    assert "200 MB" in answer.text
    assert megabytes(server.process) < most + 60
    assert not files(server.register.parent / "uploads")
    assert clerk.get("/uploads").status_code == 200


def test_many_small_files_and_long_fields_are_bounded_too(server, clerk):
    token = clerk.token("/uploads")
    many = [("csrf", (None, token))] + [("files", (f"{n}.txt", b"x")) for n in range(201)]
    assert clerk.post("/uploads", files=many).status_code == 413
    long = [("csrf", (None, token)), ("received_on", (None, "9" * 100_000)), ("files", ("a.txt", b"x"))]
    assert clerk.post("/uploads", files=long).status_code == 413
    fields = [("csrf", (None, token))] + [(f"f{n}", (None, "x")) for n in range(30)]
    assert clerk.post("/uploads", files=fields).status_code == 400
    assert not files(server.register.parent / "uploads")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--c\r\n\r\n--c--"),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="csrf"\r\n\r\nx'),
        ("multipart/form-data; boundary=" + "b" * 5000, b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"h" * 100_000),
        ("application/json", b"{}"),
        ("", b""),
    ],
)
def test_what_is_no_form_is_refused(clerk, kind, body):
    answer = clerk.post("/uploads", content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 403)
    assert "Traceback" not in answer.text


def opened(server, clerk, announced):
    """A connection on which an upload has begun."""
    before, _ = heads(clerk.token("/uploads"))
    cookies = "; ".join(f"{name}={value}" for name, value in clerk.cookies.items())
    line = socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])))
    head = (
        f"POST /uploads HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookies}\r\ncontent-length: {announced}\r\n"
        f"content-type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    line.sendall(head.encode() + before + b"some bytes")
    return line


def test_who_hangs_up_leaves_nothing(server, clerk):
    folder = server.register.parent / "uploads"
    with opened(server, clerk, 10_000):
        eventually(lambda: files(folder), 10)
    eventually(lambda: not files(folder), 10)
    assert clerk.get("/uploads").status_code == 200


def test_what_comes_too_slowly_is_ended_while_others_go_on(book, accounts, monkeypatch):
    """The limits of the server are seconds here, so that nobody waits for half a minute."""
    import threading

    import uvicorn
    from visiting import Server, free_port

    from pipeline.followup.settings import Settings
    from pipeline.web import uploads
    from pipeline.web.app import create_app
    from pipeline.web.upload_body import Limits, receive

    async def quickly(request, folder, is_ours):
        return await receive(request, folder, is_ours, Limits(silent=1.0))

    monkeypatch.setattr(uploads, "receive", quickly)
    port = free_port()
    running = uvicorn.Server(uvicorn.Config(create_app(book, accounts, Settings()), port=port, log_level="error"))
    thread = threading.Thread(target=running.run)
    thread.start()
    eventually(lambda: running.started, 20)
    server = Server(f"http://127.0.0.1:{port}", book, accounts, None)
    try:
        with Caller(server) as clerk:
            clerk.sign_in("clerk")
            with opened(server, clerk, 10_000) as silent, opened(server, clerk, 10_000_000) as slow:
                slow.settimeout(20)
                silent.settimeout(20)
                for _ in range(6):
                    slow.sendall(b"x")
                    time.sleep(0.5)
                    assert clerk.get("/uploads/failures").status_code == 200
                assert silent.recv(100).startswith(b"HTTP/1.1 408")
                assert slow.recv(100).startswith(b"HTTP/1.1 408")
            assert not files(book.parent / "uploads")
    finally:
        running.should_exit = True
        thread.join(20)


def test_nothing_that_was_acknowledged_is_lost_or_doubled_when_the_server_is_killed(book, accounts):
    first = start_server(book, accounts)
    numbers = range(500, 512)
    scan = (SAMPLES / "cong-van-hoa-toc-mua-lu.pdf").read_bytes()
    with Caller(first) as clerk:
        clerk.sign_in("clerk")
        files_ = [("quét.pdf", scan)] + [(f"{n}.txt", letter(n)) for n in numbers]
        address = send(clerk, *files_).headers["location"]
        half = opened(first, clerk, 10_000)  # one that is under way: never acknowledged
        folder = book.parent / "uploads"
        eventually(lambda: list(folder.glob(".*.part")), 10)
        eventually(lambda: "đang đọc" in clerk.get(address).text, 30)
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
        first.process.stderr.close()
        half.close()
    second = start_server(book, accounts)
    try:
        with Caller(second) as clerk:
            clerk.sign_in("clerk")
            found = ended(clerk, address, 180)
            assert len(found) == 13
            assert {state for _, state, _ in found} <= {"đã xong", "cần kiểm tra"}
    finally:
        stop(second)
    with open_register(book) as register:
        kept = [row["number"] for row in register.rows("SELECT number FROM dispatches")]
    assert [kept.count(f"{n}/SKHKT-VP") for n in numbers] == [1] * len(numbers)
    assert not list(folder.glob(".*.part"))


def test_what_was_renamed_half_way_is_found_again(book, accounts):
    """The record is there before the files have their names: a server that is killed between the two loses nothing."""
    import json

    from pipeline.followup.settings import Settings
    from pipeline.web.app import create_app

    folder = book.parent / "uploads"
    day = folder / "2026-01-31"
    day.mkdir(parents=True)
    (folder / ".records").mkdir()
    item = {"name": "cv.txt", "size": 1, "is_copy": True, "state": "waiting", "code": None, "details": {}}
    item |= {"dispatch": None, "is_known": False, "inside": []}
    part = folder / f".{'a' * 32}.part"
    part.write_bytes(letter(600))
    (day / "cv.txt").touch()
    items = [item | {"part": str(part), "path": str(day / "cv.txt")}]
    items += [item | {"part": None, "path": str(day / "gone.txt"), "name": "gone.txt"}]
    record = {"id": "20260131-0123456789ab", "who": "Người clerk (clerk)", "account": "clerk", "received_on": None}
    record |= {"at": "2026-01-31T08:30:00+07:00", "items": items}
    (folder / ".records" / "20260131-0123456789ab.json").write_text(json.dumps(record))
    (folder / ".records" / "20260131-ba9876543210.json").write_text("{broken")
    shutil.copy(part, folder / f".{'b' * 32}.part")
    app = create_app(book, accounts, Settings())
    clerk = Visitor(app).sign_in("clerk")
    found = ended(clerk, "/uploads/20260131-0123456789ab")
    app.state.site.uploads.stop()
    assert "600/SKHKT-VP" in found[0][2]
    assert found[1][1] == "không đọc được"
    assert not list(folder.glob(".*.part"))


def test_the_server_stops_while_files_are_read_and_goes_on_when_it_starts(book, accounts):
    first = start_server(book, accounts)
    with Caller(first) as clerk:
        address = send(clerk.sign_in("clerk"), *[(f"{n}.txt", letter(n)) for n in range(700, 720)]).headers["location"]
        with clerk.stream("GET", f"{address}/events") as stream:  # somebody watches
            next(stream.iter_bytes())
            first.process.terminate()
            assert first.process.wait(30) == 0
        assert "Traceback" not in first.process.stderr.read()
        first.process.stderr.close()
    second = start_server(book, accounts)
    try:
        with Caller(second) as clerk:
            found = ended(clerk.sign_in("clerk"), address, 120)
            assert len(found) == 20
    finally:
        stop(second)
