"""What an ingestion did: what became of each document, and which generation is live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.document import Document, Source
from ingest.files import digest

_MOST_BARE = 0.05
"""Up to this share of the characters a document may hold in headings over nothing: chapters, contents."""

Progress = Callable[[int, int], None]
"""Called with (texts embedded so far, texts to embed)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document."""

    source: Source
    passages: int = 0
    embedded: int = 0
    problem: str | None = None
    """Why it could not be used."""
    remark: str | None = None
    """What its owner should know although it was used."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did.

    `generation` is the live one afterwards, None where no document is left and so nothing answers.
    """

    outcomes: tuple[Outcome, ...]
    generation: str | None
    unchanged: bool = False
    lost: tuple[str, ...] = ()
    """Example questions that were left out: no document holds what answers them."""

    @property
    def complete(self) -> bool:
        """Whether every document could be used."""
        return all(outcome.problem is None for outcome in self.outcomes)


def checksum_remark(source: Source) -> str | None:
    """Return a remark if the file is not the one that the manifest was written for."""
    if source.sha256 is None or digest(source.path) == source.sha256:
        return None
    return "filen er endret siden manifestet ble skrevet (sha256 stemmer ikke)"


def headings_remark(document: Document) -> str | None:
    """Return a remark if much of the text is headings that nothing stands under: they are in no passage."""
    over = {
        placed.section[:depth]
        for placed in document.blocks
        if placed.block.kind != "heading"
        for depth in range(1, len(placed.section) + 1)
    }
    bare = [p for p in document.blocks if p.block.kind == "heading" and p.section not in over]
    share = sum(len(placed.block.text) for placed in bare) / len(document.text)
    if share <= _MOST_BARE:
        return None
    return (
        f"{100 * share:.0f} % av teksten er lest som overskrifter uten tekst under og kan ikke siteres; "
        "er det lister, gi dem punkttegn i dokumentet"
    )
