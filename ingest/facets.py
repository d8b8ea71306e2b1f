"""Which phase, role or other facet a passage belongs to, by rules that are data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class FacetRule:
    """One facet value: `headings` count for a whole section, `words` for the passage itself."""

    facet: str
    value: str
    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """«phase:starte», «role:verneombud», …."""
        return f"{self.facet}:{self.value}"

    def holds(self, section: str, text: str) -> bool:
        """Say whether the rule covers a passage; both arguments are casefolded."""
        if any(heading.casefold() in section for heading in self.headings):
            return True
        words = _beginning(self.words)
        return bool(words.search(section) or words.search(text))


@dataclass(frozen=True, slots=True)
class FacetRules:
    """All facet rules of a corpus."""

    rules: tuple[FacetRule, ...] = ()

    def of(self, section: Iterable[str], text: str) -> frozenset[str]:
        """Return the facets of a passage, e.g. {"phase:starte", "role:verneombud"}.

        Args:
            section: the heading path, outermost first.
            text: the passage.
        """
        path, body = "\n".join(section).casefold(), text.casefold()
        return frozenset(rule.name for rule in self.rules if rule.holds(path, body))

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the values of `facet` in the order of the rules."""
        return tuple(rule.value for rule in self.rules if rule.facet == facet)

    def merged(self, other: FacetRules) -> FacetRules:
        """Return these rules with those of `other` in place of the ones of the same name."""
        mine = {rule.name: rule for rule in self.rules}
        return FacetRules(tuple((mine | {rule.name: rule for rule in other.rules}).values()))


@lru_cache(maxsize=256)
def _beginning(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds a word that begins with one of `words`; what finds nothing where there are none.

    Norwegian inflects at the end: «leder» is in «lederen», and not in «prosjektleder».
    """
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word.casefold()) for word in words) or '(?!)'})")
