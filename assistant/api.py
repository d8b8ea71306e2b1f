"""The HTTP server, put together: routes, errors, headers, and what is opened when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, select_autoescape

from assistant import routes_chat, routes_operate, routes_pages
from assistant.access import is_loopback
from assistant.feedback import FeedbackStore
from assistant.headers import SecurityHeaders
from assistant.problems import add_errors
from assistant.services import Services
from assistant.settings import AssistantSettings

__all__ = ["Services", "create_app"]

HERE = Path(__file__).parent


def create_app(settings: AssistantSettings, open_services: Callable[[], Services]) -> FastAPI:
    """Return the server. `open_services` is called once, when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store.purge()
        app.state.services = open_services()
        yield
        app.state.services.close()

    app = FastAPI(title=settings.name, version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.store = FeedbackStore(settings.store, settings.retention_days, settings.store_questions)
    app.state.pages = Environment(
        loader=FileSystemLoader(HERE / "pages"), autoescape=select_autoescape(), trim_blocks=True
    )
    add_errors(app, discreet=not is_loopback(settings.host))
    app.include_router(routes_chat.router)
    app.include_router(routes_pages.guarded)
    app.include_router(routes_pages.public)
    app.include_router(routes_operate.public)
    routes_pages.add_widget(app)
    app.add_middleware(SecurityHeaders)
    return app
