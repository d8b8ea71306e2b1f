"""`python -m eval.crash --kills 40`: ingestions killed at random moments while questions are answered.

A copy of the corpus gets documents of our own that carry a version, and every ingestion brings a new one.
A killed or refused ingestion must leave the old version answering, whole; the next one must succeed. The
disk is made small by RLIMIT_FSIZE, which needs no rights: a file that grows past it cannot be written. The
embedder is of hashed words, so that the time goes to writing.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import re
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from assistant.answer import Assistant
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.opening import quiet
from assistant.settings import AssistantSettings
from assistant.weights import Weights
from ingest.analysis import Analyzer
from ingest.errors import IngestError
from ingest.generation import live
from ingest.manifest import load_manifest
from ingest.settings import load
from ingest.sync import synchronise
from ingest.words import WordList

DONE, REFUSED = 0, 3
"""Exit statuses of an ingestion: it went well, or it said in words why it could not."""

_MADE = 6
_PAUSE = 0.005
"""Seconds between questions, so that two cores have time for the ingestion too."""
_TEXT = (
    "Sak {n}\n\nFristen i sak {n} er {version} uker etter utgave {version}.\n\n"
    "Partene i sak {n} møtes hver måned.\n"
)
_QUESTION = "Hvilken frist gjelder etter utgaven i sak {n}?"
_VERSION = re.compile(r"utgave (\d+)")
SHARES = (0.02, 0.1, 0.3, 0.6, 0.9)
"""Of the largest file of the index: how large a file may be on the small disk."""


class HashedWords:
    """Vectors from hashed words, with a direction in common as e5's have: no model, and always the same."""

    dimension = 256

    def __init__(self) -> None:
        self.name = "hashed-words:1"

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, d) vectors of length 1."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, d) vectors of length 1."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[0] = 4.0
            for word in text.lower().split():
                place = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=2).digest(), "big")
                row[1 + place % (self.dimension - 1)] += 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


