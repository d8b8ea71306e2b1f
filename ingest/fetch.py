"""Bring the remote documents of the manifest, and keep the last good copy whatever happens.

A file is downloaded beside the one that is there, checked (it opens, it holds text) and put in its place
with one rename. What is known about each is kept in `fetched.json` in the same folder.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import httpx

from ingest.download import Limits, NotModified, discard, download
from ingest.errors import DocumentError, FetchError
from ingest.fetched import Copy, FetchResult, State, Status, here_of
from ingest.files import digest
from ingest.manifest import Format, Remote
from ingest.readers import read
from ingest.unpack import unpack

MIN_CHARACTERS = 200
"""Less text than this is an error page or a login page, not a document."""


def fetch(
    remotes: Iterable[Remote],
    folder: Path,
    limits: Limits | None = None,
    client: httpx.Client | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> list[FetchResult]:
    """Fetch every remote document into `folder`; one that fails does not stop the others.

    Args:
        remotes: from the manifest.
        folder: made if it is not there.
        limits: time-outs, tries and sizes.
        client: for a proxy or a certificate of one's own; redirects must be off in it.
        wait: called with seconds between tries.

    Raises:
        FetchError: the folder cannot be written to.
    """
    bounds = limits or Limits()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"Kan ikke lage mappen {folder}: {error.strerror}.") from error
    state = State(folder)
    owned = client or httpx.Client(timeout=httpx.Timeout(bounds.read, connect=bounds.connect))
    try:
        return [_fetch_one(remote, state, bounds, owned, wait) for remote in remotes]
    finally:
        if client is None:
            owned.close()


def forget(identity: str, folder: Path) -> None:
    """Delete the copy of a remote document, whatever is left of it; none at all is no error.

    Raises:
        FetchError: the folder cannot be written to.
    """
    state = State(folder)
    try:
        discard(state.part(identity))
        for kind in get_args(Format):
            (folder / f"{identity}.{kind}").unlink(missing_ok=True)
            _unchecked(folder, identity, kind).unlink(missing_ok=True)
        state.drop(identity)
    except OSError as error:
        raise FetchError(f"Kan ikke slette i {folder}: {error.strerror}.") from error


def _fetch_one(
    remote: Remote, state: State, limits: Limits, client: httpx.Client, wait: Callable[[float], None]
) -> FetchResult:
    here = here_of(remote, state)
    known = state.copy(remote.id) if here else None
    try:
        part = state.part(remote.id)
        headers = download(remote.url, part, known, limits, client, wait)
        path, sha256 = _install(remote, part, state.folder)
        same = known is not None and known.sha256 == sha256
        fetched = known.fetched if known is not None and same else datetime.now(UTC)
        state.keep(
            remote.id, Copy(remote.url, sha256, fetched, headers.get("etag"), headers.get("last-modified"))
        )
    except NotModified:
        assert here is not None
        return replace(here, status="uendret")
    except FetchError as error:
        kept = here or FetchResult(remote, "feilet")
        return replace(kept, status="feilet", reason=str(error))
    except OSError as error:
        raise FetchError(f"Kan ikke skrive til {state.folder}: {error.strerror}.") from error
    outcome: Status = "uendret" if same else "endret" if known else "hentet"
    return FetchResult(remote, outcome, path, fetched=fetched)


def _install(remote: Remote, part: Path, folder: Path) -> tuple[Path, str]:
    """Check what was downloaded and put it in its place; returns the path and the sha256 of the file.

    Raises:
        FetchError: it is not a document of the kind that the manifest says.
    """
    fresh = _unchecked(folder, remote.id, remote.format)
    path = folder / f"{remote.id}.{remote.format}"
    try:
        unpack(part, remote.member, fresh)
        _verify(remote, fresh)
        os.replace(fresh, path)
    finally:
        # What is wrong now is wrong the next time too: a bad download is not resumed.
        discard(part)
        fresh.unlink(missing_ok=True)
    return path, digest(path)


def _unchecked(folder: Path, identity: str, kind: Format) -> Path:
    """Return where a document lies while it is checked; its ending says how it is read."""
    return folder / f".{identity}.ny.{kind}"


def _verify(remote: Remote, path: Path) -> None:
    if remote.format == "pdf" and _is_cut(path):
        raise FetchError("Det som kom, er ikke en hel PDF.")
    try:
        reading = read(path)
    except DocumentError as error:
        raise FetchError(
            f"Det som kom, er ikke et brukbart dokument: {_without_name(error, path)}"
        ) from error
    kind = "pdf" if reading.pages is not None else "html"
    if kind != remote.format:
        raise FetchError(f"Det som kom, er {kind.upper()}, ikke {remote.format.upper()} som manifestet sier.")
    if reading.characters < MIN_CHARACTERS:
        raise FetchError(f"Det som kom, har bare {reading.characters} tegn tekst, og er neppe dokumentet.")


def _is_cut(path: Path) -> bool:
    """Say whether a PDF lacks its end; a reader may open it all the same, and miss pages."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return b"%%EOF" not in file.read()


def _without_name(error: DocumentError, path: Path) -> str:
    return str(error).replace(f"{path.name} ", "filen ")
