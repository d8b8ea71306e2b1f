"""What is given to who asks on without asking anything new: more of it, an example, where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

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
    fresh = sorted(_fresh(found), key=lambda item: -item.score)
    return extract(found.query, fresh) if fresh else []


def example(found: Examination) -> list[Part]:
    """Return the example that the sources give: a new one, else the one that was said; nothing if none."""
    for items in (list(_fresh(found)), _known(found)):
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


def _known(found: Examination) -> list[Evidence]:
    """Return the sentences that were said, best first; the best of all where none was."""
    known = [item for item in found.ranked if is_known(found.query, item.sentence)]
    return [item for item in known if item.sentence.kind != "heading"] or list(found.ranked[:1])


def _fresh(found: Examination) -> Iterator[Evidence]:
    """Yield what was not said and answers well enough, or goes on with a paragraph that does."""
    begun = {_paragraph(item) for item in _known(found)}
    for item in found.ranked:
        worth = item.score + GOES_ON * (_paragraph(item) in begun)
        if worth >= LEAST and states(item.sentence) and not is_known(found.query, item.sentence):
            yield replace(item, score=worth)


def _paragraph(item: Evidence) -> tuple[int, int]:
    return item.stored.row, item.sentence.block
