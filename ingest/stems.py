"""Snowball's stemmers, safe for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib.metadata import version

import snowballstemmer

PACKAGE = f"snowballstemmer {version('snowballstemmer')}"
"""Part of an index' fingerprint: another version may stem otherwise."""


def stemmer(language: str) -> Callable[[str], str]:
    """Return the stemmer of a language («norwegian»).

    Each thread gets one of its own: Snowball's keeps the word that it works on in itself, so that two at once
    would cut each other's words.
    """
    own = threading.local()

    def stem(word: str) -> str:
        if not hasattr(own, "stem"):
            own.stem = snowballstemmer.stemmer(language).stemWord
        found: str = own.stem(word)
        return found

    return stem
