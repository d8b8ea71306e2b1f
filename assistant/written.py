"""From sentences that a model wrote and the check let through to the contract: citations, blocks, text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.answertype import fits
from assistant.checked import CheckedSentence
from assistant.cite import Citer
from assistant.contract import AnswerBlock
from assistant.evidence import Evidence
from assistant.examine import Examination
from assistant.question import FIGURES, Kind
from assistant.spans import Span
from ingest.content import Stored

NEAR = 3.0
"""How far (log-odds) behind the best evidence a sentence may lie that still counts as answering."""
_DETAILS: frozenset[Kind] = FIGURES | {"paragraph"}
"""Kinds of question that only a sentence with such a detail in it answers."""


@dataclass(slots=True)
class _Block:
    kind: Literal["paragraph", "list"]
    texts: list[str] = field(default_factory=list)
    numbers: dict[int, None] = field(default_factory=dict)

    def finished(self) -> AnswerBlock:
        paragraph = self.kind == "paragraph"
        return AnswerBlock(
            kind=self.kind,
            text=" ".join(self.texts) if paragraph else "",
            items=() if paragraph else tuple(self.texts),
            citations=tuple(self.numbers),
        )


class Written:
    """An answer that grows by the sentence. Marks («[1]») stand after the sentences they belong to."""

    def __init__(self, citer: Citer, passages: Sequence[Stored]) -> None:
        """Take what numbers the citations, and the passages that the model was given."""
        self._citer = citer
        self._passages = {stored.passage.id: stored for stored in passages}
        self._blocks: list[_Block] = []
        self.sentences: list[CheckedSentence] = []

    def add(self, sentence: CheckedSentence) -> str:
        """Add a sentence; return the text that it adds to the answer."""
        self.sentences.append(sentence)
        numbers = [self._citer.number(span) for span in self._spans(sentence.quotes)]
        text = " ".join((sentence.text, *(f"[{number}]" for number in numbers)))
        kind: Literal["paragraph", "list"] = "list" if sentence.item else "paragraph"
        before = self._blocks[-1] if self._blocks else None
        opens = before is None or before.kind != kind or sentence.opens_paragraph
        if opens:
            self._blocks.append(_Block(kind))
        self._blocks[-1].texts.append(text)
        self._blocks[-1].numbers |= dict.fromkeys(numbers)
        gap = "\n\n" if opens and before is not None else ""
        return f"{gap}• {text}\n" if sentence.item else f"{gap}{text} "

    @property
    def blocks(self) -> tuple[AnswerBlock, ...]:
        """What has been written, as blocks of the contract; their texts hold the marks."""
        return tuple(block.finished() for block in self._blocks)

    @property
    def text(self) -> str:
        """What has been written, as running text."""
        return "\n\n".join(
            block.text or "\n".join(f"• {item}" for item in block.items) for block in self.blocks
        )

    def _spans(self, quotes: Sequence[tuple[str, str]]) -> Iterator[Span]:
        """Yield the spans of quotes in the order given, those that follow each other in a passage as one."""
        left = list(dict.fromkeys((id_, self._at(id_, quote)) for id_, quote in quotes))
        while left:
            id_, first = left[0]
            last = first
            while (id_, first - 1) in left:
                first -= 1
            while (id_, last + 1) in left:
                last += 1
            left = [place for place in left if place[0] != id_ or not first <= place[1] <= last]
            yield Span(self._passages[id_], first, last)

    def _at(self, id_: str, quote: str) -> int:
        sentences = self._passages[id_].passage.sentences
        return next(at for at, sentence in enumerate(sentences) if sentence.text == quote)


def answers(found: Examination, sentences: Sequence[CheckedSentence]) -> bool:
    """Say whether sentences, after the check has taken some away, still answer the question.

    One of them must rest on a sentence of the sources that is about as good evidence as the best; and where
    a detail is asked for that the best evidence has (a number, a date, a §), one must have it too.
    """
    best = found.ranked[0]
    near = {
        (item.stored.passage.id, item.sentence.text): item
        for item in found.ranked
        if item.score >= best.score - NEAR
    }
    resting = [
        (sentence, near[quote]) for sentence in sentences for quote in sentence.quotes if quote in near
    ]
    if found.query.kind in _DETAILS and best.features["fits"]:
        return any(_has_detail(found, sentence, item) for sentence, item in resting)
    return bool(resting)


def _has_detail(found: Examination, sentence: CheckedSentence, item: Evidence) -> bool:
    """Say whether a sentence has the detail asked for; in English only its evidence can be read for it."""
    if found.query.language == "en":
        return bool(item.features["fits"])
    return bool(fits(found.query, sentence.text, item.stored.terms[item.at]))
