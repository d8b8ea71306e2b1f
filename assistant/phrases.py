"""The owner's word list: read, checked, and made ready for looking up phrases."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ConfigurationError

LONGEST = 5
"""Words in the longest phrase that is looked for."""

Weight = Annotated[float, Field(ge=0, le=1)]
WeightName = Literal["alternative", "abbreviation", "synonym", "similar", "compound_part", "written", "frame"]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: str


class _Groups(BaseModel):
    model_config = ConfigDict(extra="forbid")
    groups: list[Annotated[list[str], Field(min_length=2)]]


class _File(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid")
    weights: dict[WeightName, Weight]
    nynorsk: dict[str, str]
    nynorsk_parts: dict[str, str]
    nynorsk_only: dict[str, str]
    dialect: dict[str, str]
    abbreviations: dict[str, str]
    synonyms: dict[str, str]
    similar: _Groups
    language: dict[Literal["nb", "norsk", "nn", "en"], str]
    frame: _Words
    english_stopwords: _Words
    english: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase stands for, the best answer first. `length` is the phrase's number of words."""

    answers: tuple[str, ...]
    weight: float = 1.0
    length: int = 1


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of the file by their use."""

    weights: Mapping[WeightName, float]
    nynorsk: Mapping[str, Entry]
    nynorsk_parts: Mapping[str, str]
    nynorsk_only: Mapping[str, Entry]
    dialect: Mapping[str, Entry]
    abbreviations: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, Entry]
    similar: Mapping[str, Entry]
    language: Mapping[Literal["nb", "norsk", "nn", "en"], frozenset[str]]
    frame: frozenset[str]
    english_stopwords: frozenset[str]
    english: Mapping[str, Entry]


class Table:
    """Phrases, looked up as written and then by the stems of their words; the longest wins."""

    def __init__(self, entries: Mapping[str, Entry], stem: Callable[[str], str] = str) -> None:
        self._stem = stem
        self._written: dict[tuple[str, ...], Entry] = {}
        self._stemmed: dict[tuple[str, ...], Entry] = {}
        for phrase, entry in entries.items():
            words = tuple(phrase.split())
            counted = Entry(entry.answers, entry.weight, len(words))
            self._written[words] = counted
            # Two phrases may share their stems: the one written first in the file holds.
            self._stemmed.setdefault(tuple(map(stem, words)), counted)
        self._starts = {words[0] for words in (*self._written, *self._stemmed)}

    def find(self, words: Sequence[str]) -> Entry | None:
        """Return the entry of the longest phrase that `words` begin with."""
        if not words or not self._starts.intersection((words[0], self._stem(words[0]))):
            return None
        written = tuple(words[:LONGEST])
        stems = tuple(map(self._stem, written))
        for length in range(len(written), 0, -1):
            found = self._written.get(written[:length]) or self._stemmed.get(stems[:length])
            if found:
                return found
        return None


def read(path: Path) -> Lists:
    """Read and check the word list.

    Raises:
        ConfigurationError: names the file, the place and what is wrong.
    """
    try:
        raw = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigurationError(f"Ordlisten {path} kan ikke leses: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigurationError(f"Ordlisten {path} har en feil: {_reason(error)}") from error
    return _lists(raw)


def _lists(raw: _File) -> Lists:
    synonym, similar = raw.weights["synonym"], raw.weights["similar"]
    return Lists(
        weights=raw.weights,
        nynorsk=_entries(raw.nynorsk),
        nynorsk_parts=raw.nynorsk_parts,
        nynorsk_only=_entries(raw.nynorsk_only),
        dialect=_entries(raw.dialect),
        abbreviations={key.lower(): _answers(value) for key, value in raw.abbreviations.items()},
        synonyms=_entries(raw.synonyms, synonym),
        similar=_merged(raw.similar.groups, similar, _entries(raw.synonyms, synonym)),
        language={language: frozenset(words.split()) for language, words in raw.language.items()},
        frame=frozenset(raw.frame.words.split()),
        english_stopwords=frozenset(raw.english_stopwords.words.split()),
        english=_entries(raw.english),
    )


def _entries(pairs: Mapping[str, str], weight: float = 1.0) -> dict[str, Entry]:
    return {phrase.lower(): Entry(_answers(answers), weight) for phrase, answers in pairs.items()}


def _answers(text: str) -> tuple[str, ...]:
    return tuple(answer.strip() for answer in text.split("|"))


def _merged(groups: list[list[str]], weight: float, one_way: Mapping[str, Entry]) -> dict[str, Entry]:
    """Give each word of the groups the other words of all its groups, and its one-way synonyms."""
    merged: dict[str, dict[str, None]] = {}
    for group in groups:
        for word in group:
            merged.setdefault(word, {}).update((other, None) for other in group if other != word)
    for word in merged:
        if word in one_way:
            merged[word].update(dict.fromkeys(one_way[word].answers))
    return {word: Entry(tuple(others), weight) for word, others in merged.items()}


def _reason(error: ValueError) -> str:
    """Say in one sentence what is wrong with the file and where."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"«{' › '.join(str(part) for part in first['loc'])}»: {first['msg']}."
    return f"{error}."
