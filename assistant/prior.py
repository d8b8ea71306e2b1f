"""How likely it is that documents answer a question, told by the question alone, before anything is found.

Guidance tells who does what, how and why. It seldom tells what something costs, a telephone number or what
came out of it in the next municipality, however near its texts come to a question about that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.modelfolder import DEFAULT_MODEL

FILE = Path(__file__).with_name("prior.npz")
MOST = 1.0
"""Before it is weighed, either way: the question alone decides nothing.

With more the made-up documents that weights are fitted on are told apart no better, and of real ones (a staff
handbook does tell what a meal may cost) some would be refused that answer plainly.
"""


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer of rectified units between an embedded question and its log-odds, as float32."""

    hidden: NDArray[np.float32]
    """(d, units)"""
    shift: NDArray[np.float32]
    """(units,), added to what reaches each unit."""
    out: NDArray[np.float32]
    """(units,)"""
    bias: float

    def __call__(self, question: NDArray[np.float32]) -> float:
        """Return the log-odds of an embedded question, (d,)."""
        return float(np.maximum(question @ self.hidden + self.shift, 0.0) @ self.out) + self.bias


@dataclass(frozen=True, slots=True)
class Prior:
    """Judges embedded questions of the model that it was fitted to; made by `python -m eval.prior`."""

    network: Network | None
    """None knows nothing."""

    @classmethod
    def of(cls, embedder: str, path: Path = FILE) -> Prior:
        """Read the prior of an embedder's questions; one that knows nothing of another model's.

        Args:
            embedder: its name.
            path: the file.
        """
        if embedder.split(":")[:2] != ["onnx", DEFAULT_MODEL]:
            return cls(None)
        with np.load(path) as data:
            hidden, shift, out = (data[name].astype(np.float32) for name in ("hidden", "shift", "out"))
            return cls(Network(hidden, shift, out, float(data["bias"])))

    def __call__(self, question: NDArray[np.float32]) -> float:
        """Return how likely documents are to answer an embedded question, (d,): -MOST to MOST."""
        if self.network is None:
            return 0.0
        return float(np.clip(self.network(question), -MOST, MOST))
