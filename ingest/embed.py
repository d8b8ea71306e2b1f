"""Texts to vectors: one protocol, two engines, the same normalisation before both."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import httpx
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from safetensors import SafetensorError
from tokenizers import Encoding, Tokenizer

from ingest.errors import ModelError
from ingest.modelfolder import DEFAULT_MODEL, Recipe, checked_digest, find_graph, prefixes

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_CHARACTERS = 20_000
"""More than 512 tokens can hold: the longest piece of XLM-R's vocabulary has 16 characters."""
_TOKENS_AT_ONCE = 2048
"""Tokens in a batch, padding included."""
_ONNX_ERRORS = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)
_LIBRARY_ERRORS = (OSError, ValueError, RuntimeError, httpx.HTTPError, SafetensorError)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    name: str
    """Identity for the index: engine, model, hash of the weights, pooling and prefixes."""
    dimension: int
    """Values in a vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""


def normalise(text: str) -> str:
    """Return `text` in NFKC with single spaces and without control, invisible or broken characters.

    The length is cut at `MAX_CHARACTERS`, before and after NFKC, which can make one character eighteen.
    """
    whole = text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8")
    composed = _INVISIBLE.sub("", unicodedata.normalize("NFKC", whole))
    printable = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in composed)
    return " ".join(printable.split())[:MAX_CHARACTERS]


def open_embedder(setting: str, models: Path, threads: int) -> Embedder:
    """Return the embedder that the setting MEDRAAD_EMBEDDER names.

    Args:
        setting: `onnx`, `onnx:<folder>` or `sentence-transformers:<folder or hub name>`.
        models: the folder that `make install` puts models in.
        threads: 0 for one a core.

    Raises:
        ModelError: the model is missing or cannot be used; says what to do.
    """
    engine, _, which = setting.partition(":")
    if engine == "sentence-transformers" and which:
        return SentenceTransformersEmbedder(which)
    if engine == "onnx":
        return OnnxEmbedder(Path(which) if which else models / DEFAULT_MODEL, threads)
    raise ModelError(
        f"Ukjent embedder {setting!r}. Bruk onnx, onnx:<mappe> eller sentence-transformers:<navn>."
    )


class OnnxEmbedder:
    """Runs an ONNX file from a model folder in the sentence-transformers layout with onnxruntime."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load the model in `folder`; `threads` 0 is one a core.

        Raises:
            ModelError: the folder is missing, incomplete or damaged.
        """
        graph = find_graph(folder)
        self._recipe = Recipe.read(folder)
        # The tokenizer takes most of the time to load; the other two let Python run meanwhile.
        with ThreadPoolExecutor(2) as pool:
            session = pool.submit(_load_session, graph, threads)
            digest = pool.submit(checked_digest, folder, graph)
            self._tokenizer = _load_tokenizer(folder / "tokenizer.json", self._recipe.max_tokens)
            self._session = session.result()
            weights = digest.result()
        self._inputs = {value.name for value in self._session.get_inputs()}
        recipe = self._recipe
        self.name = f"onnx:{folder.name}:{weights[:16]}:{recipe.pooling}:{recipe.query}|{recipe.passage}"
        self.dimension = int(self._run([self._tokenizer.encode("")]).shape[1])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""
        return self._embed(texts, self._recipe.query)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""
        return self._embed(texts, self._recipe.passage)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        encodings = self._tokenizer.encode_batch([prefix + normalise(text) for text in texts])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in _batches([len(encoding) for encoding in encodings]):
            vectors[batch] = self._run([encodings[place] for place in batch])
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> Vectors:
        shape = (len(encodings), max(len(encoding) for encoding in encodings))
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            tokens[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        try:
            output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        except (*_ONNX_ERRORS, KeyError) as error:
            raise ModelError(f"Modellen kunne ikke kjøres: {error}.") from error
        return _unit(self._pool(output, mask))

    def _pool(self, output: Vectors, mask: NDArray[np.int64]) -> Vectors:
        if output.ndim == 2:  # some exports pool inside the graph
            return output
        if self._recipe.pooling == "cls":
            return output[:, 0]
        present = mask[:, :, None].astype(np.float32)
        return np.asarray((output * present).sum(axis=1) / present.sum(axis=1), np.float32)


class SentenceTransformersEmbedder:
    """Runs any sentence-transformers model, from a folder or by its name on a hub."""

    def __init__(self, name_or_folder: str) -> None:
        """Load the model.

        Raises:
            ModelError: the library is not installed, or the model is not found or cannot be loaded.
        """
        self._model = _load_sentence_transformer(name_or_folder)
        name = Path(name_or_folder).name
        self._query, self._passage = prefixes(self._model.prompts, name)
        self.name = (
            f"sentence-transformers:{name}:{_state_digest(self._model)[:16]}:{self._query}|{self._passage}"
        )
        self.dimension = int(self._embed([""], "").shape[1])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""
        return self._embed(texts, self._query)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""
        return self._embed(texts, self._passage)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        given = [normalise(text) for text in texts]
        vectors = self._model.encode(given, prompt=prefix, show_progress_bar=False, convert_to_numpy=True)
        return _unit(np.asarray(vectors, np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield places of texts of like length, each batch within `_TOKENS_AT_ONCE`, the longest first."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _load_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower for a broken file
        raise ModelError(f"{path} kan ikke leses: {error}. Kjør `make install`.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _load_session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except _ONNX_ERRORS as error:
        raise ModelError(f"{graph} kan ikke lastes: {error}. Kjør `make install`.") from error


def _load_sentence_transformer(name_or_folder: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            'sentence-transformers er ikke installert. Kjør `pip install "medraad[sentence-transformers]"`, '
            "eller sett MEDRAAD_EMBEDDER=onnx."
        ) from error
    is_folder = Path(name_or_folder).is_dir()
    try:
        return SentenceTransformer(name_or_folder, local_files_only=is_folder)
    except _LIBRARY_ERRORS as error:
        if is_folder:
            raise ModelError(f"Modellen i {name_or_folder} kan ikke lastes: {error}") from error
        raise ModelError(
            f"{name_or_folder} er ingen mappe her, og kunne ikke hentes fra noen modellhub (finnes ikke, "
            "eller ingen hub kan nås). Bruk en modellmappe på maskinen, for eksempel "
            f"MEDRAAD_EMBEDDER=sentence-transformers:var/models/{DEFAULT_MODEL}."
        ) from error


def _state_digest(model: SentenceTransformer) -> str:
    """Return a hash of the weights themselves: a hub name says nothing about the revision."""
    total = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        total.update(name.encode())
        total.update(tensor.detach().cpu().float().numpy().tobytes())
    return total.hexdigest()
