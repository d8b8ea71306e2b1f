"""A real HTTP server on the loopback that can be slow, break off, redirect, lie, and change its files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What one path answers with.

    Attributes:
        body: the document.
        etag: sent with it, and honoured in If-None-Match and If-Range.
        codes: statuses to answer with first, one a request.
        cuts: how many requests get only the first half of what they ask for before the line goes dead.
        ranges: whether Range is honoured.
    """

    body: bytes = b""
    kind: str = "application/pdf"
    etag: str | None = None
    codes: list[int] = field(default_factory=list)
    cuts: int = 0
    ranges: bool = True
    location: str | None = None
    retry_after: str | None = None
    hangs: bool = False
    endless: bool = False
    wrong_range: bool = False


class Web:
    """The pages of the server, and what was asked of it."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stopped = threading.Event()
        self.address = ""

    def url(self, path: str) -> str:
        return self.address + path


@contextmanager
def serving() -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            _answer(self, web, web.pages.get(self.path, Page(codes=[404] * 99)))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, web: Web, page: Page) -> None:
    asked = {name.lower(): value for name, value in handler.headers.items()}
    if page.hangs:
        web.stopped.wait()
        return
    if page.codes:
        _send(handler, page.codes.pop(0), b"", {"Retry-After": page.retry_after or ""})
    elif page.location:
        _send(handler, 302, b"", {"Location": page.location})
    elif page.etag and asked.get("if-none-match") == page.etag:
        _send(handler, 304, b"", {"ETag": page.etag})
    elif page.endless:
        _pour(handler, web)
    else:
        _document(handler, page, asked)


def _document(handler: BaseHTTPRequestHandler, page: Page, asked: dict[str, str]) -> None:
    headers = {"Content-Type": page.kind, "ETag": page.etag or ""}
    start = 0
    same = not asked.get("if-range") or asked["if-range"] == page.etag
    if "range" in asked and page.ranges and same:
        start = int(asked["range"].removeprefix("bytes=").rstrip("-"))
        shown = start + 1 if page.wrong_range else start
        headers["Content-Range"] = f"bytes {shown}-{len(page.body) - 1}/{len(page.body)}"
    rest = page.body[start:]
    cut = page.cuts > 0
    page.cuts -= cut
    _send(handler, 206 if start else 200, rest, headers, len(rest) // 2 if cut else None)


def _send(
    handler: BaseHTTPRequestHandler, code: int, body: bytes, headers: dict[str, str], stop: int | None = None
) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        if value:
            handler.send_header(name, value)
    if code != 304:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[:stop])
    handler.wfile.flush()
    handler.close_connection = True


def _pour(handler: BaseHTTPRequestHandler, web: Web) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not web.stopped.is_set():
        try:
            handler.wfile.write(b"%PDF-" + b" " * 65_536)
        except OSError:
            break
    handler.close_connection = True
