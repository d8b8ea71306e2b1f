"""`python -m eval.load`: build indexes of growing size; measure what they cost and how fast they answer."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.answer import Assistant
from assistant.library import Library
from assistant.opening import quiet
from assistant.settings import AssistantSettings
from assistant.weights import Weights
from eval.cases import DEV, load_split
from eval.command import told
from eval.errors import EvalError
from eval.record import writable, write_text
from eval.synthetic import Material, Vectors, build, noisy
from ingest import generation
from ingest.index import Note
from ingest.settings import load
from ingest.words import WordList

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
ROUNDS = 3
STAGES = ("understand", "retrieve", "rank", "compose")
_NOTE = "built.json"
SEARCH = "search"
"""Understanding, retrieving and ranking together: all of a search but the embedding."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building cost: seconds, bytes on the disk, peak memory in bytes."""

    seconds: float
    disk: int
    peak: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What answering costs. Times are milliseconds by stage, (p50, p95); memory is in bytes."""

    opening: float
    stages: Mapping[str, tuple[float, float]]
    resident: int
    """Memory of the process with the parts of the index's files that have been read."""
    own: int
    """Memory that cannot be given back: without the mapped files."""


@dataclass(frozen=True, slots=True)
class Row:
    """One size."""

    size: int
    built: Built
    measured: Measured


class Drawn:
    """Stands in for the embedder: each text gets a real sentence's vector, moved a little."""

    def __init__(self, name: str, vectors: Vectors) -> None:
        self.name = name
        self.dimension = vectors.shape[1]
        self._vectors = vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) vectors that depend on the texts only."""
        seeds = [zlib.crc32(text.encode()) for text in texts]
        rows = np.array([seed % len(self._vectors) for seed in seeds])
        return noisy(self._vectors[rows], np.random.default_rng(seeds))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the same as for questions."""
        return self.embed_queries(texts)


def build_one(folder: Path, size: int, settings: AssistantSettings) -> Built:
    """Build an index of `size` passages in `folder`."""
    quiet()
    live = generation.live(settings.index)
    began = time.perf_counter()
    build(folder, size, Material.of(live), Note.read(live).fingerprint, settings.chroma_url)
    seconds = time.perf_counter() - began
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Built(seconds, disk, _memory("VmHWM"))


def measure_one(folder: Path, count: int, settings: AssistantSettings) -> Measured:
    """Ask `count` questions of the index in `folder`, each once before it is timed."""
    quiet()
    live = generation.live(settings.index)
    embedder = Drawn(Note.read(live).fingerprint.embedder, Material.of(live).vectors)
    library = Library(settings.model_copy(update={"index": folder}), embedder, WordList.open(settings.words))
    assistant = Assistant(library, embedder, Weights.load(), settings.threshold)
    began = time.perf_counter()
    with library.reading():
        opening = 1_000 * (time.perf_counter() - began)
    requests = [case.request for case in load_split(DEV).cases[:count]]
    for request in requests:
        assistant.examined(request)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for request in requests:
        stages = assistant.examined(request)[0].stages
        for name in STAGES:
            times[name].append(stages[name])
        times[SEARCH].append(sum(stages[name] for name in ("understand", "retrieve", "rank")))
    library.close()
    found = {name: tuple(np.percentile(values, (50, 95)).tolist()) for name, values in times.items()}
    return Measured(opening, found, _memory("VmRSS"), _memory("RssAnon"))


def _memory(key: str) -> int:
    """Return a figure of Linux's account of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1_024
    raise EvalError(f"/proc/self/status sier ikke noe om {key}.")


T = TypeVar("T")


def _apart(call: Callable[..., T], *given: object) -> T:
    """Run in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(call, *given).result()


@told
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    console = Console(highlight=False)
    settings = load(AssistantSettings, index=options.index)
    with _workshop(options.folder) as folder:
        rows = _rows(folder, options, settings, console)
    show(console, rows)
    if options.json:
        write_text(json.dumps([asdict(row) for row in rows], indent=1), options.json)
    return 0


