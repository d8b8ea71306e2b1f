"""A small server that speaks the API's real protocol and can be told to misbehave.

`python -m tests.browser.server 8765` serves the pages with canned answers, to look at them.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader

from assistant.bundle import widget_script
from assistant.marknote import to_markdown
from assistant.notes import Note
from assistant.wordnote import to_docx
from tests.browser.answers import Json, answer_to

ASSISTANT = Path(__file__).resolve().parents[2] / "assistant"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
DOCUMENTS = [
    {
        "title": "Veileder om digital omstilling og partssamarbeid – En god start",
        "publisher": "Partene sentralt",
        "status": "ukjent",
        "language": "nb",
        "url": "/kilder/veileder",
    },
    {
        "title": "Avtale: Samarbeid om digital kompetanse i kommunene",
        "publisher": "KMD, KS, LO Kommune, Unio, YS Kommune og Akademikerne Kommune",
        "status": "utløpt",
        "valid_to": date(2019, 12, 31),
        "language": "nb",
        "url": "/kilder/avtale",
    },
]
TOC = [("s1", 1, "Medbestemmelse etter Hovedavtalen"), ("s2", 3, "Representativ ordning")]
QUOTE = "Det skal skrives referat etter drøftingsmøter."
BLOCKS: list[Json] = [
    {"kind": "heading", "level": 1, "text": TOC[0][2], "marker": "", "url": None, "id": "s1", "mark": None},
    {
        "kind": "paragraph",
        "level": 0,
        "text": f"Drøfting er formelle møtepunkter. {QUOTE}",
        "marker": "",
        "url": None,
        "id": "b1",
        "mark": [("Drøfting er formelle møtepunkter. ", False), (QUOTE, True)],
    },
    {
        "kind": "link",
        "level": 0,
        "text": "Hovedavtalen del B § 3-1 c",
        "marker": "",
        "url": "https://www.ks.no/hovedavtalen.pdf#page=24",
        "id": "b2",
        "mark": None,
    },
    {
        "kind": "link",
        "level": 0,
        "text": "ond lenke",
        "marker": "",
        "url": "javascript:alert(1)",
        "id": "b3",
        "mark": None,
    },
    {"kind": "heading", "level": 3, "text": TOC[1][2], "marker": "", "url": None, "id": "s2", "mark": None},
    {
        "kind": "item",
        "level": 0,
        "text": "Hvem er parter?",
        "marker": "•",
        "url": None,
        "id": "b4",
        "mark": [("Hvem er parter?", True)],
    },
    {
        "kind": "item",
        "level": 0,
        "text": "Første steg",
        "marker": "1.",
        "url": None,
        "id": "b5",
        "mark": None,
    },
    *(
        {
            "kind": "paragraph",
            "level": 0,
            "text": "Fyll. " * 60,
            "marker": "",
            "url": None,
            "id": f"f{number}",
            "mark": None,
        }
        for number in range(8)
    ),
]


def chunks(answer: Json) -> list[str]:
    """The answer's lines, a sentence at a time, as the real stream gives them."""
    return [f"{line}\n" for line in answer["answer"].split("\n")]


@dataclass
class Orders:
    """How the server is to behave, and what it was sent."""

    stream: str = "ok"
    """ok, slow, half, kept, cut, killed, error, refuse (reset), gone (all reset), or a key of PROBLEMS."""
    pause: float = 0.0
    """Seconds between the pieces of a stream."""
    hold: threading.Event = field(default_factory=threading.Event)
    """Until this is set, «slow» brings nothing, «half» the first piece only, and «kept» does not end."""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    """Other pages by path: HTML and headers."""
    requests: list[tuple[str, Json]] = field(default_factory=list)


