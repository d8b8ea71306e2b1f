"""The index and the server that tests share, and the tripwire that keeps them on the loopback."""

from __future__ import annotations

import ipaddress
import logging
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, replace
from json import dumps
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Assistant
from assistant.opening import open_assistant, quiet
from assistant.serving import application
from assistant.settings import AssistantSettings
from ingest import generation
from ingest.analysis import Analyzer
from ingest.embed import open_embedder
from ingest.errors import IngestError
from ingest.index import Note
from ingest.manifest import load_manifest
from ingest.model import ensure_model
from ingest.settings import IngestSettings, load
from ingest.sync import synchronise
from ingest.words import WordList, build
from tests.fakes import SmallCorpus

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


@pytest.fixture(autouse=True)
def _logging_afresh() -> Iterator[None]:
    """Let no test meet the levels or handlers that another, or a shared fixture, has set."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for name in ("chromadb", "httpx", "pypdf", "trafilatura"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def corpus() -> Path:
    """The project's own corpus folder."""
    return CORPUS


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The real embedding model, made first if `make install` has not."""
    return ensure_model(load(IngestSettings).models)


@pytest.fixture(scope="session")
def word_list() -> WordList:
    """The real word list, made first if `make install` has not."""
    folder = load(IngestSettings).words
    build(folder)
    return WordList.open(folder)


@pytest.fixture(scope="session")
def analyzer(word_list: WordList) -> Analyzer:
    """The analysis with the real word list."""
    return Analyzer(word_list)


@pytest.fixture
def small(tmp_path: Path, word_list: WordList) -> SmallCorpus:
    """An empty corpus that the test fills, indexed with a fake embedder."""
    return SmallCorpus(tmp_path, word_list)


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, analyzer: Analyzer
) -> AssistantSettings:
    """Settings of an index of the project's documents, made now by the code as it is.

    Vectors of texts that var/index has embedded before are taken from there.
    """
    quiet()
    chosen = load(AssistantSettings)
    index = tmp_path_factory.mktemp("indeks")
    _lend_vectors(chosen.index, index)
    embedder = open_embedder("onnx", chosen.models, chosen.threads)
    synchronise(index, lambda: load_manifest(CORPUS), embedder, analyzer)
    return load(AssistantSettings, corpus=CORPUS, index=index, store=index / "tilbakemeldinger.sqlite")


def _lend_vectors(source: Path, index: Path) -> None:
    """Copy the live generation of `source`, made out to be of other documents so that it is not kept."""
    try:
        live = generation.live(source)
        copy = index / "generations" / live.name
        shutil.copytree(live, copy)
        note = replace(Note.read(copy), inputs="")
    except (IngestError, OSError):
        shutil.rmtree(index)
        return
    (copy / "generation.json").write_text(dumps(asdict(note)))
    (index / "current").write_text(live.name)


@pytest.fixture(scope="session")
def assistant(settings: AssistantSettings) -> Iterator[Assistant]:
    """The assistant over the project's documents, with the real model."""
    opened, library = open_assistant(settings)
    yield opened
    library.close()


def local_client(settings: AssistantSettings) -> TestClient:
    """A client that asks from this machine, as the server sees it."""
    return TestClient(application(settings), base_url="http://127.0.0.1", client=("127.0.0.1", 50_000))


@pytest.fixture(scope="session")
def client(settings: AssistantSettings) -> Iterator[TestClient]:
    """The server over the project's documents."""
    with local_client(settings) as opened:
        yield opened
