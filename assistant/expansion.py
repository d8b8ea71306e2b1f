"""From a question as it is understood to weighted index terms, and the words that the corpus lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.phrases import LONGEST, Lists, Table
from ingest.analysis import Analyzer
from ingest.lexical import LexicalIndex
from ingest.words import WordList

_GENERAL = 5.0
"""Zipf frequency from which a word is too general for its absence to say anything."""
_CACHE = 1 << 12
"""Texts of which the terms are remembered."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One or more words of the question as they are understood."""

    start: int
    end: int
    text: str
    others: tuple[tuple[str, float], ...] = ()
    correction: tuple[str, str] | None = None
    foreign: bool = False
    """An English word that the list lacks: that the corpus lacks it too says nothing."""

    @property
    def words(self) -> str:
        """What the piece says, without the full form in brackets."""
        return self.text.split(" (")[0]


class Expander:
    """Weighs the words of a question and adds related ones."""

    def __init__(self, lists: Lists, analyzer: Analyzer, words: WordList, index: LexicalIndex) -> None:
        self._lists = lists
        self._analyzer = analyzer
        self._words = words
        self._index = index
        self._spread = lru_cache(_CACHE)(self._spread_over)
        self._known = lru_cache(_CACHE)(self._is_known)
        self._related = Table({**lists.synonyms, **lists.similar}, analyzer.stem)

    def expand(self, pieces: Sequence[Piece]) -> tuple[dict[str, float], tuple[str, ...]]:
        """Return weighted terms and the words that the corpus does not know."""
        terms: dict[str, float] = {}
        unknown: dict[str, None] = {}
        tokens = [token for piece in pieces for token in self._analyzer.tokens(piece.words)]
        helped = self._add_related(terms, tokens)
        for piece in pieces:
            for other, weight in piece.others:
                self._add(terms, other, weight)
            asked = self._analyzer.tokens(piece.words)
            for token in asked:
                self._add(terms, token, self._lists.weights["frame"] if token in self._lists.frame else 1.0)
            if piece.foreign or any(self._known(other) for other, _ in piece.others):
                continue
            unknown.update((token, None) for token in asked if token not in helped and self.says(token))
        return terms, tuple(token for token in unknown if not self._known(token))

    def _add_related(self, terms: dict[str, float], tokens: Sequence[str]) -> set[str]:
        """Add synonyms of `tokens`; return the tokens that one known to the corpus was found for."""
        helped: set[str] = set()
        for position in range(len(tokens)):
            entry = self._related.find(tokens[position : position + LONGEST])
            if entry:
                for answer in entry.answers:
                    self._add(terms, answer, entry.weight)
                    if self._known(answer):
                        helped.update(tokens[position : position + entry.length])
        return helped

    def _add(self, terms: dict[str, float], text: str, weight: float) -> None:
        """Add the terms of `text`, none with less than it has."""
        for term, share in self._spread(text):
            terms[term] = max(terms.get(term, 0.0), weight * share)

    def _spread_over(self, text: str) -> Sequence[tuple[str, float]]:
        """Return the terms of `text` with the share of its weight that each has.

        Parts of a compound count less than the whole, where that is indexed.
        """
        found: list[tuple[str, float]] = []
        for token in self._analyzer.tokens(text):
            whole, *parts = self._analyzer.expand(token) or ("",)
            if whole:
                share = self._lists.weights["compound_part"] if self._index.frequency(whole) else 1.0
                found += [(whole, 1.0), *((part, share) for part in parts)]
        return found

    def says(self, token: str) -> bool:
        """Tell whether `token` is a content word whose absence from the corpus would mean something."""
        return (
            token[0].isalpha()
            and token not in self._lists.frame
            and not self._analyzer.is_stopword(token)
            and self._words.zipf(token) < _GENERAL
        )

    def _is_known(self, text: str) -> bool:
        """Tell whether `text` says something and each of its words is in the corpus, whole or in parts."""
        content = [terms for token in self._analyzer.tokens(text) if (terms := self._analyzer.expand(token))]
        return bool(content) and all(self._indexed(*terms) for terms in content)

    def _indexed(self, whole: str, *parts: str) -> bool:
        if self._index.frequency(whole):
            return True
        return bool(parts) and all(self._index.frequency(part) for part in parts)
