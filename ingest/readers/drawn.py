"""Items whose bullets are drawn as shapes, told by their indent in text that keeps its place on the page.

The input is fixed-width text, as for `columns`. Browsers print lists so: the text holds no bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.lines import starts_low

_INDENT = range(5, 25)
"""Characters from the margin to a list; further in stand what is centred and the cells of a table."""
_NO_LIST = re.compile(r"[«“\"”„]|\(?\w{1,2}[.)](\s|$)|\d|[§*–→-]|.*(\S\s{3,}\S|(\.\s?){5})")
"""What opens a quote or has a marker of its own, is a row of a table or stands in a table of contents."""
_FULL = 0.95
"""Share of the longest line at which a line left no room for the next word: letters vary in width."""


def mark_drawn(text: str) -> str:
    """Return the lines of a page, with «•» before the items of lists that show no bullets, and a gap below.

    A list is two items or more in a row that begin at the same indent, each with a capital. A page that
    has bullets is left as it is.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    prose = [line for line in lines if line and not _NO_LIST.match(line.strip())]
    if "•" in text or not prose:
        return text
    full = max(map(len, prose))
    indents = sorted(map(_indent, prose))
    margin = next((a for a, b in pairwise(indents) if a == b), indents[0])
    for run in _runs(lines):
        if _indent(lines[run[0]]) - margin in _INDENT:
            items = _items(lines, run, full)
            for at in items:
                lines[at] = f"{' ' * _indent(lines[at])}• {lines[at].strip()}"
            if items:
                lines[run[-1]] += "\n"
    return "\n".join(lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _runs(lines: Sequence[str]) -> Iterator[list[int]]:
    """Yield the lines that stand at the same indent in a row; empty lines between them do not part them."""
    run: list[int] = []
    for at, line in enumerate(lines):
        if run and line and _indent(line) != _indent(lines[run[0]]):
            yield run
            run = []
        if line:
            run.append(at)
    if run:
        yield run


def _items(lines: Sequence[str], run: Sequence[int], full: int) -> list[int]:
    """Return the lines of a run that begin an item: the first, and those the line above had room for."""
    if starts_low(lines[run[0]]) or any(_NO_LIST.match(lines[at].strip()) for at in run):
        return []
    starts = [run[0]]
    for before, at in pairwise(run):
        needed = len(lines[before]) + 1 + len(lines[at].split()[0])
        if not starts_low(lines[at]) and (at > before + 1 or needed <= _FULL * full):
            starts.append(at)
    return starts if len(starts) > 1 else []
