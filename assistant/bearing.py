"""Finds the sentences of the cited passages that bear a statement, and what each of them bears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.facts import TOKEN, Fact, facts, implied, name_key, same_fact
from assistant.wording import Reader, Reading, Word

_MOST_SENTENCES = 3
_MOST_ITEMS = 10
_ITEM = re.compile(r"^\s*(?:[•–\-*→]|\d+[.)]|[a-zæøå]\))\s")
_POINTS_BACK = re.compile(
    r"\W*(?:det|dette|disse|desse|den|denne|de|dei|han|hun|ho|her|slik|slike|da|då)\b", re.I
)
_CONTEXT_SHARE = 0.34
"""Share of the content words that headings, title and the sentence before may bear at most."""


@dataclass(frozen=True, slots=True)
class Given:
    """A passage that the model was given, as the prompt showed it."""

    id: str
    text: str
    section: tuple[str, ...]
    title: str
    status: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Support:
    """A sentence of a passage that may bear the statement."""

    passage: Given
    text: str
    before: str
    reading: Reading

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Its facts, with the less precise ones that they imply."""
        return tuple(implied(facts(self.text)))

    @cached_property
    def names(self) -> frozenset[str]:
        """All its words as names, as a name may open a sentence."""
        return name_keys(self.text)


@dataclass(frozen=True)
class Case:
    """A statement with the sentences chosen for it, best first, and what stands around them."""

    statement: Reading
    facts: tuple[Fact, ...]
    chosen: tuple[Support, ...]
    context: tuple[Reading, ...]

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The chosen sentences, read."""
        return tuple(support.reading for support in self.chosen)


class Bearing:
    """Tells what bears what."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def bears(self, word: Word, reading: Reading) -> bool:
        """Tell whether `reading` says what `word` says: the same stem, all its parts, or its like."""
        if not word.terms or word.terms[0] in reading.terms:
            return True
        parts = word.terms[1:]
        if len(parts) > 1 and all(part in reading.terms for part in parts):
            return True
        return not self.reader.groups_of(word.text).isdisjoint(reading.groups)

    def alike(self, one: Word, other: Word) -> bool:
        """Tell whether two content words say the same."""
        if not one.terms or not other.terms:
            return False
        if one.terms[0] in other.terms or other.terms[0] in one.terms:
            return True
        return not self.reader.groups_of(one.text).isdisjoint(self.reader.groups_of(other.text))

    def borne(self, word: Word, case: Case) -> bool:
        """Tell whether a chosen sentence or what stands around it bears `word`."""
        return any(self.bears(word, reading) for reading in (*case.readings, *case.context))

    def choose(self, statement: Reading, found: tuple[Fact, ...], cited: Sequence[Given]) -> Case:
        """Take the sentences that together bear most, each adding something to the ones before."""
        supports = [support for passage in cited for support in self._supports(passage)]
        gains = [self._gain(statement, found, support) for support in supports]
        chosen: list[Support] = []
        have: set[tuple[str, int]] = set()
        items = 0
        while supports and len(chosen) - items < _MOST_SENTENCES and len(chosen) < _MOST_ITEMS:
            best = max(range(len(supports)), key=lambda i: (len(gains[i] - have), -len(supports[i].text)))
            if not gains[best] - have:
                break
            have |= gains[best]
            chosen.append(supports[best])
            items += bool(_ITEM.match(supports[best].text))
        context = tuple(self.reader.read(text) for text in _around(chosen))
        return Case(statement, found, tuple(chosen), context)

    def coverage(self, case: Case) -> float:
        """Return the share of the content words that are borne, 0 to 1; 1 where there are only facts."""
        content = [word for word in case.statement.words if word.terms]
        if not content:
            return 1.0 if case.facts else 0.0
        left = [word for word in content if not any(self.bears(word, reading) for reading in case.readings)]
        around = sum(any(self.bears(word, reading) for reading in case.context) for word in left)
        direct = len(content) - len(left)
        return (direct + min(around, _CONTEXT_SHARE * len(content))) / len(content)

    def shared(self, statement: Reading, reading: Reading) -> int:
        """Return how many content words of the statement a sentence bears."""
        return sum(bool(word.terms) and self.bears(word, reading) for word in statement.words)

    def _supports(self, passage: Given) -> Iterator[Support]:
        sentences = passage.sentences or tuple(filter(None, map(str.strip, passage.text.split("\n"))))
        for before, text in pairwise(("", *sentences)):
            yield Support(passage, text, before, self.reader.read(text))

    def _gain(self, statement: Reading, found: tuple[Fact, ...], support: Support) -> set[tuple[str, int]]:
        """Return which content words and facts of the statement this sentence bears; a fact counts twice."""
        gain = {
            ("word", index)
            for index, word in enumerate(statement.words)
            if word.terms and self.bears(word, support.reading)
        }
        for fact in found:
            if fact.kind != "name" and any(same_fact(fact, other) for other in support.facts):
                gain |= {("fact", fact.start), ("again", fact.start)}
        return gain


def name_keys(text: str) -> frozenset[str]:
    """Return the words of `text` as names are compared."""
    return frozenset(map(name_key, TOKEN.findall(text)))


def _around(chosen: Sequence[Support]) -> Iterator[str]:
    """Yield headings, titles and the sentences that chosen ones point back to, each once."""
    texts: list[str] = []
    for support in chosen:
        texts += [*support.passage.section, support.passage.title]
        if _POINTS_BACK.match(support.text) or _ITEM.match(support.text):
            texts.append(support.before)
    yield from dict.fromkeys(filter(None, texts))
