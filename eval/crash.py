"""`python -m eval.crash`: ingestions killed at random moments while questions are answered.

A copy of the corpus gets documents of our own that name their edition, and every ingestion brings a new one.
A killed or refused ingestion must leave the old edition answering, whole; the next one must succeed. The
server and the ingestions are the real commands with the real model, each in a process of its own; the
questions come over HTTP.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.settings import AssistantSettings
from assistant.terminal import show_status
from eval.asking import Answers, asked_all_along
from eval.command import told
from eval.errors import EvalError
from eval.ownserver import own_server
from eval.smalldisk import SmallDisk, small_disk
from ingest.generation import live
from ingest.manifest import load_manifest
from ingest.settings import IngestSettings, load

_MADE = 6
_TEXT = (
    "Sak {n}\n\nFristen i sak {n} er {edition} uker etter utgave {edition}.\n\n"
    "Partene i sak {n} møtes hver måned, og utgave {edition} sier hvor.\n"
)
QUESTIONS = tuple(f"Hvilken frist gjelder etter utgaven i sak {n}?" for n in range(1, _MADE + 1))
SHARES = (0.02, 0.1, 0.3, 0.6, 0.9)
"""Of what one generation takes: how much of the disk is left."""
TRIES = 3
"""Ingestions begun for each that is to be killed: some have ended before."""
_DISK = 256 * 1024 * 1024


@dataclass
class Tally:
    """How the ingestions of one kind ended. A crash is an end with neither success nor words."""

    killed: int = 0
    done: int = 0
    refused: int = 0
    crashed: int = 0
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a whole run showed. `last`: the ingestion after all of them succeeded, and its edition answers."""

    tallies: dict[str, Tally]
    answers: Answers
    last: bool
    mounted: bool

    @property
    def good(self) -> bool:
        """Whether nothing went wrong."""
        crashed = any(tally.crashed for tally in self.tallies.values())
        return self.last and not crashed and self.answers.given > 0 and not self.answers.wrong


