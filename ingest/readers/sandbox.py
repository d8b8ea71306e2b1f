"""Read a file in a process of its own, with bounds on memory, processor time and time.

A PDF, an HTML page or a DOCX can be made to fill the memory or to loop in its parser. In a child process
that costs the one document and not the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingest.document import Block, Page
from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers.reading import Reading

MEMORY = 1 << 30
"""Address space of the child, in bytes."""
CPU_SECONDS = 240
"""A PDF takes 0.05 to 0.3 s a page, so this is a thousand pages or so."""
WALL_SECONDS = 600.0
"""Wider than the processor time, so that a busy machine fails no document."""
OUT_OF_MEMORY, OUT_OF_TIME = 77, 78
"""Exit statuses of the child."""

_ROOT = Path(__file__).resolve().parents[2]
_NAMES = {"pdf": "PDF", "html": "HTML", "docx": "DOCX"}


def read_apart(kind: str, path: Path, wall_seconds: float = WALL_SECONDS) -> Reading:
    """Read `path` with the reader of `kind` ("pdf", "html", "docx") in a child process.

    Raises:
        DocumentEmpty: the reader found no text.
        DocumentUnreadable: the reader refused the file, or broke, or went past a limit.
    """
    # -P: a resource.py that lies where the command was given is not the module.
    command = [sys.executable, "-P", "-m", "ingest.readers.child", kind, str(path.absolute())]
    search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(  # the child bounds what it writes
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": search, "PYTHONIOENCODING": "utf-8"},
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentUnreadable(f"{path.name} tok for lang tid å lese og er hoppet over.") from error
    if done.returncode:
        raise DocumentUnreadable(_broken(path, kind, done.returncode))
    return _reading(path, json.loads(done.stdout))


def _broken(path: Path, kind: str, status: int) -> str:
    if status == OUT_OF_MEMORY:
        return f"{path.name} krever for mye minne å lese og er hoppet over."
    if status == OUT_OF_TIME:
        return f"{path.name} tok for lang tid å lese og er hoppet over."
    return f"{path.name} er skadet og kan ikke leses som {_NAMES[kind]}. Lagre den på nytt fra kilden."


def _reading(path: Path, data: dict[str, Any]) -> Reading:
    if "error" in data:
        kind = DocumentEmpty if data["error"] == "DocumentEmpty" else DocumentUnreadable
        raise kind(f"{path.name} {data['message']}")
    for name, part in (("pages", Page), ("blocks", Block)):
        data[name] = data[name] and tuple(part(**values) for values in data[name])
    return Reading(**data)
