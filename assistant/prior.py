"""How likely it is that documents answer a question, told by the question alone, before anything is found.

Guidance tells who does what, how and why. It seldom tells what something costs, a telephone number or what
came out of it in the next municipality, however near its texts come to a question about that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.modelfolder import DEFAULT_MODEL

FILE = Path(__file__).with_name("prior.json")
MOST = 0.5
"""Before it is weighed, either way: the question alone decides nothing.

With more the made-up documents that weights are fitted on are told apart no better, and of real ones (a staff
handbook does tell what a meal may cost) some would be refused that answer plainly.
"""


@dataclass(frozen=True, slots=True)
class Prior:
    """A direction among the embedded questions; made by `python -m eval.prior`."""

    direction: NDArray[np.float32] | None
    """(d,) of the model that it was fitted to; None knows nothing."""
    bias: float = 0.0

    @classmethod
    def of(cls, embedder: str, path: Path = FILE) -> Prior:
        """Read the prior of an embedder's questions; one that knows nothing of another model's.

        Args:
            embedder: its name.
            path: the file.
        """
        if embedder.split(":")[:2] != ["onnx", DEFAULT_MODEL]:
            return cls(None)
        data = json.loads(path.read_text())
        return cls(np.array(data["direction"], np.float32), data["bias"])

    def __call__(self, question: NDArray[np.float32]) -> float:
        """Return how likely documents are to answer an embedded question, (d,): -MOST to MOST."""
        if self.direction is None:
            return 0.0
        return float(np.clip(self.direction @ question + self.bias, -MOST, MOST))
