"""What was learned on top of the published weights, to bring everyday questions nearer to formal sentences.

The encoder's last layers are changed by sums: a vector by another, a matrix by the product of two thin ones
(LoRA: Hu et al. 2021). `python -m eval.adapt` learns them from the practice questions and writes them to
`adapter.npz`: «l7.q.b» is added to the vector of that name, «l7.q.w.up» (rows, r) · «l7.q.w.down» (r,
columns) to the matrix «l7.q.w».
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelError

FILE = Path(__file__).with_name("adapter.npz")

Array = NDArray[np.float32]


class Adapter:
    """Changes to published weights; without any, they stay as they are."""

    def __init__(self, changes: Mapping[str, Array] | None = None) -> None:
        """Keep the changes, by the names that the file has."""
        self._changes = changes or {}

    @classmethod
    def read(cls, path: Path = FILE) -> Adapter:
        """Read the changes from a file.

        Raises:
            ModelError: it is missing or broken.
        """
        try:
            with np.load(path) as arrays:
                return cls({name: arrays[name].astype(np.float32) for name in arrays.files})
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"Tilpasningen av embedding-modellen, {path.name}, kan ikke leses: {error}."
            ) from error

    def change(self, name: str) -> Array | None:
        """Return what is added to the vector or matrix `name`, None if nothing is."""
        up, down = self._changes.get(f"{name}.up"), self._changes.get(f"{name}.down")
        return self._changes.get(name) if up is None or down is None else up @ down

    def changed(self, name: str, published: Array) -> Array:
        """Return the vector or matrix to use.

        Raises:
            ModelError: the change is of another size.
        """
        change = self.change(name)
        if change is None:
            return published
        if change.shape != published.shape:
            raise ModelError(f"Tilpasningen av embedding-modellen passer ikke til vektene: {name}.")
        return published + change
