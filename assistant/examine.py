"""What the sources hold for a question: understood, embedded, retrieved, ranked, judged, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from assistant import evidence
from assistant.contract import ChatRequest, Turn
from assistant.evidence import READ, Evidence
from assistant.followup import leans, may_lean
from assistant.library import Shelf
from assistant.pointing import without_title
from assistant.prior import Prior
from assistant.question import Query, understand
from assistant.retrieve import Hit, HybridRetriever
from assistant.subquestions import split
from assistant.weights import Weights, probability
from ingest.embed import Embedder

SUPPOSED = 0.7
"""Share of its confidence that a follow-up keeps that only the conversation makes one, not its words."""
BASELESS = 0.4
"""Share of its confidence that a later part of a question keeps that leans on an earlier one without answer.

«Hva koster avtalen med X, og hvem har ansvaret for den?»: what is found is of another agreement.
"""
ALONE = 0.5
"""Confidence from which a question is taken to stand alone where its conversation only leads back."""
EACH_POOL = 60
"""Passages looked through for the best of each phase."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found for a question, before anything is said. `stages` are milliseconds."""

    query: Query
    vector: NDArray[np.float32]
    hits: Sequence[Hit]
    ranked: Sequence[Evidence]
    signs: Mapping[str, float]
    confidence: float
    """Probability, 0 to 1, that the sources answer."""
    stages: dict[str, float] = field(default_factory=dict)
    parts: Sequence[Examination] = ()
    """Where the question asks several things: each of them, examined on its own."""
    prior: float = 0.0
    """What the question alone tells: `assistant.prior`."""

    @property
    def best(self) -> Sequence[Hit]:
        """The hits of the question and of its parts, the first of each first, no passage twice."""
        best: dict[int, Hit] = {}
        for rank in zip_longest(self.hits, *(part.hits for part in self.parts)):
            for hit in filter(None, rank):
                best.setdefault(hit.stored.row, hit)
        return list(best.values())


