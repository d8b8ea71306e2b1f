"""What comes out of checking a model's answer: the sentences let through, and what became of the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from assistant.verify import Reason


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that its passages bear, without marks; `quotes` are (passage id, verbatim), best first."""

    text: str
    quotes: tuple[tuple[str, str], ...]
    item: bool = False
    """One item of a list."""
    opens_paragraph: bool = False

    @property
    def passages(self) -> tuple[str, ...]:
        """Ids of the passages that bear it, best first."""
        return tuple(dict.fromkeys(passage for passage, _ in self.quotes))


@dataclass(slots=True)
class Tally:
    """What happened while one answer was written; for the metrics, and for showing what was removed."""

    kept: int = 0
    dropped: Counter[Reason] = field(default_factory=Counter)
    removed: list[tuple[str, Reason]] = field(default_factory=list)
    """The sentences dropped, with the reason. Kept in memory for the caller; never logged here."""
    declined: bool = False
    """The model said that the passages do not answer."""
    checking: float = 0.0
    """Seconds spent on checking."""
    writing: float = 0.0
    """Seconds from the first word asked for to the last one read."""

    @property
    def counts(self) -> dict[str, int]:
        """How many sentences were kept, and how many dropped for each reason."""
        return {"kept": self.kept, **{str(reason): number for reason, number in self.dropped.items()}}
