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
SHORT = 96
"""Directions, those in which the examples differ most, by which they are looked through."""
MARGIN = 0.04
"""Cosine by which an example may seem less alike by these alone than it is: mostly 0.02.

The few that are missed are hardly ALIKE, and say hardly anything.
"""

Vectors = NDArray[np.float32]


class Examples:
    """The example questions of an open index."""

    def __init__(self, vectors: Vectors, answers: Rows) -> None:
        """Keep them.

        Args:
            vectors: (examples, d), length 1.
            answers: as in `Placed`.
        """
        answers = answers[np.argsort(answers[:, 0], kind="stable")]
        answered, self._starts, self._counts = np.unique(answers[:, 0], return_index=True, return_counts=True)
        self._passages, self._sentences = answers[:, 1], answers[:, 2]
        directions = _directions(vectors)
        self._answered = _Search(vectors, answered, directions)
        unanswered = np.setdiff1d(np.arange(len(vectors)), answered)
        self._unanswered = _Search(vectors, unanswered, directions)
        self._has_both = bool(len(answered)) and bool(len(unanswered))

    @property
    def passages(self) -> frozenset[int]:
        """Rows of the passages that answer an example."""
        return frozenset(self._passages.tolist())

    def near(self, vector: Vectors) -> Near:
        """Compare a question, (d,), with the examples."""
        found, pro = self._answered.alike(vector)
        _, contra = self._unanswered.alike(vector)
        counts = self._counts[found]
        # Row by row of `answers`: those of the first example found, then those of the next.
        rows = np.repeat(self._starts[found] + counts - np.cumsum(counts), counts) + np.arange(counts.sum())
        cosines = np.repeat(pro, counts)
        first = np.argsort(-cosines, kind="stable")
        sentences, best = np.unique(self._sentences[rows[first]], return_index=True)
        return Near(
            sentences,
            cosines[first[best]],
            frozenset(self._passages[rows[first[:NEAREST]]].tolist()),
            float(contra.max(initial=0.0)),
            _lead(pro, contra) if self._has_both else 0.0,
        )


class _Search:
    """Finds those of some vectors that are ALIKE: by a few directions first, then in full."""

    def __init__(self, vectors: Vectors, rows: Rows, directions: Vectors) -> None:
        self._vectors = vectors
        self._rows = rows
        self._directions = directions
        self._short = vectors[rows] @ directions

    def alike(self, vector: Vectors) -> tuple[Rows, Vectors]:
        """Return the numbers among `rows` of the vectors that are ALIKE, and their cosines with `vector`."""
        maybe = np.flatnonzero(self._short @ (vector @ self._directions) >= ALIKE - MARGIN)
        cosines = self._vectors[self._rows[maybe]] @ vector
        are = cosines >= ALIKE
        return maybe[are], cosines[are]


@dataclass(frozen=True, slots=True)
class Near:
    """How near a question lies to the examples."""

    _sentences: Rows
    _best: Vectors
    passages: frozenset[int]
    """Rows of the passages that answer the nearest examples."""
    unanswered: float
    """Cosine of the nearest example that the documents do not answer; 0 if there is none."""
    answered: float
    """How much nearer (cosine, 0 to MOST) lie examples that they answer than ones that they do not.

    0 where there are only examples of the one kind.
    """

    def of(self, sentences: Rows) -> Vectors:
        """Return the cosine of the nearest example that each sentence answers; 0 where none near does."""
        if not len(self._sentences):
            return np.zeros(len(sentences), np.float32)
        at = np.minimum(np.searchsorted(self._sentences, sentences), len(self._sentences) - 1)
        return np.where(self._sentences[at] == sentences, self._best[at], np.float32(0.0))


def _directions(vectors: Vectors) -> Vectors:
    """Return the (d, ≤ SHORT) orthonormal directions in which vectors differ most, as columns.

    The principal components, about the origin: the inner product is what is to be kept.
    """
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, ::-1][:, :SHORT])


def _lead(answered: Vectors, unanswered: Vectors) -> float:
    """Return how much nearer the VOTES answered lie; one that is not ALIKE counts as just so."""
    pro, contra = (
        float(np.sort(np.append(each, [ALIKE] * VOTES))[-VOTES:].mean()) for each in (answered, unanswered)
    )
    return min(MOST, max(0.0, pro - contra))
