from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.document import Passage
from ingest.errors import IndexStorage
from ingest.vectorfolder import VectorFolder
from ingest.vectors import VectorStore

NAME, ROWS, LENGTH = "medraad-1", 40, 8


def vectors(seed: int, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(seed).normal(size=(count, LENGTH)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore(tmp_path, NAME, create=True)
    texts = [f"Setning {row}." for row in range(ROWS)]
    store.add(
        [Passage(f"p{row}", "d", ("Del",), text, 0, len(text)) for row, text in enumerate(texts)],
        vectors(1, ROWS),
    )
    yield store
    store.close()


def test_it_finds_what_the_client_finds(tmp_path: Path, written: VectorStore) -> None:
    folder = VectorFolder(tmp_path, NAME)
    for question in vectors(2, 20):
        assert folder.nearest(question, 10) == written.nearest(question, 10)
    folder.close()


def test_a_missing_collection_says_what_to_run(tmp_path: Path, written: VectorStore) -> None:
    with pytest.raises(IndexStorage, match="medraad ingest"):
        VectorFolder(tmp_path, "medraad-2")


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 1_000)
    with pytest.raises(IndexStorage, match=str(tmp_path)):
        VectorFolder(tmp_path, NAME)


def test_vectors_of_another_length_are_refused(tmp_path: Path, written: VectorStore) -> None:
    folder = VectorFolder(tmp_path, NAME)
    with pytest.raises(IndexStorage):
        folder.nearest(np.ones(LENGTH - 1, np.float32), 1)
    folder.close()


def test_reading_does_without_the_client(tmp_path: Path, written: VectorStore) -> None:
    """The client's import is most of what starting would cost."""
    code = f"""if True:
        import sys, numpy
        from pathlib import Path
        from ingest.vectorfolder import VectorFolder
        folder = VectorFolder(Path({str(tmp_path)!r}), {NAME!r})
        folder.nearest(numpy.ones({LENGTH}, numpy.float32), 3)
        folder.close()
        sys.exit("chromadb" in sys.modules)
    """
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
