"""Dependencies that stand before the routes: who asks, how often, and whether there is room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request

from assistant.access import Gate, client_address
from assistant.errors import Refused
from assistant.keys import KeyScope
from assistant.limits import Places, RateLimiter


def needs(scope: KeyScope) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that lets in those who have `scope` and are within the rate limit."""

    async def check(request: Request) -> None:
        gate: Gate = request.app.state.gate
        limiter: RateLimiter = request.app.state.limiter
        try:
            caller = await gate.admit(request, scope)
        except Refused as error:
            if "authorization" in request.headers and not error.forbidden:
                limiter.count_failure(client_address(request))
            raise
        limiter.count(caller)

    return check


async def takes_place(request: Request) -> AsyncIterator[None]:
    """Hold a place among the answers under work until the last byte is sent."""
    places: Places = request.app.state.places
    with places.take():
        yield
