"""A question that names its document at length, without the name: what is asked of it weighs more then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_NAMED = re.compile(r"\s+(?:om|about|on)\s+(?P<name>[\w\s-]+?)(?=\s*[?.!,]|$)", re.IGNORECASE)
_LEAST = 2
"""Index terms of a title from which it counts as named."""


def without_title(
    question: str, titles: Iterable[frozenset[str]], terms: Callable[[str], frozenset[str]]
) -> str | None:
    """Return the question without the longest «om …» that only repeats words of one title; None without one.

    «Hvor lenge gjaldt avtalen om digital kompetanse?» asks how long the agreement held.

    Args:
        question: in the words of the documents.
        titles: index terms of what each document is called.
        terms: gives the index terms of a text.
    """
    found = _NAMED.search(question)
    if found is None:
        return None
    name, best = found["name"], (0, 0)
    for title in titles:
        known: frozenset[str] = frozenset()
        for word in re.finditer(r"[\w-]+", name):
            more = known | terms(word.group())
            if not more <= title:
                break
            if len(more) > len(known):
                best = max(best, (len(more), word.end()))
            known = more
    count, end = best
    return None if count < _LEAST else question[: found.start()] + question[found.start("name") + end :]
