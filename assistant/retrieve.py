"""Hybrid retrieval: passages by meaning, by words and by structure, fused into one score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from assistant.editions import outranked
from assistant.pointing import Names
from assistant.querywords import QueryWords
from assistant.question import Query
from assistant.weights import Column, Features, Weights
from ingest.content import Mention, Stored
from ingest.index import Index
from ingest.nearness import ALIKE, Near
from ingest.references import Reference

CANDIDATES = 20
"""Passages that each of the two searches puts forward."""

WITHIN = 100
"""Passages that are searched by meaning for those of a certain document."""

SUPERSEDED = 3.5
"""Log-odds that a passage loses when a newer edition of its document is in the index.

Set by hand, there are no questions to fit it on: as much as 0.05 in each of the three cosines and in that of
an example, enough to put a new wording before the same words of an old one, too little to hide what only the
old one says.
"""

PARTS = frozenset({"dense", "lexical", "sentences", "examples", "facets", "references", "validity", "prior"})
"""What can be switched off, to see in the evaluation what it earns."""


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A passage with what speaks for it. `sentences` holds each sentence's cosine with the question."""

    stored: Stored
    score: float
    features: Mapping[str, float]
    sentences: NDArray[np.float32]
    windows: NDArray[np.float32]
    """The same of each sentence with its neighbours."""
    coverage: NDArray[np.float32]
    """Of each sentence: the share (0 to 1) of the question's words that it holds; rare words count more."""
    asked: Column
    """Of each sentence: how alike the question is to an example that it answers, 0 to about 0.16."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages with their cosines: of each as a whole, of each sentence, of each with its neighbours.

    The sentences of all passages stand one after the other; those of passage n begin at `starts[n]`.
    """

    passages: Sequence[Stored]
    dense: NDArray[np.float32]
    sentences: NDArray[np.float32]
    windows: NDArray[np.float32]
    asked: Column
    exemplified: Column
    """Of each passage: 1 where its document answers an example, or 0."""
    starts: NDArray[np.intp]

    def best(self, of_sentences: NDArray[np.floating]) -> Column:
        """Return the highest value that a sentence of each passage has."""
        return np.maximum.reduceat(of_sentences, self.starts).astype(np.float64)


