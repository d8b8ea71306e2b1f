"""A circuit breaker: after some failures in a row a model is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Open for `seconds` after `failures` in a row; then one try is let through, and decides."""

    def __init__(
        self, failures: int = 3, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._opened: float | None = None
        self._lock = Lock()

    def allows(self) -> bool:
        """Tell whether the model may be asked now; a half-open breaker allows one request each period."""
        with self._lock:
            if self._opened is None:
                return True
            if self._clock() - self._opened < self._seconds:
                return False
            self._opened = self._clock()
            return True

    def succeeded(self) -> None:
        """Close the breaker."""
        with self._lock:
            self._failed = 0
            self._opened = None

    def failed(self) -> None:
        """Count a failure; the last one allowed opens the breaker."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._opened = self._clock()
