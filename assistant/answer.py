"""From a question to a cited answer or an honest refusal: the whole path, stage by stage."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant import evidence, messages
from assistant.cite import Citer, answer_text, passage_hit, status
from assistant.contract import ChatRequest, ChatResponse, Citation, Language, SearchResponse
from assistant.evidence import Evidence
from assistant.extract import Part, extract, extract_each, series
from assistant.library import Library, Shelf
from assistant.outline import outline
from assistant.question import Query, understand
from assistant.retrieve import Hit, HybridRetriever
from assistant.suggest import Suggester
from assistant.weights import Weights, probability
from ingest.embed import Embedder
from ingest.references import find, resolve

READ = 10
NEAREST = 3
SERIES_POOL = 400
"""Passages of the longest document whose numbered headings are looked through."""
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


class Assistant:
    """Answers questions from the live index; safe to use from several threads."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        weights: Weights,
        threshold: float,
        suggester: Suggester | None = None,
        off: frozenset[str] = frozenset(),
    ) -> None:
        """Put the parts together.

        Args:
            library: hands out the live index.
            embedder: the one that the index was made with.
            weights: of fusion, ranking and refusal.
            threshold: confidence from which an answer is given.
            suggester: finds the next questions; None for none.
            off: parts of retrieval that are switched off, for the evaluation.
        """
        self._library = library
        self._embedder = embedder
        self._weights = weights
        self._threshold = threshold
        self._suggester = suggester
        self._off = off

    def without(self, part: str) -> Assistant:
        """Return the same assistant with one part switched off."""
        return Assistant(
            self._library, self._embedder, self._weights, self._threshold, None, self._off | {part}
        )

    def answer(self, request: ChatRequest) -> ChatResponse:
        """Answer a question, or say that the sources do not.

        Raises:
            IngestError: there is no index, or it cannot be read.
        """
        return self.examined(request)[1]

    def examined(self, request: ChatRequest) -> tuple[Examination, ChatResponse]:
        """Answer a question, and tell what was found for it.

        Raises:
            IngestError: there is no index, or it cannot be read.
        """
        with self._library.reading() as shelf:
            found = self.examine(shelf, request)
            return found, self.respond(shelf, request, found)

    def search(self, question: str, k: int) -> SearchResponse:
        """Return the `k` best passages for a question, best first."""
        request = ChatRequest(question=question)
        with self._library.reading() as shelf:
            return self.hits(shelf, self.examine(shelf, request, k).hits[:k])

    def search_for(self, request: ChatRequest, k: int) -> SearchResponse:
        """Return the `k` best passages for a question with its conversation, best first."""
        with self._library.reading() as shelf:
            return self.hits(shelf, self.examine(shelf, request, k).hits[:k])

    @staticmethod
    def hits(shelf: Shelf, hits: Sequence[Hit]) -> SearchResponse:
        """Return hits as the contract shows them."""
        sources = shelf.index.content.sources
        return SearchResponse(
            results=tuple(passage_hit(hit, sources[hit.stored.passage.document]) for hit in hits)
        )

    def examine(self, shelf: Shelf, request: ChatRequest, k: int = READ) -> Examination:
        """Find passages and sentences for a question and judge whether they answer it."""
        stages: dict[str, float] = {}
        with _timed(stages, "understand"):
            query = understand(request, shelf.lexicon, shelf.manifest.facets, shelf.manifest.works, self._off)
        with _timed(stages, "embed"):
            vector = self._embedder.embed_queries([query.text])[0]
        with _timed(stages, "retrieve"):
            retriever = HybridRetriever(shelf.index, self._weights, shelf.titles, self._off)
            hits = retriever.retrieve(query, vector, max(k, EACH_POOL if query.each else READ))
        with _timed(stages, "rank"):
            ranked = evidence.weigh(query, hits, self._weights)
            signs = evidence.signs(query, hits, ranked)
        confidence = 0.0 if "nothing" in signs else probability(self._weights.answerable(signs))
        return Examination(query, vector, hits, ranked, signs, confidence, stages)

    def respond(self, shelf: Shelf, request: ChatRequest, found: Examination) -> ChatResponse:
        """Put the answer together from what was found."""
        with _timed(found.stages, "compose"):
            if self.refuses(found):
                return self.refusal(shelf, request, found)
            parts = self._parts(shelf, found)
            sources = shelf.index.content.sources
            citer = Citer(sources, shelf.manifest.works)
            blocks = tuple(citer.block(part) for part in parts)
            return ChatResponse(
                answered=True,
                mode="extractive",
                answer=answer_text(blocks),
                blocks=blocks,
                citations=tuple(citer.citations),
                notices=tuple(self.notices(shelf, found.query, citer.citations)),
                suggestions=self._suggestions(request, found),
                id=secrets.token_urlsafe(9),
            )

    def refuses(self, found: Examination) -> bool:
        """Say whether the sources are taken not to answer."""
        return found.confidence < self._threshold or bool(found.signs.get("unknown_reference"))

    def _parts(self, shelf: Shelf, found: Examination) -> list[Part]:
        if found.query.each is None:
            ranked = _in_named_phase(found)
            return (
                self._series(shelf, found)
                or outline(found.query, ranked, shelf.index.passage, shelf.index.content.rows_of)
                or extract(found.query, ranked)
            )
        groups = []
        for value in shelf.manifest.facets.values(found.query.each):
            name = f"{found.query.each}:{value}"
            hits = [hit for hit in found.hits if name in hit.stored.passage.facets]
            ranked = evidence.weigh(found.query, hits, self._weights)
            if ranked:
                groups.append((_title(hits[0], value), ranked))
        return extract_each(found.query, groups) if groups else extract(found.query, found.ranked)

    @staticmethod
    def _series(shelf: Shelf, found: Examination) -> list[Part]:
        """Return the numbered headings of one of the best documents, if the question asks for them all."""
        for id_ in dict.fromkeys(hit.stored.passage.document for hit in found.hits[:3]):
            rows = shelf.index.content.rows_of(id_)
            parts = series(found.query, map(shelf.index.passage, rows)) if len(rows) <= SERIES_POOL else []
            if parts:
                return parts
        return []

    def refusal(self, shelf: Shelf, request: ChatRequest, found: Examination) -> ChatResponse:
        """Say that the sources do not answer, with the passages that come nearest."""
        language = found.query.language
        nearest = self.hits(shelf, found.hits[:NEAREST]).results
        sentences = [messages.say("refusal", language)]
        if found.signs.get("unknown_reference"):
            reference = found.query.references[0]
            link = resolve(reference, shelf.manifest.works)
            sentences = [messages.say("reference", language, reference=reference.text)]
            if link is not None:
                sentences.append(messages.say("official", language, url=link.url))
        if nearest:
            sentences.append(messages.say("nearest", language))
            contact = shelf.index.content.sources[nearest[0].document].contact
            if contact:
                sentences.append(messages.say("contact", language, contact=contact))
        return ChatResponse(
            answered=False,
            mode="extractive",
            answer=" ".join(sentences),
            blocks=(),
            nearest=nearest,
            suggestions=self._suggestions(request, found),
            id=secrets.token_urlsafe(9),
        )

    def notices(self, shelf: Shelf, query: Query, citations: Sequence[Citation]) -> Iterator[str]:
        """Yield what the reader must know about the sources cited and about how the question was read."""
        sources = shelf.index.content.sources
        newer = {source.supersedes: source for source in sources.values() if source.supersedes}
        language = query.language
        for id_ in dict.fromkeys(citation.document for citation in citations):
            source = sources[id_]
            if status(source) == "utløpt" and source.valid_to is not None:
                until = _until(source.valid_to.year, source.valid_to.strftime("%d.%m.%Y"), language)
                yield messages.say("expired", language, title=source.title, until=until)
            if id_ in newer:
                yield messages.say("superseded", language, title=source.title, newer=newer[id_].title)
            if source.layer == "lokal":
                yield messages.say("local", language, title=source.title)
        yield from _older_editions(shelf, citations)
        for given, meant in query.corrections:
            yield messages.say("corrected", language, given=given, meant=meant)
        if language == "en":
            yield messages.say("norwegian", language)

    def _suggestions(self, request: ChatRequest, found: Examination) -> tuple[str, ...]:
        if self._suggester is None:
            return ()
        asked = [request.question, *(turn.content for turn in request.history if turn.role == "user")]
        return self._suggester.nearest(found.vector, asked)


def _older_editions(shelf: Shelf, citations: Sequence[Citation]) -> Iterator[str]:
    """Yield the notices of references that follow the numbering of an older edition."""
    works = shelf.manifest.works
    older = {
        work.older_notice
        for citation in citations
        for reference in find(citation.quote, shelf.index.content.sources[citation.document].work, works)
        for work in works
        if work.key == reference.work and work.older_notice and work.is_older(reference.section)
    }
    yield from sorted(older)


def _in_named_phase(found: Examination) -> Sequence[Evidence]:
    """Return the sentences of the phase that the question names, if there are any; else all."""
    phases = {name for name in found.query.facets if name.startswith("phase:")}
    inside = [item for item in found.ranked if phases & item.stored.passage.facets]
    return inside or found.ranked


def _title(hit: Hit, value: str) -> str:
    """Return the heading that gives the passage its facet."""
    path = hit.stored.passage.section
    return next((heading for heading in path if value in heading.lower()), path[-1] if path else value)


def _until(year: int, day: str, language: Language) -> str:
    if day.startswith("31.12."):
        return messages.say("until_year", language, year=str(year))
    return messages.say("until_day", language, day=day)


@contextmanager
def _timed(stages: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        stages[name] = (time.perf_counter() - start) * 1000