class HybridRetriever:
    """Finds the passages that answer a query in one open index."""

    def __init__(self, index: Index, weights: Weights, names: Names, off: frozenset[str]) -> None:
        """Keep the index and the weights; `off` names the PARTS that are switched off."""
        self._index = index
        self._weights = weights
        self._off = off
        self._names = names
        self._exemplified = frozenset[str]() if "examples" in off else index.exemplified
        self._newer = {} if "validity" in off else outranked(index.content.sources)

    def retrieve(self, query: Query, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return up to `k` hits, best first.

        Args:
            query: what is asked.
            vector: (d,) embedding of `query.text`, length 1.
            k: how many.
        """
        lexical = self._lexical(query)
        inside = range(self._index.content.size)
        if query.document is not None:
            inside = self._index.content.rows_of(query.document)
            lexical[: inside.start] = lexical[inside.stop :] = 0.0
        words = QueryWords(query, self._index, self._names, "lexical" in self._off)
        referenced = self._referenced(query)
        near = self._index.examples.near(vector)
        rows = [row for row in self._rows(query, vector, lexical, referenced, near) if row in inside]
        if not rows:
            return []
        found = self._candidates(rows, vector, near)
        coverage, whole = words.coverage(found.passages)
        features = {
            **self._by_content(found, coverage),
            "whole": whole,
            "lexical": lexical[rows].astype(np.float64),
            "reference": _column(referenced.get(row, 0.0) for row in rows),
            # What was answered or not says nothing of a document that may have come afterwards.
            "exemplified": found.exemplified,
            "answered": found.exemplified * near.answered,
            "unanswered": found.exemplified * near.unanswered,
            **self._by_place(found.passages, query, words),
        }
        scores = self._weights.passage.each(features)
        scores -= SUPERSEDED * _column(self._is_old(one.passage.document, words) for one in found.passages)
        # Stable, so that equal scores stay in the order of the rows.
        order = np.argsort(-scores, kind="stable")[:k].tolist()
        return [self._hit(found, at, float(scores[at]), features, coverage) for at in order]

    def _lexical(self, query: Query) -> NDArray[np.float32]:
        if "lexical" in self._off:
            return np.zeros(self._index.content.size, dtype=np.float32)
        scores = self._index.lexical.scores(query.terms)
        best = float(scores.max(initial=0.0))
        return scores / best if best > 0 else scores

    def _rows(
        self,
        query: Query,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        referenced: Mapping[int, float],
        near: Near,
    ) -> list[int]:
        rows = set(referenced)
        if "examples" not in self._off:
            rows.update(near.passages)
        if "dense" not in self._off:
            rows.update(
                row for row, _ in self._index.nearest(vector, WITHIN if query.document else CANDIDATES)
            )
        count = min(CANDIDATES, int((lexical > 0).sum()))
        if count:
            rows.update(np.argpartition(-lexical, count - 1)[:count].tolist())
        if "facets" not in self._off:
            for name in query.phases:
                rows.update(self._index.content.with_facet(name, CANDIDATES))
        return sorted(rows)

    def _referenced(self, query: Query) -> dict[int, float]:
        """Return rows that name a § of the question: 1 for the paragraph itself, less for a mention."""
        found: dict[int, float] = {}
        if "references" in self._off:
            return found
        for reference in query.references:
            for mention in self._index.content.mentions(reference.section):
                if not may_be(mention, reference):
                    continue
                exact = reference.letter is None or reference.letter == mention.letter
                worth = (1.0 if mention.is_text else 0.7) * (1.0 if exact else 0.8)
                found[mention.row] = max(found.get(mention.row, 0.0), worth)
        return found

    def _candidates(self, rows: Sequence[int], vector: NDArray[np.float32], near: Near) -> Candidates:
        """Compare the question with each passage, its sentences and its windows, all in three products."""
        passages = [self._index.passage(row) for row in rows]
        counts = [len(stored.terms) for stored in passages]
        starts = np.cumsum([0, *counts[:-1]])
        firsts = np.array([stored.first for stored in passages])
        places = np.arange(sum(counts)) + np.repeat(firsts - starts, counts)
        sentences = self._index.sentence_vectors[places] @ vector
        windows = self._index.window_vectors[places] @ vector
        own = np.maximum(sentences, windows)
        exemplified = _column(stored.passage.document in self._exemplified for stored in passages)
        return Candidates(
            passages,
            self._index.passage_vectors[rows] @ vector,
            sentences,
            windows,
            # A document without examples is not to fall behind those with: its own words stand in for them.
            alike(np.where(np.repeat(exemplified, counts) > 0, near.of(places), own)),
            exemplified,
            starts,
        )

    def _by_content(self, found: Candidates, coverage: Column) -> dict[str, Column]:
        """Return what the meaning of passages and the words of their best sentences say."""
        dense = found.dense.astype(np.float64)
        nothing = np.zeros(len(dense))
        uses = self._uses_sentences
        return {
            "dense": nothing if "dense" in self._off else dense,
            "sentence": found.best(found.sentences) if uses else dense,
            "window": found.best(found.windows) if uses else dense,
            "coverage": found.best(coverage) if uses else nothing,
            "asked": nothing if "dense" in self._off else found.best(found.asked),
        }

    def _by_place(self, passages: Sequence[Stored], query: Query, words: QueryWords) -> dict[str, Column]:
        """Return what the documents of passages, their headings and facets say."""
        documents = [stored.passage.document for stored in passages]
        sought = ("facet", query.facets), ("asker", query.asker)
        return {
            **{name: self._facets(wanted, passages) for name, wanted in sought},
            "titled": _column(words.titled.get(document, 0.0) for document in documents),
            "named": _column(words.named.get(document, 0.0) for document in documents),
            "numbered": _column(words.numbers(stored.passage.section) for stored in passages),
        }

    def _facets(self, wanted: frozenset[str], passages: Sequence[Stored]) -> Column:
        """Return the share of the wanted facets that each passage has."""
        if "facets" in self._off or not wanted:
            return np.zeros(len(passages))
        return _column(len(wanted & stored.passage.facets) / len(wanted) for stored in passages)

    def _hit(
        self, found: Candidates, at: int, score: float, features: Mapping[str, Column], coverage: Column
    ) -> Hit:
        stored, start = found.passages[at], int(found.starts[at])
        own = slice(start, start + len(stored.terms))
        return Hit(
            stored,
            score,
            Features(features, at),
            found.sentences[own],
            found.windows[own],
            coverage[own].astype(np.float32),
            found.asked[own],
        )

    @property
    def _uses_sentences(self) -> bool:
        return "sentences" not in self._off and "dense" not in self._off

    def _is_old(self, document: str, words: QueryWords) -> bool:
        """Say whether a newer document stands in this one's place, unless this is the one asked about."""
        newer = self._newer.get(document)
        titled = words.titled
        return newer is not None and titled.get(document, 0.0) <= titled.get(newer, 0.0)


def alike(cosines: NDArray[np.floating]) -> Column:
    """Return how alike questions are by their cosines: 0 up to ALIKE, and then the faster the nearer."""
    return np.square(np.maximum(cosines.astype(np.float64) - ALIKE, 0.0))


def cosine_of(likeness: float) -> float:
    """Return the cosine that `alike` made a likeness of; ALIKE where it may have been any up to that."""
    return ALIKE + sqrt(likeness)


def may_be(one: Mention | Reference, asked: Reference) -> bool:
    """Say whether a mention can be of the § asked for: same number, and no other work or part."""
    other_work = asked.work is not None and one.work is not None and one.work != asked.work
    other_part = asked.part is not None and one.part is not None and one.part != asked.part
    return one.section == asked.section and not other_work and not other_part


def _column(values: Iterable[float]) -> Column:
    return np.fromiter(values, np.float64)