class Examiner:
    """Examines questions against an open index; safe to use from several threads."""

    def __init__(self, embedder: Embedder, weights: Weights, off: frozenset[str]) -> None:
        """Keep the parts; `off` names parts of retrieval that are switched off, for the evaluation."""
        self._embedder = embedder
        self._weights = weights
        self._off = off
        self._prior = Prior(None) if "prior" in off else Prior.of(embedder.name)

    def examine(self, shelf: Shelf, request: ChatRequest, k: int = READ) -> Examination:
        """Find passages and sentences for a question and judge whether they answer it."""
        stages: dict[str, float] = {}
        with timed(stages, "understand"):
            asked = self._asked(shelf, request)
        with timed(stages, "embed"):
            vectors = iter(self._embedded([query for readings in asked for query in readings]))
        with timed(stages, "retrieve"):
            retriever = HybridRetriever(shelf.index, self._weights, shelf.names, self._off)
        whole, *parts = (
            _meant(
                [self._examined(retriever, query, next(vectors), k, stages) for query in readings], request
            )
            for readings in asked
        )
        parts = list(_leaning(parts))
        if parts:
            surest = max(part.confidence for part in parts)
            whole = replace(whole, parts=parts, confidence=surest)
        return whole

    def _understand(self, shelf: Shelf, request: ChatRequest, suppose: bool = False) -> Query:
        manifest = shelf.manifest
        return understand(request, shelf.lexicon, manifest.facets, manifest.works, self._off, suppose)

    def _asked(self, shelf: Shelf, request: ChatRequest) -> list[list[Query]]:
        """Return the ways to read the question, and to read each thing it asks, if it asks several.

        Documents that it sets side by side are each asked on their own: what a piece of the question asks of
        one, else the whole of it.
        """
        whole = self._readings(shelf, request)
        pieces = [self._readings(shelf, one) for one in _parts_of(request)]
        names, language = shelf.names, whole[0].language
        documents = names.side_by_side(whole[0].asked, language)
        if not documents:
            return [whole, *pieces]
        pointed = [names.asked_of(piece[0].asked, language) for piece in pieces]
        if pointed != documents:
            unnamed = names.unnamed(whole[0].asked, language)
            only = request.model_copy(update={"question": unnamed, "language": language})
            readings = self._readings(shelf, only)
            pieces = [[replace(query, original=request.question) for query in readings]] * len(documents)
        of_each = zip(documents, pieces, strict=True)
        return [whole, *([replace(query, document=id_) for query in piece] for id_, piece in of_each)]

    def _readings(self, shelf: Shelf, request: ChatRequest) -> list[Query]:
        """Return the ways to read a question; the sources decide which is meant.

        One that may stand alone or not is read with its conversation and without, one that names its document
        at length without the name too.
        """
        readings = [self._understand(shelf, request)]
        alone = request.model_copy(update={"history": ()})
        if may_lean(request.question, request.history):
            other = (alone, False) if readings[0].follows else (request, True)
            readings.append(self._understand(shelf, *other))
        if not readings[0].follows:
            shorter = (
                without_title(request.question, shelf.names.titles.values(), shelf.lexicon.terms),
                shelf.names.without_noun(request.question, readings[0].language),
            )
            for short in filter(None, shorter):
                reading = self._understand(shelf, alone.model_copy(update={"question": short}))
                readings.append(replace(reading, original=request.question))
        consulted = shelf.names.consulted(readings[0].asked, readings[0].language)
        return [replace(reading, consulted=consulted) for reading in readings] if consulted else readings

    def _embedded(self, queries: Sequence[Query]) -> list[NDArray[np.float32]]:
        """Return a vector for each query.

        An English one is also read as it was asked, a follow-up without what it follows: both count.
        """
        texts = [query.text for query in queries]
        read = [query.original if query.language == "en" else query.own for query in queries]
        asked = {
            n: text for n, text in enumerate(read) if text != texts[n] and text and queries[n].own_weight
        }
        once = list(dict.fromkeys([*texts, *asked.values()]))  # several documents may be asked the same
        vectors = dict(zip(once, self._embedder.embed_queries(once), strict=True))
        found = [vectors[text] for text in texts]
        for n, text in asked.items():
            both = found[n] + queries[n].own_weight * vectors[text]
            found[n] = both / np.linalg.norm(both)
        return found

    def _examined(
        self,
        retriever: HybridRetriever,
        query: Query,
        vector: NDArray[np.float32],
        k: int,
        stages: dict[str, float],
    ) -> Examination:
        with timed(stages, "retrieve"):
            hits = retriever.retrieve(query, vector, max(k, EACH_POOL if query.each else READ))
        with timed(stages, "rank"):
            ranked = evidence.weigh(query, hits, self._weights)
            hits = evidence.reread(hits, ranked, self._weights)
            prior = self._prior(vector)
            signs = evidence.signs(query, hits, ranked, prior)
        confidence = 0.0 if "nothing" in signs else probability(self._weights.answerable(signs))
        confidence *= SUPPOSED if query.supposed else 1.0
        return Examination(query, vector, hits, ranked, signs, confidence, stages, prior=prior)


def _meant(readings: Sequence[Examination], request: ChatRequest) -> Examination:
    """Return the surest reading; not one with the conversation that only says again what was said."""
    surest = _surest(readings)
    if surest.query.follows and surest.ranked:
        alone = [one for one in readings if not one.query.follows and one.confidence >= ALONE]
        answers = (turn.content for turn in request.history if turn.role == "assistant")
        if alone and any(evidence.holds(answer, surest.ranked[0].sentence) for answer in answers):
            return _surest(alone)
    return surest


def _surest(readings: Sequence[Examination]) -> Examination:
    return max(readings, key=lambda reading: reading.confidence)


def _leaning(parts: Sequence[Examination]) -> Iterator[Examination]:
    """Yield the parts of a question, less sure where they lean on one before that is hardly answered."""
    before = 1.0
    for part in parts:
        base = min(1.0, BASELESS + before) if part.query.follows else 1.0
        before = part.confidence
        yield replace(part, confidence=part.confidence * base)


def _parts_of(request: ChatRequest) -> Iterator[ChatRequest]:
    """Yield a request for each thing that is asked; a later one may lean on those before it.

    On the conversation they lean only if the whole question does: «hva er drøfting?» would, alone.
    """
    history = list(request.history) if leans(request.question) else []
    for question in split(request.question):
        yield request.model_copy(update={"question": question, "history": tuple(history)})
        history.append(Turn(role="user", content=question))


@contextmanager
def timed(stages: dict[str, float], name: str) -> Iterator[None]:
    """Add the milliseconds that the block takes to the stage `name`."""
    start = time.perf_counter()
    try:
        yield
    finally:
        stages[name] = stages.get(name, 0.0) + (time.perf_counter() - start) * 1000
