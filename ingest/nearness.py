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
BESIDE = 0.35
"""Cosine that is allowed for between what two questions hold beside these directions.

With it 998 of 1,000 examples that are ALIKE are found.
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
        unanswered = np.setdiff1d(np.arange(len(vectors)), answered)
        self._directions = _directions(vectors)
        short, beside = self._shortened(vectors)
        self._answered, self._unanswered = (
            _Search(vectors, rows, short[rows], beside[rows]) for rows in (answered, unanswered)
        )
        self._has_both = bool(len(answered)) and bool(len(unanswered))

    @property
    def passages(self) -> frozenset[int]:
        """Rows of the passages that answer an example."""
        return frozenset(self._passages.tolist())

    def near(self, vector: Vectors) -> Near:
        """Compare a question, (d,), with the examples."""
        short, beside = self._shortened(vector[np.newaxis])
        found, pro = self._answered.alike(vector, short[0], float(beside[0]))
        _, contra = self._unanswered.alike(vector, short[0], float(beside[0]))
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

    def _shortened(self, vectors: Vectors) -> tuple[Vectors, Vectors]:
        """Return what unit vectors hold of the directions, (n, SHORT), and the length of the rest, (n,)."""
        short = vectors @ self._directions
        return short, np.sqrt(np.maximum(0.0, 1.0 - np.square(short).sum(axis=1)))


class _Search:
    """Finds those of some vectors that are ALIKE: by a few directions first, then in full."""

    def __init__(self, vectors: Vectors, rows: Rows, short: Vectors, beside: Vectors) -> None:
        self._vectors = vectors
        self._rows = rows
        self._short = short
        self._beside = beside

    def alike(self, vector: Vectors, short: Vectors, beside: float) -> tuple[Rows, Vectors]:
        """Return the numbers among `rows` of the vectors that are ALIKE, and their cosines with `vector`."""
        maybe = np.flatnonzero(self._short @ short + (BESIDE * beside) * self._beside >= ALIKE)
        cosines = self._vectors[self._rows[maybe]] @ vector
        are = cosines >= ALIKE
        return maybe[are], cosines[are]


@dataclass(frozen=True, slots=True)
class Near:
    """How near a question lies to the examples."""

    _sentences: Rows
    _best: Vectors
    passages: frozenset[int]
    """Rows of the passages that answer the nearest examples that are ALIKE."""
    unanswered: float
    """Cosine of the nearest example that the documents do not answer; 0 if none is ALIKE."""
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
