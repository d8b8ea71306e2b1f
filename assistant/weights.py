"""The few numbers that fuse, rank and refuse; fitted by `python -m eval.fit`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("weights.json")

Column = NDArray[np.float64]
"""A feature of many passages, or of many sentences."""


class Features(Mapping[str, float]):
    """The features of one passage or sentence, read from the columns of all."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, Column], row: int) -> None:
        self._columns = columns
        self._row = row

    def __getitem__(self, name: str) -> float:
        return float(self._columns[name][self._row])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum: bias + Σ weight · feature. Features it does not name count nothing."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, features: Mapping[str, float]) -> float:
        """Return the sum, on the log-odds scale it was fitted on."""
        total = self.bias
        for name, weight in self.weights.items():
            total += weight * features.get(name, 0.0)
        return total

    def each(self, columns: Mapping[str, Column]) -> Column:
        """Return the sums of many at once; `columns` holds a feature of all of them under its name."""
        total = np.full(len(next(iter(columns.values()))), self.bias)
        for name, weight in self.weights.items():
            total += weight * columns.get(name, 0.0)
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """How passages are fused, how sentences and then passages are ranked, and when an answer is given."""

    passage: Linear
    sentence: Linear
    hit: Linear
    """Of a passage whose sentences have been read: «passage», its score, and «sentences», theirs together."""
    answerable: Linear

    @classmethod
    def load(cls, path: Path = FILE) -> Weights:
        """Read the weights file."""
        data = json.loads(path.read_text())
        return cls(**{name: Linear(data[name]["bias"], data[name]["weights"]) for name in cls.__slots__})


def probability(score: float) -> float:
    """Return the logistic function of a log-odds score, in 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, score))))
