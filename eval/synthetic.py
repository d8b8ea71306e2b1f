"""Indexes of any size, made from the sentences and vectors of a real one without an embedder.

Each made-up passage is eight sentences drawn from the real documents, with one in thirty words replaced by
a compound of two others, so that the vocabulary grows with the size as a real one does. Its vectors are those
of its sentences with noise. Everything is drawn from a generator seeded by the passage's number: the same
size gives the same index, and nothing has to be kept while it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from ingest import generation, index
from ingest.content import Content, Entry, Mention
from ingest.document import Document, Passage, Sentence, Source
from ingest.index import Draft, Fingerprint, Note
from ingest.lexical import LexicalIndex

Vectors = NDArray[np.float32]
T = TypeVar("T")

SENTENCES = 8
"""Sentences of a passage, as the five documents have on average."""
PASSAGES = 100
"""Passages of a document: between the handbook's and a law's."""
NEW_WORDS = 1 / 30
NOISE = 0.35
"""Length of the noise beside a vector of length 1: neighbours stay neighbours, and no two are the same."""
CITING = 100
"""One passage in this many names a paragraph, all the same one: the worst case of a popular reference."""
_PARAGRAPH = "3-1"
_CHUNK = 4_096
_MARKS = ".,;:!?•–-()«»\"'"


@dataclass(frozen=True, slots=True)
class Material:
    """What is drawn from: the sentences of a real index, with terms, vectors and the passages' facets."""

    texts: Sequence[str]
    terms: Sequence[Sequence[str]]
    vectors: Vectors
    facets: Sequence[frozenset[str]]
    words: Sequence[str]

    @classmethod
    def of(cls, folder: Path) -> Material:
        """Read the generation in `folder`.

        Raises:
            IndexStorage: it cannot be read.
        """
        texts: list[str] = []
        terms: list[list[str]] = []
        facets: list[frozenset[str]] = []
        with closing(Content(folder / "content.sqlite")) as content:
            for row in range(content.size):
                stored = content.passage(row)
                texts += [sentence.text for sentence in stored.passage.sentences]
                terms += [sorted(one) for one in stored.terms]
                facets.append(stored.passage.facets)
        words = sorted({word.lower() for text in texts for word in text.split() if word.isalpha()})
        vectors = np.array(index.vectors_file(folder, "sentences"))
        return cls(texts, terms, vectors, facets, [word for word in words if len(word) > 4])


class _Each(Sequence[T]):
    """What a function gives for each passage, worked out when it is asked for."""

    def __init__(self, size: int, of: Callable[[int], T]) -> None:
        self._size = size
        self._of = of

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        """Return what the function gives for a passage, or for several."""
        if isinstance(place, slice):
            return [self._of(row) for row in range(*place.indices(self._size))]
        if not 0 <= place < self._size:
            raise IndexError(place)
        return self._of(place)


class Passages(_Each[Entry]):
    """The made-up passages of an index, each made when it is asked for."""

    def __init__(self, material: Material, size: int) -> None:
        # Writing asks for neighbours several times.
        super().__init__(size, lru_cache(_CHUNK)(self._made))
        self._material = material

    def drawn(self, row: int) -> tuple[NDArray[np.intp], np.random.Generator]:
        """Return which real sentences passage `row` is made of, and its generator."""
        generator = np.random.default_rng([20_260_122, row])
        return generator.integers(0, len(self._material.texts), SENTENCES), generator

    def terms(self, row: int) -> list[str]:
        """Return the index terms of a whole passage."""
        return [term for terms in self[row].terms for term in terms]

    def words(self, row: int) -> list[str]:
        """Return the words of a passage as they are written."""
        words = (word.strip(_MARKS) for word in self[row].passage.text.lower().split())
        return [word for word in words if word]

    def _made(self, row: int) -> Entry:
        chosen, generator = self.drawn(row)
        texts, terms = [], []
        for place in chosen:
            text, more = self._varied(self._material.texts[place], generator)
            texts.append(text)
            terms.append([*self._material.terms[place], *more])
        facets = self._material.facets[int(generator.integers(len(self._material.facets)))]
        passage = _passage(row, texts).with_facets(facets)
        mentions = [Mention(_PARAGRAPH, "hovedavtalen", "B")] if row % CITING == 0 else []
        return Entry(passage, terms, mentions)

    def _varied(self, text: str, generator: np.random.Generator) -> tuple[str, list[str]]:
        """Put made-up compounds in the place of some words; return the text and their terms."""
        words, new = text.split(" "), []
        for place in np.flatnonzero(generator.random(len(words)) < NEW_WORDS):
            first, last = (
                self._material.words[n] for n in generator.integers(len(self._material.words), size=2)
            )
            words[place] = first + last
            new += [first + last, first, last]
        return " ".join(words), new


