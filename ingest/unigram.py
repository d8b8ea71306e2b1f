"""The likeliest pieces of a word in a Unigram vocabulary.

What the `tokenizers` library does too (`encode_optimized` in its models/unigram/model.rs), and with the same
outcome; but it builds its trie anew at every start, a third of a second for a hundred thousand pieces, and
this one is memory-mapped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import marisa_trie

_UNKNOWN_PENALTY = 10.0
"""What an unknown letter costs more than the least likely piece: kUnkPenalty of SentencePiece."""
_CACHE = 1 << 15


class Unigram:
    """Cuts words into pieces; safe to use from several threads."""

    def __init__(
        self, trie: marisa_trie.Trie, scores: Sequence[float], numbers: Sequence[int], unknown: int
    ) -> None:
        """Take the vocabulary.

        Args:
            trie: the pieces.
            scores: log likelihood of each piece, by its place in the trie.
            numbers: of each piece, by its place in the trie.
            unknown: the number of what is in no piece.
        """
        self._trie = trie
        self._scores = scores
        self._numbers = numbers
        self._unknown = unknown
        self._unlikely = min(scores) - _UNKNOWN_PENALTY
        self.cut = lru_cache(_CACHE)(self._cut)

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the likeliest pieces of `word`, unknown letters in a row as one."""
        best = [(0.0, 0, self._unknown), *((-math.inf, 0, self._unknown) for _ in word)]
        for start in range(len(word)):
            before, single = best[start][0], False
            for piece, place in self._trie.iter_prefixes_with_ids(word[start:]):
                single = single or len(piece) == 1
                _improve(
                    best, start + len(piece), (before + self._scores[place], start, self._numbers[place])
                )
            if not single:
                _improve(best, start + 1, (before + self._unlikely, start, self._unknown))
        return self._back(best)

    def _back(self, best: Sequence[tuple[float, int, int]]) -> tuple[int, ...]:
        """Follow the best way from the end of a word to its beginning."""
        found: list[int] = []
        end = len(best) - 1
        while end:
            _, end, number = best[end]
            if number != self._unknown or found[-1:] != [number]:
                found.append(number)
        return tuple(reversed(found))


def _improve(best: list[tuple[float, int, int]], end: int, way: tuple[float, int, int]) -> None:
    """Keep a (score, start, number) to `end` where it is better than what was found before."""
    if way[0] > best[end][0]:
        best[end] = way
