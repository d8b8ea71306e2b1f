"""What an ingestion did: what became of each document, and which generation is live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.document import Source
from ingest.files import digest

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
