"""Files: what one holds, in one number, and how it is replaced whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def digest(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_with(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write `content` beside `path`, flush it to the disk and rename it into place.

    Whoever reads finds what was there or all that is new, also after a crash.

    Args:
        path: in a folder that is there; the file itself need not be.
        content: all that the file is to hold.
        mode: permissions of the new file, less the umask.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
