"""One generation of the index: written once, then only read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import content
from ingest.content import Content, Entry, Stored
from ingest.document import Document
from ingest.errors import IndexForeign, IndexMissing, IndexStorage
from ingest.lexical import LexicalIndex
from ingest.nearness import Examples
from ingest.vectorfolder import VectorFolder
from ingest.vectors import VectorStore, has_collection

FORMAT = 3
"""Version of the folder's layout."""

VECTORS = ("passages", "sentences", "windows", "examples")
"""What is embedded: passages, their sentences alone, each sentence with its neighbours, example questions."""
_ANSWERS = "answers"

_NOTE = "generation.json"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index depends on besides the documents; a reader must have the same."""

    embedder: str
    chunker: str
    analysis: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Note:
    """What a generation says about itself."""

    fingerprint: Fingerprint
    inputs: str
    """Digest of the documents and the manifest that it was made from."""
    created: str
    documents: dict[str, int]
    """Number of passages by document."""
    chroma_url: str | None = None
    remarks: dict[str, str] = field(default_factory=dict)
    """What the owner should know of a document, by its id."""

    @classmethod
    def read(cls, folder: Path) -> Note:
        """Read the note of the generation in `folder`.

        Raises:
            IndexForeign: it was written by another version of the program.
        """
        try:
            data = json.loads((folder / _NOTE).read_text())
            return cls(**(data | {"fingerprint": Fingerprint(**data["fingerprint"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexForeign(
                f"Indeksen i {folder} er laget av en annen versjon. Kjør: medraad ingest"
            ) from error


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a new generation is written from. Vectors are (n, d), float32, length 1."""

    note: Note
    documents: Sequence[Document]
    entries: Sequence[Entry]
    vectors: Mapping[str, NDArray[np.float32]]
    """By the names in VECTORS."""
    hashes: Sequence[bytes]
    """Of the embedded texts, in the order of VECTORS."""
    lexical: LexicalIndex
    answers: NDArray[np.int64]
    """Where the answers to the example questions stand, as in `ingest.examples.Placed`."""


def write(folder: Path, draft: Draft) -> None:
    """Write a generation into an empty folder.

    Raises:
        IndexStorage: Chroma or the disk refused.
    """
    content.write(folder / "content.sqlite", draft.documents, draft.entries, draft.hashes)
    for name in VECTORS:
        np.save(folder / f"{name}.npy", draft.vectors[name])
    np.save(folder / f"{_ANSWERS}.npy", draft.answers)
    (folder / "lexical").mkdir()
    draft.lexical.save(folder / "lexical")
    store = VectorStore(folder / "chroma", collection_name(folder), draft.note.chroma_url, create=True)
    try:
        store.add([entry.passage for entry in draft.entries], draft.vectors["passages"])
    finally:
        store.close()
    (folder / _NOTE).write_text(json.dumps(asdict(draft.note), ensure_ascii=False, indent=1))


def is_whole(folder: Path, note: Note) -> bool:
    """Say whether each part of the generation in `folder` can be opened."""
    try:
        Content(folder / "content.sqlite").close()
        for name in (*VECTORS, _ANSWERS):
            vectors_file(folder, name)
        LexicalIndex.load(folder / "lexical")
        return has_collection(folder / "chroma", collection_name(folder), note.chroma_url)
    except (IndexStorage, IndexMissing):
        return False


def collection_name(folder: Path) -> str:
    """Return Chroma's name for the generation in `folder`."""
    return f"medraad-{folder.name.removesuffix('.new')}"


def vectors_file(folder: Path, name: str) -> NDArray[Any]:
    """Memory-map one of VECTORS of a generation as (rows, d) float32, or its answers as (rows, 3) int64.

    Raises:
        IndexStorage: the file is missing or damaged.
    """
    try:
        # A plain array over the mapping: numpy's memmap class makes every slice several times dearer.
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
    except (OSError, ValueError) as error:
        raise IndexStorage(
            f"Vektorfilen {name}.npy i {folder} kan ikke leses. Kjør: medraad ingest"
        ) from error


class Index:
    """An open generation. Rows count passages from 0; sentence rows count sentences."""

    def __init__(self, folder: Path, expected: Fingerprint) -> None:
        """Open the generation in `folder`.

        Raises:
            IndexForeign: it was made with another embedder, chunker or analysis.
            IndexStorage: a file of it cannot be read.
        """
        self.folder = folder
        self.note = Note.read(folder)
        _refuse_foreign(self.note.fingerprint, expected)
        self.content = Content(folder / "content.sqlite")
        self.passage_vectors = vectors_file(folder, "passages")
        self.sentence_vectors = vectors_file(folder, "sentences")
        self.window_vectors = vectors_file(folder, "windows")
        self.examples = Examples(vectors_file(folder, "examples"), vectors_file(folder, _ANSWERS))
        self.exemplified = frozenset(self.passage(row).passage.document for row in self.examples.passages)
        """Documents that answer an example question."""
        self.lexical = LexicalIndex.load(folder / "lexical")
        self._store = _store(folder, self.note.chroma_url)

    @property
    def generation(self) -> str:
        """The generation's name: the time it was begun."""
        return self.folder.name

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Return up to `k` (row, cosine) of the passages nearest to a (d,) vector."""
        return self._store.nearest(vector, min(k, self.content.size))

    def passage(self, row: int) -> Stored:
        """Return the passage at `row`."""
        return self.content.passage(row)

    def close(self) -> None:
        """Give back files and memory."""
        self._store.close()
        self.content.close()


def _store(folder: Path, url: str | None) -> VectorFolder | VectorStore:
    """Open the passage vectors of the generation in `folder`, which lie there or on a Chroma server."""
    inside, name = folder / "chroma", collection_name(folder)
    return VectorFolder(inside, name) if url is None else VectorStore(inside, name, url)


_PARTS = {
    "embedder": "en annen embedding-modell",
    "chunker": "en annen oppdeling",
    "analysis": "en annen ordanalyse",
    "format": "en annen versjon",
}


def _refuse_foreign(found: Fingerprint, expected: Fingerprint) -> None:
    for key, what in _PARTS.items():
        if getattr(found, key) != getattr(expected, key):
            raise IndexForeign(
                f"Indeksen er laget med {what} ({getattr(found, key)}) enn innstillingene sier "
                f"({getattr(expected, key)}). Kjør: medraad ingest"
            )
