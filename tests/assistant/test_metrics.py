from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.settings import AssistantSettings
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

QUESTION = {"question": "Når skal verneombudet tas med?"}


def figures(page: str) -> dict[tuple[str, str], float]:
    """Each sample's value by its name and labels, as Prometheus itself reads them."""
    return {
        (
            sample.name,
            ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_requests_stages_answers_refusals_and_votes_are_counted(small: SmallCorpus) -> None:
    with TestClient(app_of(small)) as client:
        for _ in range(3):
            answer = client.post("/api/chat", json=QUESTION).json()
        client.post("/api/chat", json={"question": " "})
        client.get("/kilder/rad")
        client.get("/kilder/ukjent")
        client.post("/api/feedback", json={"id": answer["id"], "vote": "opp"})
        found = figures(client.get("/metrics").text)
        generation = client.get("/readyz").json()["generation"]
    assert found["medraad_requests_total", "method=POST,route=/api/chat,status=200"] == 3
    assert found["medraad_requests_total", "method=POST,route=/api/chat,status=422"] == 1
    assert found["medraad_requests_total", "method=GET,route=/kilder/{id},status=404"] == 1
    assert found["medraad_answers_total", "answered=true,mode=extractive"] == 3
    assert found["medraad_votes_total", "vote=opp"] == 1
    for stage in ("understand", "embed", "retrieve", "rank", "compose"):
        assert found["medraad_stage_seconds_count", f"stage={stage}"] == 3, stage
    begun = time.strftime(
        "%Y%m%dT%H%M%S", time.gmtime(found["medraad_index_generation_timestamp_seconds", ""])
    )
    assert generation.startswith(begun)


def test_refusals_are_counted_apart(small: SmallCorpus) -> None:
    with TestClient(app_of(small, threshold=1.1)) as client:
        client.post("/api/chat", json=QUESTION)
        found = figures(client.get("/metrics").text)
    assert found["medraad_answers_total", "answered=false,mode=extractive"] == 1


def test_addresses_nobody_knows_do_not_make_new_series(small: SmallCorpus) -> None:
    with TestClient(app_of(small)) as client:
        before = len(figures(client.get("/metrics").text))
        client.get("/ingen")
        once = len(figures(client.get("/metrics").text))
        for number in range(20):
            client.get(f"/ingen/{number}")
            client.request(f"GJETT{number}", "/")
        assert len(figures(client.get("/metrics").text)) - once <= once - before + 8


def test_an_unreadable_index_is_not_ready(small: SmallCorpus) -> None:
    app = app_of(small)
    with TestClient(app) as client:
        assert client.get("/readyz").json()["status"] == "klar"
        (small.index / "current").write_text("borte")
        refused = client.get("/readyz")
        assert refused.status_code == 503
        assert client.get("/healthz").status_code == 200
        assert figures(client.get("/metrics").text)["medraad_index_generation_timestamp_seconds", ""] == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def test_several_workers_answer_add_up_their_figures_and_end_together(
    settings: AssistantSettings, tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "assistant", "serve", "--workers", "2", "--port", str(port)]
    environment = os.environ | {
        "MEDRAAD_INDEX": str(settings.index),
        "MEDRAAD_KEYS": str(tmp_path / "keys.json"),
        "MEDRAAD_STORE": str(tmp_path / "f.sqlite"),
        "MEDRAAD_QUESTIONS": str(tmp_path / "ingen.toml"),
    }
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, tmp_path / "log")
        for _ in range(20):
            # A connection each, so that both workers get some.
            assert httpx.post(f"{url}/api/chat", json=QUESTION, timeout=60).status_code == 200
        found = figures(httpx.get(f"{url}/metrics").text)
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(60)
    assert found["medraad_requests_total", "method=POST,route=/api/chat,status=200"] == 20
    assert ended in (0, -signal.SIGTERM)
    workers = set(re.findall(r"Started server process \[(\d+)\]", (tmp_path / "log").read_text()))
    assert len(workers) == 2
    assert "verneombudet" not in (tmp_path / "log").read_text()


def _wait_for(url: str, log: Path) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/readyz", timeout=60).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the server did not become ready: {log.read_text()}")