class Trial:
    """A copied corpus whose made documents get a new edition with each ingestion, and its index."""

    def __init__(self, root: Path, corpus: Path | None, disk: SmallDisk) -> None:
        """Copy `corpus` into `root`, if there is one, and ingest two editions.

        `seconds` is what the faster of them took.

        Raises:
            EvalError: one of them failed.
        """
        self.disk = disk
        self.edition = 0
        self._corpus = root / "corpus"
        if corpus is None:
            self._corpus.mkdir(parents=True)
        else:
            shutil.copytree(corpus, self._corpus)
        chosen = load(IngestSettings)
        self.environment = {
            "MEDRAAD_CORPUS": str(self._corpus),
            "MEDRAAD_INDEX": str(disk.folder),
            "MEDRAAD_FETCHED": str(root / "fetched"),
            "MEDRAAD_STORE": str(root / "store.sqlite"),
            "MEDRAAD_MODELS": str(chosen.models),
            "MEDRAAD_WORDS": str(chosen.words),
            "MEDRAAD_THRESHOLD": "0",
            "MEDRAAD_LOG": "error",
        }
        self.seconds = min(self._first(), self._first())

    def begin(self, largest: int | None = None) -> subprocess.Popen[str]:
        """Write a new edition of the documents, and begin to ingest it as `ingestion` does."""
        self.edition += 1
        for n in range(1, _MADE + 1):
            text = _TEXT.format(n=n, edition=self.edition)
            (self._corpus / f"sak{n}.txt").write_text(text, encoding="utf-8")
        return self.ingestion(largest)

    def ingestion(self, largest: int | None = None) -> subprocess.Popen[str]:
        """Begin `medraad ingest`. `largest`: bytes of a file where the disk cannot be filled."""
        command = [sys.executable, "-m", "ingest"]
        return subprocess.Popen(
            command if largest is None else self.disk.bound(command, largest),
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def size(self) -> int:
        """Return the bytes that the live generation takes."""
        return sum(path.stat().st_size for path in live(self.disk.folder).rglob("*") if path.is_file())

    def _first(self) -> float:
        start = time.monotonic()
        process = self.begin()
        said = process.communicate()[1]
        if process.returncode != 0:
            raise EvalError(f"Den første indekseringen gikk galt: {said.strip()}")
        return time.monotonic() - start


def run(trial: Trial, kills: int, seed: int = 1, shares: Sequence[float] = SHARES) -> Outcome:
    """Kill `kills` ingestions, fill the disk under others, start two at once, and let the last one be.

    Raises:
        EvalError: the server did not start, or nearly every ingestion ended before it could be killed.
    """
    chance = random.Random(seed)
    with (
        own_server(environment=trial.environment) as server,
        asked_all_along(server.url, QUESTIONS) as answers,
    ):
        tallies = {
            "drept (SIGKILL)": _killed(trial, kills, chance),
            "full disk": _full(trial, shares),
            "to på en gang": _two(trial),
        }
        last, _ = _end(trial.begin())
        _wait_for(lambda: answers.newest == trial.edition or bool(answers.wrong))
    return Outcome(tallies, answers, last == 0 and answers.newest == trial.edition, trial.disk.mounted)


def _killed(trial: Trial, kills: int, chance: random.Random) -> Tally:
    tally = Tally()
    for _ in range(TRIES * kills):
        if tally.killed == kills:
            break
        process = trial.begin()
        try:
            process.wait(chance.uniform(0.0, trial.seconds))
        except subprocess.TimeoutExpired:
            process.kill()
        _count(tally, *_end(process))
    if tally.killed < kills:
        said = "".join(tally.said[-1:]) or "De andre ble ferdige."
        raise EvalError(f"Av {TRIES * kills} indekseringer ble {tally.killed} drept, ikke {kills}. {said}")
    return tally


def _full(trial: Trial, shares: Sequence[float]) -> Tally:
    tally = Tally()
    whole = trial.size()
    for share in shares:
        left = int(whole * share)
        with trial.disk.filled(left):
            _count(tally, *_end(trial.begin(left)))
    return tally


def _two(trial: Trial) -> Tally:
    tally = Tally()
    both = (trial.begin(), trial.ingestion())
    for process in both:
        _count(tally, *_end(process))
    return tally


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    said = process.communicate()[1]
    return process.returncode, said


def _count(tally: Tally, status: int, said: str) -> None:
    """Put an ingestion where it belongs, by its exit status and what it wrote to standard error."""
    if status < 0:
        tally.killed += 1
    elif status == 0:
        tally.done += 1
    elif said.startswith("medraad ingest: ") and "Traceback" not in said:
        tally.refused += 1
        tally.said.append(said.strip())
    else:
        tally.crashed += 1
        tally.said.append(said.strip())


def _wait_for(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    last = time.monotonic() + seconds
    while not reached() and time.monotonic() < last:
        time.sleep(0.05)


@told
def main(arguments: Sequence[str] | None = None) -> int:
    """Run a trial on the corpus of the settings; returns 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.crash", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    console = Console(highlight=False)
    corpus = load(IngestSettings).corpus
    load_manifest(corpus)  # says what is wrong with the folder before it is copied
    with (
        tempfile.TemporaryDirectory() as root,
        small_disk(Path(root) / "index", _DISK) as disk,
    ):
        trial = Trial(Path(root), corpus, disk)
        settings = load(AssistantSettings, index=disk.folder)
        show_status(settings)
        outcome = run(trial, given.kills, given.seed)
        show_status(settings)
        report(console, outcome, trial.seconds)
    return 0 if outcome.good else 1


def report(console: Console, outcome: Outcome, seconds: float) -> None:
    """Print what a run showed."""
    table = Table(title=f"Indekseringer (en tar {seconds:.1f} s)", title_justify="left")
    for name in ("Hva", "Drept", "Ferdig", "Avvist", "Krasjet"):
        table.add_column(name, justify="left" if name == "Hva" else "right")
    for name, tally in outcome.tallies.items():
        table.add_row(name, *map(str, (tally.killed, tally.done, tally.refused, tally.crashed)))
    console.print(table)
    for line in sorted({line for tally in outcome.tallies.values() for line in tally.said}):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    disk = "en liten tmpfs" if outcome.mounted else "en grense for filers størrelse"
    console.print(f"Full disk: {disk}.")
    wrong = outcome.answers.wrong
    console.print(f"Svar imens: {outcome.answers.given}. Feilet, tomme, blandede eller eldre: {len(wrong)}.")
    for line in wrong[:10]:
        console.print(f"  {line}", markup=False)
    console.print(f"Indekseringen etterpå: {'gikk bra' if outcome.last else 'GIKK GALT'}.")


if __name__ == "__main__":
    sys.exit(main())
