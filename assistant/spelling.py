"""Misspelt words and the words of the corpus that they stand for.

Letters are compared after folding (å → a, ø → o, æ → a), so that a keyboard without them costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.words import WordList

_FOLDED = str.maketrans({"å": "a", "ä": "a", "æ": "a", "ø": "o", "ö": "o", "é": "e", "è": "e", "ü": "u"})
_PAIRS = (("ae", "a"), ("oe", "o"), ("aa", "a"))
_READINGS = (("ae", "æ"), ("oe", "ø"), ("aa", "å"), ("a", "å"), ("o", "ø"), ("e", "æ"), ("a", "æ"))
_MOST_READINGS = 4
"""Letters of a word that may stand for æ, ø or å at once; more would make hundreds of readings."""

_SHORTEST = 4
_LONGEST = 40
_LONG = 8
"""Letters from which a word, as written or as meant, may be two edits away; a shorter one may be one."""
_SHORTEST_HALF = 4
_SHORTEST_BEGINNING = 7
"""Letters from which a word may be the beginning of a longer one."""
_COMMON = 3.0
"""Zipf frequency from which a known word may be one half of a compound whose other half is misspelt."""


class Speller:
    """Finds the corpus word that a misspelt word stands for."""

    def __init__(self, surfaces: Mapping[str, int], words: WordList) -> None:
        """Sort the words of the corpus by folded spelling and length.

        Args:
            surfaces: words of the corpus, lower case → number of passages that hold each.
            words: Norwegian word forms.
        """
        self._surfaces = surfaces
        self._words = words
        self._unfolded: dict[str, str] = {}
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in surfaces:
            folded = fold(word)
            kept = self._unfolded.get(folded)
            if kept is None and len(word) >= _SHORTEST and word.isalpha():
                self._by_length[len(folded)].append(folded)
            if kept is None or surfaces[word] > surfaces[kept]:
                self._unfolded[folded] = word

    def unfolded(self, word: str) -> str | None:
        """Return the commonest corpus word that is `word` but for æ, ø and å, or None."""
        found = self._unfolded.get(fold(word))
        return found if found != word else None

    def correct(self, word: str) -> str | None:
        """Return the word that `word`, lower case and known nowhere, stands for; None where none is near."""
        if len(word) > _LONGEST or not word.isalpha():
            return None
        if len(word) < _SHORTEST:
            return self.unfolded(word)
        return (
            self.unfolded(word)
            or self._restored(word)
            or self._completed(word)
            or self._nearest(word)
            or self._half(word)
        )

    def joined(self, word: str, parts: Sequence[str]) -> str | None:
        """Return the corpus word that the compound `word` is but for a joint s left out or put in."""
        first = word.find(parts[0]) + len(parts[0])
        for other in (word[:first] + "s" + word[first:], word[:first] + word[first:].removeprefix("s")):
            if other != word and other in self._surfaces:
                return other
        return None

    def _restored(self, word: str) -> str | None:
        """Return the commonest Norwegian word that `word` is with some letters read as æ, ø or å."""
        readings = [reading for reading in _readings(word) if reading in self._words]
        return max(readings, key=self._words.zipf, default=None)

    def _completed(self, word: str) -> str | None:
        """Return the corpus word in most passages that `word` is the beginning of («styringsgr»)."""
        if len(word) < _SHORTEST_BEGINNING:
            return None
        begun = [surface for surface in self._surfaces if surface.startswith(word)]
        return max(begun, key=lambda surface: (self._surfaces[surface], -len(surface), surface), default=None)

    def _nearest(self, word: str) -> str | None:
        """Return the corpus word with the fewest edits, the same first letter, the most passages."""
        folded = fold(word)
        best: tuple[int, bool, int, str] | None = None
        for length in range(len(folded) - 2, len(folded) + 3):
            allowed = 2 if max(length, len(folded)) >= _LONG else 1
            near = process.extract(
                folded,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=None,
            )
            for candidate, edits, _ in near:
                strange = candidate[0] != folded[0]
                if strange and edits > 1:
                    continue
                surface = self._unfolded[candidate]
                rank = (int(edits), strange, -self._surfaces[surface], surface)
                best = rank if best is None else min(best, rank)
        return best[3] if best else None

    def _half(self, word: str) -> str | None:
        """Mend the misspelt half of a compound whose other half is known."""
        for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            head = word[cut:]
            if self._is_common(head):
                joint = "s" if word[cut - 1] == "s" else ""
                first = word[: cut - len(joint)]
                mended = self.unfolded(first) or self._nearest(first) if len(first) >= _SHORTEST else None
                if mended:
                    return mended.removesuffix(joint) + joint + head
        for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
            first = word[:cut]
            if self._is_common(first) or self._is_common(first.removesuffix("s")):
                mended = self.unfolded(word[cut:]) or self._nearest(word[cut:])
                return first + mended if mended else None
        return None

    def _is_common(self, word: str) -> bool:
        return word in self._surfaces or (word in self._words and self._words.zipf(word) >= _COMMON)


def fold(word: str) -> str:
    """Return `word` as a keyboard without æ, ø and å writes it; ae, oe and aa count as one letter."""
    folded = word.translate(_FOLDED)
    for pair, letter in _PAIRS:
        folded = folded.replace(pair, letter)
    return folded


def _readings(word: str) -> Iterator[str]:
    """Yield the spellings of `word` with one or more letters read as æ, ø or å."""
    pieces: list[tuple[str, ...]] = []
    position, open_letters = 0, 0
    while position < len(word):
        written = next((pair for pair, _ in _READINGS if word.startswith(pair, position)), word[position])
        choices = (written, *(letter for pair, letter in _READINGS if pair == written))
        if len(choices) > 1 and open_letters < _MOST_READINGS:
            open_letters += 1
            pieces.append(choices)
        else:
            pieces.append((written,))
        position += len(written)
    yield from ("".join(reading) for reading in product(*pieces))
