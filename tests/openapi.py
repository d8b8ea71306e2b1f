"""`make api`: schemathesis with all its checks against a real server over the real index.

`make test` does the same in short (tests/assistant/test_openapi.py). Here the server runs as `medraad serve`
does, with a key of its own for everything, and a store and a key file that are gone afterwards. Only the
guard against guessing keys is off: one check sends more wrong ones than it allows, and wants each refused.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.keys import KeyRing

CONFIG = Path(__file__).parent / "assistant" / "schemathesis.toml"
EXAMPLES = 2_000
_PATIENCE = 60.0
_SERVE = """
import sys
from assistant import limits
limits.FAILURES = "1000000/second"
from assistant.__main__ import main
sys.exit(main())
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a server whose own files lie in `folder`; yields its address and a key that opens everything."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    secret = KeyRing(folder / "keys.json").make("schemathesis", "admin")
    own = {
        "MEDRAAD_KEYS": str(folder / "keys.json"),
        "MEDRAAD_STORE": str(folder / "feedback.sqlite"),
        "MEDRAAD_STORE_QUESTIONS": "true",
        "MEDRAAD_RATE": "1000000/second",
        "MEDRAAD_LOG": "warning",
    }
    command = [sys.executable, "-c", _SERVE, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}", secret
        finally:
            server.terminate()


def _wait(url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=_PATIENCE).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                sys.exit("The server is not ready; try `medraad serve`.")
            time.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run schemathesis; return its exit status, 0 where nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.openapi", description=__doc__)
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="of each operation")
    options, more = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory(prefix="medraad-api-") as name, served(Path(name)) as (url, secret):
        command = ["schemathesis", "--config-file", str(CONFIG), "run", f"{url}/openapi.json"]
        command += ["--checks", "all", "--max-examples", str(options.examples), *more]
        command += ["--header", f"Authorization: Bearer {secret}"]
        return subprocess.run(
            [Path(sys.executable).with_name(command[0]), *command[1:]], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
