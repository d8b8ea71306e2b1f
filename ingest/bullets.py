"""Bullets that an extraction set apart from their items, brought back to the lines they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from ingest.clean import DISPLACED
from ingest.lines import MARKER, is_label, starts_low

_NUMBER = re.compile(r"\(?(\d{1,2}|[a-zæøå])[.)]")
_REFERS = re.compile(r"(?<=\S )(?:kapittel|kap\.|punkt|pkt\.|nr\.|nummer|bokstav|side|vedlegg|oppgave)$")
"""What wraps before the number of what it names."""


def split_inline(page: Iterable[str]) -> list[str]:
    """Give bullets that stand inside a line a line of their own."""
    return [piece for line in page for piece in re.split(r"(?<=\S)\s+(?=•\s+\S)", line)]


def place_bullets(page: Sequence[str]) -> list[str]:
    """Bring markers that stand alone to their items: the line after, or (bullets) elsewhere on the page.

    An item may begin low where no bullet of the page lacks a text right below it.
    """
    lines = list(page)
    below = [text.strip() for line, text in pairwise([*lines, ""]) if line.strip() == "•"]
    in_place = len(below) > 1 and all(text and not text.startswith("•") for text in below)
    for i, line in enumerate(lines[:-1]):
        marker, text = line.strip(), lines[i + 1].strip()
        bullet = marker == "•" and not text.startswith("•") and (in_place or not starts_low(text))
        named = i > 0 and _REFERS.search(lines[i - 1].rstrip())
        numbered = _NUMBER.fullmatch(marker) and not (_NUMBER.match(text) or named)
        if text and (bullet or numbered):
            lines[i], lines[i + 1] = "", f"{marker} {text}"
    alone = [i for i, line in enumerate(lines) if line.strip() == "•"]
    if not alone:
        return lines
    for run in _item_runs(lines, len(alone)):
        for i in run:
            lines[i] = DISPLACED + lines[i].strip() + (" " if lines[i].endswith(" ") else "")
    return [line for i, line in enumerate(lines) if i not in set(alone)]


def _item_runs(lines: Sequence[str], wanted: int) -> list[list[int]]:
    """Return, per block, the lines that begin an item: the blocks whose items number `wanted`."""
    blocks: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if line.strip():
            blocks[-1].append(i)
        elif blocks[-1]:
            blocks.append([])
    runs = []
    for block in blocks:
        starts = [i for i in block if not starts_low(lines[i]) and not MARKER.match(lines[i].strip())]
        plain = starts and starts[0] == block[0] and not any("•" in lines[i] for i in block)
        if plain and len(starts) >= 0.5 * len(block) and not is_label(lines[block[0]]):
            runs.append(starts)
    for size in range(1, len(runs) + 1):
        fitting = [some for some in combinations(runs[:12], size) if sum(map(len, some)) == wanted]
        if fitting:
            return list(max(fitting, key=lambda some: min(map(len, some))))
    return []
