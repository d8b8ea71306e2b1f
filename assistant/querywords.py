"""The words of one question, weighed once, against sentences, titles and numbered headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.pointing import named
from assistant.question import Query
from ingest.lexical import LexicalIndex

NUMERALS = {
    word: number
    for number, words in enumerate(
        ("en ein én", "to", "tre", "fire", "fem", "seks", "sju syv", "åtte", "ni", "ti"), start=1
    )
    for word in words.split()
}
_NUMBERED = re.compile(
    rf"\b([a-zæøå]{{3,}})\s+(?:nummer\s+|nr\.?\s*|number\s+)?(\d{{1,2}}|{'|'.join(NUMERALS)})\b"
)


class QueryWords:
    """What the question's words are worth in one index."""

    def __init__(
        self,
        query: Query,
        lexical: LexicalIndex,
        titles: Mapping[str, frozenset[str]],
        kinds: Mapping[str, Sequence[str]],
        off: bool = False,
    ) -> None:
        """Weigh the terms; with `off` they are all worth nothing.

        Args:
            query: the question.
            lexical: knows how rare words are.
            titles: index terms of what each document is called.
            kinds: what people call each document («håndbok», «ks-rapport»).
            off: lexical retrieval is switched off.
        """
        self._worth = (
            {} if off else {term: weight * lexical.idf(term) for term, weight in query.terms.items()}
        )
        self._terms = frozenset(self._worth)
        self._asked = sum(worth for term, worth in self._worth.items() if query.terms[term] >= 1.0)
        self.titled = _titled(query, titles)
        self.named = named(f"{query.original} {query.text}", kinds, query.language)
        self._numbered = [
            f"{label} {NUMERALS.get(number, number)}"
            for label, number in _NUMBERED.findall(query.text.lower())
        ]

    def coverage(self, terms: frozenset[str]) -> float:
        """Return the share, 0 to 1, of the question's words that `terms` hold, rare words counting more.

        Words that were only added (synonyms) raise the share where they occur and never lower it.
        """
        covered = sum(map(self._worth.__getitem__, self._terms & terms))
        return min(1.0, covered / self._asked) if self._asked else 0.0

    def numbers(self, section: Sequence[str]) -> bool:
        """Say whether the question names a heading of the path by its number («råd nummer sju»)."""
        return any(
            re.match(rf"{re.escape(name)}\b", heading.lower())
            for heading in section
            for name in self._numbered
        )


def _titled(query: Query, titles: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return how clearly the question names each document, 0 to 1: by words that few titles have."""
    spread = Counter(term for terms in titles.values() for term in terms)
    asked = [term for term, weight in query.terms.items() if weight >= 1.0]
    return {
        id_: min(1.0, sum(1.0 / spread[term] for term in asked if term in terms))
        for id_, terms in titles.items()
    }
