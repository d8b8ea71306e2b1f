"""The fetched copies in a folder, what is known about them (`fetched.json`), and the documents they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ingest.document import Source
from ingest.files import replace_with
from ingest.manifest import Manifest, Remote

NAME = "fetched.json"


Status = Literal["hentet", "uendret", "endret", "feilet", "mangler"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A good copy: `sha256` of the file that is kept, `fetched` when it came."""

    url: str
    sha256: str
    fetched: datetime
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What became of one remote document.

    `status`: hentet (first time), uendret, endret, feilet (`reason` says why), mangler (not here, and not
    tried). `path` is the good copy, also after a failure; None where there is none.
    """

    remote: Remote
    status: Status
    path: Path | None = None
    reason: str | None = None
    fetched: datetime | None = None
    """When the copy that is here came."""


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
        replace_with(self.folder / NAME, text.encode())


def status(remotes: Iterable[Remote], folder: Path) -> list[FetchResult]:
    """Say what is here, without the network: hentet or mangler."""
    state = State(folder)
    return [here_of(remote, state) or FetchResult(remote, "mangler") for remote in remotes]


def fetched_sources(remotes: Iterable[Remote], folder: Path) -> tuple[Source, ...]:
    """Return the remote documents that are here, as documents to index."""
    found = status(remotes, folder)
    return tuple(result.remote.source(result.path) for result in found if result.path is not None)


def with_fetched(manifest: Manifest, folder: Path) -> Manifest:
    """Return the manifest with the fetched copies of its remote documents among its documents."""
    return replace(manifest, documents=manifest.documents + fetched_sources(manifest.remotes, folder))


def here_of(remote: Remote, state: State) -> FetchResult | None:
    """Return the copy of a remote document, None where there is none or it is of another address."""
    copy = state.copy(remote.id)
    path = state.folder / f"{remote.id}.{remote.format}"
    # A copy from another address than the manifest's is of another document.
    if copy is None or copy.url != remote.url or not path.is_file():
        return None
    return FetchResult(remote, "hentet", path, fetched=copy.fetched)


def _load(path: Path) -> dict[str, Copy]:
    """Return the copies; a file that is broken only costs that everything is fetched again."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {name: _copy(one) for name, one in data.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _copy(data: dict[str, Any]) -> Copy:
    fetched = datetime.fromisoformat(data["fetched"])
    return Copy(data["url"], data["sha256"], fetched, data.get("etag"), data.get("modified"))
