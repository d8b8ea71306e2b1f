"""What every reader returns, the limits that all of them keep, and the links and items they take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.document import Block, Page
from ingest.lines import terminated

MAX_BYTES = 50_000_000
"""Largest PDF or DOCX file, in bytes."""
MAX_TEXT_BYTES = 10_000_000
"""Largest text, Markdown or HTML file, in bytes: some 4,000 printed pages."""
MAX_CHARACTERS = 10_000_000
"""Most characters of text that one document may give."""
_MARKER = re.compile(r"^(?:[•·–*-]|\(?[a-zæøå]\)|\(?\d{1,3}[.)])\s+(?=\S)")

_ITEM_WORDS = 25
"""A paragraph of more is none of a list."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as its reader saw it: pages of raw text, or blocks; exactly one of them is set."""

    pages: tuple[Page, ...] | None = None
    blocks: tuple[Block, ...] | None = None
    title: str | None = None
    """What the file calls itself, where it does."""
    remark: str | None = None
    """What its owner should know of how it was read."""

    def __post_init__(self) -> None:
        if (self.pages is None) == (self.blocks is None):
            raise ValueError("a reading holds either pages or blocks")

    @property
    def characters(self) -> int:
        """How much text there is."""
        return sum(len(part.text) for part in self.pages or self.blocks or ())


def web_address(url: str) -> str | None:
    """Return `url` if it leads to the web; a place in the file, a mail address or a script is no link."""
    return url if url.lower().startswith(("http://", "https://")) else None


def typed_item(text: str) -> Block | None:
    """Return an item where its bullet, letter or number was typed by hand."""
    marker = _MARKER.match(text)
    return Block("item", text[marker.end() :], marker=marker[0].strip()) if marker else None


def announced_items(blocks: Sequence[Block]) -> Iterator[Block]:
    """Make items of two or more short paragraphs that a colon announces, none of which ends a sentence.

    The last may end one that those before it began: «én leder; og», «to ansatte.»
    """
    end = 0
    for at, block in enumerate(blocks):
        if block.kind == "paragraph" and block.text.endswith(":"):
            after = (blocks[i] for i in range(at + 1, len(blocks)))
            run = at + 1 + sum(1 for _ in takewhile(_may_be_item, after))
            run += run < len(blocks) and _goes_on(blocks[run - 1]) and _is_short(blocks[run])
            end = run if run > at + 2 else end
            yield block
        else:
            yield replace(block, kind="item") if at < end else block


def _may_be_item(block: Block) -> bool:
    ended = terminated(block.text) and not block.text.endswith(";")
    return _is_short(block) and not ended


def _is_short(block: Block) -> bool:
    return block.kind == "paragraph" and len(block.text.split()) <= _ITEM_WORDS


def _goes_on(block: Block) -> bool:
    return block.text.endswith((";", ",", " og", " eller", " and", " or"))
