"""Request bodies are taken whole before anything is done with them: not too large, and not too slow."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.problems import problem

_CLOSE = {"Connection": "close"}
"""What is left of the body is not waited for."""


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Refuses bodies over `most` bytes (413) and such as take longer than `seconds` (408)."""

    def __init__(self, app: ASGIApp, most: int, seconds: float) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then pass the request on."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(scope, receive)
        except TimeoutError:
            await problem(408, "Forespørselen kom ikke fram i tide.", _CLOSE)(scope, receive, send)
        except _TooLarge:
            detail = f"Forespørselen er for stor. Grensen er {self._most} byte."
            await problem(413, detail, _CLOSE)(scope, receive, send)
        else:
            if body is not None:
                await self._app(scope, _replayed(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body, or None where the client went away."""
        declared = Headers(scope=scope).get("content-length", "0")
        if len(declared) > len(str(self._most)) or (declared.isdecimal() and int(declared) > self._most):
            raise _TooLarge
        parts = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts += message.get("body", b"")
            if len(parts) > self._most:
                raise _TooLarge
            if not message.get("more_body", False):
                return bytes(parts)


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
