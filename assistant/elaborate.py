"""What is given to who asks on without asking anything new: more of it, an example, where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from operator import not_

from assistant.cite import below_title
from assistant.evidence import Evidence, is_known
from assistant.examine import Examination
from assistant.extract import extract
from assistant.library import Shelf
from assistant.spans import Part
from assistant.traits import states

LEAST = -2.0
"""Score (log-odds) from which a sentence is told besides; the best one of a usual question has 0."""
GOES_ON = 4.0
"""Log-odds that a sentence wins where its paragraph has been begun: who wants more reads on."""
_EXAMPLE = re.compile(
    r"\b(?:f\.?\s?eks\b|(?:for|som) eksempel|til dømes|eksempel\w*|eksempla|døme[rt]?|slik som|blant annet)",
    re.IGNORECASE,
)


def more(found: Examination) -> list[Part]:
    """Return what else answers, first how the paragraph that did goes on; nothing if nothing is left."""
    _, fresh = _told_apart(found)
    return extract(found.query, sorted(fresh, key=lambda item: -item.score)) if fresh else []


def example(found: Examination) -> list[Part]:
    """Return the example that the sources give: a new one, else the one that was said; nothing if none."""
    known, fresh = _told_apart(found)
    for items in (fresh, known):
        given = [item for item in items if _EXAMPLE.search(item.sentence.text)]
        if given:
            return extract(found.query, given)
    return []


def under_sources(shelf: Shelf, parts: Sequence[Part]) -> list[Part]:
    """Return the parts of an answer, each under the document and the innermost section where it stands."""
    found: list[Part] = []
    title = ""
    for part in filter(lambda part: part.spans, parts):
        passage = part.spans[0].stored.passage
        source = shelf.index.content.sources[passage.document]
        path = " › ".join((source.title, *below_title(source, passage.section)[-1:]))
        if path != title:
            title = path
            found.append(Part("heading", title=title))
        found.append(part)
    return found


def _told_apart(found: Examination) -> tuple[list[Evidence], list[Evidence]]:
    """Return the sentences that were said, the best of all where none was, and those to tell besides.

    These answer well enough, or go on with a paragraph that does.
    """
    was_said = [is_known(found.query, item.sentence) for item in found.ranked]
    said = [item for item in compress(found.ranked, was_said) if item.sentence.kind != "heading"]
    known = said or list(found.ranked[:1])
    begun = {_paragraph(item) for item in known}
    fresh = (
        replace(item, score=item.score + GOES_ON * (_paragraph(item) in begun))
        for item in compress(found.ranked, map(not_, was_said))
        if states(item.sentence)
    )
    return known, [item for item in fresh if item.score >= LEAST]


def _paragraph(item: Evidence) -> tuple[int, int]:
    return item.stored.row, item.sentence.block
