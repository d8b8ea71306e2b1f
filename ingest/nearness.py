"""How near a question lies to the example questions of an index, and so to the sentences that answer them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.examples import Rows

NEAREST = 8
"""Answers of the nearest examples whose passages are looked at."""
ALIKE = 0.6
"""Cosine from which two questions may ask the same; below it an example says nothing."""
VOTES = 2
"""Examples that speak for an answer or against, the nearest of each: one alone may be about a detail."""
MOST = 0.15
"""Cosine by which the one kind may be nearer; more says no more."""


class Examples:
    """The example questions of an open index."""

    def __init__(self, vectors: NDArray[np.float32], answers: Rows) -> None:
        """Keep them.

        Args:
            vectors: (examples, d), length 1.
            answers: as in `Placed`.
        """
        self._vectors = vectors
        self._answers = answers[np.argsort(answers[:, 2], kind="stable")]
        self._sentences, self._starts = np.unique(self._answers[:, 2], return_index=True)
        self._answered = np.unique(answers[:, 0])
        self._unanswered = np.setdiff1d(np.arange(len(vectors)), self._answered)

    @property
    def passages(self) -> frozenset[int]:
        """Rows of the passages that answer an example."""
        return frozenset(self._answers[:, 1].tolist())

    def near(self, vector: NDArray[np.float32]) -> Near:
        """Compare a question, (d,), with all examples."""
        cosines = self._vectors @ vector
        of_answers = cosines[self._answers[:, 0]]
        unanswered = cosines[self._unanswered]
        best = np.maximum.reduceat(of_answers, self._starts) if len(of_answers) else of_answers
        last = min(NEAREST, len(of_answers)) - 1
        nearest = np.argpartition(-of_answers, last)[: last + 1] if last >= 0 else self._starts
        return Near(
            self._sentences,
            best,
            frozenset(self._answers[nearest, 1].tolist()),
            float(unanswered.max(initial=0.0)),
            _lead(cosines[self._answered], unanswered),
        )


@dataclass(frozen=True, slots=True)
class Near:
    """How near a question lies to the examples."""

    _sentences: Rows
    _best: NDArray[np.float32]
    passages: frozenset[int]
    """Rows of the passages that answer the nearest examples."""
    unanswered: float
    """Cosine of the nearest example that the documents do not answer; 0 if there is none."""
    answered: float
    """How much nearer (cosine, 0 to MOST) lie examples that they answer than ones that they do not."""

    def of(self, sentences: Rows) -> NDArray[np.float32]:
        """Return the cosine of the nearest example that each sentence answers; 0 where it answers none."""
        if not len(self._sentences):
            return np.zeros(len(sentences), np.float32)
        at = np.minimum(np.searchsorted(self._sentences, sentences), len(self._sentences) - 1)
        return np.where(self._sentences[at] == sentences, self._best[at], np.float32(0.0))


def _lead(answered: NDArray[np.float32], unanswered: NDArray[np.float32]) -> float:
    """Return how much nearer the answered lie; 0 where one kind is missing or nothing is alike."""
    if not len(answered) or not len(unanswered) or max(answered.max(), unanswered.max()) < ALIKE:
        return 0.0
    pro, contra = (
        float(-np.partition(-each, min(VOTES, len(each)) - 1)[:VOTES].mean())
        for each in (answered, unanswered)
    )
    return min(MOST, max(0.0, pro - contra))
