"""From Norwegian text to index terms: words, stems and the stems of the parts of compounds.

The stem is Snowball's, folded further so that a noun and its verb meet (`drøfting`, `drøfte`), and so that
bokmål and nynorsk do where the difference is regular (`medvirkning`, `medverknad`).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from ingest.stems import PACKAGE, stemmer
from ingest.words import WordList

RECIPE = 3
"""Counts up when the rules below change, so that an index made by other rules is recognised."""

_LISTS = Path(__file__).with_name("norwegian.toml")
_TOKEN = re.compile(r"\d+(?:[-.]\d+)+|[^\W_]+(?:-[^\W_]+)*")
_CACHE = 1 << 16

_SHORTEST_COMPOUND = 7
_LONGEST_COMPOUND = 60
_SHORTEST_PART = 3
_COST_ROOF = 12.0
"""Cost of a part is this less its zipf frequency, so that common parts are preferred."""
_COST_JOINT = 2.5
"""Cost of every further part, so that few long parts are preferred."""
_COST_SHORT = 3.0
"""Further cost of a part with three letters: too many of them are word endings by chance."""
_LEXICALISED = 4.0
"""Zipf frequency from which a word of up to eight letters is one word to its readers."""
_PARTICLE_CEILING = 3.0
"""Zipf frequency under which a word that begins with a particle may be split after it."""
_PARTICLE_REST = 7
_PART_FLOOR = {3: 4.0, 4: 3.0, 5: 2.2}
"""Least zipf frequency of a part by its length: rare short words are found in any long word by chance."""
_SHORTEST_BASE = 5

_DIALECT = (("gjev", "giv"), ("verk", "virk"), ("semd", "som"), ("høyr", "hør"))
"""Nynorsk spellings inside a stem that answer regularly to bokmål ones."""
_VOWELS = "aeiouyæøå"
_SHORT_WORD = re.compile(
    rf"([{_VOWELS}][^{_VOWELS}]|[^{_VOWELS}]+[{_VOWELS}]+|[{_VOWELS}]{{2}})"
    r"(?:er(?:en?|ne)?|(?<!a)ar|ane|ene?|et|a|e)s?"
)
"""A word that Snowball leaves as it is, since it looks for endings only behind three letters and a consonant:
«uka», «året», «byene»."""
_OPEN = re.compile(rf"([{_VOWELS}][^{_VOWELS}]+)a$")
"""What Snowball leaves of «dataene», beside the «dat» of «data»."""
_DOCTOR = re.compile(r"(.{3,}leg)(?:e|(e(?:n|r|ne|ns|rs|nes)|a(?:r|ne)))")
"""«tannlege», of which Snowball takes the end for that of «daglege»."""
_CONTRACTED = re.compile(rf"([{_VOWELS}][^{_VOWELS}]*?)([bgkps]|t(?=t)|d(?=d))\2?el$")
"""«regel», «varsel», «middel» beside «regler», «varsler», «midler»."""
_ENDINGS = re.compile(r"(?:leik|nad|ning|ing|asjon|ern|er|ar)$")
_ADJECTIVE = re.compile(r"([gm]i)sk$")
_NEUTER = re.compile(r"([lrgm])t$")
_DOUBLED = re.compile(r"([bdfgklmnprst])\1$")
_SHORTEST_STEM = 3


class Analyzer:
    """Turns text into words and index terms; the same for documents and questions."""

    def __init__(self, words: WordList) -> None:
        lists = tomllib.loads(_LISTS.read_text("utf-8"))
        self._words = words
        self._stop = frozenset(lists["stopwords"].split())
        self._not_parts = frozenset(lists["not_parts"].split())
        self._particles = frozenset(lists["particles"].split())
        self._whole = frozenset(lists["whole"].split())
        self._inflections = frozenset(lists["inflections"].split())
        self._general = frozenset(lists["general"].split())
        self._irregular: dict[str, str] = lists["irregular"]
        self._snowball: Callable[[str], str] = stemmer("norwegian")
        self.version = _fingerprint(lists, words.version)
        self.stem = lru_cache(_CACHE)(self._stem)
        self.parts = lru_cache(_CACHE)(self._parts)
        self.expand = lru_cache(_CACHE)(self._expand)

    def tokens(self, text: str) -> list[str]:
        """Return the lower-case words of `text` in order.

        Numbers with hyphens stay whole (`9-2`, `1-4-1`), ranges of years come apart. A hyphenated word
        is given whole and then in its parts (`ikt-ekspert`, `ikt`, `ekspert`).
        """
        found: list[str] = []
        for token in _TOKEN.findall(text.lower()):
            pieces = token.split("-")
            if len(pieces) == 1:
                found.append(token)
            elif all(len(piece) == 4 and piece.isdigit() for piece in pieces):
                found.extend(pieces)
            else:
                found.append(token)
                found.extend(pieces if not token[0].isdigit() else ())
        return found

    def terms(self, text: str) -> list[str]:
        """Return the index terms of `text`: stems of its words and of their compound parts, no stop words."""
        return [term for token in self.tokens(text) for term in self.expand(token)]

    def is_stopword(self, token: str) -> bool:
        """Tell whether `token` says nothing about what a text is about."""
        return token in self._stop or (len(token) == 1 and not token.isdigit())

    def _expand(self, token: str) -> tuple[str, ...]:
        """Return the terms of one token, its own stem first; none for a stop word."""
        if self.is_stopword(token):
            return ()
        whole = token.replace("-", "") if token[0].isalpha() else token
        terms = [self.stem(whole)]
        if "-" not in token:
            terms.extend(
                self.stem(part)
                for part in self.parts(token)
                if part not in self._general and not self.is_stopword(part) and part not in self._particles
            )
        return tuple(dict.fromkeys(terms))

    def _stem(self, word: str) -> str:
        """Return the stem of a lower-case word; numbers are their own."""
        if not word.isalpha():
            return word
        word = self._irregular.get(word, word)
        doctor = _DOCTOR.fullmatch(word)
        if doctor and (doctor[2] or f"{word}n" in self._words):
            return doctor[1]
        if short := _SHORT_WORD.fullmatch(word):
            return short[1]
        stem = _OPEN.sub(r"\1", self._snowball(f"{word}en" if self._ends_in_s(word) else word))
        for nynorsk, bokmal in _DIALECT:
            stem = stem.replace(nynorsk, bokmal)
        for _ in range(2):
            shorter = _ENDINGS.sub("", stem)
            if len(shorter) < _SHORTEST_STEM or not re.search("[aeiouyæøå]", shorter):
                break
            stem = shorter
        stem = _ADJECTIVE.sub(r"\1", stem)
        if len(stem) > _SHORTEST_STEM + 2:
            stem = _NEUTER.sub(r"\1", stem)
        stem = _CONTRACTED.sub(r"\1\2l", stem)
        return _DOUBLED.sub(r"\1", stem) if len(stem) > _SHORTEST_STEM else stem

    def _ends_in_s(self, word: str) -> bool:
        """Tell whether the last s of a word is its own, not a genitive's: «konsekvens»."""
        return (
            word.endswith("s")
            and not word.endswith("es")
            and word in self._words
            and word[:-1] not in self._words
        )

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the parts of a compound without its joints, or nothing for a word that is one."""
        if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
            return ()
        base = self._base(word)
        if base in self._whole:
            return ()
        if base == word:
            parts = self._split(word)
        else:
            parts = self.parts(base)
            parts = (*parts[:-1], parts[-1] + word[len(base) :]) if parts else ()
        return () if parts and self._is_lexicalised(word, parts[0]) else parts

    def _is_lexicalised(self, word: str, first: str) -> bool:
        """Tell whether `word`, which begins with a particle, is one word (avtale, inneholde)."""
        if first not in self._particles:
            return False
        known = word in self._words and self._words.zipf(word) >= _PARTICLE_CEILING
        return known or len(word) - len(first) < _PARTICLE_REST

    def _base(self, word: str) -> str:
        """Return the longest word form that `word` is an inflection of, or `word` itself."""
        longest = word
        for form, _ in self._words.prefixes(word):
            if len(form) >= _SHORTEST_BASE and word[len(form) :] in self._inflections:
                longest = form
        return longest

    def _split(self, word: str) -> tuple[str, ...]:
        """Return the parts of a word in its base form."""
        frequency = self._words.zipf(word) if word in self._words else 0.0
        if frequency >= _LEXICALISED and len(word) < 9:
            return ()
        return self._cheapest(word)

    def _cheapest(self, word: str) -> tuple[str, ...]:
        """Find the cheapest way through `word` in two or more parts, from the left."""
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        for start in range(len(word) - _SHORTEST_PART + 1):
            if start not in best:
                continue
            cost, parts = best[start]
            for part, frequency in self._words.prefixes(word[start:]):
                if not self._may_be_part(part, frequency, start) or len(part) == len(word):
                    continue
                total = cost + self._cost(part, frequency) + (_COST_JOINT if start else 0.0)
                for end in self._ends(word, start + len(part)):
                    if end not in best or total < best[end][0]:
                        best[end] = (total, (*parts, part))
        parts = best[len(word)][1] if len(word) in best else ()
        return tuple(self._without_joint(part) for part in parts[:-1]) + parts[-1:]

    def _without_joint(self, part: str) -> str:
        """Return `sak` for `saks`: a form in s is the joint's where the form without it is commoner."""
        bare = part.removesuffix("s")
        if bare in self._words and self._words.zipf(bare) > self._words.zipf(part):
            return bare
        return part

    def _may_be_part(self, part: str, frequency: float, start: int) -> bool:
        if len(part) < _SHORTEST_PART or part in self._not_parts:
            return False
        if start and part in self._particles:
            return False
        return frequency >= _PART_FLOOR.get(len(part), 0.0)

    @staticmethod
    def _cost(part: str, frequency: float) -> float:
        return _COST_ROOF - frequency + (_COST_SHORT if len(part) == _SHORTEST_PART else 0.0)

    @staticmethod
    def _ends(word: str, end: int) -> tuple[int, ...]:
        """Return where the next part may begin: at once, or after a joint `s` or `e`."""
        if end < len(word) - _SHORTEST_PART and word[end] in "se":
            return end, end + 1
        return (end,)


def _fingerprint(lists: dict[str, object], words: str) -> str:
    """Hash what decides which terms a text gets; `RECIPE` stands for the rules that are not given here."""
    rules = [
        RECIPE,
        PACKAGE,
        lists,
        words,
        [_COST_ROOF, _COST_JOINT, _COST_SHORT, _LEXICALISED, _PARTICLE_CEILING, _PARTICLE_REST, _PART_FLOOR],
    ]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:16]
