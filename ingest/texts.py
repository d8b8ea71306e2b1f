"""The texts that are embedded, and the vectors of those that already were."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest import chunk, index
from ingest.content import Content
from ingest.document import Document, Passage
from ingest.embed import Embedder
from ingest.errors import IndexStorage
from ingest.examples import Example
from ingest.index import Fingerprint, Note
from ingest.report import Progress

_BATCH = 64

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to embed, and the number of the passage that it stands in; None for a question."""

    text: str
    passage: int | None

    @property
    def hash(self) -> bytes:
        """What it is known by in the index. The models embed a question in another way than a document."""
        person = b"question" if self.passage is None else b""
        return hashlib.blake2b(self.text.encode(), digest_size=16, person=person).digest()


def texts_of(
    documents: Sequence[Document], passages: Sequence[Passage], examples: Sequence[Example]
) -> list[Text]:
    """Return what is embedded, in the order of `index.VECTORS`."""
    titles = {document.source.id: document.source.title for document in documents}
    whole = [Text(chunk.for_embedding(titles[p.document], p), n) for n, p in enumerate(passages)]
    sentences = [Text(s.text, n) for n, passage in enumerate(passages) for s in passage.sentences]
    windows = [
        Text(chunk.window_for_embedding(passage, at), n)
        for n, passage in enumerate(passages)
        for at in range(len(passage.sentences))
    ]
    return whole + sentences + windows + [Text(example.question, None) for example in examples]


def cuts(passages: Sequence[Passage]) -> tuple[int, int, int]:
    """Return where the vectors of sentences, of windows and of examples begin."""
    sentences = sum(len(passage.sentences) for passage in passages)
    return len(passages), len(passages) + sentences, len(passages) + 2 * sentences


def known_vectors(old: tuple[Path, Note] | None, mark: Fingerprint) -> dict[bytes, Vectors]:
    """Return the vectors of the old generation by the hash of their text; none of one that is of no use."""
    if old is None:
        return {}
    folder, found = old[0], old[1].fingerprint
    if (found.embedder, found.format) != (mark.embedder, mark.format):
        return {}
    try:
        vectors = np.concatenate([index.vectors_file(folder, name) for name in index.VECTORS])
        with closing(Content(folder / "content.sqlite")) as content:
            return {hash_: vectors[row] for hash_, row in content.embedded().items()}
    except IndexStorage:
        return {}


def embed(
    texts: Sequence[Text], known: Mapping[bytes, Vectors], embedder: Embedder, progress: Progress
) -> tuple[Vectors, list[bool]]:
    """Return the vectors of `texts`, and for each whether it had to be embedded."""
    hashes = [text.hash for text in texts]
    fresh = {hash_: text for hash_, text in zip(hashes, texts, strict=True) if hash_ not in known}
    found = dict(known)
    done = 0
    for engine, questions in ((embedder.embed_passages, False), (embedder.embed_queries, True)):
        own = [hash_ for hash_, text in fresh.items() if (text.passage is None) == questions]
        # Neighbours in length are embedded together, so that little of a batch is padding.
        own.sort(key=lambda hash_: len(fresh[hash_].text), reverse=True)
        for start in range(0, len(own), _BATCH):
            batch = own[start : start + _BATCH]
            found.update(zip(batch, engine([fresh[hash_].text for hash_ in batch]), strict=True))
            done += len(batch)
            progress(done, len(fresh))
    vectors = np.stack([found[hash_] for hash_ in hashes]).astype(np.float32)
    return vectors, [hash_ in fresh for hash_ in hashes]
