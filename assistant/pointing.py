"""How a question points to a document: by a noun of its own («håndboka», «KS-rapporten») or by its title.

What is asked of the document weighs more without the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.contract import Language

_WORD = re.compile(r"[\wæøå-]+")
_NAMED = re.compile(r"\s+(?:om|about|on)\s+(?P<name>[\w\s-]+?)(?=\s*[?.!,]|$)", re.IGNORECASE)
_LEAST = 2
"""Index terms of a title from which it counts as named."""


def named(question: str, kinds: Mapping[str, Sequence[str]], language: Language) -> dict[str, float]:
    """Return the documents that the question points to by a noun, shared among their like.

    Args:
        question: as it was asked.
        kinds: what people call each document («håndbok», «ks-rapport»).
        language: of the question.
    """
    words = set(_WORD.findall(question.lower()))
    found = [id_ for id_, nouns in kinds.items() if any(words & _definite(noun, language) for noun in nouns)]
    return dict.fromkeys(found, 1.0 / len(found)) if found else {}


def _definite(noun: str, language: Language) -> set[str]:
    """Return the forms of a noun that mean a certain one; English has none of its own."""
    forms = {f"{noun}en", f"{noun}n", f"{noun}a", f"{noun.removesuffix('e')}a"}
    return forms | {noun} if language == "en" else forms


def without_noun(question: str, kinds: Mapping[str, Sequence[str]], language: Language) -> str | None:
    """Return the question without the nouns that point to a document; None if it has none."""
    nouns = {form for names in kinds.values() for name in names for form in _definite(name, language)}
    forms = "|".join(map(re.escape, sorted(nouns, key=len, reverse=True)))
    short = re.sub(
        rf"\s+(?:(?:i|fra|frå|hos|ifølge|etter|in|from)\s+)?\b(?:{forms})\b",
        "",
        question,
        flags=re.IGNORECASE,
    )
    return short if short != question else None


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
