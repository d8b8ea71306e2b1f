"""What the commands write; apart from `assistant.terminal`, which takes long to import."""

from __future__ import annotations

import sys


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")
