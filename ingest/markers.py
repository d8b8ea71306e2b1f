"""The markers of list items: «•», «1.», «c)», «2.4.1»."""

from __future__ import annotations

import re

_MARKER = re.compile(r"(?:\(?(?:[\d.]*\d|[^\W\d_]|[ivx]+)[.)]|\d+(?:\.\d+)+|[•→*–-])(?=\s)")


def marker_of(text: str) -> str:
    """Return the marker that a text begins with, empty where it has none."""
    found = _MARKER.match(text)
    return found[0] if found else ""


def look(marker: str) -> str:
    """Return what the markers of one list have in common: «1.» for «12.», «a)» for «c)»."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"[\d.]*\d", "1", marker))


def follows(marker: str, before: str) -> bool:
    """Say whether a marker is the next after another in a list: «3.» after «2.», «•» after «•»."""
    now, then = (re.findall(r"\w+", each)[-1:] for each in (marker, before))
    return look(marker) == look(before) and (now == then == [] or _place(*now) == _place(*then) + 1)


def _place(name: str) -> int:
    return int(name) if name.isdecimal() else ord(name[-1])
