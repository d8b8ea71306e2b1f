"""What the embedding model learns from: questions, the texts that answer them and texts that only seem to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.candidates import is_right
from eval.cases import Case
from eval.practice import Trial
from ingest.chunk import for_embedding, window_for_embedding
from ingest.index import Index

Shape = Literal["sentence", "window", "passage"]
"""What is embedded of a document."""
NEAR = 12
"""Wrong texts kept for a question: the nearest ones."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one shape that matter to a question."""

    right: Sequence[str]
    wrong: Sequence[str]
    """Near the question, and no answer."""
    unclear: frozenset[str]
    """Neither right nor wrong: a window that overlaps the answer."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, as asked and as understood, with its texts."""

    asked: str
    understood: str
    texts: Mapping[Shape, Texts]


@dataclass(frozen=True, slots=True)
class _Side:
    """All texts of one shape in an index, with their (n, d) vectors."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]


def lessons(trial: Trial) -> list[Lesson]:
    """Return a lesson for each question about the documents of a trial, also where they do not answer it.

    Left out are questions about something else altogether, and those whose evidence no text holds whole.

    Raises:
        IngestError: there is no index.
    """
    with trial.opened() as (assistant, shelf):
        sides = _sides(shelf.index)
        found = []
        for case in trial.cases:
            if case.kind == "offtopic":
                continue
            right = _right(sides, case)
            if all(bool(places.size) == case.answerable for places in right.values()):
                seen = assistant.examine(shelf, case.request)
                texts = {shape: _texts(sides[shape], right[shape], seen.vector, shape) for shape in sides}
                found.append(Lesson(case.question, seen.query.text, texts))
        return found


def _sides(index: Index) -> dict[Shape, _Side]:
    content = index.content
    passages = [index.passage(row).passage for row in range(content.size)]
    places = [(passage, at) for passage in passages for at in range(len(passage.sentences))]
    sentences = [passage.sentences[at].text for passage, at in places]
    windows = [window_for_embedding(passage, at) for passage, at in places]
    whole = [for_embedding(content.sources[passage.document].title, passage) for passage in passages]
    return {
        "sentence": _Side(sentences, index.sentence_vectors),
        "window": _Side(windows, index.window_vectors),
        "passage": _Side(whole, index.passage_vectors),
    }


def _right(sides: Mapping[Shape, _Side], case: Case) -> dict[Shape, NDArray[np.intp]]:
    """Return which texts hold the evidence; of the windows those whose middle sentence does."""
    sentences = _holding(sides["sentence"].texts, case)
    return {"sentence": sentences, "window": sentences, "passage": _holding(sides["passage"].texts, case)}


def _holding(texts: Sequence[str], case: Case) -> NDArray[np.intp]:
    return np.flatnonzero([is_right(text, case) for text in texts])


def _texts(side: _Side, right: NDArray[np.intp], question: NDArray[np.float32], shape: Shape) -> Texts:
    beside = {int(at) + step for at in right for step in (-1, 1)} if shape == "window" else set()
    nearest = np.argsort(-(side.vectors @ question)).tolist()
    left = beside | set(right.tolist())
    wrong = [side.texts[at] for at in nearest if at not in left]
    unclear = frozenset(side.texts[at] for at in beside if 0 <= at < len(side.texts))
    return Texts([side.texts[at] for at in right], wrong[:NEAR], unclear)
