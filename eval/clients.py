"""`python -m eval.clients URL`: many readers at once against a running server, and what they met."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from eval.cases import DEV, load_split
from eval.errors import EvalError

CLIENTS = 50
SECONDS = 600
ALONE = 30
"""Questions asked one by one first: what an answer takes when nobody else asks."""
SLICES = 20
"""Parts of the run that are shown apart; memory and times must be flat from the second on."""
_PATIENCE = 120.0


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
    slices: tuple[Slice, ...]


def questions(path: Path) -> Iterator[bytes]:
    """Yield the questions of a file round and round, as request bodies."""
    cases = [case.request.model_dump_json().encode() for case in load_split(path).cases]
    return itertools.cycle(cases)


async def run(
    url: str, clients: int, seconds: float, asked: Iterator[bytes], pid: int | None = None
) -> Outcome:
    """Ask from `clients` connections at once for `seconds`.

    Args:
        url: of the server.
        clients: readers; each asks its next question when the last is answered.
        seconds: how long.
        asked: the questions, shared by all.
        pid: of the server's process, to follow its memory.

    Raises:
        EvalError: the server does not answer even one, or there is no such process.
    """
    if pid is not None:
        resident(pid)
    limits = httpx.Limits(max_connections=clients + 1)
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=limits) as client:
        alone = [(await _ask(client, next(asked), 0.0)) for _ in range(ALONE)]
        if any(reply.status != 200 for reply in alone):
            raise EvalError(f"{url} svarer ikke som ventet ({alone[-1].status}). Er tjeneren i gang?")
        replies: list[Reply] = []
        memory: list[tuple[float, float]] = []
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(_reader(client, asked, began, seconds, replies))
            if pid is not None:
                group.create_task(_follow(pid, began, seconds, memory))
    median = float(np.median([reply.took for reply in alone]))
    return _outcome(clients, seconds, median, replies, memory)


async def _reader(
    client: httpx.AsyncClient, asked: Iterator[bytes], began: float, seconds: float, replies: list[Reply]
) -> None:
    while time.perf_counter() - began < seconds:
        replies.append(await _ask(client, next(asked), began))


async def _ask(client: httpx.AsyncClient, body: bytes, began: float) -> Reply:
    start = time.perf_counter()
    try:
        answer = await client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
        status = answer.status_code
    except httpx.TransportError:
        status = 0
    return Reply(start - began, 1_000 * (time.perf_counter() - start), status)


async def _follow(pid: int, began: float, seconds: float, memory: list[tuple[float, float]]) -> None:
    while time.perf_counter() - began < seconds:
        try:
            memory.append((time.perf_counter() - began, resident(pid) / 1e6))
        except EvalError:
            return  # the server has died: its readers will tell
        await asyncio.sleep(1)


def resident(pid: int) -> int:
    """Return the resident memory of a process, in bytes.

    Raises:
        EvalError: there is no such process.
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError as error:
        raise EvalError(f"Det er ingen prosess {pid}.") from error
    return pages * os.sysconf("SC_PAGE_SIZE")


def _outcome(
    clients: int,
    seconds: float,
    alone: float,
    replies: Sequence[Reply],
    memory: Sequence[tuple[float, float]],
) -> Outcome:
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
        slices=tuple(_slice(number * width, width, replies, memory) for number in range(SLICES)),
    )


def _slice(at: float, width: float, replies: Sequence[Reply], memory: Sequence[tuple[float, float]]) -> Slice:
    took = [reply.took for reply in replies if at <= reply.at < at + width]
    held = [amount for moment, amount in memory if at <= moment < at + width]
    middle, slow = (float(np.percentile(took, share)) if took else 0.0 for share in (50, 95))
    return Slice(at, len(took), middle, slow, max(held, default=None))


def show(console: Console, outcome: Outcome) -> None:
    """Print what happened, and a bar for each part of the run."""
    console.print(
        f"{outcome.clients} samtidige i {outcome.seconds:.0f} s: {outcome.replies} svar, "
        f"{outcome.errors} feil.\n"
        f"Alene {outcome.alone:.0f} ms. Samtidig p50 {outcome.middle:.0f} ms, p95 {outcome.slow:.0f} ms "
        f"(krav: høyst {outcome.allowed:.0f} ms)."
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 1 if there were errors or the times are beyond the aim."""
    options = _parser().parse_args(arguments)
    console = Console(highlight=False)
    try:
        asked = questions(options.questions)
        outcome = asyncio.run(run(options.url, options.clients, options.seconds, asked, options.pid))
    except EvalError as error:
        Console(stderr=True, highlight=False).print(str(error), markup=False, soft_wrap=True)
        return 2
    show(console, outcome)
    if options.json:
        options.json.write_text(json.dumps(asdict(outcome), indent=1))
    return 1 if outcome.errors or outcome.slow > outcome.allowed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.clients", description="Mange spørsmål på én gang mot en tjener som kjører."
    )
    add = parser.add_argument
    add("url", nargs="?", default="http://127.0.0.1:8000", help="tjenerens adresse")
    add("--clients", type=int, default=CLIENTS, help=f"samtidige brukere (standard {CLIENTS})")
    add("--seconds", type=float, default=SECONDS, help=f"hvor lenge (standard {SECONDS})")
    add("--questions", type=Path, default=DEV, metavar="FIL", help="spørsmålsfil")
    add("--pid", type=int, help="tjenerens prosessnummer, for å følge minnet")
    add("--json", type=Path, metavar="FIL", help="skriv tallene som JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
