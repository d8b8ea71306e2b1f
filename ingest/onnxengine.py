"""The default engine for vectors: onnxruntime on a model folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from ingest.errors import ModelError
from ingest.modelfolder import Recipe, checked_digest, find_graph, onnx_name
from ingest.normalise import embeddable
from ingest.tokens import Tokens

_ERRORS_ONLY = 3
_TOKENS_AT_ONCE = 256
"""Tokens in a batch, padding included: what it computes with should stay in a core's cache."""
_ONNX_ERRORS = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)
Vectors = NDArray[np.float32]


class OnnxEmbedder:
    """Runs an ONNX file from a model folder in the sentence-transformers layout with onnxruntime."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load the model in `folder`; as many texts as `threads` are embedded side by side, 0 is one a core.

        Raises:
            ModelError: the folder is missing, incomplete or damaged.
        """
        graph = find_graph(folder)
        self._threads = threads or os.cpu_count() or 1
        self._recipe = Recipe.read(folder)
        # The vocabulary takes most of the time to load; the other two let Python run meanwhile.
        with ThreadPoolExecutor(2) as pool:
            session = pool.submit(_load_session, graph)
            digest = pool.submit(checked_digest, folder, graph)
            self._tokens = Tokens(folder, self._recipe.max_tokens)
            weights = digest.result()
            self._session = session.result()
        self._inputs = {value.name for value in self._session.get_inputs()}
        self.name = onnx_name(folder, weights, self._recipe)
        self.dimension = self._run(self._tokens.encode([""])).shape[1]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each question, (texts, dimension)."""
        return self._embed(texts, self._recipe.query)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text of the documents, (texts, dimension)."""
        return self._embed(texts, self._recipe.passage)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        found = self._tokens.encode([prefix + embeddable(text) for text in texts])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        batches = list(_batches([len(tokens) for tokens in found]))
        parts = self._each([[found[at] for at in batch] for batch in batches])
        for batch, part in zip(batches, parts, strict=True):
            vectors[batch] = part
        return vectors

    def _each(self, batches: Sequence[Sequence[Sequence[int]]]) -> Iterator[Vectors]:
        """Yield the vectors of each batch; a batch has a core to itself, several run side by side."""
        if len(batches) < 2:
            return map(self._run, batches)
        with ThreadPoolExecutor(self._threads) as pool:
            return pool.map(self._run, batches)

    def _run(self, texts: Sequence[Sequence[int]]) -> Vectors:
        shape = (len(texts), max(len(numbers) for numbers in texts))
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, numbers in enumerate(texts):
            tokens[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1
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


def _load_session(graph: Path) -> InferenceSession:
    options = SessionOptions()
    # One thread for one text: a second gained nothing for 16 tokens (7 to 10 ms with one, 8 to 9 with two, on
    # two idle cores), and several texts side by side gain more (1.4 times as many passages a second).
    options.intra_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        return InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except _ONNX_ERRORS as error:
        raise ModelError(f"{graph} kan ikke lastes: {error}. Kjør `make install`.") from error
