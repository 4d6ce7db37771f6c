"""A web server on this machine that misbehaves on request, and counts what it sends."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

_CHUNK = 4096


@dataclass
class Served:
    """A file of the server, and how it goes wrong.

    Attributes:
        content: the body.
        etag, modified: version headers; None leaves them out.
        ranges: whether Range is understood.
        heed_if_range: whether If-Range is; a server without it mixes versions.
        cuts: for each request in turn, bytes after which the connection is closed; then whole answers.
        refusals: for each request in turn, (status, headers) instead of the file; then the file.
        redirect: address to redirect to, always.
        kind: Content-Type.
        says: Content-Length that is announced; None tells the truth, -1 tells nothing.
        delay: seconds between chunks of 4096 bytes.
        pause: (bytes, event): after so many bytes of a body, wait for the event.
    """

    content: bytes = b""
    etag: str | None = '"1"'
    modified: str | None = None
    ranges: bool = True
    heed_if_range: bool = True
    cuts: list[int] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    redirect: str | None = None
    kind: str = "application/octet-stream"
    says: int | None = None
    delay: float = 0.0
    pause: tuple[int, threading.Event] | None = None


class Server(ThreadingHTTPServer):
    """Serves `files` by path; `sent` has the bytes of bodies by path, `asked` every request (path, headers)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, Served] = {}
        self.sent: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address) -> None:
        """Clients that are killed are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path = self.path
        self.server.asked.append((path, dict(self.headers)))
        file = self.server.files.get(path)
        if file is None:
            return self._refuse(404, {})
        if file.redirect is not None:
            return self._refuse(302, {"Location": file.redirect})
        if file.refusals:
            return self._refuse(*file.refusals.pop(0))
        start = self._start(file)
        if start is not None and start >= len(file.content):
            return self._refuse(416, {"Content-Range": f"bytes */{len(file.content)}"})
        body = file.content[start or 0 :]
        self.send_response(200 if start is None else 206)
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(file.content) - 1}/{len(file.content)}")
        for name, value in (("ETag", file.etag), ("Last-Modified", file.modified), ("Content-Type", file.kind)):
            if value is not None:
                self.send_header(name, value)
        if file.says != -1:
            self.send_header("Content-Length", str(len(body) if file.says is None else file.says))
        else:
            self.close_connection = True
        self.end_headers()
        self._send(path, file, body)

    def _start(self, file: Served) -> int | None:
        wanted = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if wanted is None or not file.ranges:
            return None
        if condition is not None and file.heed_if_range and condition not in (file.etag, file.modified):
            return None
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def _send(self, path: str, file: Served, body: bytes) -> None:
        end = file.cuts.pop(0) if file.cuts else len(body)
        pause = file.pause
        for first in range(0, min(end, len(body)), _CHUNK):
            if pause is not None and first >= pause[0]:
                pause[1].wait(20)
                pause = None
            chunk = body[first : min(first + _CHUNK, end)]
            self.server.sent[path] += len(chunk)  # before the client can know
            self.wfile.write(chunk)
            self.wfile.flush()
            sleep(file.delay)
        if end < len(body):
            self.close_connection = True

    def _refuse(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def serving() -> Iterator[Server]:
    """A running server."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
