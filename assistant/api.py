"""The HTTP server: the chat endpoint, search, sources, the widget and the chat page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.exceptions import HTTPException

from assistant import sourcepage
from assistant.answer import Assistant
from assistant.bundle import widget_script
from assistant.catalogue import Catalogue
from assistant.cite import block_text
from assistant.contract import ChatRequest, ChatResponse, DocumentsResponse, SearchResponse
from assistant.errors import AssistantError, NotFound, TooMany
from assistant.notes import Note, to_docx, to_markdown
from assistant.settings import AssistantSettings
from assistant.validation import in_norwegian
from ingest.errors import IngestError

HERE = Path(__file__).parent

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MAX_HITS = 50


class Services:
    """What the routes use; made in the lifespan and reached through a dependency."""

    def __init__(self, assistant: Assistant, catalogue: Catalogue, close: Callable[[], None]) -> None:
        self.assistant = assistant
        self.catalogue = catalogue
        self.close = close


def create_app(settings: AssistantSettings, open_services: Callable[[], Services]) -> FastAPI:
    """Return the server. `open_services` is called once, when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.services = open_services()
        yield
        app.state.services.close()

    app = FastAPI(title=settings.name, version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.pages = Environment(
        loader=FileSystemLoader(HERE / "pages"), autoescape=select_autoescape(), trim_blocks=True
    )
    _add_errors(app)
    _add_answers(app)
    _add_pages(app)
    _add_health(app)

    @app.middleware("http")
    async def secure(request: Request, call_next: Any) -> Response:  # noqa: ANN401 — Starlette's own type
        response: Response = await call_next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


def services(request: Request) -> Services:
    """Give a route the services that the lifespan opened."""
    found: Services = request.app.state.services
    return found


Opened = Annotated[Services, Depends(services)]


def _add_answers(app: FastAPI) -> None:
    @app.post("/api/chat")
    def chat(question: ChatRequest, opened: Opened) -> ChatResponse:
        return opened.assistant.answer(question)

    @app.post("/api/chat/stream", response_class=StreamingResponse)
    def stream(question: ChatRequest, opened: Opened) -> StreamingResponse:
        events = _events(opened.assistant.answer(question))
        return StreamingResponse(
            events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    @app.get("/api/search")
    def search(
        opened: Opened,
        q: Annotated[str, Query(min_length=1, max_length=2000)],
        k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
    ) -> SearchResponse:
        return opened.assistant.search(q, k)

    @app.get("/api/documents")
    def documents(opened: Opened) -> DocumentsResponse:
        return opened.catalogue.documents()

    @app.post("/api/notes")
    def notes(note: Note) -> Response:
        if note.format == "docx":
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            return Response(to_docx(note), media_type=kind, headers=_download("notat.docx"))
        return Response(
            to_markdown(note), media_type="text/markdown; charset=utf-8", headers=_download("notat.md")
        )


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="medraad-{name}"'}


def _events(answer: ChatResponse) -> Iterator[str]:
    """Yield an extractive answer as server-sent events, block by block."""
    yield _event("status", {"stage": "søker"})
    for block in answer.blocks:
        yield _event("delta", {"text": block_text(block)})
    yield _event("citations", [citation.model_dump(mode="json") for citation in answer.citations])
    yield _event("done", answer.model_dump(mode="json"))


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _add_pages(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse)
    def home(request: Request, opened: Opened, lang: str = "nb") -> HTMLResponse:
        return _render(request, "index.html", language=lang, documents=opened.catalogue.documents().documents)

    @app.get("/kilder/{id}", response_class=HTMLResponse)
    def source(request: Request, opened: Opened, id: str, s: str | None = None) -> HTMLResponse:
        info, document = opened.catalogue.document(id)
        laid = sourcepage.page(document, sourcepage.parse_span(s, len(document.text)))
        return _render(request, "kilde.html", document=info, toc=laid.toc, blocks=laid.blocks)

    @app.get("/tilgjengelighet", response_class=HTMLResponse)
    def accessibility(request: Request, lang: str = "nb") -> HTMLResponse:
        return _render(request, "tilgjengelighet.html", language=lang)

    script = widget_script().encode()

    @app.get("/widget.js")
    def widget() -> Response:
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
        return Response(script, media_type="text/javascript", headers=headers)

    app.mount("/widget", StaticFiles(directory=HERE / "widget"), name="widget")


def _render(request: Request, template: str, **values: object) -> HTMLResponse:
    settings: AssistantSettings = request.app.state.settings
    page = request.app.state.pages.get_template(template)
    return HTMLResponse(page.render({"name": settings.name, "language": "nb", "root": "/"} | values))


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz")
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    def ready(opened: Opened) -> dict[str, str | int]:
        return {
            "status": "klar",
            "generation": opened.catalogue.generation(),
            "documents": len(opened.catalogue),
        }


def _add_errors(app: FastAPI) -> None:
    """Turn every error into one Norwegian sentence; this is the only place where that happens."""

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _problem(422, in_norwegian(error))

    @app.exception_handler(NotFound)
    def missing(request: Request, error: NotFound) -> JSONResponse:
        return _problem(404, str(error))

    @app.exception_handler(TooMany)
    def too_many(request: Request, error: TooMany) -> JSONResponse:
        return _problem(429, str(error), {"Retry-After": str(error.retry_after)})

    @app.exception_handler(AssistantError)
    @app.exception_handler(IngestError)
    def unavailable(request: Request, error: Exception) -> JSONResponse:
        return _problem(503, str(error))

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> JSONResponse:
        texts = {404: "Fant ikke siden.", 405: "Adressen tar ikke imot denne typen forespørsel."}
        return _problem(error.status_code, texts.get(error.status_code, str(error.detail)), error.headers)


def _problem(code: int, detail: str, headers: Any = None) -> JSONResponse:  # noqa: ANN401 — as Starlette's
    return JSONResponse({"detail": detail}, code, headers)
