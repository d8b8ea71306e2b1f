from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.document import Passage
from ingest.errors import IndexStorage
from ingest.vectors import VectorStore
from tests.fakes import TrigramEmbedder

TEXTS = ["Verneombudet deltar i planleggingen.", "Avtalen gjelder ut 2019.", "Testgruppen prøver løsningen."]


def passages() -> list[Passage]:
    return [Passage(f"p{n}", "d", ("Del",), text, 0, len(text), page=n + 1) for n, text in enumerate(TEXTS)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "chroma", "medraad-1", create=True)
    opened.add(passages(), TrigramEmbedder().embed_passages(TEXTS))
    yield opened
    opened.close()


def test_the_nearest_comes_first_with_its_cosine(store: VectorStore) -> None:
    embedder = TrigramEmbedder()
    query = embedder.embed_queries(["Hva gjør testgruppen?"])[0]
    found = store.nearest(query, 3)
    assert found[0][0] == 2
    cosines = embedder.embed_passages(TEXTS) @ query
    assert [row for row, _ in found] == list(np.argsort(-cosines))
    assert [value for _, value in found] == pytest.approx(sorted(cosines, reverse=True), abs=1e-5)


def test_no_more_than_asked_for(store: VectorStore) -> None:
    assert len(store.nearest(TrigramEmbedder().embed_queries(["avtale"])[0], 2)) == 2


def test_what_was_stored_is_there_after_closing(tmp_path: Path, store: VectorStore) -> None:
    store.close()
    again = VectorStore(tmp_path / "chroma", "medraad-1")
    try:
        assert again.nearest(TrigramEmbedder().embed_queries([TEXTS[1]])[0], 1)[0][0] == 1
    finally:
        again.close()


def test_a_missing_collection_says_what_to_run(tmp_path: Path, store: VectorStore) -> None:
    with pytest.raises(IndexStorage, match="medraad ingest"):
        VectorStore(tmp_path / "chroma", "medraad-2")


def test_a_dropped_collection_is_gone(tmp_path: Path, store: VectorStore) -> None:
    store.drop()
    with pytest.raises(IndexStorage):
        VectorStore(tmp_path / "chroma", "medraad-1")


def test_vectors_of_another_length_are_refused(store: VectorStore) -> None:
    with pytest.raises(IndexStorage):
        store.nearest(np.ones(5, np.float32), 1)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexStorage, match=r"127\.0\.0\.1:9"):
        VectorStore(tmp_path, "medraad-1", url="http://127.0.0.1:9")
