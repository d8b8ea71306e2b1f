"""What the routes use; made once when the server starts, and reached through dependencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.answer import Assistant
from assistant.catalogue import Catalogue
from assistant.feedback import FeedbackStore
from assistant.metrics import Metrics
from assistant.respond import Responder
from assistant.settings import AssistantSettings


@dataclass(frozen=True, slots=True)
class Services:
    """The assistant, the list of its sources, what closes both, and who words the answers."""

    assistant: Assistant
    catalogue: Catalogue
    close: Callable[[], None]
    responder: Responder


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def _store(request: Request) -> FeedbackStore:
    found: FeedbackStore = request.app.state.store
    return found


def _settings(request: Request) -> AssistantSettings:
    found: AssistantSettings = request.app.state.settings
    return found


def _metrics(request: Request) -> Metrics:
    found: Metrics = request.app.state.metrics
    return found


Opened = Annotated[Services, Depends(_services)]
Kept = Annotated[FeedbackStore, Depends(_store)]
Chosen = Annotated[AssistantSettings, Depends(_settings)]
Counted = Annotated[Metrics, Depends(_metrics)]
