"""Bring the index up to date with the documents: read, cut, embed what is new, swap in a new generation."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest import chunk, generation, index
from ingest.analysis import Analyzer
from ingest.content import Content, Entry, Mention
from ingest.document import Document, Passage, Source
from ingest.embed import Embedder
from ingest.errors import (
    DocumentEmpty,
    DocumentError,
    IndexForeign,
    IndexMissing,
    IndexStorage,
    NothingToIndex,
)
from ingest.index import Draft, Fingerprint, Note
from ingest.law import legal_blocks, provisions
from ingest.lexical import LexicalIndex
from ingest.manifest import Manifest, Work
from ingest.readers import read
from ingest.references import find
from ingest.structure import blocks_from_pages
from ingest.vectors import VectorStore

Progress = Callable[[int, int], None]
"""Called with (texts embedded so far, texts to embed)."""

HEADING_WEIGHT = 2
"""How often the words of the heading path count beside those of the passage in the lexical index."""

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document."""

    source: Source
    passages: int = 0
    embedded: int = 0
    problem: str | None = None
    """Why it could not be used."""
    remark: str | None = None
    """What its owner should know although it was used."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did. `generation` is the live one afterwards."""

    outcomes: tuple[Outcome, ...]
    generation: str
    unchanged: bool = False

    @property
    def complete(self) -> bool:
        """Whether every document could be used."""
        return all(outcome.problem is None for outcome in self.outcomes)


def fingerprint(embedder_name: str, analyzer: Analyzer) -> Fingerprint:
    """Return the fingerprint of an index made now with these parts."""
    return Fingerprint(embedder=embedder_name, chunker=chunk.VERSION, analysis=analyzer.version)


def synchronise(
    folder: Path,
    manifest: Manifest,
    embedder: Embedder,
    analyzer: Analyzer,
    progress: Progress = lambda done, total: None,
    chroma_url: str | None = None,
) -> Report:
    """Make the index in `folder` hold exactly the documents of the manifest.

    Unchanged passages are not embedded again, and nothing is written if nothing has changed. Until the
    last step the old generation answers; whatever fails before leaves it so.

    Raises:
        NothingToIndex: no document could be used.
        IndexBusy: another ingestion is running.
        IndexStorage: the disk or Chroma refused.
        ModelError: the embedder failed.
    """
    with generation.locked(folder):
        mark = fingerprint(embedder.name, analyzer)
        inputs = _digest(manifest)
        old = _live(folder)
        held = old is not None and _holds(old[1], manifest, mark, inputs, chroma_url)
        if old is not None and held and _opens(old[0], mark):
            return Report(_unchanged(manifest, old[1]), old[0].name, unchanged=True)
        documents, outcomes = read_all(manifest.documents)
        if not documents:
            raise NothingToIndex(_nothing(outcomes))
        passages = [
            _with_facets(passage, manifest) for document in documents for passage in chunk.passages(document)
        ]
        sources = {document.source.id: document.source for document in documents}
        texts = _texts(documents, passages)
        vectors, embedded = _embed(texts, _known(old, mark), embedder, progress)
        counts = _counts(passages)
        note = Note(mark, inputs, datetime.now(UTC).isoformat(timespec="seconds"), counts, chroma_url)
        draft = Draft(
            note=note,
            documents=documents,
            entries=[_entry(p, sources[p.document], manifest.works, analyzer) for p in passages],
            vectors=dict(zip(index.VECTORS, np.split(vectors, _cuts(passages)), strict=True)),
            hashes=[text.hash for text in texts],
            lexical=_lexical(documents, passages, analyzer),
        )
        with generation.building(folder) as fresh:
            index.write(fresh, draft)
        _prune(folder)
        fresh_by_document = _counts(
            [passages[text.passage] for text, new in zip(texts, embedded, strict=True) if new]
        )
        return Report(
            tuple(
                replace(
                    outcome,
                    passages=counts.get(outcome.source.id, 0),
                    embedded=fresh_by_document.get(outcome.source.id, 0),
                )
                for outcome in outcomes
            ),
            generation.live(folder).name,
        )