PROBLEMS: dict[str, tuple[int, str, dict[str, str]]] = {
    "busy": (429, "Det kom mange spørsmål på én gang.", {"Retry-After": "7"}),
    "down": (503, "Det finnes ingen indeks ennå. Kjør «medraad ingest».", {}),
    "invalid": (422, "Spørsmålet er for langt. Skriv høyst 2000 tegn.", {}),
    "missing": (404, "Ikke funnet", {}),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_OPTIONS(self) -> None:
        self._send(204, b"", "text/plain", {"Access-Control-Allow-Headers": "content-type"})

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        given = self.server.orders.pages.get(url.path)
        if given:
            self._send(200, given[0].encode(), "text/html; charset=utf-8", given[1])
        elif url.path == "/widget.js":
            self._send(200, widget_script().encode(), "text/javascript; charset=utf-8")
        elif url.path == "/favicon.ico":
            self._send(204, b"", "image/x-icon")
        elif url.path.startswith("/widget/"):
            self._file(ASSISTANT / "widget" / Path(url.path).name)
        else:
            self._page(url.path, parse_qs(url.query))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        orders = self.server.orders
        orders.requests.append((self.path, body))
        if orders.stream == "gone":
            self._hang_up()
        elif self.path == "/api/chat/stream":
            self._stream(answer_to(body["question"]))
        elif self.path == "/api/chat":
            self._json(200, answer_to(body["question"]))
        elif self.path == "/api/feedback":
            self._json(200, {})
        elif self.path == "/api/notes":
            self._note(body)
        else:
            self._json(404, {"detail": "Ikke funnet"})

    def _file(self, path: Path) -> None:
        kind = "text/css" if path.suffix == ".css" else "text/javascript"
        self._send(200, path.read_bytes(), f"{kind}; charset=utf-8")

    def _page(self, path: str, query: dict[str, list[str]]) -> None:
        language = query.get("lang", ["nb"])[0]
        context: Json = {"name": "Medråd", "language": language}
        if path == "/":
            html = self.server.render("index.html", context | {"documents": DOCUMENTS})
        elif path.startswith("/kilder/"):
            document = DOCUMENTS[path.endswith("avtale")] | {"kind": "veileder", "updated": date(2023, 8, 25)}
            html = self.server.render(
                "kilde.html", context | {"document": document, "toc": TOC, "blocks": BLOCKS}
            )
        elif path == "/tilgjengelighet":
            html = self.server.render("tilgjengelighet.html", context)
        elif path == "/feil":
            html = self.server.render("feil.html", context | {"status": 503, "detail": PROBLEMS["down"][1]})
        else:
            return self._json(404, {"detail": "Ikke funnet"})
        return self._send(200, html.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": POLICY})

    def _note(self, body: Json) -> None:
        note = Note.model_validate(body)
        if body["format"] == "md":
            return self._send(200, to_markdown(note).encode(), "text/markdown; charset=utf-8")
        return self._send(200, to_docx(note), "application/octet-stream")

    def _stream(self, answer: Json) -> None:
        orders = self.server.orders
        if orders.stream in PROBLEMS:
            status, detail, headers = PROBLEMS[orders.stream]
            return self._json(status, {"detail": detail}, headers)
        if orders.stream == "refuse":
            return self._hang_up()
        self._head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"})
        self._event("status", {"stage": "search"})
        if orders.stream == "slow":
            orders.hold.wait(60)
        return self._pieces(answer, orders)

    def _pieces(self, answer: Json, orders: Orders) -> None:
        for number, text in enumerate(chunks(answer)):
            time.sleep(orders.pause)
            if number == 1 and orders.stream == "error":
                return self._event("error", {"detail": "Noe gikk galt i tjenesten."})
            if number == 1 and orders.stream in ("cut", "killed"):
                return self._hang_up() if orders.stream == "killed" else None
            self._event("delta", {"text": text})
            if orders.stream == "half":
                orders.hold.wait(60)
        self._event("citations", answer["citations"])
        self._event("done", answer)
        if orders.stream == "kept":
            orders.hold.wait(60)

    def _event(self, name: str, data: object) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def _hang_up(self) -> None:
        """End the connection the hard way, as a killed process does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.connection.shutdown(socket.SHUT_RDWR)

    def _json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, {"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {}))
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in ({"Access-Control-Allow-Origin": "*"} | headers).items():
            self.send_header(key, value)
        self.end_headers()


class FakeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.orders = Orders()
        self._pages = Environment(
            loader=FileSystemLoader(ASSISTANT / "pages"), autoescape=True, trim_blocks=True
        )

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def render(self, template: str, context: Json) -> str:
        return self._pages.get_template(template).render(context)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that goes away in the middle is part of the tests."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def main() -> None:
    server = FakeServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    server.orders.pause = 0.5
    server.serve_forever()


if __name__ == "__main__":
    main()
