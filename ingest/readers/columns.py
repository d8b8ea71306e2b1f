"""Two columns put in reading order, from text that keeps its place on the page.

The input is fixed-width text: each line of the page a line, each piece at the column of characters where
it stands. A gutter is a column of characters at which many lines begin anew after a gap and which few
lines cross. Lines that cross it (titles, full-width text) part the page in bands, and so do a head and a
foot that stand apart; in each band the left column comes before the right one.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import mean

MIN_LINES = 6
"""Fewer lines side by side than this are not columns of running text."""
MIN_WIDTH = 18
"""Mean characters of a line of running text in a column; cells of a table are shorter."""

_START = re.compile(r"(?<=\S)\s{2,}(?=\S)")


def in_reading_order(text: str) -> str:
    """Return the lines of a page with its columns one after the other."""
    lines = [line.rstrip() for line in text.split("\n")]
    gutter = find_gutter(lines)
    if gutter is None:
        return "\n".join(lines)
    ordered: list[str] = []
    left: list[str] = []
    right: list[str] = []
    for at, line in enumerate(lines):
        if _crosses(line, gutter) or _stands_apart(lines, at):
            ordered += [*_band(left, right), line]
            left, right = [], []
        else:
            left.append(line[: gutter - 1].rstrip())
            right.append(line[gutter - 1 :].strip())
    return "\n".join(ordered + _band(left, right))


def find_gutter(lines: list[str]) -> int | None:
    """Return the character column at which the right column begins, None where there is one column only."""
    width = max(map(len, lines), default=0)
    starts = Counter(match.end() for line in lines for match in _START.finditer(line))
    middle = [column for column in starts if 0.25 * width <= column <= 0.75 * width]
    if not middle:
        return None
    best = max(middle, key=lambda column: starts[column - 1] + 2 * starts[column] + starts[column + 1])
    beside = [line for line in lines if _both_sides(line, best)]
    crossing = [line for line in lines if _crosses(line, best)]
    if len(beside) < MIN_LINES or len(crossing) > len(beside):
        return None
    return best if _running_text(beside, best) else None


def _running_text(lines: list[str], gutter: int) -> bool:
    left = mean(len(" ".join(line[: gutter - 1].split())) for line in lines)
    right = mean(len(" ".join(line[gutter - 1 :].split())) for line in lines)
    return left >= MIN_WIDTH and right >= MIN_WIDTH


def _both_sides(line: str, gutter: int) -> bool:
    return (
        bool(line[: gutter - 1].strip()) and bool(line[gutter - 1 :].strip()) and not _crosses(line, gutter)
    )


def _crosses(line: str, gutter: int) -> bool:
    """Say whether text runs over the gutter: no gap of two spaces just before it."""
    return bool(line[gutter - 3 : gutter - 1].strip()) and bool(line[gutter - 1 :].strip())


def _stands_apart(lines: list[str], at: int) -> bool:
    """Say whether a line is the head or the foot of its page, with two empty lines to the columns."""
    above, below = (any(side) for side in (lines[:at], lines[at + 1 :]))
    beside = lines[at + 1 : at + 3] if not above else lines[max(0, at - 2) : at]
    return bool(lines[at]) and above != below and not any(beside)


def _band(left: list[str], right: list[str]) -> list[str]:
    """Return the left column and then the right one; a sentence may run on from the one to the other."""
    before, after = _flow(left), _flow(right)
    runs_on = bool(before and after) and before[-1][-1] not in ".:!?" and after[0][0].islower()
    return [*before, *([] if runs_on else [""]), *after, ""]


def _flow(lines: list[str]) -> list[str]:
    """Return one column; where its lines stand between the other's, the gaps mean nothing."""
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    filled = [line for line in lines if line]
    alone = sum(
        bool(line) and not any(lines[max(0, index - 1) : index] + lines[index + 1 : index + 2])
        for index, line in enumerate(lines)
    )
    return filled if alone > 0.8 * len(filled) and len(filled) > MIN_LINES else lines
