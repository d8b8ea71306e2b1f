"""Texts to the numbers of a model's vocabulary.

A vocabulary for all the world's scripts takes a second of processor time to open, three quarters of it for
pieces that no text in Latin letters can hold. `write_latin` leaves the others beside it in a form that opens
in hundredths, and gives the same tokens for a text in Latin letters. The whole one is opened by the first
text in other letters.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import marisa_trie
import numpy as np
from tokenizers import Tokenizer

from ingest.errors import ModelError
from ingest.files import digest, replace_with
from ingest.modelfolder import read_json
from ingest.unigram import Unigram

WHOLE = "tokenizer.json"
RULES = "tokenizer-latin.json"
"""How a text is made ready and cut into words, as a tokenizer that has no pieces."""
PIECES = "tokenizer-latin.trie"
TABLE = "tokenizer-latin.npz"
"""Scores and numbers of the pieces, the tokens around a text, and the sha256 of the other files."""
_SUMMED = (WHOLE, RULES, PIECES)

_BROKEN = (OSError, ValueError, KeyError, EOFError, BadZipFile, RuntimeError)

LETTERS = frozenset(map(chr, (*range(0x20, 0x250), *range(0x2010, 0x2030), 0x20AC))) - {"<"}
"""Latin letters with their accents, digits, signs, dashes, quotation marks, bullets, the euro; without the
sign that a vocabulary's own marks begin with (`<s>`)."""


class Tokens:
    """The vocabulary in a model folder."""

    def __init__(self, folder: Path, longest: int) -> None:
        """Open it; a text is cut at `longest` tokens.

        Raises:
            ModelError: the file is broken.
        """
        self._path = folder / WHOLE
        self._longest = longest
        self._latin = _Latin.open(folder)
        if self._latin is None:
            self._whole.get_vocab_size()

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's tokens, special ones included."""
        if self._latin is None or not all(map(LETTERS.issuperset, texts)):
            return [found.ids for found in self._whole.encode_batch(list(texts))]
        return [self._latin.encode(text, self._longest) for text in texts]

    @cached_property
    def _whole(self) -> Tokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(self._path))
        except Exception as error:  # the library raises nothing narrower for a broken file
            raise ModelError(f"{self._path} kan ikke leses: {error}. Kjør `make install`.") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._longest)
        return tokenizer


class _Latin:
    """The part of a vocabulary that texts of LETTERS need."""

    def __init__(self, rules: Tokenizer, unigram: Unigram, around: tuple[list[int], list[int]]) -> None:
        """Take the rules, the pieces, and the tokens that stand before and after a text."""
        self._rules = rules
        self._unigram = unigram
        self._before, self._after = around

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """Return what `write_latin` left in `folder`, or None where it is not there as it was written."""
        with suppress(*_BROKEN):
            # From memory: numpy leaves a broken file open.
            table = np.load(io.BytesIO((folder / TABLE).read_bytes()), allow_pickle=False)
            if table["sums"].tolist() == [digest(folder / name) for name in _SUMMED]:
                trie = marisa_trie.Trie().mmap(str(folder / PIECES))
                unknown = int(table["unknown"])
                unigram = Unigram(trie, table["scores"].tolist(), table["numbers"].tolist(), unknown)
                around = table["before"].tolist(), table["after"].tolist()
                return cls(Tokenizer.from_file(str(folder / RULES)), unigram, around)
        return None

    def encode(self, text: str, longest: int) -> list[int]:
        """Return the numbers of a text's tokens, no more than `longest`."""
        normaliser, cutter = self._rules.normalizer, self._rules.pre_tokenizer
        normal = normaliser.normalize_str(text) if normaliser else text
        words = [word for word, _ in cutter.pre_tokenize_str(normal)] if cutter else [normal]
        pieces = [number for word in words for number in self._unigram.cut(word)]
        room = longest - len(self._before) - len(self._after)
        return [*self._before, *pieces[:room], *self._after]


def has_latin(folder: Path) -> bool:
    """Say whether the vocabulary of Latin letters lies beside the whole one, and is of it."""
    return _Latin.open(folder) is not None


def write_latin(folder: Path) -> None:
    """Write the vocabulary of Latin letters beside the whole one, unless it is there already.

    A vocabulary of another kind than Unigram is left alone: its pieces cannot be judged one by one.

    Raises:
        ModelError: the whole one is broken.
        OSError: the folder cannot be written.
    """
    if has_latin(folder):
        return
    content = read_json(folder / WHOLE)
    model = content.get("model", {})
    marks = [token["content"] for token in content.get("added_tokens", [])]
    if model.get("type") != "Unigram" or model.get("byte_fallback") or any(map(LETTERS.issuperset, marks)):
        return
    whole = Tokenizer.from_file(str(folder / WHOLE))
    numbers = _kept(model["vocab"], whole)
    trie = marisa_trie.Trie(numbers)
    scores = {trie[piece]: model["vocab"][number][1] for piece, number in numbers.items()}
    replace_with(folder / RULES, json.dumps(_rules(content), ensure_ascii=False).encode())
    replace_with(folder / PIECES, trie.tobytes())
    before, after = _around(whole)
    table = io.BytesIO()
    np.savez(
        table,
        scores=np.array([scores[place] for place in range(len(trie))]),
        numbers=np.array([numbers[trie.restore_key(place)] for place in range(len(trie))]),
        unknown=model["unk_id"],
        before=np.array(before, np.int64),
        after=np.array(after, np.int64),
        sums=np.array([digest(folder / name) for name in _SUMMED]),
    )
    replace_with(folder / TABLE, table.getvalue())


def _kept(pieces: Sequence[tuple[str, float]], whole: Tokenizer) -> dict[str, int]:
    """Return the pieces that a text of LETTERS may hold, and the least likely one, with their numbers."""
    normal = whole.normalizer.normalize_str if whole.normalizer else str
    possible = {"▁", *LETTERS, *(sign for letter in LETTERS for sign in normal(letter))}
    # The least likely piece decides what an unknown letter costs.
    least = min(range(len(pieces)), key=lambda number: pieces[number][1])
    return {
        piece: number
        for number, (piece, _) in enumerate(pieces)
        if piece and (number == least or possible.issuperset(piece))
    }


def _rules(content: dict[str, Any]) -> dict[str, Any]:
    """Return a tokenizer's file without its pieces and marks."""
    unknown = content["model"]["vocab"][content["model"]["unk_id"]]
    without: dict[str, Any] = {"added_tokens": [], "post_processor": None, "decoder": None}
    return content | without | {"model": {"type": "Unigram", "vocab": [unknown], "unk_id": 0}}


def _around(whole: Tokenizer) -> tuple[list[int], list[int]]:
    """Return the tokens that a tokenizer puts before and after a text."""
    found = whole.encode("a")
    own = [place for place, special in enumerate(found.special_tokens_mask) if not special]
    return found.ids[: own[0]], found.ids[own[-1] + 1 :]
