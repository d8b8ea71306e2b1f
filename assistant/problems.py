"""Every error becomes one Norwegian sentence here: JSON for programs, a page for people who open one."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError, NotFound, Refused, TooMany
from assistant.rendering import render
from assistant.validation import in_norwegian
from ingest.errors import IngestError

Headers = Mapping[str, str]

_FORM = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}
"""What a problem looks like: one sentence in Norwegian."""

_DESCRIPTIONS = {
    400: "Forespørselen kan ikke leses",
    401: "Nøkkel eller token mangler eller gjelder ikke",
    403: "Nøkkelen gir ikke adgang til dette",
    404: "Finnes ikke",
    408: "Forespørselen kom ikke fram i tide",
    413: "Forespørselen er for stor",
    422: "Forespørselen har feil form",
    429: "For mange forespørsler; se Retry-After",
    503: "Tjenesten kan ikke svare nå",
}
_HTTP = {
    404: "Fant ikke siden.",
    405: "Adressen tar ikke imot denne typen forespørsel.",
}

UNAVAILABLE = "Tjenesten kan ikke svare akkurat nå. Prøv igjen om litt."
"""What is said where the cause names folders and addresses."""

Responses = dict[int | str, dict[str, object]]
"""FastAPI's form of what OpenAPI says about responses."""


def typed(*kinds: str) -> Responses:
    """Return the OpenAPI description of a good response that is not JSON, by its media types."""
    return {200: {"content": {kind: {"schema": {"type": "string"}} for kind in kinds}}}


def documented(*codes: int) -> Responses:
    """Return the OpenAPI description of error responses."""
    return {
        code: {"description": _DESCRIPTIONS[code], "content": {"application/json": {"schema": _FORM}}}
        for code in codes
    }


def problem(code: int, detail: str, headers: Headers | None = None) -> JSONResponse:
    """Return an error as JSON."""
    return JSONResponse({"detail": detail}, code, headers)


def add_errors(app: FastAPI, discreet: bool) -> None:
    """Register the handlers of all errors.

    Args:
        app: whose templates lie in `app.state.pages`.
        discreet: say only that the service cannot answer where the cause names folders and addresses.
    """

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return _shown(request, 422, in_norwegian(error))

    @app.exception_handler(NotFound)
    def missing(request: Request, error: NotFound) -> Response:
        return _shown(request, 404, str(error))

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return _shown(request, *_refusal(request, error))

    @app.exception_handler(TooMany)
    def too_many(request: Request, error: TooMany) -> Response:
        return _shown(request, 429, str(error), {"Retry-After": str(error.retry_after)})

    @app.exception_handler(AssistantError)
    @app.exception_handler(IngestError)
    def unavailable(request: Request, error: Exception) -> Response:
        return _shown(request, 503, UNAVAILABLE if discreet else str(error), {"Retry-After": "5"})

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # FastAPI could not read the body: not UTF-8, or nested too deep
            return _shown(request, 422, "Forespørselen er ikke gyldig JSON.")
        text = _HTTP.get(error.status_code, str(error.detail))
        return _shown(request, error.status_code, text, error.headers)


def _refusal(request: Request, error: Refused) -> tuple[int, str, Headers]:
    if error.forbidden:
        return 403, str(error), {}
    # A browser that opens a page asks its reader for the key; a program is told the scheme it should use.
    scheme = 'Basic realm="Medraad", charset="UTF-8"' if _opens_page(request) else "Bearer"
    return 401, str(error), {"WWW-Authenticate": scheme}


def _opens_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _shown(request: Request, code: int, detail: str, headers: Headers | None = None) -> Response:
    if not _opens_page(request):
        return problem(code, detail, headers)
    return render(request, "feil.html", {"detail": detail}, code, headers)
