"""The application as a server process runs it."""

from __future__ import annotations

from fastapi import FastAPI

from assistant.api import create_app
from assistant.catalogue import Catalogue
from assistant.opening import open_assistant, quiet
from assistant.services import Services
from assistant.settings import AssistantSettings
from ingest.settings import load


def application(settings: AssistantSettings | None = None) -> FastAPI:
    """Return the server for `settings`, or for the environment's (as several workers need it)."""
    chosen = settings or load(AssistantSettings)

    def open_services() -> Services:
        quiet()
        assistant, library = open_assistant(chosen, suggestions=True)
        return Services(assistant, Catalogue(library), library.close)

    return create_app(chosen, open_services)