def _passage(row: int, texts: Sequence[str]) -> Passage:
    document, ordinal = divmod(row, PASSAGES)
    start = offset = ordinal * 10_000
    sentences = []
    for block, text in enumerate(texts):
        sentences.append(Sentence(text, offset, offset + len(text), "sentence", block))
        offset += len(text) + 1
    return Passage(
        id=f"p{row}",
        document=f"d{document}",
        section=(f"Del {ordinal // 10 + 1}", f"Avsnitt {ordinal + 1}"),
        text="\n".join(texts),
        start=start,
        end=offset - 1,
        sentences=tuple(sentences),
    )


def build(
    folder: Path, size: int, material: Material, mark: Fingerprint, chroma_url: str | None = None
) -> None:
    """Write an index of `size` passages into `folder` and make it live.

    Raises:
        IndexStorage: the disk or Chroma refused.
    """
    passages = Passages(material, size)
    counts = {f"d{number}": min(PASSAGES, size - PASSAGES * number) for number in range(-(-size // PASSAGES))}
    note = Note(mark, "", datetime.now(UTC).isoformat(timespec="seconds"), counts, chroma_url)
    with generation.locked(folder), generation.building(folder) as fresh:
        vectors = _vectors(fresh, passages, material)
        draft = Draft(
            note=note,
            documents=[_document(id_, number, passages) for number, id_ in enumerate(counts)],
            entries=passages,
            vectors=vectors,
            hashes=[hashlib.blake2b(b"%d" % n, digest_size=16).digest() for n in range(size)],
            lexical=LexicalIndex.build(_Each(size, passages.terms), _Each(size, passages.words)),
            answers=np.zeros((0, 3), np.int64),
        )
        index.write(fresh, draft)
        for path in fresh.glob("draft-*.npy"):
            path.unlink()


def _document(id_: str, number: int, passages: Passages) -> Document:
    text = "\n".join(entry.passage.text for entry in passages[number * PASSAGES : (number + 1) * PASSAGES])
    return Document(Source(id=id_, path=Path(f"{id_}.txt"), title=f"Dokument {number}"), text, ())


def _vectors(folder: Path, passages: Passages, material: Material) -> Mapping[str, Vectors]:
    """Write the vectors to the disk piece by piece, and return them mapped."""
    width = material.vectors.shape[1]
    counts = {"passages": len(passages)} | dict.fromkeys(("sentences", "windows"), len(passages) * SENTENCES)
    files = {
        name: np.lib.format.open_memmap(
            folder / f"draft-{name}.npy", mode="w+", dtype=np.float32, shape=(count, width)
        )
        for name, count in counts.items()
    }
    for start, sentences in _drawn(passages, material):
        rows = slice(start * SENTENCES, start * SENTENCES + len(sentences))
        files["sentences"][rows] = sentences
        whole = sentences.reshape(-1, SENTENCES, width)
        files["windows"][rows] = unit(
            (whole + np.roll(whole, 1, axis=1) + np.roll(whole, -1, axis=1)).reshape(-1, width)
        )
        files["passages"][start : start + len(whole)] = unit(whole.sum(axis=1))
    # Plain arrays over the mappings: Chroma reads them value by value, which memmap makes much dearer.
    return {name: np.asarray(file) for name, file in files.items()} | {
        "examples": np.zeros((0, width), np.float32)
    }


def _drawn(passages: Passages, material: Material) -> Iterable[tuple[int, Vectors]]:
    """Yield (first passage, its and its followers' sentence vectors)."""
    noise = np.random.default_rng(len(passages))
    for start in range(0, len(passages), _CHUNK):
        rows = range(start, min(start + _CHUNK, len(passages)))
        places = np.concatenate([passages.drawn(row)[0] for row in rows])
        yield start, noisy(material.vectors[places], noise)


def noisy(vectors: Vectors, generator: np.random.Generator) -> Vectors:
    """Return (n, d) vectors moved a little, each in a direction of its own; length 1."""
    spread = generator.standard_normal(vectors.shape, dtype=np.float32)
    return unit(vectors + NOISE * unit(spread))


def unit(vectors: Vectors) -> Vectors:
    """Return (n, d) vectors with length 1."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
