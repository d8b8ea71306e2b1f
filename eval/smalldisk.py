"""A disk that gets full: a small tmpfs where one may be mounted, else a limit on the size of files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BALLAST = "ballast"
_BLOCK = 512
"""Bytes that `ulimit -f` counts as one."""


class SmallDisk:
    """The folder of an index on a disk that can be filled. `mounted`: it is a disk of its own."""

    def __init__(self, folder: Path, mounted: bool) -> None:
        self.folder = folder
        self.mounted = mounted

    @contextmanager
    def filled(self, free: int) -> Iterator[None]:
        """Leave `free` bytes on the disk while the block runs; without a disk of its own, do nothing."""
        ballast = self.folder / _BALLAST
        if self.mounted:
            disk = os.statvfs(self.folder)
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - free))
        try:
            yield
        finally:
            ballast.unlink(missing_ok=True)

    def bound(self, command: list[str], largest: int) -> list[str]:
        """Return `command`, kept to files of `largest` bytes where there is no disk of its own."""
        if self.mounted:
            return command
        return ["sh", "-c", 'ulimit -f "$0" && exec "$@"', str(max(1, largest // _BLOCK)), *command]


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Yield `folder`, made, as a tmpfs of `size` bytes if this user may mount one."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield SmallDisk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
