"""An embedder that needs no model, and small made-up corpora to index with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Assistant
from assistant.catalogue import Catalogue
from assistant.gloss import Gloss
from assistant.lexicon import DEFAULT
from assistant.library import Library
from assistant.phrases import read
from assistant.respond import Quoting
from assistant.services import Services
from assistant.settings import AssistantSettings
from assistant.weights import Weights
from ingest import generation
from ingest.analysis import Analyzer
from ingest.index import Index
from ingest.manifest import Manifest, load_manifest
from ingest.report import Report
from ingest.settings import load
from ingest.sync import fingerprint, synchronise
from ingest.words import WordList

Vectors = NDArray[np.float32]

GLOSS = Gloss.of(read(DEFAULT))
"""The words that come with the program."""


class TrigramEmbedder:
    """Vectors from hashed letter trigrams: texts that share spelling are near.

    All vectors share one direction, as e5's do, so that cosines lie between 0.7 and 1. `embedded` holds
    every text of documents that was embedded, in order, and `asked` every question.
    """

    dimension = 257

    def __init__(self, name: str = "trigrams:1") -> None:
        self.name = name
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        counts = np.zeros(self.dimension, np.float32)
        letters = f"  {text.lower()} "
        for at in range(len(letters) - 2):
            digest = hashlib.blake2b(letters[at : at + 3].encode(), digest_size=2).digest()
            counts[1 + int.from_bytes(digest, "big") % (self.dimension - 1)] += 1
        own = counts / np.linalg.norm(counts)
        own *= np.sqrt(np.float32(0.3))
        own[0] = np.sqrt(np.float32(0.7))
        return own


@dataclass
class SmallCorpus:
    """A folder of documents that a test writes, and its index beside it."""

    root: Path
    words: WordList
    embedder: TrigramEmbedder = field(default_factory=TrigramEmbedder)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.root / "korpus"

    @property
    def index(self) -> Path:
        return self.root / "indeks"

    @property
    def settings(self) -> AssistantSettings:
        return load(
            AssistantSettings,
            corpus=self.folder,
            index=self.index,
            store=self.root / "tilbakemeldinger.sqlite",
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def write_examples(self, *examples: tuple[str, Mapping[str, str]]) -> Path:
        """Write questions with the quote of each document that answers them."""
        lines = [
            {
                "question": question,
                "evidence": [{"document": document, "quote": quote} for document, quote in quotes.items()],
            }
            for question, quotes in examples
        ]
        return self.write("examples.jsonl", "".join(json.dumps(line) + "\n" for line in lines))

    def open_index(self) -> Index:
        return Index(generation.live(self.index), fingerprint(self.embedder.name, Analyzer(self.words)))

    def ingest(self) -> Report:
        """Bring the index up to date."""
        return synchronise(self.index, self.manifest, self.embedder, Analyzer(self.words))

    def manifest(self) -> Manifest:
        return load_manifest(self.folder)

    def library(self) -> Library:
        return Library(self.settings, self.embedder, self.words)

    def assistant(self, library: Library, threshold: float = 0.0) -> Assistant:
        """An assistant that answers everything, unless a threshold is given: the weights are e5's."""
        return Assistant(library, self.embedder, Weights.load(), threshold)

    def services(self, threshold: float = 0.0) -> Services:
        """What a server over the index uses, answers quoted."""
        library = self.library()
        assistant = self.assistant(library, threshold)
        return Services(assistant, Catalogue(library), library.close, Quoting(assistant))
