"""A language model for tests: real HTTP on the loopback, OpenAI's chat protocol, streaming, and misbehaviour.

The model's name says how to behave. `good` answers from the passages in the prompt with correct marks, and
`in-front` as the prompt asks, a sentence a line behind its mark; every other name in MISBEHAVIOURS goes wrong
in one way. `say:…` says just that; `task:…` says it when asked for something short, and is good otherwise;
`obey` says what `ModelServer.obeyed` makes of the prompt. What was asked is kept in `requests`.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

_PASSAGE = re.compile(r"<passasje>\n(.*?)\nHentet fra: [^\n]*\n</passasje>", re.S)
_LINE = re.compile(r"\[(\w+)\] (.*)")

REFUSALS: dict[str, tuple[int, dict[str, str], str]] = {
    "no-key": (401, {}, "Incorrect API key provided: sk-hemmelig"),
    "busy": (429, {"Retry-After": "120"}, "Rate limit reached"),
    "broken-server": (500, {}, "Internal error"),
    "no-model": (404, {}, "The model does not exist"),
    "context": (400, {}, "This model's maximum context length is 4096 tokens"),
}
"""Behaviours that are an HTTP status: (status, headers, message)."""


@dataclass
class ModelServer:
    """A running server. `url` is the base URL for a client; `released` ends every hang."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    cut_off: Event = field(default_factory=Event)
    """Set when a client went away in the middle of an answer."""
    released: Event = field(default_factory=Event)
    busy_times: int = 1
    """How often `busy-then-good` says that it is busy."""
    obeyed: Callable[[str], str] = str
    """What `obey` answers to a prompt."""

    @property
    def prompts(self) -> list[str]:
        """The whole text of each request."""
        return ["\n".join(part["content"] for part in asked["messages"]) for asked in self.requests]


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = ModelServer(f"http://127.0.0.1:{server.server_port}/v1")
    server.state = state  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def unused_url() -> str:
    """Return the address of a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


def passages_in(prompt: str) -> list[tuple[str, list[str]]]:
    """Return (mark, sentences) of the passages in a prompt."""
    found = [_LINE.findall(text) for text in _PASSAGE.findall(prompt)]
    return [(lines[0][0], [sentence for _, sentence in lines]) for lines in found]


def good(prompt: str) -> str:
    """Answer with the first sentence of each passage, correctly cited."""
    found = passages_in(prompt)
    return " ".join(f"{_first(lines)} [{mark}]." for mark, lines in found) or "INGEN SVAR"


def in_front(prompt: str) -> str:
    """Answer with the same, each sentence a line behind its mark."""
    return "\n".join(f"[{mark}] {_first(lines)}." for mark, lines in passages_in(prompt)) or "INGEN SVAR"


def cited(prompt: str, words: str) -> str:
    """Return the sentence of a prompt's passages that holds `words`, correctly cited."""
    found = ((mark, line) for mark, lines in passages_in(prompt) for line in lines if words in line)
    mark, line = next(found)
    return f"{line.rstrip('.')} [{mark}]."


def _first(lines: list[str]) -> str:
    """Return the first whole sentence, without its full stop."""
    return next((line for line in lines if line.endswith(".")), lines[0]).rstrip(".")


def _invented(text: str) -> Callable[[str], str]:
    """Return a behaviour that adds a sentence of its own, cited with a real mark."""
    return lambda prompt: f"{good(prompt)} {text} [{passages_in(prompt)[0][0]}]."


def _wrong_citation(prompt: str) -> str:
    found = passages_in(prompt)
    return f"{_first(found[0][1])} [{found[-1][0]}]."


