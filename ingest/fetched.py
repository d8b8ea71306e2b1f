"""What is known about the fetched copies in a folder: `fetched.json`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

NAME = "fetched.json"


@dataclass(frozen=True, slots=True)
class Copy:
    """A good copy: `sha256` of the file that is kept, `checked` when the server was last asked for it."""

    url: str
    sha256: str
    fetched: datetime
    checked: datetime
    etag: str | None = None
    modified: str | None = None


class State:
    """The copies of one folder, read once and written after each change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copies = _load(folder / NAME)

    def copy(self, identity: str) -> Copy | None:
        """Return what is known about a copy; its file may have gone since."""
        return self._copies.get(identity)

    def keep(self, identity: str, copy: Copy) -> None:
        """Remember a copy, on disk too."""
        self._copies[identity] = copy
        self._write()

    def drop(self, identity: str) -> None:
        """Forget a copy, on disk too."""
        if self._copies.pop(identity, None) is not None:
            self._write()

    def part(self, identity: str) -> Path:
        """Return where a download that is under way lies."""
        return self.folder / f".{identity}.part"

    def _write(self) -> None:
        text = json.dumps({name: asdict(one) for name, one in self._copies.items()}, default=str, indent=1)
        fresh = self.folder / f".{NAME}.ny"
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, self.folder / NAME)


def _load(path: Path) -> dict[str, Copy]:
    """Return the copies; a file that is broken only costs that everything is fetched again."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {name: _copy(one) for name, one in data.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _copy(data: dict[str, Any]) -> Copy:
    times = {name: datetime.fromisoformat(data[name]) for name in ("fetched", "checked")}
    return Copy(**data | times)
