"""Checks that each hard fact of a statement stands in the sentences that bear it, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.bearing import Bearing, Case, Support, name_keys
from assistant.facts import TOKEN, Fact, facts, implied, name_key, same_fact
from assistant.wording import Reading, Word

Missing = Literal["", "section", "number", "name", "link"]

_NEAR_UNIT = 3
"""Words to either side of a number in the source among which what it counts must be."""
_NEIGHBOURS = 2
_OPENING = 3
_SHARE_OF_HOME = 3
"""A name from another sentence than the main one needs that sentence to bear a third of the statement."""
_NUMERIC = {"number", "percent", "date", "month"}
_OPENS = re.compile(r"[.!?:…]\s+[«\"“(–-]?\s?(?=[A-ZÆØÅ])")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


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
        for fact in (*_opening_name(case), *case.facts):
            if fact.kind == "name":
                if not self._named(fact, case, names) or self._swapped(fact, case):
                    return "name"
            elif fact.kind in ("url", "email"):
                if not any(same_fact(fact, other) for support in case.chosen for other in support.facts):
                    return "link"
            elif self._swapped(fact, case) or not any(
                self._stands(fact, case.statement, support) for support in case.chosen
            ):
                return "section" if fact.kind in ("section", "ledd", "part") else "number"
        return "" if self._words_stand(case) else "name"

    def _swapped(self, fact: Fact, case: Case) -> bool:
        """Tell whether the sentence that bears most has another fact where the statement has this one."""
        if not case.chosen:
            return False
        shared = self._bearing.shared
        main = max(case.chosen, key=lambda support: shared(case.statement, support.reading))
        if fact.kind == "name":
            return self._renamed(fact, case, main)
        if any(same_fact(fact, other) for other in main.facts):
            return False
        kinds = _NUMERIC if fact.kind in _NUMERIC else {fact.kind}
        own = tuple(implied(case.facts))
        return any(
            other.kind in kinds and not any(same_fact(one, other) or same_fact(other, one) for one in own)
            for other in facts(main.text)
        )

    def _renamed(self, fact: Fact, case: Case, main: Support) -> bool:
        """Tell whether a name stands where `main` has another, or comes from elsewhere in the passage."""
        word = _word_at(case.statement, fact.start)
        if word is None or fact.value in main.names or self._bearing.bears(word, main.reading):
            return False
        mine = name_keys(case.statement.text)
        others = (other for other in facts(main.text) if other.kind == "name" and other.value not in mine)
        words = (_word_at(main.reading, other.start) for other in others)
        if any(other is None or not self._bearing.bears(other, case.statement) for other in words):
            return True
        if self._sets_the_scene(word, case):
            return False
        homes = [support for support in case.chosen if fact.value in support.names]
        content = sum(bool(other.terms) for other in case.statement.words)
        return bool(homes) and not any(
            self._bearing.shared(case.statement, home.reading) * _SHARE_OF_HOME >= content for home in homes
        )

    def _words_stand(self, case: Case) -> bool:
        """Check what may be a name though nothing shows it: the first word, and the titles of laws."""
        starts = {match.end() for match in _OPENS.finditer(case.statement.text)}
        for number, word in enumerate(case.statement.words):
            if word.terms and (not number or word.start in starts) and not self._bearing.borne(word, case):
                return False
        laws = [word for word in case.statement.words if word.terms and word.terms[0].endswith("+lov")]
        return all(self._placed(word, case) for word in laws)

    def _named(self, fact: Fact, case: Case, names: frozenset[str]) -> bool:
        word = _word_at(case.statement, fact.start)
        if fact.value in names:
            scene = word is not None and self._sets_the_scene(word, case)
            return scene or word is None or not word.terms or self._placed(word, case, fact.value)
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
            if not self._in_place(fact, statement, support):
                continue
            if fact.kind != "number" or _YEAR.fullmatch(fact.value):
                return True
            unit = _following(statement, fact.end)
            if unit is None or any(
                self._bearing.bears(unit, self._reader.read(near)) for near in _near(support.text, other)
            ):
                return True
        return False

    def _in_place(self, fact: Fact, statement: Reading, support: Support) -> bool:
        """Tell whether the sentence also has one of the words beside the fact, if there are any."""
        content = [word for word in statement.words if word.terms]
        near = [
            *[word for word in content if word.start < fact.start][-_NEIGHBOURS:],
            *[word for word in content if word.start >= fact.end][:_NEIGHBOURS],
        ]
        return not near or any(self._bearing.bears(word, support.reading) for word in near)

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
        content = _without_laws(statement)
        if content and content[0].start > fact.start:
            beside = [word for word in content if word.start >= fact.end][:_NEIGHBOURS]
        else:
            beside = [word for word in content if word.start < fact.start][-_NEIGHBOURS:]
        words = _without_laws(support.reading)
        leading = bool(words) and words[0].start > places[0]
        there = [word.start for word in words if any(self._bearing.alike(word, near) for near in beside)]
        return not there or any(_place_of(at, places, leading) == other.start for at in there)


def _without_laws(reading: Reading) -> list[Word]:
    return [word for word in reading.words if word.terms and not word.terms[0].endswith("+lov")]


def _place_of(at: int, places: list[int], leading: bool) -> int:
    """Return which of the places of § the word at `at` goes with: the one before it if § lead, else after."""
    if leading:
        return max((place for place in places if place <= at), default=places[0])
    return min((place for place in places if place >= at), default=places[-1])


def _opening_name(case: Case) -> Iterator[Fact]:
    """Yield the first word as a name if the passages know it as one: its capital letter tells nothing."""
    if not case.statement.words or not case.statement.words[0].terms:
        return
    first = case.statement.words[0]
    value = name_key(first.text)
    sentences = dict.fromkeys(text for support in case.chosen for text in support.passage.sentences)
    if any(fact.kind == "name" and fact.value == value for text in sentences for fact in facts(text)):
        yield Fact("name", value, first.start, first.start + len(first.text))


def _word_at(reading: Reading, start: int) -> Word | None:
    return next((word for word in reading.words if word.start == start), None)


def _following(reading: Reading, end: int) -> Word | None:
    """Return the content word that a number counts: the next one, if it comes within two words."""
    after = [word for word in reading.words if word.start >= end][:2]
    return next((word for word in after if word.terms), None)


def _near(text: str, fact: Fact) -> Iterator[str]:
    """Yield the words next to a number in the source."""
    yield from TOKEN.findall(text[fact.end :])[: _NEAR_UNIT + 1]
    yield from TOKEN.findall(text[: fact.start])[-_NEAR_UNIT:]
