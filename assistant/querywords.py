"""The words of one question, weighed once, against sentences, titles and numbered headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.pointing import Names
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
        names: Names,
        off: bool = False,
    ) -> None:
        """Weigh the terms; with `off` they are all worth nothing.

        Args:
            query: the question.
            lexical: knows how rare words are.
            names: what the documents are called.
            off: lexical retrieval is switched off.
        """
        self._worth = (
            {} if off else {term: weight * lexical.idf(term) for term, weight in query.terms.items()}
        )
        self._terms = frozenset(self._worth)
        self._asked = sum(worth for term, worth in self._worth.items() if query.terms[term] >= 1.0)
        self.titled = names.titled(term for term, weight in query.terms.items() if weight >= 1.0)
        self.named = names.named(f"{query.original} {query.text}", query.language)
        self._numbered = numbered(query.text)

    def coverage(self, terms: frozenset[str]) -> float:
        """Return the share, 0 to 1, of the question's words that `terms` hold, rare words counting more.

        Words that were only added (synonyms) raise the share where they occur and never lower it.
        """
        covered = sum(map(self._worth.__getitem__, self._terms & terms))
        return min(1.0, covered / self._asked) if self._asked else 0.0

    def numbers(self, section: Sequence[str]) -> bool:
        """Say whether the question names a heading of the path by its number («råd nummer sju»)."""
        return any(opens(heading, self._numbered) for heading in section)


def numbered(question: str) -> list[str]:
    """Return what a question names by a number, as headings write it: «råd 7» of «råd nummer sju»."""
    found = _NUMBERED.findall(question.lower())
    return [f"{label} {NUMERALS.get(number, number)}" for label, number in found]


def opens(text: str, names: Sequence[str]) -> bool:
    """Say whether a text begins with one of the names: «Råd 7: …» with «råd 7»."""
    return any(re.match(rf"{re.escape(name)}\b", text.lower()) for name in names)
