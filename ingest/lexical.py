"""BM25 over index terms: built by bm25s, scored from its sparse columns with a weight per query term.

bm25s computes each posting's score once, at ingestion; a question then only adds up the columns of its
terms. Its own retrieval takes no weights for single terms, so the adding up is done here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexMissing, IndexStorage

K1 = 1.5
"""Saturation of repeated terms; bm25s' and Lucene's usual value."""
B = 0.75
"""Strength of the length normalisation; the usual value."""

_CACHE = 1 << 14
"""Terms whose place is remembered."""
_NOTE = "lexical.json"
_ARRAYS = ("data", "indices", "indptr")
_TERMS = "terms.trie"
_SURFACES = "surfaces.trie"


class Surfaces(Mapping[str, int]):
    """The words of the corpus as they are written, lower case, with the number of passages that hold each."""

    def __init__(self, trie: marisa_trie.RecordTrie) -> None:
        self._trie = trie

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Self:
        """Make a vocabulary in memory from word → number of passages."""
        return cls(marisa_trie.RecordTrie("<I", ((word, (counts[word],)) for word in sorted(counts))))

    def __getitem__(self, word: str) -> int:
        found = self._trie.get(word)
        if not found:
            raise KeyError(word)
        return int(found[0][0])

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self._trie

    def __iter__(self) -> Iterator[str]:
        return iter(self._trie.iterkeys())

    def __len__(self) -> int:
        return len(self._trie)

    def save(self, path: Path) -> None:
        """Write the vocabulary to `path`."""
        self._trie.save(str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Memory-map a vocabulary that `save` wrote."""
        return cls(marisa_trie.RecordTrie("<I").mmap(str(path)))


class LexicalIndex:
    """Read-only BM25 index of passages, each a list of terms; passages are known by their position."""

    def __init__(
        self,
        arrays: Mapping[str, NDArray[np.generic]],
        terms: Surfaces,
        surfaces: Surfaces,
        size: int,
    ) -> None:
        self._data: NDArray[np.float32] = arrays["data"].astype(np.float32, copy=False)
        self._indices: NDArray[np.int32] = arrays["indices"].astype(np.int32, copy=False)
        self._indptr = arrays["indptr"]
        self._columns = terms
        self._size = size
        self.surfaces = surfaces
        self._postings = lru_cache(_CACHE)(self._postings_of)

    @classmethod
    def build(
        cls,
        docs: Sequence[Sequence[str]],
        surfaces: Sequence[Sequence[str]] = (),
    ) -> Self:
        """Index `docs`.

        Args:
            docs: the terms of each passage; a term that is to weigh more (a heading's) is repeated.
            surfaces: the words of each passage as written (`Analyzer.tokens`), for spelling.
        """
        columns = {term: number for number, term in enumerate(sorted({term for doc in docs for term in doc}))}
        counted = Surfaces.of(Counter(word for words in surfaces for word in set(words)))
        arrays = _postings(docs, columns) if columns else _nothing()
        return cls(arrays, Surfaces.of(columns), counted, len(docs))

    def __len__(self) -> int:
        return self._size

    def frequency(self, term: str) -> int:
        """Return the number of passages that hold `term`."""
        start, end = self._postings(term)
        return end - start

    def _postings_of(self, term: str) -> tuple[int, int]:
        """Return where the postings of `term` begin and end."""
        column = self._columns.get(term)
        return (0, 0) if column is None else (int(self._indptr[column]), int(self._indptr[column + 1]))

    def idf(self, term: str) -> float:
        """Return ln(1 + (N - n + ½) / (n + ½)), Lucene's form: largest for a term that no passage holds."""
        held = self.frequency(term)
        return math.log(1.0 + (self._size - held + 0.5) / (held + 0.5))

    def share(self, term: str, passages: range) -> float:
        """Return the share, 0 to 1, of the passages in a range of rows that hold `term`."""
        start, end = self._postings(term)
        rows = self._indices[start:end]
        held = np.count_nonzero((rows >= passages.start) & (rows < passages.stop))
        return held / max(1, len(passages))

    def scores(self, terms: Sequence[str] | Mapping[str, float]) -> NDArray[np.float32]:
        """Score every passage for a question.

        Args:
            terms: query terms, or each with its weight; a term given twice counts twice.

        Returns:
            One BM25 score a passage, 0 where it holds none of the terms.
        """
        weighted = terms if isinstance(terms, Mapping) else Counter(terms)
        total = np.zeros(self._size, np.float32)
        for term, weight in weighted.items():
            start, end = self._postings(term)
            if end > start:
                total[self._indices[start:end]] += np.float32(weight) * self._data[start:end]
        return total

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made.

        Raises:
            IndexStorage: the disk refused.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in _ARRAYS:
                np.save(folder / f"{name}.npy", getattr(self, f"_{name}"), allow_pickle=False)
            self._columns.save(folder / _TERMS)
            self.surfaces.save(folder / _SURFACES)
            note = {"passages": self._size, "terms": len(self._columns)}
            (folder / _NOTE).write_text(json.dumps(note), "utf-8")
        except OSError as error:
            raise IndexStorage(f"Ordindeksen kan ikke skrives til {folder}: {error.strerror}.") from error

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open an index that `save` wrote; its arrays stay on the disk.

        Raises:
            IndexMissing: there is none in `folder`.
            IndexStorage: it is damaged.
        """
        if not (folder / _NOTE).is_file():
            raise IndexMissing(f"Det er ingen ordindeks i {folder}. Kjør `medraad ingest`.")
        try:
            note = json.loads((folder / _NOTE).read_text("utf-8"))
            arrays = {name: _read(folder / f"{name}.npy") for name in _ARRAYS}
            terms, surfaces = Surfaces.load(folder / _TERMS), Surfaces.load(folder / _SURFACES)
            whole = note["terms"] == len(terms) == len(arrays["indptr"]) - 1 and arrays["indptr"][-1] == len(
                arrays["data"]
            ) == len(arrays["indices"])
            size = int(note["passages"])
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexStorage(f"Ordindeksen i {folder} er skadet. Kjør `medraad ingest`.") from error
        if not whole:
            raise IndexStorage(f"Ordindeksen i {folder} er skadet. Kjør `medraad ingest`.")
        return cls(arrays, terms, surfaces, size)


def _postings(docs: Sequence[Sequence[str]], columns: Mapping[str, int]) -> dict[str, NDArray[np.generic]]:
    """Let bm25s compute the scores of all postings, as sparse columns."""
    # Only ingestion builds; a server that reads must not pay for the import.
    from bm25s import BM25

    ids = [[columns[term] for term in doc] for doc in docs]
    engine = BM25(k1=K1, b=B, method="lucene", csc_backend="numpy")
    engine.index((ids, dict(columns)), create_empty_token=False, show_progress=False)
    return {name: np.asarray(engine.scores[name]) for name in _ARRAYS}


def _nothing() -> dict[str, NDArray[np.generic]]:
    return {
        "data": np.zeros(0, np.float32),
        "indices": np.zeros(0, np.int32),
        "indptr": np.zeros(1, np.int64),
    }


def _read(path: Path) -> NDArray[np.generic]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
