"""Chroma as the store of passage vectors: a folder of the generation, or a server.

A folder is written here; what only reads one does so with `ingest.vectorfolder`, which starts at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from ingest.chromaerrors import translated
from ingest.document import Passage
from ingest.errors import IndexStorage

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI

Vectors = NDArray[np.float32]

_BATCH = 1_000
"""Passages per call: well under Chroma's own limit (5,461 with SQLite's default of 32,766 variables)."""


_SECONDS = 30.0
"""What a Chroma server may take to answer; a question takes milliseconds, a batch of passages a second."""


def prepare() -> None:
    """Import Chroma; takes most of a second, and so is not done by commands that never open a store."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import_module("chromadb")


def _client(folder: Path, url: str | None) -> ClientAPI:
    prepare()
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    with translated(f"Får ikke åpnet Chroma ({url or folder})"):
        if url is None:
            return chromadb.PersistentClient(str(folder), settings=settings)
        parts = urlsplit(url)
        client = chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=settings,
        )
        for session in _sessions(client):
            session.timeout = _SECONDS
        return client


def _sessions(client: ClientAPI) -> tuple[httpx.Client, ...]:
    """Return a server client's HTTP sessions, which Chroma gives no time-out and does not close."""
    parts = (client, getattr(client, "_admin_client"))  # noqa: B009 — neither is in Chroma's interface class
    return tuple(getattr(part, "_server")._session for part in parts)  # noqa: B009


class VectorStore:
    """The passage vectors of one generation. Row n of the index has the id str(n)."""

    def __init__(self, folder: Path, collection: str, url: str | None = None, create: bool = False) -> None:
        """Open the store.

        Args:
            folder: where Chroma keeps its files; not used with `url`.
            collection: Chroma's name of the generation.
            url: a Chroma server instead of a folder.
            create: make the collection, for a new generation.

        Raises:
            IndexStorage: the folder or server cannot be opened, or has no such collection.
        """
        self._client = _client(folder, url)
        self._remote = url is not None
        self._name = collection
        try:
            with translated(f"Chroma har ikke samlingen «{collection}». Kjør: medraad ingest"):
                self._collection = (
                    self._client.create_collection(
                        collection, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                    )
                    if create
                    else self._client.get_collection(collection, embedding_function=None)
                )
        except IndexStorage:
            self.close()
            raise

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Store `passages` with their (n, d) vectors; rows count from 0 in the order given."""
        with translated("Chroma tok ikke imot passasjene. Er disken full?"):
            for start in range(0, len(passages), _BATCH):
                batch = passages[start : start + _BATCH]
                self._collection.add(
                    ids=[str(row) for row in range(start, start + len(batch))],
                    embeddings=vectors[start : start + len(batch)],
                    documents=[passage.text for passage in batch],
                    metadatas=[_metadata(passage) for passage in batch],
                )

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return up to `k` (row, cosine) of the passages nearest to a (d,) vector, nearest first."""
        with translated("Chroma svarte ikke"):
            found = self._collection.query(
                query_embeddings=[vector.tolist()], n_results=k, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [
            (int(row), 1.0 - distance) for row, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def drop(self) -> None:
        """Delete the collection (a generation that is pruned from a server)."""
        with translated(f"Chroma slettet ikke «{self._name}»"):
            self._client.delete_collection(self._name)

    def close(self) -> None:
        """Give back files and memory."""
        close: Callable[[], None] = getattr(self._client, "close")  # noqa: B009 — not in Chroma's interface class
        close()
        for session in _sessions(self._client) if self._remote else ():
            session.close()


def has_collection(folder: Path, collection: str, url: str | None = None) -> bool:
    """Say whether a folder or server has a collection; Chroma itself, slow to start, is asked if it must be.

    Raises:
        IndexStorage: the folder or server cannot be opened.
    """
    database = folder / "chroma.sqlite3"
    if url is None and not database.is_file():
        return False
    if url is None:
        with suppress(sqlite3.Error):  # another version of Chroma may keep its names elsewhere
            with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                names = connection.execute("SELECT name FROM collections").fetchall()
            return (collection,) in names
    try:
        VectorStore(folder, collection, url).close()
    except IndexStorage:
        return False
    return True


def _metadata(passage: Passage) -> dict[str, str | int]:
    metadata: dict[str, str | int] = {"document": passage.document, "section": " › ".join(passage.section)}
    if passage.page is not None:
        metadata["page"] = passage.page
    return metadata
