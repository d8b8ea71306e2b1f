"""A checklist that its source spreads over sub-headings, given whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import exp

from assistant.evidence import Evidence
from assistant.question import Query
from assistant.spans import Part, Span
from ingest.content import Stored

CONSIDERED = 7
"""Best sentences among which one of a list is looked for."""
LEAST_LISTS = 2


def outline(
    query: Query, ranked: Sequence[Evidence], passage: Callable[[int], Stored], rows: Callable[[str], range]
) -> list[Part]:
    """Return the lists under the sub-headings that the question asks for together, or nothing.

    Args:
        query: what is asked.
        ranked: candidate sentences, best first.
        passage: gives the passage at a row.
        rows: gives the rows of a document.
    """
    item = _opening(query, ranked)
    if item is None:
        return []
    section = item.stored.passage.section
    among = item.sentence.kind == "item"
    below = _below(section[:-1] if among else section, item.stored, passage, rows)
    opening = _announcement(below, passage)
    if not among and not opening:
        return []  # what it announces does not stand under headings
    parts = [part for stored in below for part in _lists(stored)]
    if len(parts) >= LEAST_LISTS and (not among or _asks_for_all(query, section[:-1], item, passage, rows)):
        return opening + parts
    return []


def _announcement(below: Sequence[Stored], passage: Callable[[int], Stored]) -> list[Part]:
    """Return the lead-in that stands right above sub-sections, as a part."""
    if not below or below[0].row == 0:
        return []
    above = passage(below[0].row - 1)
    last = len(above.terms) - 1
    is_above = above.passage.section == below[0].passage.section[: len(above.passage.section)]
    announces = is_above and above.passage.sentences[last].kind == "lead"
    return [Part("paragraph", (Span(above, last, last),))] if announces else []


def _opening(query: Query, ranked: Sequence[Evidence]) -> Evidence | None:
    """Return the best sentence of a list, or the one that introduces lists below; None if another answers.

    A question that does not ask for a list is answered with one only if such an introduction is its answer.
    """
    if query.kind != "list":
        return next((item for item in islice(_said(ranked), 2) if _introduces(item, item.at)), None)
    likeliest = _of_lists(ranked)
    for item in ranked[:CONSIDERED]:
        if item.sentence.kind == "item":
            return item if len(item.stored.passage.section) > 1 else None
        if item.sentence.kind in ("lead", "heading") and exp(item.score) > likeliest:
            if _introduces(item, len(item.stored.terms) - 1):
                return item
            if item.sentence.kind == "lead":
                return None
    return None


def _of_lists(ranked: Sequence[Evidence]) -> float:
    """Return what speaks for the likeliest list: it is as likely as its items are together."""
    items: dict[int, float] = {}
    for item in ranked:
        if item.sentence.kind == "item":
            items[item.stored.row] = items.get(item.stored.row, 0.0) + exp(item.score)
    return max(items.values(), default=0.0)


def _introduces(item: Evidence, at: int) -> bool:
    """Say whether sentence `at` is the lead-in that its passage ends with: what it announces stands below."""
    sentences = item.stored.passage.sentences
    return at == len(sentences) - 1 and sentences[at].kind == "lead"


def _said(ranked: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the sentences that are no headings."""
    return (item for item in ranked if item.sentence.kind != "heading")


def _below(
    base: Sequence[str], near: Stored, passage: Callable[[int], Stored], rows: Callable[[str], range]
) -> list[Stored]:
    """Return the passages of sub-sections of `base`."""
    found = (passage(row) for row in rows(near.passage.document))
    depth = len(base)
    return [
        stored
        for stored in found
        if len(stored.passage.section) > depth and stored.passage.section[:depth] == tuple(base)
    ]


def _lists(stored: Stored) -> list[Part]:
    """Return a passage's list with the heading it stands under, if it is one list."""
    kinds = [sentence.kind for sentence in stored.passage.sentences]
    if "item" not in kinds or any(kind == "sentence" for kind in kinds):
        return []
    return [Part("list", (Span(stored, 0, len(kinds) - 1),))]


def _asks_for_all(
    query: Query,
    base: Sequence[str],
    item: Evidence,
    passage: Callable[[int], Stored],
    rows: Callable[[str], range],
) -> bool:
    """Say whether the question names the heading above, and nothing of what announces the item's own list."""
    parent = next(
        (
            passage(row).terms[0]
            for row in rows(item.stored.passage.document)
            if passage(row).passage.section == tuple(base)
        ),
        frozenset[str](),
    )
    asked = {term for term, weight in query.terms.items() if weight >= 1.0}
    return bool(asked & parent) and not asked & _announced(item.stored) - parent


def _announced(stored: Stored) -> frozenset[str]:
    """Return the terms of what a passage says of its list: its heading and the lead-in."""
    told = zip(stored.passage.sentences, stored.terms, strict=True)
    return frozenset().union(*(terms for sentence, terms in told if sentence.kind in ("heading", "lead")))
