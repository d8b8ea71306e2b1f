"""Headings in two halves: a label with its number («RÅD», «1») and a title that stands apart from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.chrome import LABEL
from ingest.lines import starts_low, terminated, words
from ingest.segments import Part

_MOST_WORDS = 28

Pages = list[list[Part]]


def lift_labels(pages: Pages) -> Pages:
    """Bring a label and its number («RÅD», «1») together with the title that stands apart from them.

    Where the title stands above the label, the pair was set as the page's headline, wherever the
    extraction left it: it goes to the top of its page. A number that is missing follows from those
    before and after.
    """
    lifted: Pages = []
    for parts in pages:
        places = [i for i, part in enumerate(parts) if part.kind == "text" and LABEL.fullmatch(part.raw)]
        lifted.append(_lift(parts, places[0]) if len(places) == 1 else list(parts))
    return _number(lifted)


def _lift(parts: Sequence[Part], at: int) -> list[Part]:
    number = at + 1 < len(parts) and re.fullmatch(r"\d{1,2}", parts[at + 1].raw)
    end = at + 2 if number else at + 1
    above = at > 0 and _is_title(parts[at - 1])
    below = not above and end < len(parts) and _is_title(parts[end])
    if not above and not below:
        return list(parts)
    title = parts[at - 1] if above else parts[end]
    digits = parts[at + 1].raw if number else "?"
    label = parts[at].raw.capitalize()
    heading = replace(title, kind="heading", marker=f"{label} {digits}:")
    if above:
        return [heading, *parts[: at - 1], *parts[end:]]
    return [*parts[:at], heading, *parts[end + 1 :]]


def _is_title(part: Part) -> bool:
    text = part.raw
    short = len(part.lines) <= 3 and len(words(text)) <= _MOST_WORDS
    return part.kind == "text" and short and not terminated(text) and not starts_low(text)


def _number(pages: Pages) -> Pages:
    """Write the numbers into the labelled headings, the missing ones by their neighbours."""
    places = [(p, i) for p, parts in enumerate(pages) for i, part in enumerate(parts) if _has_label(part)]
    for n, (p, i) in enumerate(places):
        part = pages[p][i]
        marker = part.marker
        if "?" in marker:
            marker = _inferred(pages, places, n, marker)
        lines = (f"{marker} {part.lines[0].strip()}", *part.lines[1:])
        pages[p][i] = replace(part, marker="", lines=lines)
    return pages


def _inferred(pages: Pages, places: Sequence[tuple[int, int]], n: int, marker: str) -> str:
    """Return the label with the number between its neighbours', or without one."""
    for step in (-1, 1):
        if 0 <= n + step < len(places):
            p, i = places[n + step]
            known = re.search(r"(\d+):", pages[p][i].marker or pages[p][i].lines[0])
            if known and int(known[1]) - step > 0:
                return marker.replace("?", str(int(known[1]) - step))
    return marker.replace(" ?", "")


def _has_label(part: Part) -> bool:
    return part.kind == "heading" and part.marker.endswith(":")
