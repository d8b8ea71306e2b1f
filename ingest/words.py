"""Norwegian word forms with frequencies in one memory-mapped file: `python -m ingest.words` makes it.

Forms come from simplemma's bokmål and nynorsk lists, frequencies from wordfreq. Both take seconds and
200 MB to open, so they are folded once into a trie of some 3 MB that opens in milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import marisa_trie

from ingest.errors import IngestError, ModelError
from ingest.files import digest, replace_with
from ingest.settings import IngestSettings, load

FILE = "nb-nn.trie"
NOTE = "nb-nn.json"
RECIPE = 1
"""Counts up when the content of the file is put together in another way."""

NAME_FLOOR = 3.0
"""Zipf frequency from which a word that only wordfreq knows (a name, a loan) is taken as known."""

_STEPS = 16
"""Steps of one zipf unit: seven bits reach zipf 7.9, the commonest Norwegian word has 7.6."""
_FORM = 0x80
"""Bit that tells a word form of the lists from a name that is only frequent."""
_CACHE = 1 << 15
_SPELLED = re.compile(r"[a-zæøåéèêóòôâàüöä]+(?:-[a-zæøåéèêóòôâàüöä]+)*")


class WordList:
    """Word forms and their zipf frequency (log10 of occurrences in 10⁹ words, as wordfreq counts)."""

    def __init__(self, trie: marisa_trie.RecordTrie, version: str) -> None:
        self._trie = trie
        self._value = lru_cache(_CACHE)(self._look_up)
        self.version = version

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Memory-map the file that `build` wrote into `folder`.

        Raises:
            ModelError: the file is missing, damaged or of another recipe.
        """
        note = _read_note(folder)
        path = folder / FILE
        if note is None or not path.is_file():
            raise ModelError(f"Ordlisten {path} mangler. Lag den med `make install`.")
        if note.get("recipe") != RECIPE or note.get("sha256") != digest(path):
            raise ModelError(
                f"Ordlisten {path} er skadet eller for gammel. Lag den på nytt med `make install`."
            )
        return cls(marisa_trie.RecordTrie("<B").mmap(str(path)), f"{RECIPE}-{note['sha256'][:12]}")

    @classmethod
    def of(cls, forms: Mapping[str, float], names: Mapping[str, float] | None = None) -> Self:
        """Make a list in memory from word → zipf frequency: for tests and for other languages."""
        trie = _trie(forms, names or {})
        return cls(trie, hashlib.sha256(trie.tobytes()).hexdigest()[:12])

    def __len__(self) -> int:
        return len(self._trie)

    def __contains__(self, word: object) -> bool:
        """Tell whether `word` (lower case) is a Norwegian word form; names do not count."""
        return isinstance(word, str) and bool(self._value(word) & _FORM)

    def knows(self, word: str) -> bool:
        """Tell whether `word` is a word form or a frequent name or loan: nothing to correct."""
        return word in self._trie

    def zipf(self, word: str) -> float:
        """Return the frequency of `word`, 0.0 for one that is rare or unknown."""
        return (self._value(word) & ~_FORM) / _STEPS

    def prefixes(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield the word forms that `word` starts with, shortest first, each with its frequency."""
        for prefix in self._trie.prefixes(word):
            value = self._value(prefix)
            if value & _FORM:
                yield prefix, (value & ~_FORM) / _STEPS

    def _look_up(self, word: str) -> int:
        found = self._trie.get(word)
        return int(found[0][0]) if found else 0


def build(folder: Path) -> bool:
    """Write the word file into `folder` unless it is there already; True when it was written.

    A crash leaves either no file, or one that `open` and the next `build` recognise as unfinished.

    Raises:
        ModelError: the folder cannot be written.
    """
    note: dict[str, Any] = {
        "recipe": RECIPE,
        "simplemma": version("simplemma"),
        "wordfreq": version("wordfreq"),
    }
    kept = _read_note(folder) or {}
    path = folder / FILE
    if path.is_file() and kept == {**note, "sha256": digest(path)}:
        return False
    trie = _trie(*_gather())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_with(path, trie.tobytes())
        note["sha256"] = digest(path)
        replace_with(folder / NOTE, json.dumps(note, indent=1).encode())
    except OSError as error:
        raise ModelError(f"Ordlisten kan ikke skrives til {folder}: {error.strerror}.") from error
    return True


def _gather() -> tuple[dict[str, float], dict[str, float]]:
    """Return (word forms, frequent other words), each with zipf frequencies."""
    # Both packages load large data on use; only the build may pay for that.
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory
    from wordfreq import get_frequency_dict

    zipf = {
        word: 9.0 + math.log10(share)
        for word, share in get_frequency_dict("nb", wordlist="best").items()
        if _SPELLED.fullmatch(word)
    }
    factory = DefaultDictionaryFactory()
    forms: dict[str, float] = {}
    for language in ("nb", "nn"):
        for pair in factory.get_dictionary(language).items():
            for word in map(str.lower, pair):
                if _SPELLED.fullmatch(word):
                    forms[word] = zipf.get(word, 0.0)
    return forms, {word: value for word, value in zipf.items() if value >= NAME_FLOOR}


def _trie(forms: Mapping[str, float], names: Mapping[str, float]) -> marisa_trie.RecordTrie:
    values = {word: _quantise(zipf) for word, zipf in names.items()}
    values.update((word, _quantise(zipf) | _FORM) for word, zipf in forms.items())
    return marisa_trie.RecordTrie("<B", ((word, (values[word],)) for word in sorted(values)))


def _quantise(zipf: float) -> int:
    return max(0, min(_FORM - 1, round(zipf * _STEPS)))


def _read_note(folder: Path) -> dict[str, Any] | None:
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None


def main() -> int:
    """Build the word file in the folder of the settings (MEDRAAD_WORDS)."""
    try:
        folder = load(IngestSettings).words
        written = build(folder)
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Ordliste {'laget' if written else 'finnes'}: {folder / FILE}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
