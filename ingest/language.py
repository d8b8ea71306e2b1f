"""The language a text is written in, told by the small words that only bokmål, nynorsk or English has."""

from __future__ import annotations

import re
from collections import Counter

_WORDS = {
    "nb": "ikke fra en et jeg hun hva hvem hvor hvordan hvorfor hvis hver hvilke hvilken hvilket noe noen "
    "være gjøre gjør sier mer mye dem dere deres bare selv",
    "nn": "ikkje frå ein eit eg kva kven kvar kvart korleis kvifor noko nokon nokre dei vere vera vert gjere "
    "gjer seier meir mykje dykk dykkar berre sjølv framleis",
    "en": "the of and with that this which from you your they",
}
_LANGUAGE = {word: language for language, words in _WORDS.items() for word in words.split()}
_FEWEST = 5
"""Fewer of these words tell nothing."""


def language_of(text: str) -> str:
    """Return «nb», «nn» or «en», whichever has two of three of the words; «nb» for short or mixed text."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    found = Counter(_LANGUAGE[word] for word in words if word in _LANGUAGE)
    language, count = max(found.items(), key=lambda pair: pair[1], default=("nb", 0))
    return language if count >= max(_FEWEST, 2 / 3 * found.total()) else "nb"
