"""Which phase, role or other facet a passage belongs to, by rules that are data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


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
        return any(_begins_a_word(word, section) or _begins_a_word(word, text) for word in self.words)


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


def _begins_a_word(word: str, text: str) -> bool:
    """Norwegian inflects at the end: «leder» is in «lederen», and not in «prosjektleder»."""
    return re.search(rf"(?<!\w){re.escape(word.casefold())}", text) is not None
