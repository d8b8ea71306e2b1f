"""Hybrid retrieval: passages by meaning, by words and by structure, fused into one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.pointing import Names
from assistant.querywords import QueryWords
from assistant.question import Query
from assistant.weights import Weights
from ingest.content import Mention, Stored
from ingest.document import Source
from ingest.index import Index
from ingest.references import Reference

CANDIDATES = 20
"""Passages that each of the two searches puts forward."""

SUPERSEDED = 2.0
"""Log-odds that a passage loses when a newer edition of its document is in the index.

Set by hand, there are no questions to fit it on: as much as 0.02 in each of the three cosines, enough to put
a new wording before the same words of an old one, too little to hide what only the old one says.
"""

PARTS = frozenset({"dense", "lexical", "sentences", "facets", "references", "validity"})
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


@dataclass(frozen=True, slots=True)
class Cosines:
    """A candidate with its cosines: the whole passage, each sentence, each sentence with its neighbours."""

    stored: Stored
    dense: float
    sentences: NDArray[np.float32]
    windows: NDArray[np.float32]


class HybridRetriever:
    """Finds the passages that answer a query in one open index."""

    def __init__(
        self,
        index: Index,
        weights: Weights,
        names: Names,
        off: frozenset[str] = frozenset(),
    ) -> None:
        """Keep the index and the weights; `off` names the PARTS that are switched off."""
        self._index = index
        self._weights = weights
        self._off = off
        self._names = names
        self._newer = {} if "validity" in off else superseded(index.content.sources)

    def retrieve(self, query: Query, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return up to `k` hits, best first.

        Args:
            query: what is asked.
            vector: (d,) embedding of `query.text`, length 1.
            k: how many.
        """
        lexical = self._lexical(query)
        words = QueryWords(query, self._index.lexical, self._names, "lexical" in self._off)
        referenced = self._referenced(query)
        rows = self._candidates(query, vector, lexical, referenced)
        cosines = self._cosines(rows, vector)
        hits = [
            self._hit(found, query, words, float(lexical[found.stored.row]), referenced) for found in cosines
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.stored.row))
        return hits[:k]

    def _lexical(self, query: Query) -> NDArray[np.float32]:
        if "lexical" in self._off:
            return np.zeros(self._index.content.size, dtype=np.float32)
        scores = self._index.lexical.scores(query.terms)
        best = float(scores.max(initial=0.0))
        return scores / best if best > 0 else scores

    def _candidates(
        self,
        query: Query,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        referenced: Mapping[int, float],
    ) -> list[int]:
        rows = set(referenced)
        if "dense" not in self._off:
            rows.update(row for row, _ in self._index.nearest(vector, CANDIDATES))
        count = min(CANDIDATES, int((lexical > 0).sum()))
        if count:
            rows.update(np.argpartition(-lexical, count - 1)[:count].tolist())
        if "facets" not in self._off:
            for name in query.facets:
                if name.startswith("phase:"):
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

    def _cosines(self, rows: Sequence[int], vector: NDArray[np.float32]) -> list[Cosines]:
        """Compare the question with each passage, its sentences and its windows, all in three products."""
        if not rows:
            return []
        passages = [self._index.passage(row) for row in rows]
        places = np.concatenate(
            [np.arange(stored.first, stored.first + len(stored.terms)) for stored in passages]
        )
        whole = self._index.passage_vectors[np.asarray(rows, dtype=np.intp)] @ vector
        cuts = np.cumsum([len(stored.terms) for stored in passages])[:-1]
        sentences = np.split(self._index.sentence_vectors[places] @ vector, cuts)
        windows = np.split(self._index.window_vectors[places] @ vector, cuts)
        return [
            Cosines(stored, float(dense), alone, around)
            for stored, dense, alone, around in zip(passages, whole, sentences, windows, strict=True)
        ]

    def _hit(
        self,
        found: Cosines,
        query: Query,
        words: QueryWords,
        lexical: float,
        referenced: Mapping[int, float],
    ) -> Hit:
        stored, dense, sentences, windows = found.stored, found.dense, found.sentences, found.windows
        coverage = np.array([words.coverage(terms) for terms in stored.terms], dtype=np.float32)
        facets = stored.passage.facets
        features = {
            "dense": dense if "dense" not in self._off else 0.0,
            "lexical": lexical,
            "sentence": float(sentences.max()) if self._uses_sentences else dense,
            "window": float(windows.max()) if self._uses_sentences else dense,
            "coverage": float(coverage.max()) if self._uses_sentences else 0.0,
            "whole": words.coverage(frozenset().union(*stored.terms)),
            "facet": 0.0 if "facets" in self._off else _share(query.facets, facets),
            "asker": 0.0 if "facets" in self._off else _share(query.asker, facets),
            "reference": referenced.get(stored.row, 0.0),
            "expired": float(self._expired(stored.passage.document)),
            "titled": words.titled.get(stored.passage.document, 0.0),
            "named": words.named.get(stored.passage.document, 0.0),
            "numbered": float(words.numbers(stored.passage.section)),
        }
        score = self._weights.passage(features) - SUPERSEDED * self._is_old(stored.passage.document, words)
        return Hit(stored, score, features, sentences, windows, coverage)

    @property
    def _uses_sentences(self) -> bool:
        return "sentences" not in self._off and "dense" not in self._off

    def _is_old(self, document: str, words: QueryWords) -> bool:
        """Say whether a newer document stands in this one's place, unless this is the one asked about."""
        newer = self._newer.get(document)
        titled = words.titled
        return newer is not None and titled.get(document, 0.0) <= titled.get(newer, 0.0)

    def _expired(self, document: str) -> bool:
        return "validity" not in self._off and is_expired(self._index.content.sources[document])


def may_be(one: Mention | Reference, asked: Reference) -> bool:
    """Say whether a mention can be of the § asked for: same number, and no other work or part."""
    other_work = asked.work is not None and one.work is not None and one.work != asked.work
    other_part = asked.part is not None and one.part is not None and one.part != asked.part
    return one.section == asked.section and not other_work and not other_part


def superseded(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return replaced documents, and what replaced each; a document that does not hold yet replaces none."""
    today = date.today()
    return {
        source.supersedes: source.id
        for source in sources.values()
        if source.supersedes is not None
        and source.supersedes in sources
        and (source.valid_from is None or source.valid_from <= today)
    }


def is_expired(source: Source) -> bool:
    """Say whether a source's validity has run out today."""
    return source.valid_to is not None and source.valid_to < date.today()


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0
