"""Example questions: what people ask, and which sentences answer it.

`examples.jsonl` in the folder of the documents holds one JSON object a line: a question, and the quotes that
answer it (`evidence`; none where the documents do not answer). Who asks something alike is then led to the
same sentences. Nothing is ever quoted from the file: an example whose quotes the documents do not hold is
left out, and the owner is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints

from ingest.document import Passage
from ingest.errors import ExamplesError
from ingest.jsonlines import read_lines
from ingest.normalise import letters

_FORM = '{"question": "…", "evidence": [{"document": "id", "quote": "…"}]}'
LEAST = 15
"""Letters that a text must exceed to count as a good part of a quote."""

Rows = NDArray[np.int64]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"[^\W_]")]
"""At least one letter or digit: a quote of punctuation alone would be found everywhere."""


class Quote(BaseModel):
    """Words of a document; compared by `letters` only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    quote: Words


class Example(BaseModel):
    """A question and what answers it: all quotes together, or each alone; none where nothing does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Words
    evidence: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Examples that the index keeps, and where their answers stand.

    `answers` is (answers, 3): number of the example, row of the passage, row of the sentence. An example
    without a row there is one that the documents do not answer.
    """

    examples: tuple[Example, ...]
    answers: Rows
    lost: tuple[Example, ...]
    """Examples whose quotes no document holds."""


def load_examples(path: Path | None) -> tuple[Example, ...]:
    """Read example questions; none where there is no file.

    Raises:
        ExamplesError: it cannot be read, or a line is not of the form; names the line.
    """
    return () if path is None else tuple(example for _, example in read_lines(path, Example, _refused))


def _refused(said: str) -> ExamplesError:
    return ExamplesError(f"{said} Slik ser en linje ut: {_FORM}")


def place(examples: Sequence[Example], passages: Sequence[Passage]) -> Placed:
    """Find the sentences that hold the examples' quotes, or are a good part of one."""
    sentences = _sentences(passages)
    kept: list[Example] = []
    lost: list[Example] = []
    answers: list[tuple[int, int, int]] = []
    for example in examples:
        found = {where for quote in example.evidence for where in _holding(quote, sentences)}
        if example.evidence and not found:
            lost.append(example)
            continue
        answers += ((len(kept), *where) for where in sorted(found))
        kept.append(example)
    return Placed(tuple(kept), np.array(answers, np.int64).reshape(-1, 3), tuple(lost))


def has_quote(text: str, quote: str) -> bool:
    """Say whether a text holds a quote, or is a good part of one; both are reduced by `letters` already."""
    return quote in text or (len(text) > LEAST and text in quote)


_Sentences = Mapping[str, Sequence[tuple[str, tuple[int, int]]]]
"""By document: the letters of each of its sentences, and its rows (passage, sentence)."""


def _sentences(passages: Sequence[Passage]) -> _Sentences:
    found = defaultdict[str, list[tuple[str, tuple[int, int]]]](list)
    row = 0
    for number, passage in enumerate(passages):
        for sentence in passage.sentences:
            found[passage.document].append((letters(sentence.text), (number, row)))
            row += 1
    return found


def _holding(quote: Quote, sentences: _Sentences) -> Iterator[tuple[int, int]]:
    wanted = letters(quote.quote)
    return (where for own, where in sentences.get(quote.document, ()) if has_quote(own, wanted))
