"""Sentences that were cut: over columns, pages, boxes and bubbles, put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.lines import ends_open, is_capitals, is_label, starts_low, terminated, words
from ingest.segments import Part, is_bubble, opens_section

_LEAST_WORDS = 10
"""A text of fewer words is a heading or a label, unless it stands right before its continuation."""
_COLUMN = 0.5
"""Two pieces of one column differ less than this in width (narrower to wider)."""


def join_flow(pages: Sequence[Sequence[Part]], unwrapped: bool) -> list[list[Part]]:
    """Return the pages with each continuation (it begins with a small letter) joined to its beginning."""
    flow = _Flow([list(parts) for parts in pages], unwrapped)
    flow.join_labels()
    flow.join_continuations()
    return flow.pages


class _Flow:
    def __init__(self, pages: list[list[Part]], unwrapped: bool) -> None:
        self.pages = pages
        self._unwrapped = unwrapped

    def join_labels(self) -> None:
        """Join a label that stands alone («LEDER:») to the text after it."""
        for parts in self.pages:
            i = 0
            while i < len(parts) - 1:
                label, text = parts[i], parts[i + 1]
                alone = label.kind == "text" and is_label(label.raw)
                if (
                    alone
                    and text.kind == "text"
                    and not is_capitals(text.raw)
                    and not is_label(text.lines[0])
                ):
                    parts[i : i + 2] = [label.extended(text)]
                i += 1

    def join_continuations(self) -> None:
        for p, parts in enumerate(self.pages):
            i = 0
            while i < len(parts):
                head = self._beginning(p, i)
                if head is None:
                    i += 1
                    continue
                q, k = head
                self.pages[q][k] = self.pages[q][k].extended(parts[i])
                del parts[i]

    def _beginning(self, p: int, i: int) -> tuple[int, int] | None:
        part = self.pages[p][i]
        before = self.pages[p][i - 1] if i else None
        if part.kind != "text":
            return None
        if (
            before is not None
            and before.kind == "item"
            and not before.displaced
            and self._completes_item(p, i)
        ):
            return (p, i - 1)
        announced = before is not None and before.kind == "text" and before.raw.rstrip().endswith(":")
        if announced or not starts_low(part.raw):
            return None
        far = next(self._candidates(p, i, part), None)
        if before is not None and self._adjacent(before, part, far is not None):
            return far if far is not None and self._breaks_off(far, before) else (p, i - 1)
        return far

    def _breaks_off(self, far: tuple[int, int], before: Part) -> bool:
        """Whether the farther text ends in the middle, and the nearer is a short inset that may end so."""
        head = self.pages[far[0]][far[1]]
        inset = len(words(before.raw)) < _LEAST_WORDS and before.kind == "text" and not is_bubble(before)
        return inset and ends_open(head.raw) and not ends_open(before.raw)

    def _completes_item(self, p: int, i: int) -> bool:
        """Tell whether an item that ends in a colon goes on with what stands between it and the next item."""
        item, part, after = self.pages[p][i - 1], self.pages[p][i], self.pages[p][i + 1 : i + 2]
        if not item.raw.rstrip().endswith(":"):
            return False
        return starts_low(part.raw) or (bool(after) and after[0].kind == "item" and len(part.lines) <= 2)

    def _adjacent(self, before: Part, part: Part, has_other: bool) -> bool:
        if before.kind not in ("text", "item") or before.displaced or terminated(before.raw):
            return False
        if is_capitals(before.raw):
            return False
        if opens_section(before) and not ends_open(before.raw):
            return False
        long = len(before.lines) > 1 or len(words(before.raw)) >= _LEAST_WORDS
        if before.kind == "item" or long or ends_open(before.raw):
            return True
        return not has_other and self._same_column(before, part)

    def _candidates(self, p: int, i: int, part: Part) -> Iterator[tuple[int, int]]:
        """Yield open texts of its section: before it, on the page before, then after it; nearest first."""
        earlier = [(p, k) for k in range(i - 1, -1, -1)]
        previous = next((q for q in range(p - 1, -1, -1) if self.pages[q]), None)
        if previous is not None:
            earlier += [(previous, k) for k in range(len(self.pages[previous]) - 1, -1, -1)]
        later = [(p, k) for k in range(i + 1, len(self.pages[p]))]
        earlier = earlier[: self._next_section(earlier) + 1]
        later = later[: self._next_section(later)]
        open_places = [
            place for place in [*earlier, *later] if self._is_open(self.pages[place[0]][place[1]], part)
        ]
        yield from (place for place in open_places if len(self.pages[place[0]][place[1]].lines) > 1)
        yield from (place for place in open_places if place in earlier)

    def _next_section(self, places: Sequence[tuple[int, int]]) -> int:
        """Return the first of the places at which a section opens, or their number."""
        return next((n for n, (p, k) in enumerate(places) if opens_section(self.pages[p][k])), len(places))

    def _is_open(self, head: Part, part: Part) -> bool:
        if head.kind != "text" or terminated(head.raw) or is_bubble(head):
            return False
        broken = bool(re.search(r"\w-\s*$", head.raw))
        return (broken or len(words(head.raw)) >= _LEAST_WORDS) and self._same_column(head, part)

    def _same_column(self, head: Part, part: Part) -> bool:
        if self._unwrapped or len(part.lines) == 1:
            return True
        narrow, wide = sorted((head.width, part.width))
        return narrow >= _COLUMN * wide
