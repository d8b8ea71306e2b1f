"""Answers as server-sent events over a connection that may go silent or away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Send

HEARTBEAT = 5.0
"""Seconds of silence after which a comment is sent; proxies commonly give up after 30 or 60."""
_BEAT = ": \n\n"

Result = TypeVar("Result")


def sse(name: str, data: object) -> str:
    """Return one event, its data as JSON."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


class EventStream(StreamingResponse):
    """Sends events, and comments while there are none; stops their source when the reader goes away."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[str, None], heartbeat: float = HEARTBEAT) -> None:
        self._beating = beating(events, heartbeat)
        # A proxy that collects the answer before it passes it on would undo the streaming.
        super().__init__(self._beating, headers={"X-Accel-Buffering": "no"})

    async def stream_response(self, send: Send) -> None:
        """Send everything; however that ends, the source is told to stop."""
        async with aclosing(self._beating):
            await super().stream_response(send)


async def beating(events: AsyncGenerator[str, None], seconds: float) -> AsyncGenerator[str, None]:
    """Yield events, and a comment after every `seconds` without one. Closing it stops `events`."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    # A task of its own: it is cancelled once and cleans up in peace, while the response's own task is
    # cancelled again and again until it is gone.
    pumping = asyncio.create_task(pump())
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), seconds)
            except TimeoutError:
                yield _BEAT
                continue
            if event is None:
                break
            yield event
        await pumping
    finally:
        pumping.cancel()


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Return what `work` gives, or None if the client goes away first, which cancels it."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
