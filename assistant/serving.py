"""The server process: the application as it runs, its sockets, its workers, and how it ends."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from functools import cache, partial

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from assistant import collector
from assistant.api import create_app
from assistant.catalogue import Catalogue
from assistant.connection import PatientConnection
from assistant.errors import AssistantError
from assistant.feedback import FeedbackStore
from assistant.logs import configure
from assistant.metrics import SHARED
from assistant.opening import open_answering, quiet
from assistant.services import Services
from assistant.settings import AssistantSettings, ChatSettings
from ingest.settings import load

KEEP_ALIVE = 20
"""Seconds that an idle connection stays open; proxies commonly use 15 or less themselves."""


def application(settings: AssistantSettings | None = None, chat: ChatSettings | None = None) -> FastAPI:
    """Return the server for `settings` and the language model of `chat`, or for the environment's.

    Raises:
        ConfigurationError: nobody has said who may use a server that the network can reach.
    """
    chosen, model = settings or load(AssistantSettings), chat or load(ChatSettings)
    return create_app(chosen, partial(_opened, chosen, model))


def _opened(settings: AssistantSettings, chat: ChatSettings) -> Services:
    """Open what answering needs, and delete what has been stored for long enough.

    Raises:
        IngestError: the model, the word list or the list of questions is missing or broken.
        StoreUnavailable: what is stored cannot be read.
    """
    quiet()
    FeedbackStore.of(settings).purge()
    assistant, library, responder = open_answering(settings, chat, suggestions=True)
    collector.release()
    return Services(assistant, Catalogue(library), library.close, responder)


def serve(settings: AssistantSettings, greet: Callable[[], None] = lambda: None) -> None:
    """Run the server until it is told to stop; answers under way are finished first.

    Args:
        settings: which server.
        greet: called when nothing stands in the way of starting.

    Raises:
        ConfigurationError: the settings do not allow it to start.
        AssistantError: the address is taken, what is stored cannot be read, the language model cannot be
            used as it is set, or no worker could start.
        IngestError: the embedding model, the word list or the list of questions is missing or broken.
    """
    # What is wrong is said here, once, and not by each worker.
    opened = cache(partial(_opened, settings, _usable(load(ChatSettings))))
    app = create_app(settings, opened)
    configure(settings.log)
    listening = _listen(settings)
    if settings.workers == 1:
        opened()
        greet()
        uvicorn.Server(server_config(settings, app)).run([listening])
        return
    greet()
    collector.release()
    with tempfile.TemporaryDirectory(prefix="medraad-") as figures:
        # Workers are new processes: the environment is how prometheus_client tells them where to add up.
        os.environ[SHARED] = figures
        several = Multiprocess(server_config(settings, partial(_worker, settings)), [listening])
        several.run()
    if any(process.exitcode == STARTUP_FAILURE for process in several.processes):
        raise AssistantError("Tjeneren kom ikke i gang. Start den med --workers 1 for å se hvorfor.")


def _usable(chat: ChatSettings) -> ChatSettings:
    """Return the settings of a language model, tried out where they name one."""
    if chat.chat_model is not None:
        from assistant.authoring import check_model

        check_model(chat)
    return chat


def _worker(settings: AssistantSettings) -> FastAPI:
    """Return the server in a process of its own, which has its own logging to set up."""
    configure(settings.log)
    return application(settings)


def server_config(settings: AssistantSettings, app: object) -> uvicorn.Config:
    """Return how uvicorn is to run `app`, or with several workers the function that makes it."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        factory=settings.workers > 1,
        workers=settings.workers,
        http=PatientConnection,
        lifespan="on",
        log_config=None,
        # Its lines hold paths and queries, and so questions; assistant.logs writes its own.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=settings.grace,
    )


def _listen(settings: AssistantSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise AssistantError(
            f"Kan ikke lytte på {settings.host}:{settings.port} ({error.strerror}). "
            "Er porten i bruk? Velg en annen med --port."
        ) from error
    listening.set_inheritable(True)
    return listening
