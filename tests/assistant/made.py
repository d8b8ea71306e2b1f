"""Passages and evidence that a test makes up, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evidence import Evidence
from assistant.question import Query
from assistant.retrieve import Hit
from ingest.chunk import passages
from ingest.content import Stored
from ingest.document import Block, Document, Source


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", text, level=level)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def item(text: str, marker: str = "•") -> Block:
    return Block("item", text, marker=marker)


def source(id_: str = "d", **facts: Any) -> Source:
    return Source(id=id_, path=Path(f"{id_}.txt"), title=facts.pop("title", id_.upper()), **facts)


def stored(*blocks: Block, document: str = "d", row: int = 0, page: int | None = None) -> Stored:
    """The only passage of a document of these blocks."""
    placed = [Block(b.kind, b.text, b.level, b.marker, b.url, page) for b in blocks]
    (passage,) = passages(Document.assemble(source(document), placed))
    return Stored(row, passage, tuple(frozenset[str]() for _ in passage.sentences), 0)


@cache
def hit(passage: Stored, score: float = 0.0) -> Hit:
    nothing = np.zeros(len(passage.passage.sentences), np.float32)
    return Hit(
        stored=passage,
        score=score,
        features={"numbered": 0.0},
        sentences=nothing,
        windows=nothing,
        coverage=nothing,
        asked=nothing.astype(np.float64),
    )


def evidence(passage: Stored, words: str, score: float = 0.0) -> Evidence:
    """The sentence of a passage that holds `words`, as evidence of a score."""
    at = next(n for n, sentence in enumerate(passage.passage.sentences) if words in sentence.text)
    return Evidence(hit(passage), at, score, {})


def ranked(*found: Evidence) -> list[Evidence]:
    return sorted(found, key=lambda one: -one.score)


def query(asked: str = "Hva sier kilden?", kind: Any = "fact", **fields: Any) -> Query:
    fields = {"text": asked, "terms": {}, **fields}
    return Query(original=asked, kind=kind, language="nb", **fields)


def quotes(parts: Sequence[Any]) -> list[str]:
    return [span.quote for part in parts for span in part.spans]
