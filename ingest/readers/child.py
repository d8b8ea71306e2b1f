"""The process that `ingest.readers.sandbox` starts: bounds itself, reads one file, writes JSON.

A parser that breaks on a damaged file ends the process, and the parent says so: no error is caught here
but those that a reader raises on purpose, and the two limits.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers.reading import MAX_CHARACTERS, Reading
from ingest.readers.sandbox import CPU_SECONDS, MEMORY, OUT_OF_MEMORY, OUT_OF_TIME

_TO_STOP = 5
"""Seconds from the signal that the time is up until the process is killed."""


def main(kind: str, path: Path) -> None:
    """Read one file and write the reading, or the reader's refusal, to standard output."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    logging.disable()
    warnings.simplefilter("ignore")
    read = _reader(kind)
    _bound()
    try:
        data = _pack(read(path))
    except (DocumentEmpty, DocumentUnreadable) as refusal:
        data = json.dumps({"error": type(refusal).__name__, "message": str(refusal)})
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    with out:
        out.write(data)


def _pack(reading: Reading) -> str:
    if reading.characters > MAX_CHARACTERS:
        raise DocumentUnreadable(f"inneholder for mye tekst ({reading.characters} tegn).")
    return json.dumps(asdict(reading))


def _reader(kind: str) -> Callable[[Path], Reading]:
    """Import only the parser that is needed."""
    module = importlib.import_module(f"ingest.readers.{kind}")
    read: Callable[[Path], Reading] = module.read
    return read


def _bound() -> None:
    memory = _within(resource.RLIMIT_AS, MEMORY)
    seconds = _within(resource.RLIMIT_CPU, CPU_SECONDS + _TO_STOP)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (max(1, seconds - _TO_STOP), seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, _stop)


def _within(kind: int, wanted: int) -> int:
    """Return the bound that is wanted, or the lower one that is set already: it cannot be raised."""
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    os._exit(OUT_OF_TIME)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