@contextmanager
def _workshop(kept: Path | None) -> Iterator[Path]:
    """Yield the folder for the indexes: `kept`, or one that is gone afterwards."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="medraad-load-") as name:
        yield Path(name)


def _rows(
    folder: Path, options: argparse.Namespace, settings: AssistantSettings, console: Console
) -> list[Row]:
    """Build all sizes, then measure them in turns: other work on the machine meets them all alike."""
    built = {size: _built(folder / str(size), size, settings, console) for size in options.sizes}
    found: dict[int, list[Measured]] = {size: [] for size in options.sizes}
    for turn in range(options.rounds):
        for size in options.sizes:
            console.print(f"Spør {size} passasjer ({turn + 1} av {options.rounds}) …")
            found[size].append(_apart(measure_one, folder / str(size), options.questions, settings))
    return [Row(size, built[size], quietest(found[size])) for size in options.sizes]


def _built(folder: Path, size: int, settings: AssistantSettings, console: Console) -> Built:
    """Build an index, or take the one that an earlier run has left."""
    note = folder / _NOTE
    if note.exists():
        return Built(**json.loads(note.read_text()))
    console.print(f"Bygger {size} passasjer …")
    built = _apart(build_one, folder, size, settings)
    note.write_text(json.dumps(asdict(built)))
    return built


def quietest(rounds: Sequence[Measured]) -> Measured:
    """Return the round with the fastest median search: what other work adds to it is not the index' cost."""
    return min(rounds, key=lambda one: one.stages[SEARCH][0])


def show(console: Console, rows: Sequence[Row]) -> None:
    """Print the tables: what each size costs, and how long its stages take."""
    costs = _table("Hva det koster (MB)", "Bygging", "Minne da", "Disk", "Minne", "Eget minne", "Åpning")
    times = _table("Tid i ms, p50 / p95", *STAGES, SEARCH)
    for row in rows:
        found = row.measured
        sizes = [
            f"{amount / 1e6:.0f}" for amount in (row.built.peak, row.built.disk, found.resident, found.own)
        ]
        costs.add_row(f"{row.size}", f"{row.built.seconds:.0f} s", *sizes, f"{found.opening:.0f} ms")
        stages = [found.stages[name] for name in (*STAGES, SEARCH)]
        times.add_row(f"{row.size}", *(f"{middle:.1f} / {slow:.1f}" for middle, slow in stages))
    console.print(costs)
    console.print(times)
    console.print(f"Søk, p50: {rows[-1].size} mot {rows[0].size} passasjer: {growth(rows):.1f} ganger.")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("Passasjer", *columns):
        table.add_column(column, justify="right")
    return table


def growth(rows: Sequence[Row]) -> float:
    """Return how many times slower a median search of the largest index is than of the smallest."""
    return rows[-1].measured.stages[SEARCH][0] / rows[0].measured.stages[SEARCH][0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.load", description="Måler indekser av voksende størrelse."
    )
    add = parser.add_argument
    add(
        "--sizes",
        type=_sizes,
        default=SIZES,
        metavar="N,N",
        help="antall passasjer (standard 1000,10000,100000)",
    )
    add("--questions", type=int, default=QUESTIONS, help=f"antall spørsmål (standard {QUESTIONS})")
    add("--rounds", type=int, default=ROUNDS, help=f"runder; den raskeste teller (standard {ROUNDS})")
    add("--folder", type=Path, metavar="MAPPE", help="behold indeksene der, og bruk dem som alt er der")
    add("--index", type=Path, metavar="MAPPE", help="den ekte indeksen det trekkes fra (MEDRAAD_INDEX)")
    add("--json", type=writable, metavar="FIL", help="skriv tallene som JSON")
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) >= 100 for part in parts):
        raise argparse.ArgumentTypeError("må være tall fra 100, med komma")
    return tuple(int(part) for part in parts)


if __name__ == "__main__":
    sys.exit(main())
