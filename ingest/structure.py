"""Pages of plain text to blocks: headings, paragraphs, items and links in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from ingest.chrome import strip_chrome
from ingest.clean import WordJoiner, collapse_double_spacing, normalise
from ingest.document import Block, BlockKind, Page
from ingest.flow import join_flow
from ingest.headings import mark_headings, move_inset_sections, set_levels
from ingest.insets import drop_captions, drop_repeats, mark_graphics
from ingest.labels import lift_labels
from ingest.links import attach_links
from ingest.lists import rejoin_lists
from ingest.segments import Part, Segmenter

_KINDS: dict[str, BlockKind] = {
    "heading": "heading",
    "item": "item",
    "row": "item",
    "link": "link",
    "text": "paragraph",
}


def blocks_from_pages(pages: Sequence[Page]) -> list[Block]:
    """Return the document's blocks in reading order, with clean text.

    Args:
        pages: plain text as it was taken out of a PDF or a web page, line ends and empty lines kept.

    Returns:
        Blocks whose `page` is the number of the page where they begin (None where it is not known).
        What is not text of the document (chrome, running heads, captions, pull quotes that repeat
        the text, words of diagrams) is left out.
    """
    lines = collapse_double_spacing([normalise(page.text).replace("\f", "\n").split("\n") for page in pages])
    lines = strip_chrome(lines)
    joiner = WordJoiner(line for page in lines for line in page)
    parts = _arrange(lines, joiner)
    blocks = [_block(part, pages[part.page].number, joiner) for part in parts if part.kind != "graphic"]
    return [block for block in blocks if any(map(str.isalnum, block.text))]


def _arrange(lines: Sequence[Sequence[str]], joiner: WordJoiner) -> list[Part]:
    segmenter = Segmenter(lines)
    pages = attach_links([segmenter.parts(page, number) for number, page in enumerate(lines)])
    pages = drop_repeats(drop_captions(lift_labels(pages)), joiner)
    pages = [mark_graphics(parts) for parts in pages]
    pages = join_flow(pages, segmenter.unwrapped)
    pages = [parts for parts in pages if parts]
    pages = rejoin_lists([mark_headings(*pair) for pair in zip_longest(pages, pages[1:], fillvalue=())])
    return set_levels(move_inset_sections([part for parts in pages for part in parts]))


def _block(part: Part, page: int | None, joiner: WordJoiner) -> Block:
    marker = "" if part.displaced or part.kind != "item" else part.marker
    return Block(_KINDS[part.kind], joiner.join(part.lines), part.level, marker, url=part.url, page=page)
