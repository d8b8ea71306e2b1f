"""Brings nynorsk and English words to the bokmål of the sources, for checking sentences against them.

The words are those of the question lexicon (lexicon.toml); of several alternatives the first is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.facts import WORD
from assistant.phrases import Entry, Lists

_ENGLISH_SHARE = 0.25
"""Least share of English function words in an English sentence; Norwegian ones have under a tenth."""
_LONGEST_PHRASE = 5
_FUNCTION = {
    "shall": "skal", "must": "må", "should": "bør", "may": "kan", "can": "kan", "could": "kan", "not": "ikke",
    "no": "ingen", "none": "ingen", "never": "aldri", "without": "uten", "only": "bare", "all": "alle",
    "every": "hver", "each": "hver", "before": "før", "after": "etter", "always": "alltid", "often": "ofte",
    "or": "eller", "and": "og", "if": "dersom", "by": "av", "from": "fra", "to": "til", "with": "med",
    "about": "om", "of": "av", "for": "for", "but": "men", "because": "fordi", "therefore": "derfor",
    "both": "både", "some": "noen", "many": "mange", "most": "fleste", "when": "når", "under": "under",
}  # fmt: skip
"""What English function words say in Norwegian: those that checking compares."""
_SILENT = frozenset(
    """a an the this that these those it its is are was were be been being do does did has have had who
which what there their they them as on in at so such than then also will would into any get gets""".split()
)
_SHARED = frozenset("all at by for it no so to under".split())
"""English function words that are Norwegian words too, and so tell nothing."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """The words of one lexicon."""

    nynorsk: Mapping[str, str]
    """Lower-case nynorsk word to the bokmål one."""
    _english: Mapping[str, str]

    @classmethod
    def of(cls, lists: Lists) -> Gloss:
        """Take the single nynorsk words and the English phrases of the owner's list."""
        nynorsk = {word: said for word, said in _first(lists.nynorsk).items() if " " not in f"{word}{said}"}
        english = {word: said for word, said in _first(lists.english).items() if word not in _FUNCTION}
        return cls(nynorsk, english)

    @staticmethod
    def is_english(text: str) -> bool:
        """Tell whether a sentence is English, by its function words."""
        words = [match.group().lower() for match in WORD.finditer(text)]
        telling = [word for word in words if (word in _FUNCTION or word in _SILENT) and word not in _SHARED]
        return len(telling) >= max(2.0, _ENGLISH_SHARE * len(words)) and not _SILENT.isdisjoint(telling)

    def norwegian(self, text: str) -> str:
        """Return an English sentence with the words that are known put in Norwegian; any other as it is."""
        if not self.is_english(text):
            return text
        out: list[str] = []
        at = 0
        places = list(WORD.finditer(text))
        index = 0
        while index < len(places):
            taken, said = self._phrase([place.group() for place in places[index : index + _LONGEST_PHRASE]])
            out += [text[at : places[index].start()], said]
            at = places[index + taken - 1].end()
            index += taken
        return re.sub(r"\s+", " ", "".join([*out, text[at:]])).strip()

    def _phrase(self, words: list[str]) -> tuple[int, str]:
        """Return how many words the longest known phrase at the front takes, and what it says."""
        lower = [word.lower() for word in words]
        for length in range(len(words), 0, -1):
            said = self._english.get(" ".join(lower[:length]))
            if said is None and length == 1:
                said = _FUNCTION.get(lower[0]) or ("" if lower[0] in _SILENT else self._inflected(lower[0]))
            if said is not None:
                return length, said
        return 1, words[0]

    def _inflected(self, word: str) -> str | None:
        for ending, base in (
            ("ies", "y"),
            ("es", ""),
            ("s", ""),
            ("ed", ""),
            ("ed", "e"),
            ("ing", ""),
            ("ing", "e"),
        ):
            said = self._english.get(word.removesuffix(ending) + base) if word.endswith(ending) else None
            if said is not None:
                return said
        return None


def _first(entries: Mapping[str, Entry]) -> dict[str, str]:
    return {phrase: entry.answers[0] for phrase, entry in entries.items()}
