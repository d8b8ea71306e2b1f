"""What a model is given to write from: passages with the best evidence, or what stands around it in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest

from assistant.bearing import Given
from assistant.cite import status
from assistant.evidence import Evidence
from assistant.examine import Examination
from ingest.content import Stored
from ingest.document import Source

_EACH = 2
"""Passages of each phase that the model is given where each phase is asked for."""
_FENCE = 160
"""Characters that a passage takes in the prompt besides its sentences: marks, title, section."""
_MARK = 10
"""The same for a sentence."""


def material(
    found: Examination, phases: Sequence[str], sources: Mapping[str, Source], room: int
) -> list[tuple[Stored, Given]]:
    """Return passages as the model is given them, the best first.

    Args:
        found: for the question.
        phases: names of the facets that are asked for one by one, if any are.
        sources: by the ids of documents.
        room: characters of the prompt. Where not all passages fit, each is cut down to the sentences that
            are evidence and their neighbours, as many as do.
    """
    passages = _passages(found, phases)
    whole = {stored.row: range(len(stored.passage.sentences)) for stored in passages}
    fits = sum(_cost(stored, whole[stored.row]) for stored in passages) <= room
    kept: Mapping[int, Collection[int]] = whole if fits else _around(found, room)
    return [(one, _given(one, sources, kept[one.row])) for one in passages if one.row in kept]


def _passages(found: Examination, phases: Sequence[str]) -> list[Stored]:
    hits = [hit.stored for hit in found.hits]
    of_each = [[one for one in hits if name in one.passage.facets][:_EACH] for name in phases]
    stored = [*(one for some in of_each for one in some), *(item.stored for item in _ranked(found))]
    return list({one.row: one for one in stored if one.passage.sentences}.values())


def _ranked(found: Examination) -> Iterator[Evidence]:
    """Yield the evidence, best first; of a question of several parts the best of each first."""
    for rank in zip_longest(*(part.ranked for part in found.parts or (found,))):
        yield from (item for item in rank if item is not None)


def _around(found: Examination, room: int) -> dict[int, set[int]]:
    """Return which sentences of which passages to keep: the best evidence with what stands beside it."""
    kept: dict[int, set[int]] = {}
    for item in _ranked(found):
        last = len(item.stored.passage.sentences) - 1
        beside = set(range(max(0, item.at - 1), min(last, item.at + 1) + 1))
        added = _cost(item.stored, beside - kept.get(item.stored.row, set()))
        room -= added if item.stored.row not in kept else max(0, added - _FENCE)
        if room < 0 and kept:
            break
        kept.setdefault(item.stored.row, set()).update(beside)
    return kept


def _cost(stored: Stored, sentences: Collection[int]) -> int:
    return _FENCE + sum(len(stored.passage.sentences[at].text) + _MARK for at in sentences)


def _given(stored: Stored, sources: Mapping[str, Source], kept: Collection[int]) -> Given:
    passage = stored.passage
    source = sources[passage.document]
    sentences = tuple(passage.sentences[at].text for at in sorted(kept))
    return Given(passage.id, "\n".join(sentences), passage.section, source.title, status(source), sentences)
