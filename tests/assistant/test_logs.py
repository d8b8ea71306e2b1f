from __future__ import annotations

import io
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Assistant
from assistant.api import create_app
from assistant.catalogue import Catalogue
from assistant.contract import ChatRequest, ChatResponse
from assistant.examine import Examination
from assistant.respond import Quoting
from assistant.services import Services
from tests.assistant.serverkit import app_of, log_written, running, settings_of
from tests.fakes import SmallCorpus

SECRET = "veldighemmeligord"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the server writes to standard error while a test runs."""
    with log_written(monkeypatch, "info") as stream:
        yield stream


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_route_and_time(small: SmallCorpus, written: io.StringIO) -> None:
    with TestClient(app_of(small)) as client:
        client.get("/kilder/rad?s=0-10")
    (line,) = [line for line in lines(written) if line["event"] == "forespørsel"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/kilder/{id}", 200)
    assert line["ms"] > 0


@pytest.mark.parametrize("level", ["info", "debug"])
def test_no_part_of_a_question_is_logged(small: SmallCorpus, written: io.StringIO, level: str) -> None:
    for name in ("medraad", "uvicorn"):
        logging.getLogger(name).setLevel(level.upper())
    app = app_of(small)
    with running(app, settings_of(small)) as (host, port), socket.create_connection((host, port)) as raw:
        raw.sendall(f"GET /api/search?q={SECRET} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert raw.recv(65_536).startswith(b"HTTP/1.1 200")
    with TestClient(app_of(small)) as client:
        client.post("/api/chat", json={"question": SECRET, "history": [{"role": "user", "content": SECRET}]})
        client.post("/api/chat/stream", json={"question": SECRET})
        client.post("/api/chat", json={"question": SECRET, "role": SECRET})
        client.get(f"/{SECRET}")
        client.get(f"/kilder/{SECRET}")
        client.get("/", headers={"Authorization": f"Bearer {SECRET}", "User-Agent": SECRET})
        client.post("/api/feedback", json={"id": "a", "vote": "ned", "comment": SECRET})
    assert len(lines(written)) > 8
    assert SECRET not in written.getvalue()


class Failing(Assistant):
    """Fails as a programming error would, with the question in the message."""

    def examined(self, request: ChatRequest) -> tuple[Examination, ChatResponse]:
        raise ZeroDivisionError(f"kan ikke dele {request.question}")


class Slow(Assistant):
    """Takes its time, and says when it has begun."""

    begun = threading.Event()

    def examined(self, request: ChatRequest) -> tuple[Examination, ChatResponse]:
        self.begun.set()
        time.sleep(0.5)
        return super().examined(request)


def app_with(kind: type[Assistant], small: SmallCorpus) -> Any:
    app_of(small)
    library = small.library()
    whole = small.assistant(library)
    assistant = kind(library, whole._embedder, whole._weights, 0.0)
    services = Services(assistant, Catalogue(library), library.close, Quoting(assistant))
    return create_app(settings_of(small), lambda: services)


def test_an_error_nobody_expected_is_told_by_place_and_not_by_message(
    small: SmallCorpus, written: io.StringIO
) -> None:
    with TestClient(app_with(Failing, small)) as client:
        answer = client.post("/api/chat", json={"question": SECRET})
        metrics = client.get("/metrics").text
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("Noe gikk galt.")
    (line,) = [line for line in lines(written) if line["level"] == "error"]
    assert line["error"] == "ZeroDivisionError"
    assert any("test_logs.py" in place for place in line["at"])
    assert SECRET not in written.getvalue() + answer.text
    assert 'medraad_failures_total{kind="ZeroDivisionError"} 1.0' in metrics


def test_other_libraries_words_are_left_out(written: io.StringIO) -> None:
    logging.getLogger("httpx").warning("HTTP Request: %s", SECRET)
    logging.getLogger("openai").info("body %s", SECRET)
    (line,) = lines(written)
    assert line["logger"] == "httpx"
    assert SECRET not in written.getvalue()


def test_of_a_failed_start_only_the_reason_is_logged(written: io.StringIO) -> None:
    said = "Traceback (most recent call last):\n  File «x», line 1\nIndexMissing: Kjør: medraad ingest\n"
    logging.getLogger("uvicorn.error").error(said)
    assert [line["event"] for line in lines(written)] == ["IndexMissing: Kjør: medraad ingest"]


def test_an_answer_under_way_is_finished_before_the_server_ends(small: SmallCorpus) -> None:
    app, received = app_with(Slow, small), bytearray()
    body = b'{"question": "Nar skal verneombudet tas med?"}'
    head = (
        "POST /api/chat/stream HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with running(app, settings_of(small)) as address:
        connection = socket.create_connection(address)
        connection.sendall(head.encode() + body)
        assert Slow.begun.wait(10)
        # Leaving the block tells the server to stop, and waits until it has.
    with connection:
        while data := connection.recv(65_536):
            received += data
    assert b"event: done" in received
    with pytest.raises(OSError):
        socket.create_connection(address)