@dataclass
class Answers:
    """What was answered all along. `wrong` holds one line for each failed, empty or mixed answer."""

    given: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a whole run showed; `ended` counts ingestions by their exit status."""

    kills: int
    answers: Answers
    ended: dict[int, int]
    last: bool
    """Whether the ingestion after all of them succeeded, and its documents answer."""

    @property
    def good(self) -> bool:
        """Whether nothing went wrong."""
        return (
            self.last
            and self.answers.given > 0
            and not self.answers.wrong
            and set(self.ended) <= {DONE, REFUSED}
        )


class Trial:
    """One copied corpus, its index, and the answers from it."""

    def __init__(self, root: Path, corpus: Path, words: Path) -> None:
        """Copy `corpus` into `root`, and ingest version 1 of it."""
        self.settings = AssistantSettings.model_validate(
            {"corpus": root / "corpus", "index": root / "index", "words": words}
        )
        self.version = 0
        self.answers = Answers()
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        shutil.copytree(corpus, self.settings.corpus)
        self.seconds = self._timed_ingestion()

    def ingestion(self, largest_file: int | None = None) -> BaseProcess:
        """Write a new version of the documents, and begin to ingest it in a process of its own."""
        self.version += 1
        for n in range(1, _MADE + 1):
            text = _TEXT.format(n=n, version=self.version)
            (self.settings.corpus / f"sak{n}.txt").write_text(text, encoding="utf-8")
        process = self._context.Process(target=ingest, args=(self.settings, largest_file))
        process.start()
        return process

    def answer_until(self, stopped: threading.Event) -> None:
        """Ask again and again, and keep what is wrong with what comes."""
        embedder = HashedWords()
        library = Library(self.settings, embedder, WordList.open(self.settings.words))
        assistant = Assistant(library, embedder, Weights.load(), threshold=0.0)
        while not stopped.wait(_PAUSE):
            question = _QUESTION.format(n=1 + self.answers.given % _MADE)
            self.answers.given += 1
            try:
                found = assistant.search(question, 2 * _MADE).results
            except (IngestError, AssistantError, OSError) as error:
                self.answers.wrong.append(f"{type(error).__name__}: {error}")
                continue
            seen = {version for hit in found for version in _VERSION.findall(hit.text)}
            if len(seen) != 1 or not 1 <= int(min(seen)) <= self.version:
                self.answers.wrong.append(f"utgaver {sorted(seen)} i {len(found)} treff")
        library.close()

    def answered_version(self) -> int:
        """Return the version that the index answers with now."""
        embedder = HashedWords()
        library = Library(self.settings, embedder, WordList.open(self.settings.words))
        try:
            found = Assistant(library, embedder, Weights.load(), 0.0).search(_QUESTION.format(n=1), 5).results
        finally:
            library.close()
        return max(int(version) for hit in found for version in _VERSION.findall(hit.text))

    def largest_file(self) -> int:
        """Return the size in bytes of the largest file of the live generation."""
        return max(path.stat().st_size for path in live(self.settings.index).rglob("*") if path.is_file())

    def _timed_ingestion(self) -> float:
        for _ in range(2):  # the first one starts the fork server too, and embeds everything
            start = time.monotonic()
            process = self.ingestion()
            process.join()
            if process.exitcode != DONE:
                raise SystemExit(f"Den første indekseringen gikk galt ({process.exitcode}).")
        return time.monotonic() - start


def ingest(settings: AssistantSettings, largest_file: int | None) -> None:
    """Ingest in this process and end it with DONE or REFUSED; anything else is a crash."""
    quiet()
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        analyzer = Analyzer(WordList.open(settings.words))
        synchronise(settings.index, lambda: load_manifest(settings.corpus), HashedWords(), analyzer)
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)
    sys.exit(DONE)


def run(trial: Trial, kills: int, seed: int = 1, shares: Sequence[float] = SHARES) -> Outcome:
    """Kill `kills` ingestions, fill the disk under one more for each of `shares`, and let the last one be."""
    chance = random.Random(seed)
    ended: dict[int, int] = {}
    stopped = threading.Event()
    reader = threading.Thread(target=trial.answer_until, args=(stopped,))
    reader.start()
    try:
        killed = 0
        while killed < kills:
            process = trial.ingestion()
            process.join(chance.uniform(0.0, trial.seconds))
            process.kill()  # SIGKILL; nothing happens to one that has ended
            process.join()
            if process.exitcode is not None and process.exitcode < 0:
                killed += 1
            else:
                _count(ended, process)
        whole = trial.largest_file()
        for share in shares:
            process = trial.ingestion(int(whole * share))
            process.join()
            _count(ended, process)
        process = trial.ingestion()
        process.join()
        last = process.exitcode == DONE and trial.answered_version() == trial.version
    finally:
        stopped.set()
        reader.join()
    return Outcome(killed, trial.answers, ended, last)


def _count(ended: dict[int, int], process: BaseProcess) -> None:
    status = process.exitcode if process.exitcode is not None else -1
    ended[status] = ended.get(status, 0) + 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a trial on the corpus of the settings; returns 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    quiet()
    chosen = load(AssistantSettings)
    with tempfile.TemporaryDirectory() as root:
        trial = Trial(Path(root), chosen.corpus, chosen.words)
        outcome = run(trial, given.kills, given.seed)
    report(outcome, trial.seconds)
    return 0 if outcome.good else 1


def report(outcome: Outcome, seconds: float) -> None:
    """Print what a run showed."""
    console = Console(highlight=False)
    console.print(
        f"{outcome.kills} ingestions killed (one takes {seconds:.1f} s), "
        f"{outcome.ended.get(DONE, 0)} finished, {outcome.ended.get(REFUSED, 0)} refused with a full disk, "
        f"{sum(n for status, n in outcome.ended.items() if status not in (DONE, REFUSED))} crashed"
    )
    console.print(
        f"{outcome.answers.given} answers meanwhile, {len(outcome.answers.wrong)} failed, empty or mixed"
    )
    for line in outcome.answers.wrong[:10]:
        console.print(f"  {line}", markup=False)
    console.print(f"The ingestion afterwards: {'succeeded' if outcome.last else 'FAILED'}")


if __name__ == "__main__":
    sys.exit(main())
