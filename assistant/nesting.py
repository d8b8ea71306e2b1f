"""Lists within lists: which items of a passage stand beside each other, and which below another."""

from __future__ import annotations

from functools import lru_cache

from ingest.content import CACHED, Stored
from ingest.document import Sentence
from ingest.markers import follows, look, marker_of


@lru_cache(CACHED)
def depths(stored: Stored) -> tuple[int, ...]:
    """Return in how many lists each sentence stands: 0 for text, 2 for a letter below an item «…:»."""
    found: list[int] = []
    lists: list[str] = []
    """The last marker of each list that goes on, outermost first."""
    before: Sentence | None = None
    for sentence in stored.passage.sentences:
        marker = marker_of(sentence.text)
        if sentence.kind != "item" and not (sentence.kind == "lead" and marker):
            lists = []
        elif before is not None and before.kind == "lead":
            lists = [*lists, marker]
        else:
            depth = _depth(marker, lists)
            lists = [*lists[: depth - 1], marker]
        found.append(len(lists))
        before = sentence
    return tuple(found)


def _depth(marker: str, lists: list[str]) -> int:
    """Return the depth of the innermost list that a marker is the next of, else one that looks like it.

    A marker of a new look opens a list; an item without one goes on with the innermost.
    """
    inwards = range(len(lists), 0, -1)
    following = (depth for depth in inwards if follows(marker, lists[depth - 1]))
    alike = (depth for depth in inwards if look(marker) == look(lists[depth - 1]))
    new = len(lists) + bool(marker and all(lists))
    return next(following, None) or next(alike, None) or max(1, new)