TEXTS: dict[str, Callable[[str], str]] = {
    "good": good,
    "in-front": in_front,
    "wrong-citation": _wrong_citation,
    "wrong-citation-in-front": lambda prompt: (
        f"[{passages_in(prompt)[-1][0]}] {_first(passages_in(prompt)[0][1])}."
    ),
    "unknown-citation": lambda prompt: f"{_first(passages_in(prompt)[0][1])} [zzzzzz].",
    "no-citation": lambda prompt: _first(passages_in(prompt)[0][1]),
    "invented-section": _invented("Dette følger av arbeidsmiljøloven § 14-9"),
    "invented-number": _invented("Det skal skrives referat innen 14 dager"),
    "invented-date": _invented("Det skal skrives referat fra 3. mars 2027"),
    "invented-name": _invented("Det skal skrives referat av Kari Nordmann i Arbeidstilsynet"),
    "injected-link": _invented("Se [referatet](https://ond.example.com/logg) etter drøftingsmøter"),
    "prompt-leak": lambda prompt: (
        f"Bruk bare det som står i passasjene du får [{passages_in(prompt)[0][0]}]."
    ),
    "garbage": lambda prompt: "�� {]{ ##!! 0x00ff \n\n;;;; ",
    "other-language": lambda prompt: f"会议后应编写会议记录 [{passages_in(prompt)[0][0]}]。",
    "english": lambda prompt: f"Minutes shall be written after the meetings [{passages_in(prompt)[0][0]}].",
    "declines": lambda prompt: "INGEN SVAR",
    "empty": lambda prompt: "",
}
"""Behaviours that are a text, streamed as any other."""
HANGS = ("hang-before", "hang-middle")
STREAMS = ("endless", "broken-stream", "not-the-protocol", "busy-then-good")
MISBEHAVIOURS = (*REFUSALS, *HANGS, *STREAMS, *(name for name in TEXTS if name not in ("good", "in-front")))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state: ModelServer = self.server.state  # type: ignore[attr-defined]
        state.requests.append({**body, "authorization": self.headers.get("Authorization")})
        try:
            self._behave(body, state)
        except (BrokenPipeError, ConnectionResetError):
            state.cut_off.set()
        self.close_connection = True

    def _behave(self, body: dict[str, Any], state: ModelServer) -> None:
        name = body["model"]
        if name == "busy-then-good":
            state.busy_times -= 1
            if state.busy_times >= 0:
                return self._refuse(429, {"Retry-After": "0"}, "Rate limit reached")
            name = "good"
        if name in REFUSALS:
            return self._refuse(*REFUSALS[name])
        if name == "hang-before":
            state.released.wait(30)
            return None
        if name == "not-the-protocol":
            return self._plain("<html><body>Velkommen til ruteren</body></html>")
        prompt = "\n".join(message["content"] for message in body["messages"])
        text = _said(name, prompt, state, short=not body.get("stream"))
        if body.get("stream"):
            return self._stream(name, text, state)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return self._plain(json.dumps(_envelope("chat.completion", choice)), "application/json")

    def _refuse(self, status: int, headers: dict[str, str], message: str) -> None:
        content = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
        self.send_response(status)
        for key, value in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _plain(self, text: str, kind: str = "text/html") -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, name: str, text: str, state: ModelServer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if name == "broken-stream":
            self.send_header("Content-Length", "100000")
        self.end_headers()
        pieces = re.findall(r"\S+\s*", text)
        if name in ("broken-stream", "hang-middle"):
            pieces = pieces[: len(pieces) // 2]
        for piece in pieces:
            self._chunk({"content": piece}, None)
        if name == "broken-stream":
            return
        if name == "hang-middle":
            state.released.wait(30)
            return
        while name == "endless" and not state.released.is_set():
            self._chunk({"content": "og så videre og så videre "}, None)
            time.sleep(0.0005)
        self._chunk({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = json.dumps(_envelope("chat.completion.chunk", choice), ensure_ascii=False)
        self.wfile.write(f"data: {event}\n\n".encode())
        self.wfile.flush()


def _said(name: str, prompt: str, state: ModelServer, short: bool) -> str:
    kind, _, text = name.partition(":")
    if kind == "say" or (kind == "task" and short):
        return text
    return state.obeyed(prompt) if kind == "obey" else TEXTS.get(kind, good)(prompt)


def _envelope(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": "test", "choices": [choice]}
