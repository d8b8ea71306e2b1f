"""The published embedding model with last layers that can learn: what eval.adapt teaches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModel, AutoTokenizer

from ingest.adapter import Adapter
from ingest.export import VECTORS

FROM_LAYER = 7
"""The first layer that learns; what those below make of a text is computed once."""
RANK = 16
MAX_TOKENS = 256
AT_ONCE = 48
NAMES = {
    long.removesuffix(".bias"): short.removesuffix(".b")
    for long, short in VECTORS.items()
    if long.endswith(".bias")
}
"""Names of a layer's parts in transformers' BERT, and in the adapter's file."""


class Thin(nn.Module):
    """A change of a matrix by the product of two thin ones, nothing at first."""

    def __init__(self, rows: int, columns: int) -> None:
        """Make both: up (rows, RANK), down (RANK, columns)."""
        super().__init__()
        self.up = nn.Parameter(torch.zeros(rows, RANK))
        self.down = nn.Parameter(torch.randn(RANK, columns) * 0.02)

    def forward(self, published: Tensor) -> Tensor:
        """Return the changed matrix."""
        return published + self.up @ self.down


class Encoder:
    """The published model, of which the layers from FROM_LAYER on can learn."""

    def __init__(self, folder: Path, adapter: Adapter) -> None:
        """Load the model in `folder` and take off what `adapter` had added to it."""
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval().requires_grad_(False)
        self._below: dict[str, Tensor] = {}
        self._thin: dict[str, Thin] = {}
        self._parts = {
            f"l{number}.{short}": layer.get_submodule(long)
            for number, layer in enumerate(self._model.encoder.layer)
            if number >= FROM_LAYER
            for long, short in NAMES.items()
        }
        for name, part in self._parts.items():
            for own, values in part.named_parameters():
                values.requires_grad_(True)
                change = adapter.change(f"{name}.{own[0]}")
                if change is not None:
                    values.data -= torch.from_numpy(change)
            if isinstance(part, nn.Linear):
                part.weight.requires_grad_(False)
                self._thin[name] = Thin(*part.weight.shape)
                parametrize.register_parametrization(part, "weight", self._thin[name])
        self._published = {
            f"{name}.{own[0]}": values.detach().clone()
            for name, part in self._parts.items()
            for own, values in part.named_parameters(recurse=False)
        }

    @property
    def learned(self) -> list[nn.Parameter]:
        """What can learn."""
        return [each for part in self._parts.values() for each in part.parameters() if each.requires_grad]

    def changes(self) -> dict[str, NDArray[np.float16]]:
        """Return what was learned, by the names of the adapter's file."""
        found = {}
        for name, part in self._parts.items():
            for own, values in part.named_parameters(recurse=False):
                found[f"{name}.{own[0]}"] = _half(values - self._published[f"{name}.{own[0]}"])
        for name, thin in self._thin.items():
            found |= {f"{name}.w.up": _half(thin.up), f"{name}.w.down": _half(thin.down)}
        return found

    def vectors(self, texts: Sequence[str]) -> Tensor:
        """Return (n, d) vectors of length 1."""
        self._read(texts)
        order = sorted(range(len(texts)), key=lambda at: len(self._below[texts[at]]))
        parts = [order[start : start + AT_ONCE] for start in range(0, len(order), AT_ONCE)]
        found = torch.cat([self._above([texts[at] for at in part]) for part in parts])
        return found[torch.argsort(torch.tensor(order))]

    def _read(self, texts: Sequence[str]) -> None:
        """Compute what the layers below make of texts that are new."""
        new = sorted({text for text in texts if text not in self._below}, key=len)
        for start in range(0, len(new), AT_ONCE):
            part = new[start : start + AT_ONCE]
            tokens = self._tokenizer(
                part, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
            )
            mask = tokens["attention_mask"]
            with torch.no_grad():
                hidden = self._model.embeddings(input_ids=tokens["input_ids"])
                hidden = self._through(hidden, mask, 0, FROM_LAYER)
            for text, states, there in zip(part, hidden, mask, strict=True):
                self._below[text] = states[: int(there.sum())].half().clone()

    def _above(self, texts: Sequence[str]) -> Tensor:
        states = [self._below[text].float() for text in texts]
        mask = pad_sequence([torch.ones(len(each)) for each in states], batch_first=True)
        hidden = self._through(pad_sequence(states, batch_first=True), mask, FROM_LAYER, None)
        there = mask.unsqueeze(-1)
        return normalize((hidden * there).sum(1) / there.sum(1), dim=-1)

    def _through(self, hidden: Tensor, mask: Tensor, first: int, last: int | None) -> Tensor:
        hidden_away = (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        for layer in self._model.encoder.layer[first:last]:
            made = layer(hidden, hidden_away)
            hidden = made[0] if isinstance(made, tuple) else made
        return hidden


def _half(values: Tensor) -> NDArray[np.float16]:
    return np.asarray(values.detach().numpy(), np.float16)
