"""The words of one question, weighed once, against sentences, titles and numbered headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.numerals import NUMERALS
from assistant.pointing import Names
from assistant.question import Query
from assistant.spelling import fold
from ingest.content import CACHED, Stored
from ingest.index import Index

COMMON = 0.5
"""What a word loses of its worth among the sentences of a document of which half the passages hold it."""
FEW = 4
"""Passages from which a document tells what it is about."""
_NUMBERED = re.compile(
    rf"\b([a-zæøå]{{3,}})\s+(?:nummer\s+|nr\.?\s*|number\s+)?(\d{{1,2}}|{'|'.join(NUMERALS)})\b"
)


class QueryWords:
    """What the question's words are worth in one index."""

    def __init__(self, query: Query, index: Index, names: Names, off: bool) -> None:
        """Weigh the terms; with `off` they are all worth nothing.

        Args:
            query: the question.
            index: knows how rare words are.
            names: what the documents are called.
            off: lexical retrieval is switched off.
        """
        self._index = index
        self._worth = (
            {} if off else {term: weight * index.lexical.idf(term) for term, weight in query.terms.items()}
        )
        self._asked = {term for term, weight in query.terms.items() if weight >= 1.0 or term in query.before}
        self.titled = names.titled(term for term, weight in query.terms.items() if weight >= 1.0)
        self.named = names.named(f"{query.original} {query.text}", query.language)
        self._numbered = numbered(query.text)

    def coverage(self, passages: Sequence[Stored]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share, 0 to 1, of the question's words that passages hold, rare words counting more.

        Words that were only added (synonyms) raise the share where they occur and never lower it. What a
        document is about tells its passages from those of others, not its sentences from each other.

        Returns:
            The share of each sentence of all passages, one after the other, and that of each whole passage.
        """
        within = {
            document: self._within(document)
            for document in dict.fromkeys(stored.passage.document for stored in passages)
        }
        most = self._sum(self._worth)
        alone: list[float] = []
        whole: list[float] = []
        for stored in passages:
            worth, asked = within[stored.passage.document]
            places = _places(stored)
            covered, held = [0.0] * len(stored.terms), 0.0
            for term, each in self._worth.items():
                if term in places:
                    held += each
                    for at in places[term]:
                        covered[at] += worth[term]
            alone += [min(1.0, each / asked) for each in covered]
            whole.append(min(1.0, held / most))
        return np.array(alone), np.array(whole)

    def _within(self, document: str) -> tuple[Mapping[str, float], float]:
        """Return what each word is worth among a document's sentences, and those that were asked together."""
        rows = self._index.content.rows_of(document)
        share = self._index.lexical.share
        worth = {
            term: each * (1.0 - COMMON * min(1.0, 2.0 * share(term, rows)) if len(rows) >= FEW else 1.0)
            for term, each in self._worth.items()
        }
        return worth, self._sum(worth)

    def _sum(self, worth: Mapping[str, float]) -> float:
        """Return what the words that were asked are worth together."""
        return sum(each for term, each in worth.items() if term in self._asked) or 1.0

    def numbers(self, section: Sequence[str]) -> bool:
        """Say whether the question names a heading of the path by its number («råd nummer sju»)."""
        return bool(self._numbered) and any(opens(heading, self._numbered) for heading in section)


@lru_cache(CACHED)
def _places(stored: Stored) -> Mapping[str, Sequence[int]]:
    """Return which sentences of a passage hold each of its terms."""
    places: dict[str, list[int]] = {}
    for at, terms in enumerate(stored.terms):
        for term in terms:
            places.setdefault(term, []).append(at)
    return places


def numbered(question: str) -> list[str]:
    """Return what a question names by a number, folded: «rad 7» of «råd nummer sju» and of «raad 7»."""
    found = _NUMBERED.findall(question.lower())
    return [f"{fold(label)} {NUMERALS.get(number, number)}" for label, number in found]


def opens(text: str, names: Sequence[str]) -> bool:
    """Say whether a text begins with one of the folded names: «Råd 7: …» with «rad 7»."""
    folded = fold(text.lower())
    return any(re.match(rf"{re.escape(name)}\b", folded) for name in names)
