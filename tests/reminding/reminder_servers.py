"""Mail servers and receivers of webhooks on this machine, well-behaved and rude."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """Takes mails; `answers` to commands ("RCPT", "DATA") are used up one after the other before it says yes."""

    mails: list = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    pause: float = 0.0
    is_busy: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.get("RCPT"):
            return self.answers["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers.get("DATA"):
            return self.answers["DATA"].pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.is_busy.set()
        await asyncio.sleep(self.pause)
        return "250 2.0.0 taken"


class MailServer(Controller):
    """A real SMTP server in a thread; `with MailServer() as server: server.port, server.box`."""

    def __init__(self, **kwargs):
        self.box = Mailbox()
        super().__init__(self.box, hostname="127.0.0.1", port=free_port(), **kwargs)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class RudeServer:
    """A bare server: `script` is what it does on each connection, one after the other; the last one again and again.

    A script is a list of steps: bytes to send, "line" to read one, "content" to read to the final dot, "hang", "drip".
    It ends with the connection cut. `contents` are the mails that it read to their end.
    """

    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.contents: list[bytes] = []
        self.connections = 0
        self.hung = threading.Event()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._listener.close()

    def _accept(self):
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, script), daemon=True).start()

    def _serve(self, connection, script):
        reader = connection.makefile("rb")
        try:
            for step in script:
                self._step(connection, reader, step)
        except OSError:
            pass
        finally:
            # a hard cut, not a goodbye
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            reader.close()
            connection.close()

    def _step(self, connection, reader, step):
        if isinstance(step, bytes):
            connection.sendall(step)
        elif step == "line":
            reader.readline()
        elif step == "content":
            lines = []
            while (line := reader.readline()) not in (b".\r\n", b""):
                lines.append(line)
            self.contents.append(b"".join(lines))
        elif step == "hang":
            self.hung.set()
            self._over.wait(60)
        elif step == "drip":
            while not self._over.is_set():
                connection.sendall(b"2")
                time.sleep(0.2)


# a conversation up to the point where the content is asked for
HELLO = [b"220 here\r\n", "line", b"250 hello\r\n"]
ENVELOPE = [*HELLO, "line", b"250 ok\r\n", "line", b"250 ok\r\n", "line"]
UP_TO_CONTENT = [*ENVELOPE, b"354 go on\r\n"]
TAKEN = [*UP_TO_CONTENT, "content", b"250 2.0.0 taken\r\n"]


class Hook:
    """Receives webhooks; `answers` are used up one after the other, then 200: a status, "hang" or "drop", or a pair of
    status and headers. `seen` are the requests as (path, headers, body)."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.seen: list = []
        self.over = threading.Event()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.seen.append((self.path, dict(self.headers), body))
                answer = hook.answers.pop(0) if hook.answers else 200
                if answer == "hang":
                    hook.over.wait(30)
                if answer in ("hang", "drop"):
                    self.close_connection = True
                    return
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook/very-secret-path"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def free_port():
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
