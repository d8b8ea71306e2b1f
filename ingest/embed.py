"""Texts to vectors: what an embedder is, and the choice between engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelError
from ingest.modelfolder import DEFAULT_MODEL, Recipe, checked_digest, find_graph, onnx_name

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """Identity for the index: engine, model, hash of the weights, pooling and prefixes."""

    @property
    def dimension(self) -> int:
        """Values in a vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""


def open_embedder(setting: str, models: Path, threads: int) -> Embedder:
    """Load the embedder that the setting MEDRAAD_EMBEDDER names.

    Args:
        setting: `onnx`, `onnx:<folder>` or `sentence-transformers:<folder or hub name>`.
        models: the folder that `make install` puts models in.
        threads: 0 for one a core.

    Raises:
        ModelError: the model is missing or cannot be used; says what to do.
    """
    # Each engine's libraries take a good part of a second to import, needed or not.
    engine, _, which = setting.partition(":")
    if engine == "sentence-transformers" and which:
        from ingest.transformer import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(which)
    if engine == "onnx":
        from ingest.onnxengine import OnnxEmbedder

        return OnnxEmbedder(_folder(which, models), threads)
    raise ModelError(
        f"Ukjent embedder {setting!r}. Bruk onnx, onnx:<mappe> eller sentence-transformers:<navn>."
    )


def late_embedder(setting: str, models: Path, threads: int) -> Embedder:
    """Return the same embedder, loaded when the first text comes if its name is known before.

    Raises:
        ModelError: the model is missing or damaged.
    """
    engine, _, which = setting.partition(":")
    if engine != "onnx":  # only the loaded model says which it is
        return open_embedder(setting, models, threads)
    folder = _folder(which, models)
    weights = checked_digest(folder, find_graph(folder))
    name = onnx_name(folder, weights, Recipe.read(folder))
    return LateEmbedder(name, lambda: open_embedder(setting, models, threads))


class LateEmbedder:
    """An embedder whose name is known and whose model is loaded by the first text.

    An ingestion in which nothing has changed needs no more than the name.
    """

    def __init__(self, name: str, load: Callable[[], Embedder]) -> None:
        """Keep how to load it."""
        self.name = name
        self._load = load

    @property
    def dimension(self) -> int:
        """Values in a vector."""
        return self._loaded.dimension

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""
        return self._loaded.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""
        return self._loaded.embed_passages(texts)

    @cached_property
    def _loaded(self) -> Embedder:
        return self._load()


def _folder(which: str, models: Path) -> Path:
    return Path(which) if which else models / DEFAULT_MODEL
