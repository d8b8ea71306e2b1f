"""The closed word classes that checking compares, read from wording.toml and keyed by stem."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

_LAW = re.compile(r"[a-zæøå]{3}lov(?:en|ens|a|as|er|ene)?$")


class Analyzer(Protocol):
    """What checking needs of ingest.analysis.Analyzer."""

    def expand(self, token: str) -> tuple[str, ...]:
        """Return the index terms of one lower-case word, its own stem first; none for a stop word."""
        ...

    def stem(self, word: str) -> str:
        """Return the stem of a lower-case word."""
        ...


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The closed classes, keyed as sentences are read: words as written, groups and pairs by stem."""

    negators: frozenset[str]
    forbidding: frozenset[str]
    modals: Mapping[str, str]
    """Modal word to its kind."""
    owed: frozenset[str]
    quantity: Mapping[str, frozenset[str]]
    cause: Mapping[str, frozenset[str]]
    actors: Mapping[str, int]
    nynorsk: tuple[tuple[str, str], ...]
    nynorsk_words: Mapping[str, str]
    not_passive: frozenset[str]
    closed: frozenset[str]
    """Words that are compared by their class, or not at all, and so need no source of their own."""
    prepositions: frozenset[str]
    same: Mapping[str, frozenset[int]]
    opposite: Mapping[str, frozenset[str]]

    def actor(self, word: str) -> int | None:
        """Return the number of the actor that a lower-case word names, in the genitive too."""
        found = self.actors.get(word)
        return self.actors.get(word.removesuffix("s")) if found is None else found


def _all(classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*classes.values())


@cache
def _lists() -> dict[str, dict[str, object]]:
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text("utf-8"))


def key(analyzer: Analyzer, word: str) -> str:
    """Return the stem, kept apart for laws: Snowball takes «-loven» for an ending."""
    stem = str(analyzer.stem(word))
    return f"{stem}+lov" if _LAW.search(word) else stem


def lexicon(analyzer: Analyzer, nynorsk: Mapping[str, str]) -> Lexicon:
    """Return the classes of wording.toml, keyed by the stems of `analyzer`.

    Args:
        analyzer: gives the stems.
        nynorsk: words of the owner's list to bokmål; those of wording.toml hold before them.
    """
    lists = _lists()

    def split(value: object) -> frozenset[str]:
        return frozenset(str(value).split())

    def classes(name: str) -> dict[str, frozenset[str]]:
        return {kind: split(words) for kind, words in lists[name].items()}

    same: dict[str, set[int]] = {}
    for number, group in enumerate(_groups(lists["same"])):
        for word in group.split():
            same.setdefault(key(analyzer, word), set()).add(number)
    opposite: dict[str, set[str]] = {}
    for pair in _strings(lists["opposite"]["pairs"]):
        one, other = (key(analyzer, word) for word in pair.split())
        opposite.setdefault(one, set()).add(other)
        opposite.setdefault(other, set()).add(one)
    negators, quantity = split(lists["negators"]), classes("quantity")
    modals = {word: kind for kind, members in classes("modal").items() for word in members}
    free = split(lists["free"]["words"])
    pieces = (piece.split("=") for piece in str(lists["nynorsk"]["pieces"]).split())
    return Lexicon(
        negators=negators,
        forbidding=split(lists["forbidding"]),
        modals=modals,
        owed=split(lists["owed"]["words"]),
        quantity=quantity,
        cause=classes("cause"),
        actors={word: n for n, group in enumerate(_groups(lists["actors"])) for word in group.split()},
        nynorsk=tuple((piece, bokmal) for piece, bokmal in pieces if piece != bokmal),
        nynorsk_words=dict(nynorsk)
        | dict(piece.split("=") for piece in str(lists["nynorsk"]["words"]).split()),
        not_passive=split(lists["nynorsk"]["passive_exceptions"]),
        closed=negators | free | frozenset(modals) | _all(quantity),
        prepositions=split(lists["actors"]["prepositions"]),
        same={stem: frozenset(numbers) for stem, numbers in same.items()},
        opposite={stem: frozenset(stems) for stem, stems in opposite.items()},
    )


def _strings(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _groups(table: Mapping[str, object]) -> list[str]:
    return _strings(table["groups"])
