"""Stretches of the sources that an answer quotes, and the parts of an answer that are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.nesting import depths
from assistant.traits import is_anaphoric, limits, referred, replies, sums_up
from ingest.content import Stored
from ingest.document import Sentence

_WORD = re.compile(r"\w+")
GAP = 2
"""How far the next span may begin after the last sentence of one that it continues."""
SHORT = 30
"""Words. A sentence no longer than this is told before a paragraph that cannot be read without it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Sentences `first` to `last` of one passage, that follow each other in the source."""

    stored: Stored
    first: int
    last: int

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the span."""
        return self.stored.passage.sentences[self.first : self.last + 1]

    @property
    def start(self) -> int:
        """Offset in the document's clean text."""
        return self.stored.passage.sentences[self.first].start

    @property
    def end(self) -> int:
        """Offset in the document's clean text, exclusive."""
        return self.stored.passage.sentences[self.last].end

    @property
    def quote(self) -> str:
        """The verbatim text."""
        passage = self.stored.passage
        return passage.text[self.start - passage.start : self.end - passage.start]

    @property
    def words(self) -> int:
        """Number of words; a bullet is none."""
        return sum(any(map(str.isalnum, word)) for word in self.quote.split())


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the answer. `spans` are quoted in order; `same` say it too, in other documents."""

    kind: Literal["paragraph", "list", "heading"]
    spans: tuple[Span, ...] = ()
    title: str = ""
    same: tuple[Span, ...] = ()

    @property
    def words(self) -> int:
        """Number of words that a reader reads."""
        return sum(span.words for span in self.spans) + len(self.title.split())


def place(span: Span) -> tuple[int, int]:
    """Return where a span stands in the index, to put spans in their order by."""
    return span.stored.row, span.first


def list_around(stored: Stored, at: int) -> tuple[int, int]:
    """Return the first (what introduces it, if anything does) and last sentence of the list `at` is in.

    A lead-in, a heading or the item that it stands below introduces a list; what stands below its items is
    in it.
    """
    sentences = stored.passage.sentences
    depth = depths(stored)
    first = at
    while first > 0 and depth[first - 1] >= max(1, depth[at]):
        first -= 1
    if first > 0 and (sentences[first - 1].kind in ("lead", "heading") or depth[first - 1]):
        first -= 1
    return first, last_item(stored, at)


def lead_in(stored: Stored, at: int) -> Span | None:
    """Return what introduces the list that an item is in: a lead-in, or the item that it stands below."""
    first = list_around(stored, at)[0]
    introduces = (
        depths(stored)[first] < depths(stored)[at] and stored.passage.sentences[first].kind != "heading"
    )
    return Span(stored, first, first) if introduces else None


def last_item(stored: Stored, at: int) -> int:
    """Return the last item of the list that `at` is in or leads, or `at` itself."""
    depth = depths(stored)
    least = depth[at] + (stored.passage.sentences[at].kind == "lead")
    last = at
    while last + 1 < len(depth) and depth[last + 1] >= max(1, least):
        last += 1
    return last


def complete(stored: Stored, at: int) -> Span:
    """Return a sentence with what it cannot be read without.

    A sentence that points back or is introduced takes the one before it along, from the paragraph before
    where it sums that up; one that is limited by the next takes that; a question that the text asks its
    reader takes along the sentence that elaborates it, and what replies to a question takes that along; a
    lead-in takes what it introduces; a mere reference takes what it is about.
    """
    sentences = stored.passage.sentences
    name = referred(sentences[at])
    if name is not None:
        return _with_reference(stored, at, name)
    first = last = at
    same = sentences[at].block
    if first > 0 and sentences[first - 1].kind == "lead" and sentences[first].kind == "sentence":
        first -= 1
    elif is_anaphoric(sentences[first]) and first > 0:
        if sentences[first - 1].block == same:
            first -= 1
        elif sentences[first - 1].kind == "item":
            first = list_around(stored, first - 1)[0]
    if first == at and first > 0 and sums_up(sentences[first]):
        first -= _reads_alone(sentences[first - 1])
    first -= replies(sentences, first)
    if replies(sentences, last + 1):
        last += 1
    elif last + 1 < len(sentences) and sentences[last + 1].block == same:
        last += sentences[last].text.endswith("?") or limits(sentences[last + 1])
    if sentences[last].kind == "lead":
        items = last_item(stored, last)
        told = items == last and last + 1 < len(sentences) and sentences[last + 1].kind == "sentence"
        last = last + 1 if told else items
    return Span(stored, first, last)


def _with_reference(stored: Stored, at: int, name: str) -> Span:
    """Return a mere reference with the paragraph below if its law opens that, else with what it closes."""
    sentences = stored.passage.sentences
    below = [n for n in range(at + 1, len(sentences)) if sentences[n].block == sentences[at + 1].block]
    law = max(_WORD.findall(name.lower()), key=len)
    if below and law in _WORD.findall(sentences[below[0]].text.lower()):
        return Span(stored, at, below[-1])
    above = [n for n in range(at) if sentences[n].block == sentences[at - 1].block]
    if not above or sentences[at - 1].kind != "sentence":
        return Span(stored, at, at)
    return Span(stored, at - 1 if sentences[at].block == sentences[at - 1].block else above[0], at)


def paragraphs_of(stored: Stored) -> Iterator[Span]:
    """Yield the paragraphs of a passage, each with the list that it introduces."""
    first: int | None = None
    sentences = stored.passage.sentences
    for at, sentence in enumerate(sentences):
        if sentence.kind == "heading":
            continue
        before = sentences[at - 1] if at else None
        goes_on = before is not None and (sentence.block == before.block or depths(stored)[at] > 0)
        if first is not None and not goes_on:
            yield Span(stored, first, at - 1)
            first = None
        first = at if first is None else first
    if first is not None:
        yield Span(stored, first, len(sentences) - 1)


def _reads_alone(sentence: Sentence) -> bool:
    """Say whether a sentence is a whole one, short, and does not point back itself."""
    whole = sentence.kind == "sentence" and sentence.text.endswith(".")
    return whole and len(sentence.text.split()) <= SHORT and not is_anaphoric(sentence)


def overlap(one: Span, other: Span) -> bool:
    """Say whether two spans share a sentence."""
    return one.stored.row == other.stored.row and one.first <= other.last and other.first <= one.last


def is_among(span: Span, others: Iterable[Span]) -> bool:
    """Say whether a span shares a sentence with one of the others."""
    return any(overlap(span, other) for other in others)


def in_one_block(one: Span, other: Span) -> bool:
    """Say whether two spans stand in the same block of the source."""
    return one.stored.row == other.stored.row and one.sentences[-1].block == other.sentences[0].block


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans, given in their order, as few as they can be: where one sentence is left out, it is told.

    Who reads on over a gap believes that nothing is missing.
    """
    current: Span | None = None
    for span in spans:
        if current is not None and in_one_block(current, span) and span.first <= current.last + GAP:
            current = Span(current.stored, current.first, max(current.last, span.last))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
