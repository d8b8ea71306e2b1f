"""How much one caller, and all together, may ask for."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from assistant.access import Caller
from assistant.errors import TooMany
from assistant.metrics import Metrics

DEFAULT = "120/minute"
"""For others than this machine: twice what a person who reads the answers can ask."""
FAILURES = "10/minute"
"""Wrong keys and tokens an address may try before it is told to wait."""
BUSY_SECONDS = 2
"""When to come back to a server that is at its limit; an answer takes a fraction of that."""


class RateLimiter:
    """Counts requests of each caller in this process."""

    def __init__(self, rate: str | None) -> None:
        """Set the limit («60/minute»); None is DEFAULT for others than this machine, and none for it."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rate = parse(rate or DEFAULT)
        self._failures = parse(FAILURES)
        self._spares_local = rate is None

    def count(self, caller: Caller) -> None:
        """Count a request.

        Raises:
            TooMany: the caller is over the limit.
        """
        if not (self._spares_local and caller.local):
            self._hit(self._rate, caller.name)

    def count_failure(self, address: str) -> None:
        """Count a wrong key or token from an address.

        Raises:
            TooMany: there have been too many.
        """
        self._hit(self._failures, f"failure:{address}")

    def _hit(self, item: RateLimitItem, name: str) -> None:
        if self._limiter.hit(item, name):
            return
        reset = self._limiter.get_window_stats(item, name).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        unit = "sekund" if wait == 1 else "sekunder"
        raise TooMany(f"Det kom for mange spørsmål på kort tid. Prøv igjen om {wait} {unit}.", wait)


class Places:
    """The answers that may be worked on at once in this process; used from the event loop only."""

    def __init__(self, most: int, metrics: Metrics) -> None:
        self._most = most
        self._taken = 0
        self._shown = metrics.working

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a place until the answer has been sent.

        Raises:
            TooMany: all are taken.
        """
        if self._taken >= self._most:
            raise TooMany("Tjenesten har for mye å gjøre akkurat nå. Prøv igjen om litt.", BUSY_SECONDS)
        self._taken += 1
        self._shown.inc()
        try:
            yield
        finally:
            self._taken -= 1
            self._shown.dec()
