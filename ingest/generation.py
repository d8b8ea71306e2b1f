"""The folder of generations: which one is live, how a new one takes its place, who may write."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ingest.errors import IndexBusy, IndexMissing, IndexStorage
from ingest.files import replace_with

_POINTER = "current"
_KEPT = 2
"""Generations kept after a swap: the live one, and the one that a server may still be reading."""

_BETWEEN_TRIES = 0.2


def live(index: Path) -> Path:
    """Return the folder of the live generation.

    Raises:
        IndexMissing: nothing has been indexed yet.
    """
    try:
        folder = index / "generations" / (index / _POINTER).read_text().strip()
    except OSError as error:
        raise IndexMissing(f"Det er ingen indeks i {index}. Kjør: medraad ingest") from error
    if not folder.is_dir():
        raise IndexMissing(f"Indeksen i {index} mangler generasjonen {folder.name}. Kjør: medraad ingest")
    return folder


def retire(index: Path) -> None:
    """Make no generation the live one: nothing answers until the next is built.

    Raises:
        IndexStorage: the folder cannot be written.
    """
    try:
        (index / _POINTER).unlink(missing_ok=True)
    except OSError as error:
        raise IndexStorage(f"Kan ikke skrive i {index}: {error.strerror}") from error


@contextmanager
def locked(index: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the index folder for writing; the lock goes with the process, however it ends.

    Args:
        index: the folder; made if it is not there.
        patience: seconds to wait for another ingestion.

    Raises:
        IndexBusy: another ingestion is running.
        IndexStorage: the folder cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        handle = (index / "lock").open("a")
    except OSError as error:
        raise IndexStorage(f"Kan ikke skrive i {index}: {error.strerror}") from error
    with handle:
        if not _lock(handle, patience):
            raise IndexBusy(f"En annen indeksering av {index} er i gang. Prøv igjen når den er ferdig.")
        yield


def _lock(handle: IO[str], patience: float) -> bool:
    """Take the lock of an open file; False if another process still has it after `patience` seconds."""
    last = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= last:
                return False
            time.sleep(_BETWEEN_TRIES)


@contextmanager
def building(index: Path) -> Iterator[Path]:
    """Yield an empty folder for a new generation; swap it in if the block ends without an error.

    A crash at any point leaves the pointer, and so the old generation, as they were.

    Raises:
        IndexStorage: the disk refused (full, read-only).
    """
    generations = index / "generations"
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    folder = generations / f"{name}.new"
    try:
        generations.mkdir(parents=True, exist_ok=True)
        for left in generations.glob("*.new"):
            shutil.rmtree(left)
        folder.mkdir()
        yield folder
        final = generations / name
        folder.rename(final)
        replace_with(index / _POINTER, name.encode())
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexStorage(
            f"Kunne ikke skrive indeksen i {index} ({error.strerror or error}). Er disken full?"
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def outdated(index: Path) -> list[Path]:
    """Return the generations that may be deleted, oldest first."""
    current = live(index)
    folders = sorted(path for path in (index / "generations").iterdir() if path.is_dir())
    earlier = [path for path in folders if path.suffix != ".new" and path != current]
    return earlier[: max(0, len(earlier) - (_KEPT - 1))]
