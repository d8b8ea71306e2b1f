"""A server over a small made-up corpus, in the test's own process or as real ones on the loopback."""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
import uvicorn
from fastapi import FastAPI

from assistant import logs
from assistant.api import create_app
from assistant.authoring import open_author
from assistant.catalogue import Catalogue
from assistant.services import Services
from assistant.serving import server_config
from assistant.settings import AssistantSettings, ChatSettings
from tests.fakes import SmallCorpus

TEXT = "Verneombud\n\nVerneombudet skal tas med på råd når nye systemer planlegges og innføres.\n"


def settings_of(small: SmallCorpus, **given: Any) -> AssistantSettings:
    """Settings whose files all lie in the test's own folder."""
    own = {"store": small.root / "f.sqlite", "keys": small.root / "keys.json", "words": small.settings.words}
    return AssistantSettings(
        corpus=small.folder, index=small.index, questions=Path("/ingen"), **(own | given)
    )


def app_of(
    small: SmallCorpus, threshold: float = 0.0, chat: ChatSettings | None = None, **given: Any
) -> FastAPI:
    """The server; with a threshold over 1 it refuses every question. `chat` names a model to write."""
    if not small.index.exists():
        small.write("rad.txt", TEXT)
        small.ingest()

    def open_services() -> Services:
        if chat is None:
            return small.services(threshold)
        library = small.library()
        assistant = small.assistant(library, threshold)
        author = open_author(settings, chat, assistant, library)
        return Services(assistant, Catalogue(library), library.close, author)

    settings = settings_of(small, **given)
    return create_app(settings, open_services)


@contextmanager
def log_written(monkeypatch: pytest.MonkeyPatch, level: Literal["info", "debug"]) -> Iterator[io.StringIO]:
    """Yield what the server writes to standard error; at «debug» all libraries' smallest remarks too."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before, earlier = root.handlers[:], root.level
    logs.configure(level)
    if level == "debug":
        root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = before
    root.setLevel(earlier)


@contextmanager
def running(app: FastAPI, settings: AssistantSettings) -> Iterator[tuple[str, int]]:
    """Run a server as `medraad serve` does, on a free port; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(settings, app))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.02)
        address: tuple[str, int] = listening.getsockname()
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def exchange(address: tuple[str, int], *pieces: bytes, pause: float = 0.0, patience: float = 30.0) -> bytes:
    """Send bytes as they are, a pause after each, and return what comes back until the server hangs up."""
    with socket.create_connection(address, timeout=patience) as connection:
        received = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
        except OSError:
            pass  # the server has hung up already; what it said is still to be read
        try:
            while data := connection.recv(65_536):
                received += data
        except ConnectionError:
            pass
        return received
