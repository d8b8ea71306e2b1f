"""Headings that a source numbers («Råd 1» to «Råd 9»), given as the list that they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.numerals import NUMERALS
from assistant.question import Query
from assistant.spans import Part, Span
from ingest.content import Stored

LEAST_SERIES = 3
_NUMBERED = re.compile(r"([A-ZÆØÅa-zæøå]{3,}) \d{1,2}\b")


def series(query: Query, passages: Iterable[Stored]) -> list[Part]:
    """Return the numbered headings that a list question asks for, or how many there are.

    Args:
        query: what is asked.
        passages: a document's passages, in order.
    """
    found: dict[str, list[Span]] = {}
    for stored in passages:
        for at, sentence in enumerate(stored.passage.sentences):
            numbered = _NUMBERED.match(sentence.text) if sentence.kind == "heading" else None
            if numbered:
                found.setdefault(numbered.group(1).lower(), []).append(Span(stored, at, at))
    # «Hva er det siste?» asks for one of those that the question before asked for.
    text = (query.text if query.kind == "list" else query.asked).lower()
    for label, spans in found.items():
        if len(spans) < LEAST_SERIES or (query.which or "").startswith(label):
            continue  # «hvilket av rådene» is one of them
        several = f"{len(spans)}|{_numeral(len(spans))}|hvilke|alle|hvor mange|antall"
        counted = re.search(rf"\b(?:{several}) {re.escape(label)}\b", text)
        if counted or any(_is_plural(word, label) for word in text.split()):
            return [Part("list", tuple(spans))]
    return []


def _numeral(count: int) -> str:
    return next((word for word, number in NUMERALS.items() if number == count), str(count))


def _is_plural(word: str, label: str) -> bool:
    """Say whether a word of the question means all of a series: «rådene», «råda» of «råd»."""
    return re.fullmatch(rf"{re.escape(label)}(?:ene|ane|a|er|ar|s)\W*", word) is not None
