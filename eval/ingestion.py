"""`python -m eval.ingestion`: what ingestion costs the first time, again, and after a change.

Each is `medraad ingest` in a process of its own, measured from its start to its end, over a copy of the
corpus. The embedder's share is of a first ingestion in this process, the model's loading counted as its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from assistant.opening import quiet
from assistant.settings import AssistantSettings
from assistant.terminal import show_status
from eval.command import told
from eval.errors import EvalError
from ingest.analysis import Analyzer
from ingest.content import Content
from ingest.embed import Embedder, late_embedder
from ingest.generation import live
from ingest.manifest import load_manifest
from ingest.settings import load
from ingest.sync import synchronise
from ingest.words import WordList

MOST_AGAIN = 0.03
"""Of the first time: what an ingestion in which nothing has changed may take."""
LEAST_SHARE = 0.90
"""Of ingestion: what must be the embedder's own time."""
_CHANGE = "\n\nEt nytt avsnitt om robotene på lageret, som ingen har lest før.\n"


@dataclass(frozen=True, slots=True)
class Run:
    """One ingestion: seconds from start to end, texts of the index afterwards, and those that are new."""

    name: str
    seconds: float
    texts: int
    new: int


class Timed:
    """An embedder that knows how long it has worked."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.seconds = 0.0

    @property
    def dimension(self) -> int:
        """Values in a vector."""
        return self._embedder.dimension

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each question, and add the time to `seconds`."""
        return self._timed(self._embedder.embed_queries, texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each text, and add the time to `seconds`."""
        return self._timed(self._embedder.embed_passages, texts)

    def _timed(
        self, embed: Callable[[Sequence[str]], NDArray[np.float32]], texts: Sequence[str]
    ) -> NDArray[np.float32]:
        start = time.perf_counter()
        vectors = embed(texts)
        self.seconds += time.perf_counter() - start
        return vectors


def measure(settings: AssistantSettings, change: Path) -> list[Run]:
    """Ingest for the first time, again, and after a paragraph more in the file `change`.

    Raises:
        EvalError: an ingestion failed.
    """
    runs = [_ingest("første gang", settings, set()), _ingest("uendret", settings, _hashes(settings))]
    before = _hashes(settings)
    change.write_text(change.read_text("utf-8") + _CHANGE, "utf-8")
    return [*runs, _ingest(f"{change.name} endret", settings, before)]


def share(settings: AssistantSettings) -> float:
    """Return the embedder's part of the time of a first ingestion, 0 to 1."""
    start = time.perf_counter()
    embedder = Timed(late_embedder(settings.embedder, settings.models, settings.threads))
    analyzer = Analyzer(WordList.open(settings.words))
    synchronise(settings.index, lambda: load_manifest(settings.corpus), embedder, analyzer)
    return embedder.seconds / (time.perf_counter() - start)


def _ingest(name: str, settings: AssistantSettings, before: set[bytes]) -> Run:
    folders = {"MEDRAAD_CORPUS": str(settings.corpus), "MEDRAAD_INDEX": str(settings.index)}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "ingest"], env=os.environ | folders, stdout=subprocess.DEVNULL, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise EvalError("Indekseringen gikk galt. Prøv «medraad ingest» for å se hvorfor.")
    after = _hashes(settings)
    return Run(name, seconds, len(after), len(after - before))


def _hashes(settings: AssistantSettings) -> set[bytes]:
    with closing(Content(live(settings.index) / "content.sqlite")) as content:
        return set(content.embedded())


@told
def main() -> int:
    """Measure on a copy of the corpus of the settings; returns 1 if a bound is not met."""
    quiet()
    console = Console(highlight=False)
    chosen = load(AssistantSettings)
    load_manifest(chosen.corpus)  # says what is wrong with the folder before it is copied
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        copytree(chosen.corpus, root / "corpus")
        settings = load(AssistantSettings, corpus=root / "corpus", index=root / "index")
        texts = [source.path for source in load_manifest(settings.corpus).documents]
        part = share(load(AssistantSettings, corpus=root / "corpus", index=root / "alone"))
        runs = measure(settings, min(texts, key=lambda path: path.stat().st_size))
        show_status(settings)
    again = runs[1].seconds / runs[0].seconds
    _show(console, runs)
    console.print(f"Uendret: {again:.1%} av første gang (høyst {MOST_AGAIN:.0%}).")
    console.print(f"Embedding-modellens egen del av første gang: {part:.1%} (minst {LEAST_SHARE:.0%}).")
    return 0 if again <= MOST_AGAIN and part >= LEAST_SHARE else 1


def _show(console: Console, runs: Sequence[Run]) -> None:
    table = Table(title="medraad ingest, hele prosessen", title_justify="left")
    for name in ("Kjøring", "Sekunder", "Tekster", "Nye tekster"):
        table.add_column(name, justify="left" if name == "Kjøring" else "right")
    for one in runs:
        table.add_row(one.name, f"{one.seconds:.2f}", str(one.texts), str(one.new))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
