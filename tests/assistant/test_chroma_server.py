"""The same index with its vectors in a real Chroma server on the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from ingest import generation
from ingest.analysis import Analyzer
from ingest.sync import synchronise
from tests.assistant.serverkit import TEXT, app_of
from tests.fakes import SmallCorpus

QUESTION = {"question": "Når skal verneombudet tas med?"}


class ChromaServer:
    """`chroma run`, which a test can stop and start again."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("chroma"))
        command = [
            program,
            "run",
            "--path",
            str(self._folder),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        quiet = {"ANONYMIZED_TELEMETRY": "False", "HOME": str(self._folder)}
        self._process = subprocess.Popen(
            command, env=os.environ | quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail("chroma run did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def collections(self) -> list[str]:
        path = "/api/v2/tenants/default_tenant/databases/default_database/collections"
        return sorted(collection["name"] for collection in httpx.get(self.url + path).json())


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    yield server
    server.stop()


def ingest(small: SmallCorpus, url: str, text: str) -> str:
    small.write("rad.txt", text)
    report = synchronise(small.index, small.manifest, small.embedder, Analyzer(small.words), chroma_url=url)
    assert report.generation
    return report.generation


def test_answers_come_from_the_server_and_old_generations_leave_it(
    small: SmallCorpus, chroma: ChromaServer
) -> None:
    generations = [ingest(small, chroma.url, TEXT)]
    assert chroma.collections() == [f"medraad-{generations[0]}"]
    assert not (generation.live(small.index) / "chroma").exists()
    with TestClient(app_of(small)) as client:
        assert "tas med på råd" in client.post("/api/chat", json=QUESTION).json()["answer"]
        generations += [ingest(small, chroma.url, TEXT + f"\nDel {n} er ny i dag.\n") for n in (1, 2)]
        assert client.get("/readyz").json()["generation"] == generations[-1]
        assert client.post("/api/chat", json=QUESTION).json()["answered"]
    assert chroma.collections() == [f"medraad-{name}" for name in generations[1:]]


def test_a_generation_whose_server_is_gone_keeps_no_new_one_back(
    small: SmallCorpus, chroma: ChromaServer
) -> None:
    ingest(small, chroma.url, TEXT)
    chroma.stop()
    names = [small.ingest().generation]
    for n in (1, 2, 3):
        small.write("rad.txt", TEXT + f"\nDel {n} er ny i dag.\n")
        names.append(small.ingest().generation)
    assert generation.live(small.index).name == names[-1]
    assert not generation.outdated(small.index)


def test_a_server_that_is_gone_is_not_ready_and_recovers(small: SmallCorpus, chroma: ChromaServer) -> None:
    ingest(small, chroma.url, TEXT)
    with TestClient(app_of(small)) as client:
        assert client.get("/readyz").status_code == 200
        chroma.stop()
        assert client.get("/readyz").status_code == 503
        refused = client.post("/api/chat", json=QUESTION)
        assert refused.status_code == 503
        assert refused.json()["detail"].startswith("Chroma svarte ikke")
        assert client.get("/healthz").status_code == 200
        chroma.start()
        assert client.get("/readyz").status_code == 200
        assert client.post("/api/chat", json=QUESTION).status_code == 200
