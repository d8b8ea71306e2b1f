"""What a document is on its way into the index: source, pages, blocks, passages, sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "link"]
SentenceKind = Literal["heading", "sentence", "lead", "item"]


@dataclass(frozen=True, slots=True)
class Source:
    """What the manifest says about one document. Unknown facts are None, never guessed."""

    id: str
    path: Path
    title: str
    publisher: str | None = None
    language: str = ""
    """«nb», «nn», «en» …; empty until the text is read where the manifest says nothing."""
    kind: str = "veileder"
    """veileder, håndbok, nettside, avtale, rapport, lov or annet."""
    layer: Literal["sentral", "lokal"] = "sentral"
    sha256: str | None = None
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    edition: str | None = None
    supersedes: str | None = None
    external_url: str | None = None
    contact: str | None = None
    work: str | None = None
    """Key of the law or agreement that this document is the text of, as in `Manifest.works`."""


@dataclass(frozen=True, slots=True)
class Page:
    """Raw text of one page. `number` counts from 1 as a viewer does; None where pages are not known."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or link, with clean text (single spaces, whole words).

    `level` is 1 for the outermost heading; of an item, how many lists its own stands in. `marker` is the
    bullet or number that stands before an item in the source ("•", "1.", "c)"), empty where it stands
    elsewhere on the page.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    url: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block with its heading path and where its text stands in the document's clean text."""

    block: Block
    section: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its clean text, and the blocks as spans of that text."""

    source: Source
    text: str
    blocks: tuple[PlacedBlock, ...]
    remark: str | None = None
    """What its owner should know of how it was read; not kept in the index."""

    @classmethod
    def assemble(cls, source: Source, blocks: Iterable[Block], remark: str | None = None) -> Document:
        """Join blocks into one text and give each its heading path and offsets.

        Args:
            source: what the manifest says.
            blocks: in reading order.
            remark: what the owner should know of how they were read.

        Returns:
            A document in which `text[b.start:b.end]` is the block as it would be quoted: an item
            carries its marker, every block ends a line.
        """
        path: list[tuple[int, str]] = []
        placed: list[PlacedBlock] = []
        parts: list[str] = []
        offset = 0
        for block in blocks:
            if block.kind == "heading":
                path = [entry for entry in path if entry[0] < block.level]
                path.append((block.level, block.text))
            line = f"{block.marker} {block.text}" if block.marker else block.text
            section = tuple(text for _, text in path)
            placed.append(PlacedBlock(block, section, offset, offset + len(line)))
            parts.append(line)
            offset += len(line) + 1
        return cls(source, "\n".join(parts), tuple(placed), remark)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verbatim span of the document's clean text.

    `start` and `end` are offsets in `Document.text`. `heading` is the heading that the passage
    stands under, `lead` introduces a list («…:»), `item` is one whole list item with its marker.
    """

    text: str
    start: int
    end: int
    kind: SentenceKind = "sentence"
    block: int = 0
    """Ordinal of the block in the document: sentences with the same number share a paragraph."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of retrieval: neighbouring blocks of one section, never half a sentence.

    `text` is verbatim `Document.text[start:end]`. `section` is the heading path.
    """

    id: str
    document: str
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    page: int | None = None
    sentences: tuple[Sentence, ...] = ()
    facets: frozenset[str] = field(default_factory=frozenset)
    """«phase:starte», «role:verneombud», … by the manifest's rules."""
    links: tuple[tuple[str, str], ...] = ()
    """(text, url) of the links that stand in this passage."""

    def with_facets(self, facets: Iterable[str]) -> Passage:
        """Return the same passage carrying `facets`."""
        return replace(self, facets=frozenset(facets))
