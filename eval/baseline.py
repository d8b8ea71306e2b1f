"""The stock pipeline, built as tutorials do: recursive splitter, the same embedder, Chroma, top four.

It searches with the question as it stands (no follow-up is resolved), answers with the text of its top
chunks put after one another, and refuses below a similarity that was tuned on the dev questions.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from assistant.contract import AnswerBlock, ChatResponse, Citation
from assistant.contract import Passage as Hit
from eval.cases import Case
from eval.run import Reply
from eval.summary import EMBED, TOTAL
from ingest.document import Passage, Source
from ingest.embed import Embedder
from ingest.errors import DocumentError
from ingest.readers import read
from ingest.vectors import VectorStore

CHUNK = 1_000
OVERLAP = 200
"""Characters: the splitter's values in LangChain's own tutorial."""
TOP = 4
"""Chunks in an answer: the default `k` of LangChain's Chroma store."""


class StockPipeline:
    """A System over the documents' raw text."""

    name = "stock"

    def __init__(self, sources: Sequence[Source], embedder: Embedder, folder: Path) -> None:
        """Split, embed and store the documents; those that cannot be read are left out.

        Args:
            sources: the documents of the manifest.
            embedder: the same as ours.
            folder: an empty folder for Chroma, the caller's to remove.

        Raises:
            IndexStorage: Chroma refused.
            ModelError: the embedder failed.
        """
        self._embedder = embedder
        self._sources = {source.id: source for source in sources}
        self._texts = {source.id: text for source in sources if (text := _raw(source))}
        self._chunks = tuple(_chunks(self._texts))
        self._threshold = -1.0
        self._store = VectorStore(folder, "stock", create=True)
        if self._chunks:
            self._store.add(self._chunks, embedder.embed_passages([chunk.text for chunk in self._chunks]))

    def tune(self, cases: Sequence[Case]) -> None:
        """Set the refusal threshold to the similarity with the best balanced accuracy on `cases`."""
        found = [self._nearest(self._embed(case), 1) for case in cases]
        best = [hits[0][1] if hits else -1.0 for hits in found]
        self._threshold = balanced_threshold(best, [case.answerable for case in cases])

    def search(self, case: Case, k: int) -> Sequence[Hit]:
        """Return the `k` nearest chunks."""
        vector = self._embed(case)
        return [self._hit(row, score) for row, score in self._nearest(vector, k)]

    def answer(self, case: Case) -> Reply:
        """Answer with the text of the nearest chunks, or refuse."""
        started = time.perf_counter()
        vector = self._embed(case)
        embedded = time.perf_counter()
        found = self._nearest(vector, TOP)
        searched = time.perf_counter()
        certainty = found[0][1] if found else -1.0
        response = self._compose(found) if found and certainty >= self._threshold else _refusal()
        stages = {
            EMBED: embedded - started,
            "search": searched - embedded,
            TOTAL: time.perf_counter() - started,
        }
        return Reply(response, {name: 1_000 * taken for name, taken in stages.items()}, certainty)

    def source_text(self, document: str) -> str:
        """Return the raw text, which the chunks were cut from."""
        return self._texts.get(document, "")

    def close(self) -> None:
        """Give back Chroma's files."""
        self._store.close()

    def _embed(self, case: Case) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embedder.embed_queries([case.question])[0]
        return vector

    def _nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        return self._store.nearest(vector, min(k, len(self._chunks))) if self._chunks else []

    def _hit(self, row: int, score: float) -> Hit:
        chunk = self._chunks[row]
        title = self._sources[chunk.document].title
        return Hit(
            document=chunk.document, title=title, section=(), page=None, text=chunk.text, score=score, url=""
        )

    def _compose(self, found: Sequence[tuple[int, float]]) -> ChatResponse:
        hits = [self._hit(row, score) for row, score in found]
        return ChatResponse(
            answered=True,
            mode="extractive",
            answer="\n\n".join(hit.text for hit in hits),
            blocks=tuple(
                AnswerBlock(kind="paragraph", text=hit.text, citations=(number,))
                for number, hit in enumerate(hits, 1)
            ),
            citations=tuple(_citation(number, hit) for number, hit in enumerate(hits, 1)),
            id="stock",
        )


def balanced_threshold(certainties: Sequence[float], answerable: Sequence[bool]) -> float:
    """Return the threshold t that maximises (P(c ≥ t | answerable) + P(c < t | unanswerable)) / 2.

    Candidates lie midway between neighbouring values; of equals the lowest wins, which refuses least.
    """
    scores, truth = np.asarray(certainties), np.asarray(answerable, dtype=bool)
    if truth.all() or not truth.any():
        return -1.0
    values = np.unique(scores)
    candidates = np.concatenate([[values[0] - 1], (values[:-1] + values[1:]) / 2, [values[-1] + 1]])
    accuracy = [((scores[truth] >= t).mean() + (scores[~truth] < t).mean()) / 2 for t in candidates]
    return float(candidates[int(np.argmax(accuracy))])


def _raw(source: Source) -> str:
    try:
        reading = read(source.path)
    except DocumentError:  # ingestion names it; a baseline only has to go without
        return ""
    return "\n".join(part.text for part in reading.pages or reading.blocks or ())


def _chunks(texts: dict[str, str]) -> list[Passage]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    found: list[Passage] = []
    for document, text in texts.items():
        for piece in splitter.create_documents([text]):
            start, cut = piece.metadata["start_index"], piece.page_content
            found.append(Passage(f"{len(found)}", document, (), cut, start, start + len(cut)))
    return found


def _citation(number: int, hit: Hit) -> Citation:
    return Citation(
        number=number,
        document=hit.document,
        title=hit.title,
        publisher=None,
        section=(),
        page=None,
        quote=hit.text,
        url="",
        external_url=None,
        status="ukjent",
        valid_to=None,
    )


def _refusal() -> ChatResponse:
    return ChatResponse(answered=False, mode="extractive", answer="", blocks=(), id="stock")
