"""`python -m eval.clients URL`: many readers at once against a running server, and what they met.

The readers need processor time of their own: on one machine the server has less than all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console

from eval.cases import DEV, load_split
from eval.clientchart import drawing
from eval.command import told
from eval.errors import EvalError
from eval.outcome import Outcome, Reply, outcome_of, show
from eval.record import writable, write_text

CLIENTS = 50
SECONDS = 600
ALONE = 30
"""Questions asked one by one first: what an answer takes when nobody else asks."""
_PATIENCE = 120.0


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
    return outcome_of(clients, seconds, median, replies, memory)


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
        await asyncio.sleep(min(1.0, seconds / 100))


def resident(pid: int) -> int:
    """Return the memory of a server and its workers in bytes; what they share counts once.

    Raises:
        EvalError: there is no such process.
    """
    try:
        return sum(_share(one) for one in (pid, *_children(pid)))
    except OSError as error:
        raise EvalError(f"Det er ingen prosess {pid}.") from error


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _share(pid: int) -> int:
    """Return Linux's «proportional set size» of a process, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1_024


@told
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 1 if the aims were missed, 2 without a run."""
    options = _parser().parse_args(arguments)
    asked = questions(options.questions)
    outcome = asyncio.run(run(options.url, options.clients, options.seconds, asked, options.pid))
    show(Console(highlight=False), outcome)
    if options.json:
        write_text(json.dumps(asdict(outcome), indent=1), options.json)
    if options.chart:
        write_text(drawing(outcome), options.chart)
    return 0 if outcome.holds else 1


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
    add("--json", type=writable, metavar="FIL", help="skriv tallene som JSON")
    add("--chart", type=writable, metavar="FIL", help="tegn et diagram (SVG)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