def read_all(sources: Iterable[Source]) -> tuple[list[Document], list[Outcome]]:
    """Read every document; one that cannot be used is named in its outcome and does not stop the others."""
    documents: list[Document] = []
    outcomes: list[Outcome] = []
    for source in sources:
        try:
            document = read_document(source)
        except DocumentError as error:
            outcomes.append(Outcome(source, problem=str(error)))
            continue
        documents.append(document)
        outcomes.append(Outcome(document.source, remark=_changed(source)))
    return documents, outcomes


def read_document(source: Source) -> Document:
    """Read, clean and structure one document.

    Raises:
        DocumentError: it is missing, empty or cannot be read.
    """
    reading = read(source.path)
    blocks = legal_blocks(
        blocks_from_pages(reading.pages) if reading.pages is not None else reading.blocks or ()
    )
    named = replace(source, title=reading.title) if reading.title and source.title == source.id else source
    document = Document.assemble(named, blocks)
    if not any(placed.block.kind != "heading" for placed in document.blocks):
        raise DocumentEmpty(f"{source.path.name} har ingen tekst som kan brukes.")
    return document


def _changed(source: Source) -> str | None:
    if source.sha256 is None or hashlib.sha256(source.path.read_bytes()).hexdigest() == source.sha256:
        return None
    return "filen er endret siden manifestet ble skrevet (sha256 stemmer ikke)"


def _digest(manifest: Manifest) -> str:
    """Digest of everything that the index is made from: the manifest's facts and the files' bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for source in manifest.documents:
        digest.update(repr(source).encode())
        try:
            digest.update(hashlib.sha256(source.path.read_bytes()).digest())
        except OSError as error:
            digest.update(repr(error.errno).encode())
    digest.update(repr((manifest.facets, manifest.works)).encode())
    return digest.hexdigest()


def _live(folder: Path) -> tuple[Path, Note] | None:
    """Return the live generation, if there is one that this version can read."""
    try:
        path = generation.live(folder)
        return path, Note.read(path)
    except (IndexMissing, IndexForeign):
        return None


def _holds(note: Note, manifest: Manifest, mark: Fingerprint, inputs: str, chroma_url: str | None) -> bool:
    """Say whether a generation already is what would be made; one that lacks a document is tried again."""
    everything = set(note.documents) == {source.id for source in manifest.documents}
    return everything and (note.fingerprint, note.inputs, note.chroma_url) == (mark, inputs, chroma_url)


def _opens(folder: Path, mark: Fingerprint) -> bool:
    """Say whether a generation can be read; a damaged one is made anew."""
    try:
        with closing(index.Index(folder, mark)):
            return True
    except (IndexStorage, IndexMissing):
        return False


def _unchanged(manifest: Manifest, note: Note) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(source, note.documents[source.id], remark=_changed(source)) for source in manifest.documents
    )


def _nothing(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "Fant ingen dokumenter. Legg filer i mappen, eller oppgi en annen med --corpus."
    reasons = "; ".join(f"{outcome.source.id}: {outcome.problem}" for outcome in outcomes)
    return f"Ingen av dokumentene kunne brukes. Den gamle indeksen er urørt. {reasons}"


def _with_facets(passage: Passage, manifest: Manifest) -> Passage:
    return passage.with_facets(manifest.facets.of(passage.section, passage.text))


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    passage: int

    @property
    def hash(self) -> bytes:
        return hashlib.blake2b(self.text.encode(), digest_size=16).digest()


def _texts(documents: Sequence[Document], passages: Sequence[Passage]) -> list[_Text]:
    """Return what is embedded: every passage, then every sentence, then every sentence's window, in order."""
    titles = {document.source.id: document.source.title for document in documents}
    whole = [_Text(chunk.for_embedding(titles[p.document], p), n) for n, p in enumerate(passages)]
    sentences = [_Text(s.text, n) for n, passage in enumerate(passages) for s in passage.sentences]
    windows = [
        _Text(chunk.window_for_embedding(passage, at), n)
        for n, passage in enumerate(passages)
        for at in range(len(passage.sentences))
    ]
    return whole + sentences + windows


