"""A source as a readable page: its blocks, the table of contents, and the quote marked on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Document, PlacedBlock

Segment = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as the page shows it. `mark` cuts the text where the quote begins and ends."""

    kind: str
    level: int
    text: str
    marker: str
    url: str | None
    id: str
    mark: tuple[Segment, ...] | None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """What the template needs besides the facts about the document."""

    toc: tuple[tuple[str, int, str], ...]
    blocks: tuple[ShownBlock, ...]


def page(document: Document, quote: tuple[int, int] | None) -> SourcePage:
    """Lay out a document.

    Args:
        document: the whole document.
        quote: (start, end) in the document's clean text of what is to be marked.
    """
    shown = tuple(_shown(number, placed, quote) for number, placed in enumerate(document.blocks))
    toc = tuple((block.id, block.level, block.text) for block in shown if block.kind == "heading")
    return SourcePage(toc, shown)


def parse_span(text: str | None, length: int) -> tuple[int, int] | None:
    """Return (start, end) of «start-end», or None where it is not a span of a text of `length`."""
    start, _, end = (text or "").partition("-")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(text or "") < 24):
        return None
    span = int(start), int(end)
    return span if span[0] < span[1] <= length else None


def _shown(number: int, placed: PlacedBlock, quote: tuple[int, int] | None) -> ShownBlock:
    block = placed.block
    return ShownBlock(
        block.kind, block.level, block.text, block.marker, block.url, f"a{number + 1}", _mark(placed, quote)
    )


def _mark(placed: PlacedBlock, quote: tuple[int, int] | None) -> tuple[Segment, ...] | None:
    if quote is None or quote[1] <= placed.start or quote[0] >= placed.end:
        return None
    text = placed.block.text
    shift = placed.end - len(text)  # the marker of an item stands before its text
    start = max(0, quote[0] - shift)
    end = min(len(text), quote[1] - shift)
    cut: Sequence[Segment] = ((text[:start], False), (text[start:end], True), (text[end:], False))
    return tuple(segment for segment in cut if segment[0])
