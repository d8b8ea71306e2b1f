"""One word of a question, brought to bokmål and to its right spelling by rules and by the corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.spelling import Speller, fold
from ingest.analysis import Analyzer
from ingest.lexical import LexicalIndex
from ingest.words import WordList

_UNFOLD_MARGIN = 0.5
"""A Norwegian word is read as another with æ, ø or å if that one is commoner by this much (zipf)."""
_SURE = 2.0
"""A word that another is commoner than by this much (zipf) is hardly meant as it stands."""

# Nynorsk endings and beginnings, and the «pengan» of the north, that answer to bokmål ones; a result must be
# a word.
_NYNORSK = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^kv", "hv"),
        (r"leg(?=e?$|t$|are$|aste?$|heit)", "lig"),
        (r"heit(?=$|a$|er$|ene$)", "het"),
        (r"leik(?=$|en$)", "het"),
        (r"gjev", "giv"),
        (r"(?<=om)bod|bod(?=$|et$)", "bud"),
        (r"hald", "hold"),
        (r"^høg", "høy"),
        (r"verk(?=nad)", "virk"),
        (r"nad(?=$|en$)", "ning"),
        (r"ande$", "ende"),
        (r"ast$", "es"),
        (r"ingar$", "inger"),
        (r"arane$", "erne"),
        (r"arar$", "ere"),
        (r"aren$", "eren"),
        (r"erane$", "erne"),
        (r"erar$", "ere"),
        (r"ane$", "ene"),
        (r"(?<=...)an$", "ene"),
        (r"(?<=[gk])j(?=[ae]r?$)", ""),
        (r"ar$", "er"),
        (r"a$", "en"),
        (r"a$", "et"),
    )
)
# Less sure: a result must be commoner than the word.
_LOOSE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"([lmt])j(?=e[rs]?$|ing)", r"\1\1"),
        (r"(?<=l)j(?=e[rs]?$)", "g"),
        (r"(?<=[gk])j(?=es$)", ""),
        (r"are$", "ere"),
        (r"aste$", "ste"),
        (r"est$", "es"),
        (r"ast$", "st"),
        (r"ast$", "est"),
        (r"(?<=[^a])a$", "e"),
        (r"ei(?=[klmnrv]|te|gen)", "e"),
    )
)


@dataclass(frozen=True, slots=True)
class Form:
    """A word as it is understood; `misspelt` where that is a correction and not a translation."""

    text: str
    misspelt: bool = False


class Mender:
    """Reads single words that no list has."""

    def __init__(
        self, analyzer: Analyzer, words: WordList, index: LexicalIndex, nynorsk_parts: Mapping[str, str]
    ) -> None:
        """Prepare for one corpus; `nynorsk_parts` are exchanged inside words, the longest first."""
        self._exchanged = nynorsk_parts
        longest = sorted(nynorsk_parts, key=len, reverse=True)
        self._parts = re.compile("|".join(map(re.escape, longest)) or "(?!)")
        self._analyzer = analyzer
        self._words = words
        self._index = index
        self._speller = Speller(index.surfaces, words)
        self.mend = lru_cache(1 << 12)(self._mend)

    def _mend(self, word: str, nynorsk: bool, bare: bool) -> Form:
        """Return what `word`, lower case, stands for, or the word itself.

        Args:
            word: as written.
            nynorsk: the question is in nynorsk.
            bare: the question is written without æ, ø and å: a known word may lack one too.
        """
        if word in self._index.surfaces or self._analyzer.is_stopword(word):
            return Form(word)
        known = self._words.knows(word)
        if nynorsk or not known:
            bokmal = next(self._from_nynorsk(word), None)
            if bokmal:
                return Form(bokmal)
        meant = self._commoner(word, bare) if known else self._spelt(word)
        return Form(meant or word, misspelt=meant is not None)

    def is_bare(self, word: str, nynorsk: bool) -> bool:
        """Tell whether `word`, lower case, is hardly one as it stands, but is one with æ, ø or å."""
        if word in self._index.surfaces or self._analyzer.is_stopword(word):
            return False
        if nynorsk and next(self._from_nynorsk(word), None):
            return False
        known = self._words.knows(word)
        meant = self._speller.unfolded(word) if known else self._spelt(word)
        if meant is None or fold(meant) != fold(word):
            return False
        return not known or self._words.zipf(meant) >= self._words.zipf(word) + _SURE

    def _spelt(self, word: str) -> str | None:
        """Return the word that one known nowhere stands for; a sound compound stands for itself."""
        parts = self._analyzer.parts(word)
        if parts:
            return self._speller.joined(word, parts)
        if self._index.frequency(self._analyzer.stem(word)):
            return None
        return self._speller.correct(word)

    def _commoner(self, word: str, bare: bool) -> str | None:
        """Return the corpus word with æ, ø or å that a known word (mote) likely stands for (møte)."""
        other = self._speller.unfolded(word) if bare else None
        if other and self._words.zipf(other) >= self._words.zipf(word) + _UNFOLD_MARGIN:
            return other
        return None

    def _from_nynorsk(self, word: str) -> Iterator[str]:
        """Yield the readings of `word` by the rules that are words, the surest and the corpus's first."""
        readings = dict.fromkeys((self._parts.sub(lambda part: self._exchanged[part.group()], word), word))
        _widen(readings, _NYNORSK)
        loose = dict(readings)
        _widen(loose, _LOOSE)
        del readings[word]
        floor = self._words.zipf(word)
        yield from (reading for reading in readings if reading in self._index.surfaces)
        for found in (readings, sorted(loose, key=self._words.zipf, reverse=True)):
            yield from (reading for reading in found if self._words.zipf(reading) > floor)
        if not self._words.knows(word):
            yield from (reading for reading in readings if reading in self._words)
            yield from (reading for reading in readings if self._analyzer.parts(reading))


def _widen(readings: dict[str, None], rules: Sequence[tuple[re.Pattern[str], str]]) -> None:
    """Add what each of the rules makes of the readings before it."""
    for pattern, replacement in rules:
        readings.update(dict.fromkeys(pattern.sub(replacement, reading) for reading in list(readings)))
