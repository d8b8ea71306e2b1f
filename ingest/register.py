"""Documents put into a corpus folder and taken out of it, with their entries in manifest.toml.

The manifest is changed as text, one whole table at a time, so that its owner's comments survive. The new
text is read as the manifest it would be before it takes the old one's place, with one rename.
"""

from __future__ import annotations

import fcntl
import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ingest.document import Source
from ingest.errors import ManifestError
from ingest.fetch import forget
from ingest.files import digest, replace_with
from ingest.manifest import ENDINGS, NAME, Manifest, load_manifest
from ingest.readers import read

REMOVED = "fjernet"
"""The sub-folder that removed files are moved to."""

Facts = Mapping[str, str | date | None]
"""Keys of a [[document]] besides `id`, `file` and `sha256`; those that are None are left out."""


def add(corpus: Path, file: Path, identity: str | None, facts: Facts) -> Source:
    """Copy a document into the folder, unless it lies there, and enter it in the manifest.

    Args:
        corpus: the folder; gets a manifest if it has none.
        file: what to add.
        identity: id of the document; None for the file's name without ending.
        facts: what the manifest is to say.

    Raises:
        DocumentError: the file cannot be read as a document.
        ManifestError: the file or the id is there already, or a fact has a value that is not allowed.
    """
    read(file)
    with _alone(corpus):
        return _add(corpus, file, identity, facts)


def _add(corpus: Path, file: Path, identity: str | None, facts: Facts) -> Source:
    manifest = load_manifest(corpus)
    if file.suffix.lower() not in ENDINGS:
        raise ManifestError(f"{file.name} må ha en av endelsene {', '.join(sorted(ENDINGS))}.")
    name = file.stem if identity is None else identity
    target = corpus / file.name
    inside = target.exists() and target.samefile(file)
    _refuse_known(manifest, corpus, target, inside, name, facts.get("supersedes"))
    entry: dict[str, str | date | None] = {
        "id": name,
        "file": file.name,
        "sha256": digest(file),
    }
    text = f"{_text(corpus).rstrip()}\n\n{_table({**entry, **facts})}".lstrip()
    with _checked(corpus, text) as fresh:
        if not inside:
            replace_with(target, file.read_bytes())
        os.replace(fresh, corpus / NAME)
    return next(source for source in load_manifest(corpus).documents if source.id == name)


def remove(corpus: Path, identity: str, fetched: Path) -> Path | None:
    """Take a document out of the manifest, and out of the folder; returns where its file lies now.

    A file of the folder is moved to the sub-folder `fjernet`. The copy in `fetched` of a remote document
    is deleted, and None returned; so it is for a document whose file had gone.

    Raises:
        ManifestError: there is no such document, or its entry is written in a way that cannot be cut out.
        FetchError: the copy cannot be deleted.
    """
    with _alone(corpus):
        return _remove(corpus, identity, fetched)


@contextmanager
def _alone(corpus: Path) -> Iterator[None]:
    """Let one process at a time change the manifest of a folder; others wait, it takes milliseconds."""
    try:
        folder = os.open(corpus, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ManifestError(f"Fant ikke mappen {corpus}: {error.strerror}.") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _remove(corpus: Path, identity: str, fetched: Path) -> Path | None:
    manifest = load_manifest(corpus)
    source = next((one for one in manifest.documents if one.id == identity), None)
    if source is None and identity not in {one.id for one in manifest.remotes}:
        known = ", ".join([one.id for one in manifest.documents] + [one.id for one in manifest.remotes])
        raise ManifestError(f"Det er ikke noe dokument «{identity}» i {corpus}. Disse finnes: {known}.")
    kind: Literal["document", "remote"] = "remote" if source is None else "document"
    text = _text(corpus)
    entries = tomllib.loads(text).get(kind, [])
    if any(entry["id"] == identity for entry in entries):
        with _checked(corpus, _without(text, kind, identity)) as fresh:
            os.replace(fresh, corpus / NAME)
    try:
        if source is None:
            forget(identity, fetched)
            return None
        return _set_aside(source.path) if source.path.exists() else None
    except OSError as error:
        raise ManifestError(f"Kan ikke skrive i {corpus}: {error.strerror}.") from error


def _refuse_known(
    manifest: Manifest, corpus: Path, target: Path, inside: bool, identity: str, supersedes: object
) -> None:
    listed = {entry["file"]: entry["id"] for entry in tomllib.loads(_text(corpus)).get("document", [])}
    if target.name in listed:
        raise ManifestError(
            f"{target.name} står allerede i manifestet, som «{listed[target.name]}». "
            f"Kjør først: medraad remove {listed[target.name]}"
        )
    if target.exists() and not inside:
        raise ManifestError(
            f"Det ligger allerede en annen fil {target.name} i {corpus}. Gi filen et nytt navn."
        )
    ids = {one.id for one in manifest.documents if one.path != target} | {one.id for one in manifest.remotes}
    if identity in ids:
        raise ManifestError(f"Id-en «{identity}» er i bruk. Velg en annen med --id.")
    if supersedes is not None and supersedes not in ids:
        raise ManifestError(f"Det er ikke noe dokument «{supersedes}» å erstatte i {corpus}.")


def _text(corpus: Path) -> str:
    path = corpus / NAME
    return path.read_bytes().decode("utf-8-sig") if path.exists() else ""


def _table(entry: Facts) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in entry.items() if value is not None]
    return "\n".join(("[[document]]", *lines, ""))