def _cuts(passages: Sequence[Passage]) -> tuple[int, int]:
    """Return where the vectors of sentences and of windows begin."""
    sentences = sum(len(passage.sentences) for passage in passages)
    return len(passages), len(passages) + sentences


def _known(old: tuple[Path, Note] | None, mark: Fingerprint) -> dict[bytes, NDArray[np.float32]]:
    """Return the vectors of the old generation by the hash of their text; none of one that is of no use."""
    if old is None:
        return {}
    folder, found = old[0], old[1].fingerprint
    if (found.embedder, found.format) != (mark.embedder, mark.format):
        return {}
    try:
        vectors = np.concatenate([index.vectors_file(folder, name) for name in index.VECTORS])
        with closing(Content(folder / "content.sqlite")) as content:
            return {hash_: vectors[row] for hash_, row in content.embedded()}
    except IndexStorage:
        return {}


def _embed(
    texts: Sequence[_Text], known: dict[bytes, NDArray[np.float32]], embedder: Embedder, progress: Progress
) -> tuple[NDArray[np.float32], list[bool]]:
    """Return the vectors of `texts`, and for each whether it had to be embedded."""
    hashes = [text.hash for text in texts]
    fresh = {hash_: text.text for hash_, text in zip(hashes, texts, strict=True) if hash_ not in known}
    # Neighbours in length are embedded together, so that little of a batch is padding.
    order = sorted(fresh, key=lambda hash_: len(fresh[hash_]), reverse=True)
    found = dict(known)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        found.update(zip(batch, embedder.embed_passages([fresh[hash_] for hash_ in batch]), strict=True))
        progress(start + len(batch), len(order))
    vectors = np.stack([found[hash_] for hash_ in hashes]).astype(np.float32)
    return vectors, [hash_ in fresh for hash_ in hashes]


def _entry(passage: Passage, source: Source, works: Sequence[Work], analyzer: Analyzer) -> Entry:
    terms = [sorted(set(analyzer.terms(sentence.text))) for sentence in passage.sentences]
    return Entry(passage, terms, [*_mentions(passage, source, works)])


def _mentions(passage: Passage, source: Source, works: Sequence[Work]) -> Iterable[Mention]:
    if source.work is not None:
        for own in provisions(passage.section, passage.text, source.work):
            yield Mention(own.section, own.work, own.part, own.ledd, own.letter, is_text=True)
    for reference in find(" › ".join(passage.section), source.work, works):
        if reference.work is None or reference.work != source.work:
            yield Mention(reference.section, reference.work, reference.part, reference.ledd, reference.letter)
    for reference in find(
        "\n".join((passage.text, *(name for name, _ in passage.links))), source.work, works
    ):
        yield Mention(reference.section, reference.work, reference.part, reference.ledd, reference.letter)


def _lexical(documents: Sequence[Document], passages: Sequence[Passage], analyzer: Analyzer) -> LexicalIndex:
    titles = {document.source.id: analyzer.terms(document.source.title) for document in documents}
    return LexicalIndex.build(
        [
            [
                *analyzer.terms(passage.text),
                *analyzer.terms(" ".join(passage.section)) * HEADING_WEIGHT,
                *titles[passage.document],
            ]
            for passage in passages
        ],
        [analyzer.tokens(" ".join((passage.text, *passage.section))) for passage in passages],
    )


def _counts(passages: Iterable[Passage]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for passage in passages:
        counts[passage.document] = counts.get(passage.document, 0) + 1
    return counts


def _prune(folder: Path) -> None:
    for old in generation.outdated(folder):
        try:
            url = Note.read(old).chroma_url
        except IndexForeign:  # of another version of the program: where its vectors are is not known
            url = None
        if url is not None:
            store = VectorStore(old / "chroma", index.collection_name(old), url)
            store.drop()
            store.close()
        shutil.rmtree(old)
