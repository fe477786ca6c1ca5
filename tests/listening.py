"""A real HTTP server on this machine that answers as it is told and remembers what was posted to it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answer = tuple[int, dict[str, str]] | Callable[[BaseHTTPRequestHandler], None]
"""Status and headers, or something that writes what it wants."""


@dataclass(slots=True)
class Posted:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Listening:
    """A server that is up."""

    port: int
    answers: list[Answer]
    """The next ones, in order; when there are no more, 200."""
    scheme: str = "http"
    posted: list[Posted] = field(default_factory=list[Posted])

    def address(self, path: str = "/hook") -> str:
        """Return an address that is listened at."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@contextmanager
def listening(*answers: Answer, certificate: Path | None = None) -> Generator[Listening]:
    """Listen until the end of the block; with a certificate (and its key, in one file) encrypted."""
    found = Listening(0, list(answers), "http" if certificate is None else "https")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posted.append(Posted(self.path, dict(self.headers), body))
            answer = found.answers.pop(0) if found.answers else (200, dict[str, str]())
            if callable(answer):
                answer(self)
                return
            self.send_response(answer[0])
            for name, text in answer[1].items():
                self.send_header(name, text)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def handle(self) -> None:
            with suppress(OSError):
                super().handle()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # Whoever does not trust it hangs up in the middle of the greeting: that is not for the thread that accepts.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
