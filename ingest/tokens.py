"""Texts to the numbers of a model's vocabulary.

A vocabulary for all the world's scripts takes a second of processor time to open, three quarters of it for
pieces that no text in Latin letters can hold. `write_latin` leaves a copy of the vocabulary without these
beside the whole one; it gives the same tokens for a text in Latin letters, and is opened in a third of the
time. The whole one is opened by the first text in other letters.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.errors import ModelError
from ingest.modelfolder import digest, read_json

WHOLE = "tokenizer.json"
LATIN = "tokenizer-latin.json"
_NUMBERS = "tokenizer-latin.npz"
"""The whole vocabulary's number of each piece of LATIN, and the sha256 of both files."""

_BROKEN = (OSError, ValueError, KeyError, EOFError, BadZipFile)

LETTERS = frozenset(map(chr, (*range(0x20, 0x250), *range(0x2010, 0x2030), 0x20AC)))
"""Latin letters with their accents, digits, signs, dashes, quotation marks, bullets, the euro."""


class Tokens:
    """The vocabulary in a model folder."""

    def __init__(self, folder: Path, longest: int) -> None:
        """Open it; a text is cut at `longest` tokens.

        Raises:
            ModelError: the file is broken.
        """
        self._path = folder / WHOLE
        self._longest = longest
        self._numbers = _numbers(folder)
        self._latin = None if self._numbers is None else self._opened(folder / LATIN)
        if self._latin is None:
            self._whole.get_vocab_size()

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's tokens, special ones included."""
        if self._latin is None or self._numbers is None or not all(map(LETTERS.issuperset, texts)):
            return [found.ids for found in self._whole.encode_batch(list(texts))]
        return [self._numbers[found.ids].tolist() for found in self._latin.encode_batch(list(texts))]

    @cached_property
    def _whole(self) -> Tokenizer:
        return self._opened(self._path)

    def _opened(self, path: Path) -> Tokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing narrower for a broken file
            raise ModelError(f"{path} kan ikke leses: {error}. Kjør `make install`.") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._longest)
        return tokenizer


def has_latin(folder: Path) -> bool:
    """Say whether the vocabulary of Latin letters lies beside the whole one, and is of it."""
    return _numbers(folder) is not None


def write_latin(folder: Path) -> bool:
    """Write the vocabulary of Latin letters beside the whole one; True where it was not there yet.

    A vocabulary of another kind than Unigram is left alone: its pieces cannot be judged one by one.

    Raises:
        ModelError: the whole one is broken.
        OSError: the folder cannot be written.
    """
    if has_latin(folder):
        return False
    content = read_json(folder / WHOLE)
    model = content.get("model", {})
    if model.get("type") != "Unigram":
        return False
    kept = _kept(content, Tokenizer.from_file(str(folder / WHOLE)))
    text = json.dumps(_reduced(content, kept), ensure_ascii=False, separators=(",", ":"))
    _replace(folder / LATIN, text.encode())
    sums = [digest(folder / WHOLE), digest(folder / LATIN)]
    fresh = folder / f".{os.getpid()}.npz"
    np.savez(fresh, numbers=np.array(kept, np.int64), sums=np.array(sums))
    fresh.replace(folder / _NUMBERS)
    return True


def _numbers(folder: Path) -> NDArray[np.int64] | None:
    """Return the whole vocabulary's numbers of the pieces of LATIN, or None where it is not as written."""
    with suppress(*_BROKEN):
        # From memory: numpy leaves a broken file open.
        file = np.load(io.BytesIO((folder / _NUMBERS).read_bytes()), allow_pickle=False)
        if file["sums"].tolist() == [digest(folder / WHOLE), digest(folder / LATIN)]:
            return np.asarray(file["numbers"], np.int64)
    return None


def _kept(content: dict[str, Any], whole: Tokenizer) -> list[int]:
    """Return the numbers of the pieces that a text of LETTERS may hold, and of those that must stay."""
    model = content["model"]
    pieces: list[tuple[str, float]] = model["vocab"]
    normal = whole.normalizer.normalize_str if whole.normalizer else str
    possible = {"▁", *LETTERS, *(sign for letter in LETTERS for sign in normal(letter))}
    # The least likely piece decides what an unknown letter costs.
    needed = {model["unk_id"], min(range(len(pieces)), key=lambda number: pieces[number][1])}
    needed |= {token["id"] for token in content.get("added_tokens", [])}
    needed |= {number for token in _inserted(content) for number in token["ids"]}
    return [n for n, (piece, _) in enumerate(pieces) if n in needed or possible.issuperset(piece)]


def _inserted(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a tokenizer's file says about the tokens that it puts around a text."""
    return list(((content.get("post_processor") or {}).get("special_tokens") or {}).values())


def _reduced(content: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """Return a tokenizer's file with only the `kept` pieces, all numbers changed to match."""
    new = {old: number for number, old in enumerate(kept)}
    model = content["model"]
    fewer = model | {"vocab": [model["vocab"][old] for old in kept], "unk_id": new[model["unk_id"]]}
    added = [token | {"id": new[token["id"]]} for token in content.get("added_tokens", [])]
    reduced: dict[str, Any] = json.loads(json.dumps(content | {"model": fewer, "added_tokens": added}))
    for token in _inserted(reduced):
        token["ids"] = [new[old] for old in token["ids"]]
    return reduced


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    fresh.write_bytes(content)
    fresh.replace(path)
