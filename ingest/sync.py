"""Bring the index up to date with the documents: build a new generation if anything has changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ingest import chunk, files, generation, index, lexical
from ingest.analysis import Analyzer
from ingest.embed import Embedder
from ingest.errors import IndexForeign, IndexMissing, IndexStorage, NothingToIndex
from ingest.index import Fingerprint, Note
from ingest.manifest import Manifest
from ingest.report import Outcome, Progress, Report
from ingest.vectors import VectorStore


def fingerprint(embedder_name: str, analyzer: Analyzer) -> Fingerprint:
    """Return the fingerprint of an index made now with these parts."""
    terms = f"{analyzer.version}:{lexical.K1}:{lexical.B}"
    return Fingerprint(embedder=embedder_name, chunker=chunk.VERSION, analysis=terms)


def synchronise(
    folder: Path,
    read_manifest: Callable[[], Manifest],
    embedder: Embedder,
    analyzer: Analyzer,
    progress: Progress = lambda done, total: None,
    chroma_url: str | None = None,
    patience: float = 0.0,
) -> Report:
    """Make the index in `folder` hold exactly the documents of the manifest.

    Unchanged passages are not embedded again, and nothing is written if nothing has changed. Until the
    last step the old generation answers; whatever fails before leaves it so. Where no document is left,
    nothing answers any more.

    Args:
        folder: of the index.
        read_manifest: called once nobody else writes, so that what others have just added is seen.
        embedder: makes the vectors.
        analyzer: makes the index terms.
        progress: told how many texts are embedded.
        chroma_url: a Chroma server for the vectors.
        patience: seconds to wait for another ingestion.

    Raises:
        NothingToIndex: there is no document, or none could be used.
        IndexBusy: another ingestion is running.
        IndexStorage: the disk or Chroma refused.
        ManifestError: the manifest cannot be used.
        ExamplesError: the example questions cannot be used.
        ModelError: the embedder failed.
    """
    with generation.locked(folder, patience):
        manifest = read_manifest()
        old = _live(folder)
        if not manifest.documents:
            return _emptied(folder, old)
        mark = fingerprint(embedder.name, analyzer)
        note = Note(mark, _digest(manifest), _now(), {}, chroma_url)
        if old is not None and _holds(old[1], manifest, note) and index.is_whole(*old):
            return Report(_unchanged(manifest, old[1]), old[0].name, unchanged=True)
        # Readers and parsers take a good part of a second to import, and most runs find nothing to do.
        from ingest.build import build

        outcomes, lost = build(folder, manifest, note, old, embedder, analyzer, progress)
        _prune(folder)
        return Report(outcomes, generation.live(folder).name, lost=lost)


def _emptied(folder: Path, old: tuple[Path, Note] | None) -> Report:
    if old is None:
        raise NothingToIndex("Fant ingen dokumenter. Legg filer i mappen, eller oppgi en annen med --corpus.")
    generation.retire(folder)
    return Report((), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(manifest: Manifest) -> str:
    """Digest of everything that the index is made from: the manifest's facts and the files' bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for source in manifest.documents:
        # Where the folder lies, and how its path was typed, is no part of the index.
        digest.update(repr(replace(source, path=Path(source.path.name))).encode())
        digest.update(_file_digest(source.path))
    if manifest.examples is not None:
        digest.update(_file_digest(manifest.examples))
    digest.update(repr((manifest.facets, manifest.works)).encode())
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    try:
        return bytes.fromhex(files.digest(path))
    except OSError as error:
        return repr(error.errno).encode()


def _live(folder: Path) -> tuple[Path, Note] | None:
    """Return the live generation, if there is one that this version can read."""
    try:
        path = generation.live(folder)
        return path, Note.read(path)
    except (IndexMissing, IndexForeign):
        return None


def _holds(found: Note, manifest: Manifest, wanted: Note) -> bool:
    """Say whether a generation already is what would be made; one that lacks a document is tried again."""
    everything = set(found.documents) == {source.id for source in manifest.documents}
    same = (found.fingerprint, found.inputs, found.chroma_url)
    return everything and same == (wanted.fingerprint, wanted.inputs, wanted.chroma_url)


def _unchanged(manifest: Manifest, note: Note) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(source, note.documents[source.id], remark=note.remarks.get(source.id))
        for source in manifest.documents
    )


def _prune(folder: Path) -> None:
    for old in generation.outdated(folder):
        try:
            url = Note.read(old).chroma_url
        except IndexForeign:  # of another version of the program: where its vectors are is not known
            url = None
        if url is not None:
            _drop(old, url)
        shutil.rmtree(old, ignore_errors=True)  # the new one answers already, and the next run tries again


def _drop(old: Path, url: str) -> None:
    """Delete a generation's collection from a server; one that is gone, or has no such, keeps nobody up."""
    with suppress(IndexStorage):
        store = VectorStore(old / "chroma", index.collection_name(old), url)
        try:
            store.drop()
        finally:
            store.close()
