"""Checks that each hard fact of a statement stands in the sentences that bear it, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.bearing import Bearing, Case, Support, name_keys
from assistant.facts import Fact, name_key, same_fact
from assistant.wording import Reading, Word

Missing = Literal["", "section", "number", "name", "link"]

_NEAR_UNIT = 3
"""Words to either side of a number in the source among which what it counts must be."""
_NEIGHBOURS = 2
_OPENING = 3
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_WORDS = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


class FactCheck:
    """Compares facts; `missing` is its one question."""

    def __init__(self, bearing: Bearing) -> None:
        self._bearing = bearing
        self._reader = bearing.reader

    def missing(self, case: Case) -> Missing:
        """Return the kind of the first fact that the source does not have, or nothing."""
        names = frozenset().union(
            *(support.names for support in case.chosen),
            *(name_keys(reading.text) for reading in case.context),
        )
        for fact in case.facts:
            if fact.kind == "name":
                if not self._named(fact, case, names):
                    return "name"
            elif fact.kind in ("url", "email"):
                if not any(same_fact(fact, other) for support in case.chosen for other in support.facts):
                    return "link"
            elif not any(self._stands(fact, case.statement, support) for support in case.chosen):
                return "section" if fact.kind in ("section", "ledd", "part") else "number"
        return "" if self._words_stand(case) else "name"

    def _words_stand(self, case: Case) -> bool:
        """Check what may be a name though nothing shows it: the first word, and the titles of laws."""
        first = case.statement.words[0]
        if first.terms and not self._bearing.borne(first, case):
            return False
        laws = [word for word in case.statement.words if word.terms and word.terms[0].endswith("+lov")]
        return all(self._placed(word, case) for word in laws)

    def _named(self, fact: Fact, case: Case, names: frozenset[str]) -> bool:
        word = next((word for word in case.statement.words if word.start == fact.start), None)
        pieces = [name_key(piece) for piece in re.split(r"[-’']", fact.value) if len(piece) > 1]
        name = next((value for value in (fact.value, *pieces[:1]) if value in names), "")
        if name and word is not None and self._sets_the_scene(word, case):
            return True
        if name:
            return word is None or not word.terms or self._placed(word, case, name)
        return word is not None and bool(word.terms) and self._placed(word, case)

    def _sets_the_scene(self, word: Word, case: Case) -> bool:
        """Tell whether a statement opens by saying where it holds («I Bergen …», «Ifølge KS …»)."""
        opening = case.statement.words[:_OPENING]
        return word in opening[1:] and not opening[0].terms

    def _placed(self, word: Word, case: Case, name: str = "") -> bool:
        """Tell whether the source has `word` beside one of its neighbours, not in another sentence of it."""
        content = [other for other in case.statement.words if other.terms]
        at = content.index(word)
        near = [*content[max(0, at - _NEIGHBOURS) : at], *content[at + 1 : at + 1 + _NEIGHBOURS]]
        for support in case.chosen:
            there = name in support.names if name else self._bearing.bears(word, support.reading)
            if there and (not near or any(self._bearing.bears(other, support.reading) for other in near)):
                return True
        return any(
            name in name_keys(reading.text) if name else self._bearing.bears(word, reading)
            for reading in case.context
        )

    def _stands(self, fact: Fact, statement: Reading, support: Support) -> bool:
        """Tell whether a number or § stands in the sentence, of the same thing."""
        for other in support.facts:
            if not same_fact(fact, other):
                continue
            if fact.kind == "section":
                if self._same_work(fact, other, support) and self._nearest(fact, other, statement, support):
                    return True
                continue
            if fact.kind != "number" or _YEAR.fullmatch(fact.value):
                return True
            unit = _following(statement, fact.end)
            if unit is None or any(
                self._bearing.bears(unit, self._reader.read(near)) for near in _near(support.text, other)
            ):
                return True
        return False

    def _same_work(self, fact: Fact, other: Fact, support: Support) -> bool:
        """Tell whether two § are of one law; a statement may leave the law out, but not add one."""
        if not fact.work:
            return True
        mine = self._reader.read(fact.work).words[0]
        if other.work:
            return self._bearing.alike(mine, self._reader.read(other.work).words[0])
        return self._bearing.bears(mine, self._reader.read(support.passage.text))

    def _nearest(self, fact: Fact, other: Fact, statement: Reading, support: Support) -> bool:
        """Tell whether a word beside the § in the statement goes with it in the source.

        Sources say «drøfting (§ 8-1) og medvirkning (§ 4-2)» or «§ 8-1 gjelder drøfting, § 4-2 …».
        """
        places = sorted({found.start for found in support.facts if found.kind == "section"})
        if len(places) < 2:
            return True
        content = [word for word in statement.words if word.terms and not word.terms[0].endswith("+lov")]
        before = [word for word in content if word.start < fact.start][-_NEIGHBOURS:]
        after = [word for word in content if word.start >= fact.end][:_NEIGHBOURS]
        words = [word for word in support.reading.words if word.terms]
        leading = bool(words) and words[0].start > places[0]
        there = [
            word.start for word in words if any(self._bearing.alike(word, near) for near in (*before, *after))
        ]
        return not there or any(_place_of(at, places, leading) == other.start for at in there)


def _place_of(at: int, places: list[int], leading: bool) -> int:
    """Return which of the places of § the word at `at` goes with: the one before it if § lead, else after."""
    if leading:
        return max((place for place in places if place <= at), default=places[0])
    return min((place for place in places if place >= at), default=places[-1])


def _following(reading: Reading, end: int) -> Word | None:
    """Return the content word that a number counts: the next one, if it comes within two words."""
    after = [word for word in reading.words if word.start >= end][:2]
    return next((word for word in after if word.terms), None)


def _near(text: str, fact: Fact) -> Iterator[str]:
    """Yield the words next to a number in the source."""
    yield from _WORDS.findall(text[fact.end :])[: _NEAR_UNIT + 1]
    yield from _WORDS.findall(text[: fact.start])[-_NEAR_UNIT:]
