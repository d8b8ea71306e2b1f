"""The form that every text is brought into before it is embedded, and the one that quotes are compared in."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 20_000
"""More than 512 tokens can hold: the longest piece of XLM-R's vocabulary has 16 characters."""
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Soft hyphens, zero-width characters and marks of direction."""


def embeddable(text: str) -> str:
    """Return `text` in NFKC with single spaces and without control, invisible or broken characters.

    The length is cut at `MAX_CHARACTERS` both before and after NFKC, which can make one character eighteen.
    """
    whole = text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8")
    printable = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in visible(whole))
    return " ".join(printable.split())[:MAX_CHARACTERS]


def visible(text: str) -> str:
    """Return `text` in NFKC without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def letters(text: str) -> str:
    """Reduce text to its letters and digits, in lower case: line breaks and hyphens do not count."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())
