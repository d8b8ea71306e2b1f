"""Fakes with real behaviour and the tripwire that keeps tests on the loopback."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.model import ensure_model
from ingest.settings import IngestSettings, load

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse any connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture
def corpus() -> Path:
    """The project's own corpus folder."""
    return CORPUS


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The real embedding model, made first if `make install` has not."""
    return ensure_model(load(IngestSettings).models)
