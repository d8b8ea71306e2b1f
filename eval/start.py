"""`python -m eval.start`: how long `medraad serve` takes from its process' first moment until it is ready."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from eval.command import told
from eval.ownserver import own_server

TIMES = 5
AIM = 3.0
"""Seconds to the first 200 from /readyz, with the five documents."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until ready, processor seconds used until then, memory in bytes."""

    seconds: float
    processor: float
    memory: int


def start(options: Sequence[str] = ()) -> Start:
    """Start a server of its own on a free port, wait until it is ready, and stop it.

    Args:
        options: more of `medraad serve`'s.

    Raises:
        EvalError: it ended, or was not ready in time.
    """
    begun = time.perf_counter()
    with own_server(options, stderr=subprocess.DEVNULL) as server:
        return Start(time.perf_counter() - begun, *_used(server.pid))


def _used(pid: int) -> tuple[float, int]:
    """Return a process' processor seconds and resident bytes, from Linux's account of it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


def show(console: Console, starts: Sequence[Start]) -> None:
    """Print each start, and the median against the aim."""
    table = Table()
    for column in ("Start", "Klar etter (s)", "Prosessortid (s)", "Minne (MB)"):
        table.add_column(column, justify="right")
    for number, one in enumerate(starts, 1):
        table.add_row(f"{number}", f"{one.seconds:.2f}", f"{one.processor:.2f}", f"{one.memory / 1e6:.0f}")
    console.print(table)
    console.print(f"Median {median(one.seconds for one in starts):.2f} s (krav: høyst {AIM:.0f} s).")


@told
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 1 if the median is beyond the aim, 2 without a start."""
    parser = argparse.ArgumentParser(prog="python -m eval.start", description="Måler start til klar.")
    parser.add_argument("--times", type=int, default=TIMES, help=f"hvor mange ganger (standard {TIMES})")
    parser.add_argument("--index", metavar="MAPPE", help="mappe for indeksen (MEDRAAD_INDEX)")
    options = parser.parse_args(arguments)
    starts = [start(["--index", options.index] if options.index else []) for _ in range(options.times)]
    show(Console(highlight=False), starts)
    return 0 if median(one.seconds for one in starts) <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
