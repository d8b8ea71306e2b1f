"""Logs as lines of JSON. No question, address, key, name or path with a question in it is ever written."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.metrics import Metrics
from assistant.problems import problem

LOGGER = logging.getLogger("medraad")

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_OWN = ("medraad", "uvicorn")
_FRAMES = 8


class JsonLines(logging.Formatter):
    """One JSON object a line.

    An error is given by its class and the places it passed, not by its message; another library's records by
    their level and place: either text may quote a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record; what stands in its `data` becomes fields."""
        own = record.name.partition(".")[0] in _OWN
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record) if own else f"{record.module}:{record.lineno}",
        }
        line |= getattr(record, "data", {})
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])[-_FRAMES:]
            line["error"] = record.exc_info[0].__name__
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def _event(record: logging.LogRecord) -> str:
    """Return what a record says; of a trace, as uvicorn tells of a failed start, only what went wrong."""
    said = record.getMessage()
    return said.strip().rpartition("\n")[2] if said.startswith("Traceback") else said


def configure(level: str) -> None:
    """Send all logs to standard error as JSON lines; other libraries' from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OWN:
        logging.getLogger(name).setLevel(level.upper())


class RequestLog:
    """Logs and counts each request, and turns what nobody expected into a 500 without a trace of its text."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the last place that can keep an error's text out of the server's own log
            self._metrics.failed(type(error).__name__)
            LOGGER.error("feil", exc_info=error)
            if not status:
                detail = "Noe gikk galt. Prøv igjen; meld fra til den som driver tjenesten om det fortsetter."
                await problem(500, detail)(scope, receive, watched)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "annen"
        route = _template(scope)
        self._metrics.request(route, method, status, seconds)
        data = {"method": method, "route": route, "status": status, "ms": round(1_000 * seconds, 1)}
        LOGGER.info("forespørsel", extra={"data": data})


def _template(scope: Scope) -> str:
    """Return the route's path as it stands in the code: «/kilder/{id}», never what was asked for."""
    return str(getattr(scope.get("route"), "path", "annen"))
