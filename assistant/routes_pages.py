"""The pages that people open, and the widget."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from assistant import sourcepage
from assistant.bundle import WIDGET, widget_script
from assistant.delivery import Content, deliver
from assistant.problems import documented, typed
from assistant.rendering import render
from assistant.services import Opened

_PAGE = "text/html; charset=utf-8"

FILE_CSP = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Of a file: nothing in it runs or loads; browsers show a PDF as an object with styles of their own."""

guarded = APIRouter(responses=documented(401, 403, 429, 503), default_response_class=HTMLResponse)
public = APIRouter()


@guarded.get("/")
def home(request: Request, opened: Opened, lang: str = "nb") -> Response:
    """Show the chat page."""
    return _show(request, "index.html", language=lang, documents=opened.catalogue.documents().documents)


@guarded.get("/kilder/{id}", responses=documented(404))
def source(request: Request, opened: Opened, id: str, s: str | None = None, lang: str = "nb") -> Response:
    """Show a source as a readable page; `s` («start-end») is the quote to mark."""
    info, document, newer = opened.catalogue.document(id)
    laid = sourcepage.page(document, sourcepage.parse_span(s, len(document.text)))
    return _show(
        request, "kilde.html", language=lang, document=info, newer=newer, toc=laid.toc, blocks=laid.blocks
    )


@guarded.get(
    "/kilder/{id}/fil", response_class=FileResponse, responses=documented(404) | typed("application/pdf")
)
def original(opened: Opened, id: str) -> FileResponse:
    """Give out the file of a source that is a PDF."""
    return FileResponse(
        opened.catalogue.original(id),
        media_type="application/pdf",
        filename=f"{id}.pdf",
        content_disposition_type="inline",
        headers={"Content-Security-Policy": FILE_CSP, "Cache-Control": "private, no-cache"},
    )


@public.get("/tilgjengelighet", response_class=HTMLResponse)
def accessibility(request: Request, lang: str = "nb") -> Response:
    """Show the accessibility statement."""
    return _show(request, "tilgjengelighet.html", language=lang, statement=request.app.state.statement)


def add_widget(app: FastAPI) -> None:
    """Add the widget, one script for every site, and the styles of our own pages."""
    script = Content(widget_script().encode(), "text/javascript", effort=9)
    looks = Content((WIDGET / "page.css").read_bytes(), "text/css", effort=9)

    @app.get("/widget.js", response_class=Response, responses=typed("text/javascript"))
    def widget(request: Request) -> Response:
        return deliver(request, script, {"Access-Control-Allow-Origin": "*"})

    @app.get("/widget/page.css", response_class=Response, responses=typed("text/css"))
    def styles(request: Request) -> Response:
        return deliver(request, looks, {})


def _show(request: Request, template: str, **values: object) -> Response:
    """Return a page that the browser may keep, but asks about each time."""
    page = Content(bytes(render(request, template, values).body), _PAGE)
    return deliver(request, page, {"Cache-Control": "private, no-cache"})
