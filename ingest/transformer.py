"""The adapter to sentence-transformers, an extra: any of its models, from a folder or a hub."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from ingest.errors import ModelError
from ingest.modelfolder import DEFAULT_MODEL, prefixes
from ingest.normalise import embeddable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_LIBRARY_ERRORS = (OSError, ValueError, RuntimeError, SafetensorError)
_PROBE_SECONDS = 10.0
_UNUSED = "pooler."
"""BERT's pooler: mean pooling does not use it, and where a file lacks it, it is random at each loading."""

_ADVICE = (
    "Bruk en modellmappe på maskinen, for eksempel "
    f"MEDRAAD_EMBEDDER=sentence-transformers:var/models/{DEFAULT_MODEL}."
)


class SentenceTransformersEmbedder:
    """Runs a sentence-transformers model with its own prompts, or E5's where an E5 model has none."""

    def __init__(self, name_or_folder: str) -> None:
        """Load the model from a folder, else from the local cache, else from the hub.

        Raises:
            ModelError: the library is not installed, or the model is not found or cannot be loaded.
        """
        self._model = _open(name_or_folder)
        name = Path(name_or_folder).name
        self._query, self._passage = prefixes(self._model.prompts, name)
        digest = _digest(self._model)[:16]
        self.name = f"sentence-transformers:{name}:{digest}:{self._query}|{self._passage}"
        self.dimension = len(self._encode([""], "")[0])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each question, (texts, dimension)."""
        return self._encode(texts, self._query)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each text of the documents, (texts, dimension)."""
        return self._encode(texts, self._passage)

    def _encode(self, texts: Sequence[str], prefix: str) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model.encode(
            [embeddable(text) for text in texts],
            prompt=prefix,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


def _open(name_or_folder: str) -> SentenceTransformer:
    _require_library()
    if Path(name_or_folder).is_dir():
        try:
            return _load(name_or_folder, local=True)
        except _LIBRARY_ERRORS as error:
            raise ModelError(f"Modellen i {name_or_folder} kan ikke lastes: {error}") from error
    try:
        return _load(name_or_folder, local=True)
    except _LIBRARY_ERRORS:
        # Not in the cache. Ask the hub once before the library does: it tries for more than a minute.
        _require_hub(name_or_folder)
    try:
        return _load(name_or_folder, local=False)
    except _LIBRARY_ERRORS as error:
        raise ModelError(
            f"Modellhuben har ingen modell {name_or_folder} som kan lastes. {_ADVICE}"
        ) from error


def _require_library() -> None:
    try:
        import sentence_transformers  # noqa: F401
    except ImportError as error:
        raise ModelError(
            'sentence-transformers er ikke installert. Kjør `pip install "medraad[sentence-transformers]"`, '
            "eller sett MEDRAAD_EMBEDDER=onnx."
        ) from error


def _require_hub(name: str) -> None:
    from huggingface_hub import constants

    try:
        httpx.head(constants.ENDPOINT, timeout=_PROBE_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelError(f"{name} er ingen mappe her, og ingen modellhub kan nås. {_ADVICE}") from error


def _load(name_or_folder: str, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name_or_folder, local_files_only=local)


def _digest(model: SentenceTransformer) -> str:
    """Return a hash of the weights themselves, since a hub name says nothing about the revision."""
    total = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if _UNUSED not in name:
            total.update(name.encode())
            total.update(tensor.detach().cpu().float().numpy().tobytes())
    return total.hexdigest()
