"""The index while a server runs: new generations, removed documents, damage, and none at all."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from assistant.api import create_app
from assistant.library import Library
from ingest import generation
from ingest.errors import IndexForeign, IndexMissing
from tests.fakes import SmallCorpus, TrigramEmbedder

A = "Drøfting\n\nPartene drøfter saken i god tid. Verneombudet deltar i arbeidet.\n"
B = "Roboter\n\nRobotene på lageret skal testes av de ansatte før de tas i bruk.\n"


@pytest.fixture
def two(small: SmallCorpus) -> SmallCorpus:
    small.write("a.txt", A)
    small.write("b.txt", B)
    small.ingest()
    return small


@pytest.fixture
def library(two: SmallCorpus) -> Iterator[Library]:
    opened = two.library()
    yield opened
    opened.close()


@contextmanager
def served(small: SmallCorpus) -> Iterator[httpx.Client]:
    """A real server on a free port of the loopback, and a client of it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_app(small.settings, small.services)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
                _wait_for(server, thread)
                yield client
        finally:
            server.should_exit = True
            thread.join(30)


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)


def found(client: httpx.Client, question: str) -> list[str]:
    response = client.get("/api/search", params={"q": question})
    assert response.status_code == 200, response.text
    return [hit["document"] for hit in response.json()["results"]]


def test_readers_share_one_open_generation(library: Library) -> None:
    with library.reading() as one, library.reading() as other:
        assert one is other


def test_a_new_generation_is_taken_up_and_the_old_one_read_to_its_end(
    two: SmallCorpus, library: Library
) -> None:
    with library.reading() as old:
        two.write("c.txt", "Opplæring\n\nArbeidsgiver gir opplæring i nye verktøy.\n")
        two.ingest()
        with library.reading() as new:
            assert list(new.index.content.sources) == ["a", "b", "c"]
        assert list(old.index.content.sources) == ["a", "b"]
        assert old.index.passage(0).passage.document == "a"
        assert old.index.nearest(two.embedder.embed_queries(["roboter"])[0], 1)[0][0] == 1


def test_an_index_of_another_embedder_is_refused(two: SmallCorpus) -> None:
    two.embedder = TrigramEmbedder("trigrams:2")
    library = two.library()
    with pytest.raises(IndexForeign, match=r"annen embedding-modell.*medraad ingest"), library.reading():
        pass
    two.ingest()
    with library.reading() as shelf:
        assert shelf.index.content.size == 2
    library.close()


def test_no_index_is_said_until_there_is_one(small: SmallCorpus) -> None:
    library = small.library()
    with pytest.raises(IndexMissing, match="medraad ingest"), library.reading():
        pass
    small.write("a.txt", A)
    small.ingest()
    with library.reading() as shelf:
        assert shelf.index.content.size == 1
    library.close()


def test_a_removed_document_stops_answering_at_once(two: SmallCorpus) -> None:
    with served(two) as client:
        assert found(client, "Hvem tester robotene?")[0] == "b"
        assert client.get("/kilder/b").status_code == 200
        (two.folder / "b.txt").unlink()
        two.ingest()
        assert found(client, "Hvem tester robotene?") == ["a"]
        answer = client.post("/api/chat", json={"question": "Hvem tester robotene?"}).json()
        assert {citation["document"] for citation in answer["citations"]} <= {"a"}
        assert client.get("/kilder/b").status_code == 404
        assert [d["id"] for d in client.get("/api/documents").json()["documents"]] == ["a"]


def test_a_server_that_was_started_without_an_index_takes_the_first_one_up(small: SmallCorpus) -> None:
    with served(small) as client:
        for path in ("/readyz", "/api/search?q=hei"):
            response = client.get(path)
            assert response.status_code == 503
            assert "medraad ingest" in response.json()["detail"]
        response = client.post("/api/chat", json={"question": "Hvem deltar?"})
        assert response.status_code == 503
        assert "medraad ingest" in response.json()["detail"]
        small.write("a.txt", A)
        small.ingest()
        assert client.get("/readyz").status_code == 200
        assert client.post("/api/chat", json={"question": "Hvem deltar?"}).json()["answered"]


def test_new_generations_under_load_fail_no_request(two: SmallCorpus) -> None:
    """Four readers ask all the time while the index is replaced five times, and none is turned away."""
    answers: list[tuple[int, str]] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def ask(client: httpx.Client) -> None:
        try:
            while not done.is_set():
                response = client.post("/api/chat", json={"question": "Hvem tester robotene?"})
                answers.append((response.status_code, response.text))
        except BaseException as error:
            failed.append(error)

    with served(two) as client:
        readers = [threading.Thread(target=ask, args=(client,)) for _ in range(4)]
        for reader in readers:
            reader.start()
        try:
            for number in range(5):
                two.write("c.txt", f"Mer\n\nUtgave {number} av teksten om opplæring.\n")
                two.ingest()
                before = len(answers)
                while len(answers) < before + 4 and not failed:
                    done.wait(0.05)
        finally:
            done.set()
            for reader in readers:
                reader.join(30)
        assert failed == []
        assert {status for status, _ in answers} == {200}
        assert all("Robotene på lageret" in text for _, text in answers)
        assert client.get("/readyz").json()["generation"] == generation.live(two.index).name
        assert found(client, "Utgave av teksten om opplæring")[0] == "c"


def test_ingestion_that_fails_changes_nothing_for_a_running_server(two: SmallCorpus) -> None:
    with served(two) as client:
        before = client.get("/readyz").json()["generation"]
        for path in two.folder.iterdir():
            path.write_bytes(b"")
        with pytest.raises(Exception, match="urørt"):
            two.ingest()
        assert client.get("/readyz").json()["generation"] == before
        assert found(client, "Hvem tester robotene?")[0] == "b"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"question": "\xff"}',
        json.dumps({"question": " "}).encode(),
        json.dumps({"question": "a" * 10_000}).encode(),
        json.dumps({"question": "hei\x00"}).encode(),
        json.dumps({"question": ["hei"]}).encode(),
        json.dumps({"question": "hei", "x": 1}).encode(),
        json.dumps({"question": "hei", "history": "før"}).encode(),
        json.dumps({"question": "hei", "role": "konge"}).encode(),
    ],
    ids=range(10),
)
def test_bad_input_over_the_wire_is_refused(wire: httpx.Client, body: bytes) -> None:
    response = wire.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    detail: Any = response.json()["detail"]
    assert isinstance(detail, str)
    assert detail.endswith(".")


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory, word_list: Any) -> Iterator[httpx.Client]:
    small = SmallCorpus(tmp_path_factory.mktemp("tråd"), word_list)
    small.write("a.txt", A)
    small.ingest()
    with served(small) as client:
        yield client