def _value(value: str | date | None) -> str:
    # TOML's basic strings escape as JSON's do, but for one sign that JSON lets stand.
    return (
        json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        if isinstance(value, str)
        else str(value)
    )


@contextmanager
def _checked(corpus: Path, text: str) -> Iterator[Path]:
    """Write a manifest beside the one that is there, and read it; yields its path, to be moved from there.

    Raises:
        ManifestError: it would not be a manifest that can be used, or the folder cannot be written to;
            nothing is left behind.
    """
    fresh = corpus / f".{NAME}.ny"
    try:
        fresh.write_bytes(text.encode("utf-8"))
        load_manifest(corpus, fresh)
        yield fresh
    except UnicodeEncodeError as error:
        raise ManifestError("Navn og verdier må være lesbare tegn.") from error
    except OSError as error:
        raise ManifestError(f"Kan ikke skrive i {corpus}: {error.strerror}.") from error
    except ManifestError as error:
        raise ManifestError(str(error).replace(str(fresh), NAME)) from error
    finally:
        with suppress(OSError):
            fresh.unlink()


def _set_aside(path: Path) -> Path:
    folder = path.parent / REMOVED
    folder.mkdir(exist_ok=True)
    number, place = 1, folder / path.name
    while place.exists():
        number += 1
        place = folder / f"{path.stem}-{number}{path.suffix}"
    path.rename(place)
    return place


def _without(text: str, kind: str, identity: str) -> str:
    """Return a manifest without one table; comments before it and after it stay.

    Raises:
        ManifestError: no run of whole lines is that table and nothing else.
    """
    wanted = tomllib.loads(text)
    wanted[kind] = [entry for entry in wanted[kind] if entry["id"] != identity]
    lines = text.split("\n")
    for start in (number for number, line in enumerate(lines) if line.strip().startswith(f"[[{kind}]]")):
        for end in _ends(lines, start, kind, identity):
            if _read("\n".join((*lines[:start], *lines[end:])), kind) == wanted:
                while end < len(lines) - 1 and not lines[end].strip():
                    end += 1
                return "\n".join((*lines[:start], *lines[end:]))
    raise ManifestError(f"Kan ikke ta «{identity}» ut av {NAME} uten å endre mer. Fjern tabellen for hånd.")


def _ends(lines: Sequence[str], start: int, kind: str, identity: str) -> Iterator[int]:
    """Yield where the table that begins at `start` can end, nearest first; nothing if it is another's.

    A line that begins with [ or # can be the inside of a value, so the lines alone do not say.
    """
    for end in range(start + 1, len(lines) + 1):
        found = _read("\n".join(lines[start:end]), kind)
        if found is None:
            continue
        if set(found) != {kind} or len(found[kind]) != 1 or found[kind][0].get("id", identity) != identity:
            return
        yield end


def _read(text: str, kind: str) -> dict[str, Any] | None:
    try:
        return {kind: []} | tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
