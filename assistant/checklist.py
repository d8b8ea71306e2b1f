"""A checklist that its source writes as prose: a section that asks its reader one thing after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.contentwords import content
from assistant.library import Shelf
from assistant.phases import without_phases
from assistant.question import Kind, Query
from assistant.spans import Part, Span, paragraphs_of
from ingest.content import Stored

LEAST_QUESTIONS = 2
"""Paragraphs that open with a question to the reader, from which a section is a checklist."""
MOST_ASKED = 200
"""Words. A section that asks more than this is not given whole."""
_KINDS: frozenset[Kind] = frozenset({"list", "fact"})
_TO_DO = re.compile(r"\b(?:(?:sjekk|husk|hugs|punkt|checklist)\w*|gjøre?|gjøres|passe på|tenke på)\b")
_GENERAL = re.compile(
    r"\b(?:gi|give|lag|vis|liste|hele?|alle|alt|viktig\w*|fase\w*|prosjekt\w*|digital\w*)\b"
)
"""What may be said beside the name of a section without asking for less than all of it."""


def checklist(shelf: Shelf, query: Query, best: Stored) -> list[Part]:
    """Return what opens each paragraph of a section, if no more is asked than what to do there; or nothing.

    Args:
        shelf: holds the section.
        query: what is asked.
        best: the passage of the best sentence.
    """
    if query.wish is not None or not (_TO_DO.search(query.asked.lower()) and _is_of(shelf, query, best)):
        return []
    section = list(_section(shelf, best))
    kinds = {sentence.kind for stored in section for sentence in stored.passage.sentences}
    asked = list(_openings(section))
    questions = sum(span.quote.endswith("?") for span in asked)
    if kinds - {"heading", "sentence"} or questions < LEAST_QUESTIONS:
        return []
    if not asked[0].quote.endswith("?"):
        asked[0] = next(paragraphs_of(asked[0].stored))  # what the section is about is told whole
    if sum(span.words for span in asked) > MOST_ASKED:
        return []
    return [Part("heading", title=best.passage.section[-1]), *(Part("paragraph", (one,)) for one in asked)]


def _openings(section: Iterable[Stored]) -> Iterator[Span]:
    """Yield the first sentence of each paragraph, also of one that two passages share."""
    block = None
    for stored in section:
        for at, sentence in enumerate(stored.passage.sentences):
            if sentence.kind != "heading" and sentence.block != block:
                yield Span(stored, at, at)
            block = sentence.block


def _is_of(shelf: Shelf, query: Query, best: Stored) -> bool:
    """Say whether the question names the section of a passage, by its phase or heading, and nothing in it."""
    if query.kind not in _KINDS or not best.passage.section:
        return False
    unnamed = without_phases(query.asked.lower(), shelf.manifest.facets)
    rest = shelf.lexicon.terms(" ".join(content(_GENERAL.sub("", _TO_DO.sub("", unnamed)))))
    if query.phases:
        return not rest and query.phases <= best.passage.facets
    return bool(rest) and rest <= shelf.lexicon.terms(best.passage.section[-1])


def _section(shelf: Shelf, stored: Stored) -> Iterator[Stored]:
    """Yield the passages that stand under the same headings as one."""
    rows = shelf.index.content.rows_of(stored.passage.document)
    found = (shelf.index.passage(row) for row in rows)
    return (one for one in found if one.passage.section == stored.passage.section)
