"""The HTTP server, put together: routes, who may use them, errors, and what is opened when it starts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant import routes_admin, routes_chat, routes_operate, routes_pages
from assistant.access import Gate, is_loopback
from assistant.body import BodyLimit
from assistant.feedback import FeedbackStore
from assistant.guards import needs
from assistant.headers import SecurityHeaders
from assistant.limits import Places, RateLimiter
from assistant.logs import RequestLog
from assistant.metrics import Metrics
from assistant.problems import add_errors
from assistant.services import Services
from assistant.settings import AssistantSettings
from assistant.statement import load_statement

HERE = Path(__file__).parent

THREADS = 2 * (os.cpu_count() or 1) + 4
"""Answers worked on at once in one process. More would not be faster, since one lock lets them calculate in
turns, and each thread keeps memory of its own; the others wait in line."""


def create_app(settings: AssistantSettings, open_services: Callable[[], Services]) -> FastAPI:
    """Return the server.

    Args:
        settings: where everything lies, who may ask, and how much.
        open_services: called once, when the server starts.

    Raises:
        ConfigurationError: nobody has said who may use a server that the network can reach, or the owner's
            part of the accessibility statement cannot be read.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        app.state.services = open_services()
        yield
        app.state.services.close()

    app = FastAPI(title=settings.name, version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    _set_state(app, settings, Metrics())
    add_errors(app, discreet=not is_loopback(settings.host))
    _add_routes(app)
    _add_layers(app, settings)
    return app


def _set_state(app: FastAPI, settings: AssistantSettings, metrics: Metrics) -> None:
    """Keep what needs no opening where the dependencies find it."""
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.gate = Gate.open(settings)
    app.state.limiter = RateLimiter(settings.rate)
    app.state.places = Places(settings.streams, metrics)
    app.state.store = FeedbackStore.of(settings)
    app.state.statement = load_statement(settings.statement)
    app.state.pages = Environment(
        loader=FileSystemLoader(HERE / "pages"), autoescape=select_autoescape(), trim_blocks=True
    )


def _add_routes(app: FastAPI) -> None:
    # The description of the API names the key only where one is needed.
    key = [Depends(HTTPBearer(auto_error=False, description="API-nøkkel eller OIDC-token"))]
    gate: Gate = app.state.gate
    asked = [Depends(needs("ask")), *(key if gate.closed else [])]
    measured = [Depends(needs("metrics")), *([] if gate.local else key)]
    app.include_router(routes_chat.router, dependencies=asked)
    app.include_router(routes_pages.guarded, dependencies=asked)
    app.include_router(routes_operate.measured, dependencies=measured)
    app.include_router(routes_admin.router, dependencies=[Depends(needs("admin")), *key])
    app.include_router(routes_pages.public)
    app.include_router(routes_operate.public)
    routes_pages.add_widget(app)


def _add_layers(app: FastAPI, settings: AssistantSettings) -> None:
    """Add what every request passes; the last one added is the outermost."""
    app.add_middleware(BodyLimit, most=settings.max_body, seconds=settings.body_timeout)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization", "Content-Type"),
        expose_headers=("Retry-After",),
        max_age=7_200,  # the longest that Chromium keeps a preflight: each would cost a question a round trip
    )
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
