"""A real `medraad serve` in a process of its own, for as long as something is measured on it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from eval.errors import EvalError

_PATIENCE = 60.0
_PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server that is ready."""

    url: str
    pid: int


@contextmanager
def own_server(
    options: Sequence[str] = (), environment: Mapping[str, str] | None = None, stderr: int | None = None
) -> Iterator[OwnServer]:
    """Start a server on a free port, wait until it is ready, and stop it when the block ends.

    Args:
        options: more of `medraad serve`'s.
        environment: variables besides those of this process.
        stderr: where its log goes, as subprocess has it; None for this process' own.

    Raises:
        EvalError: it ended, or was not ready in time.
    """
    port = _free_port()
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port), *options]
    last = time.monotonic() + _PATIENCE
    with subprocess.Popen(
        command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, stderr=stderr
    ) as process:
        try:
            while not _is_ready(port):
                if process.poll() is not None or time.monotonic() > last:
                    raise EvalError("Tjeneren ble ikke klar. Prøv «medraad serve» for å se hvorfor.")
                time.sleep(_PAUSE)
            yield OwnServer(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
