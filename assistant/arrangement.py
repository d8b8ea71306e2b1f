"""The order in which the chosen parts of an answer are read, those that belong together as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.spans import SHORT, Part, Span, in_one_block, last_item, merged, place


def arranged(parts: Sequence[Part]) -> list[Part]:
    """Return parts as they are read.

    Those of one passage stand together in its order, the passages in the order they were chosen in; what
    leads stays first.
    """
    return _joined(_gathered([_without_gaps(part) for part in parts]))


def _without_gaps(part: Part) -> Part:
    """Return the whole list where most of one is told: who reads its items believes that none is missing."""
    if part.kind != "list" or len(part.spans) == 1:
        return part
    lead, *items = part.spans
    whole = Span(lead.stored, lead.first, last_item(lead.stored, items[0].first))
    left_out = len(whole.sentences) - 1 - len(items)
    return replace(part, spans=(whole,)) if left_out < len(items) and whole.words <= 2 * part.words else part


def _gathered(parts: Sequence[Part]) -> list[Part]:
    """Put what stands in one passage together, in its order; passages in the order they were chosen in."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.spans[0].stored.row, []).append(part)
    lead, *others = groups.values()
    rest = (sorted(group, key=lambda part: place(part.spans[0])) for group in (lead[1:], *others))
    return [lead[0], *(part for group in rest for part in group)]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Put spans of the same paragraph of the source into one part, in their order there."""
    joined: list[Part] = []
    for part in parts:
        same = next(
            (n for n, other in enumerate(joined) if _belong(other, part, parts[0] if n == 0 else None)), None
        )
        if same is None:
            joined.append(part)
        else:
            spans = sorted((*joined[same].spans, *part.spans), key=place)
            joined[same] = replace(joined[same], spans=tuple(merged(spans)))
    return joined


def _belong(one: Part, other: Part, lead: Part | None) -> bool:
    """Say whether two paragraphs are read as one; before the lead, if that is given, few words may come."""
    if one.kind != "paragraph" or other.kind != "paragraph" or one.same or other.same:
        return False
    begun, added = one.spans[0], other.spans[0]
    if not in_one_block(begun, added):
        return False
    if begun.first < added.first:
        return True
    runs_into = begun.first == other.spans[-1].last + 1
    return runs_into and (
        lead is None or Span(added.stored, added.first, lead.spans[0].first - 1).words <= SHORT
    )
