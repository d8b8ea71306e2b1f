"""What a run of `eval.clients` met, summed up and held against the aims."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

SLICES = 20
"""Parts of the run that are shown apart."""
MINUTE = 0.1
"""Part of the run, a minute of ten, after which memory is to be flat; compared with the last such part."""
FLAT = 1.05
"""How many times the memory after the first minute it may be at the end."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One question: seconds into the run, milliseconds it took, and the status (0: no answer came)."""

    at: float
    took: float
    status: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the run: seconds from the start, replies, p50 and p95 in ms, the server's memory in MB."""

    at: float
    replies: int
    middle: float
    slow: float
    memory: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole run. Times are milliseconds; `allowed` is 4 × (clients ÷ cores) × the median alone."""

    clients: int
    seconds: float
    replies: int
    errors: int
    alone: float
    middle: float
    slow: float
    allowed: float
    cores: int
    settled: float | None
    """The server's memory in MB after the first minute: the median of the second."""
    ended: float | None
    """The median of the last minute."""
    slices: tuple[Slice, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing failed, and times and memory are within the aim."""
        flat = self.settled is None or self.ended is None or self.ended <= FLAT * self.settled
        return not self.errors and self.slow <= self.allowed and flat


def outcome_of(
    clients: int,
    seconds: float,
    alone: float,
    replies: Sequence[Reply],
    memory: Sequence[tuple[float, float]],
) -> Outcome:
    """Sum up a run.

    Args:
        clients: how many asked.
        seconds: how long.
        alone: median milliseconds of an answer when nobody else asked.
        replies: what came of each question.
        memory: (seconds into the run, MB) of the server, in order; empty where it was not followed.
    """
    took = [reply.took for reply in replies]
    width = seconds / SLICES
    return Outcome(
        clients=clients,
        seconds=seconds,
        replies=len(replies),
        errors=sum(reply.status != 200 for reply in replies),
        alone=alone,
        middle=float(np.percentile(took, 50)),
        slow=float(np.percentile(took, 95)),
        allowed=4 * clients / (os.cpu_count() or 1) * alone,
        cores=os.cpu_count() or 1,
        settled=_between(memory, MINUTE * seconds, 2 * MINUTE * seconds),
        ended=_between(memory, (1 - MINUTE) * seconds, float("inf")),
        slices=tuple(_slice(number * width, width, replies, memory) for number in range(SLICES)),
    )


def _slice(at: float, width: float, replies: Sequence[Reply], memory: Sequence[tuple[float, float]]) -> Slice:
    took = [reply.took for reply in replies if at <= reply.at < at + width]
    held = [amount for moment, amount in memory if at <= moment < at + width]
    middle, slow = (float(np.percentile(took, share)) if took else 0.0 for share in (50, 95))
    return Slice(at, len(took), middle, slow, max(held, default=None))


def _between(memory: Sequence[tuple[float, float]], start: float, end: float) -> float | None:
    held = [amount for moment, amount in memory if start <= moment < end]
    return float(np.median(held)) if held else None


def show(console: Console, outcome: Outcome) -> None:
    """Print what happened, and a bar for each part of the run."""
    console.print(
        f"{outcome.clients} samtidige i {outcome.seconds:.0f} s: {outcome.replies} svar, "
        f"{outcome.errors} feil.\n"
        f"Alene {outcome.alone:.0f} ms. Samtidig p50 {outcome.middle:.0f} ms, p95 {outcome.slow:.0f} ms "
        f"(krav: høyst 4 × {outcome.clients} ÷ {outcome.cores} kjerner × {outcome.alone:.0f} "
        f"= {outcome.allowed:.0f} ms)."
    )
    if outcome.settled is not None and outcome.ended is not None:
        console.print(
            f"Minne etter det første minuttet {outcome.settled:.0f} MB, i det siste {outcome.ended:.0f} MB "
            f"(krav: høyst {FLAT:.2f} ganger)."
        )
    table = Table()
    for column in ("Sekund", "Svar", "p50 ms", "p95 ms", "Minne MB"):
        table.add_column(column, justify="right")
    table.add_column("p95")
    highest = max(part.slow for part in outcome.slices) or 1.0
    for part in outcome.slices:
        memory = "" if part.memory is None else f"{part.memory:.0f}"
        bar = "█" * round(24 * part.slow / highest)
        table.add_row(
            f"{part.at:.0f}", f"{part.replies}", f"{part.middle:.0f}", f"{part.slow:.0f}", memory, bar
        )
    console.print(table)
