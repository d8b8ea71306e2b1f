"""From a question to a cited answer or an honest refusal: the whole path, stage by stage."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from assistant import messages
from assistant.cite import Citer, answer_text, passage_hit
from assistant.compose import compose_each
from assistant.contract import ChatRequest, ChatResponse, Passage, SearchResponse
from assistant.evidence import READ
from assistant.examine import Examination, Examiner, timed
from assistant.extract import together
from assistant.library import Library, Shelf
from assistant.notices import not_here, notices, read_as
from assistant.provision import name_of, page_of, unread
from assistant.retrieve import Hit
from assistant.smalltalk import SmallTalk, language_of, small_talk
from assistant.suggest import Suggester
from assistant.weights import Weights
from ingest.embed import Embedder
from ingest.references import resolve

NEAREST = 3
"""Passages shown where the sources do not answer."""
RELATED = -5.5
"""Score (log-odds), less one for each of up to two words that no document knows, below which the nearest
passage is most likely about something else. Of what is off topic 62 of 73 lie below, of near-misses 33 of
136."""
SHOWN_TITLES = 5
"""Documents named where somebody only greets."""


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
        self._examiner = Examiner(embedder, weights, off)

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

    def search(self, request: ChatRequest, k: int) -> SearchResponse:
        """Return the `k` best passages for a question with its conversation, best first."""
        with self._library.reading() as shelf:
            return self.hits(shelf, self.examine(shelf, request, k).best[:k])

    @staticmethod
    def hits(shelf: Shelf, hits: Sequence[Hit]) -> SearchResponse:
        """Return hits as the contract shows them."""
        sources = shelf.index.content.sources
        return SearchResponse(
            results=tuple(passage_hit(hit, sources[hit.stored.passage.document]) for hit in hits)
        )

    @staticmethod
    def citer(shelf: Shelf) -> Citer:
        """Return what will number the citations of one answer."""
        return Citer(shelf.index.content.sources, shelf.manifest.works, partial(page_of, shelf))

    def examine(self, shelf: Shelf, request: ChatRequest, k: int = READ) -> Examination:
        """Find passages and sentences for a question and judge whether they answer it."""
        return self._examiner.examine(shelf, request, k)

    def respond(self, shelf: Shelf, request: ChatRequest, found: Examination) -> ChatResponse:
        """Put the answer together from what was found."""
        with timed(found.stages, "compose"):
            kind = small_talk(request.question)
            if kind is not None:
                return self._refused(request, found, [_said_back(shelf, kind, request)])
            if self.refuses(found):
                return self.refusal(shelf, request, found)
            parts = together(compose_each(shelf, self.answered(found), self._weights))
            if not parts:
                return self.refusal(shelf, request, found)
            citer = self.citer(shelf)
            blocks = tuple(citer.block(part) for part in parts)
            return ChatResponse(
                answered=True,
                mode="extractive",
                answer=answer_text(blocks),
                blocks=blocks,
                citations=tuple(citer.citations),
                notices=(
                    *self.left_out(shelf, found),
                    *notices(shelf, found.query, citer.citations, quoted=True),
                ),
                suggestions=self._suggestions(request, found),
                id=secrets.token_urlsafe(9),
            )

    def refuses(self, found: Examination) -> bool:
        """Say whether the sources are taken not to answer."""
        if found.parts:
            return all(map(self.refuses, found.parts))
        nothing = any(map(found.signs.get, ("nothing", "unknown_reference", "unknown_phase")))
        return nothing or found.confidence < self._threshold

    def answered(self, found: Examination) -> list[Examination]:
        """Return what the question asks for, one by one, that the sources are taken to answer."""
        return [part for part in found.parts or (found,) if not self.refuses(part)]

    def refusal(self, shelf: Shelf, request: ChatRequest, found: Examination) -> ChatResponse:
        """Say that the sources do not answer, with the passages that come nearest."""
        language = found.query.language
        nearest = self.hits(shelf, found.best[:NEAREST]).results
        sentences = [messages.say("refusal", language)]
        if found.signs.get("unknown_reference"):
            reference = found.query.references[0]
            link = resolve(reference, shelf.manifest.works)
            sentences = [messages.say("reference", language, reference=name_of(reference))]
            if link is not None:
                sentences.append(messages.say("official", language, url=link.url))
        elif found.signs.get("unknown_phase"):
            sentences = [messages.say("phase", language, phase=found.query.phase_beyond)]
        elif missing := unread(shelf, found.query):
            sentences = [not_here(shelf, missing[0], language)]
        elif found.query.wish in ("more", "example") and not self.refuses(found):
            sentences = [messages.say(f"no_{found.query.wish}", language)]
        if nearest:
            related = nearest[0].score - found.signs["unknown"] >= RELATED
            sentences.append(messages.say("nearest" if related else "unrelated", language))
            contact = shelf.index.content.sources[nearest[0].document].contact
            if contact and related:
                sentences.append(messages.say("contact", language, contact=contact))
        return self._refused(request, found, sentences, nearest, tuple(read_as(found.query)))

    def _refused(
        self,
        request: ChatRequest,
        found: Examination,
        sentences: Sequence[str],
        nearest: tuple[Passage, ...] = (),
        told: tuple[str, ...] = (),
    ) -> ChatResponse:
        return ChatResponse(
            answered=False,
            mode="extractive",
            answer=" ".join(sentences),
            blocks=(),
            nearest=nearest,
            notices=told,
            suggestions=self._suggestions(request, found),
            id=secrets.token_urlsafe(9),
        )

    def left_out(self, shelf: Shelf, found: Examination) -> Iterator[str]:
        """Yield what is said of the things asked that the sources do not answer, where they answer others."""
        for part in filter(self.refuses, found.parts):
            if part.query.document is not None:
                title = shelf.index.content.sources[part.query.document].title
                yield messages.say("beside", part.query.language, title=title)
            elif small_talk(part.query.original) is None:
                yield messages.say("part", found.query.language, question=part.query.original)

    def _suggestions(self, request: ChatRequest, found: Examination) -> tuple[str, ...]:
        if self._suggester is None:
            return ()
        asked = [request.question, *(turn.content for turn in request.history if turn.role == "user")]
        return self._suggester.nearest(found.vector, asked)


def _said_back(shelf: Shelf, kind: SmallTalk, request: ChatRequest) -> str:
    """Return what is said to small talk: what the assistant is, and what it answers from."""
    language = request.language or language_of(request.question)
    if kind == "thanks":
        return messages.say("thanks", language)
    titles = [f"«{source.title}»" for source in shelf.index.content.sources.values()]
    shown = titles[:SHOWN_TITLES]
    if titles[SHOWN_TITLES:]:
        shown.append(messages.say("more", language, count=str(len(titles) - SHOWN_TITLES)))
    return messages.say("about", language, titles=", ".join(shown))
