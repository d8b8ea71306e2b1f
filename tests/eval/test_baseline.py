"""The stock pipeline over small texts, with an embedder that counts letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.baseline import CHUNK, StockPipeline, balanced_threshold
from eval.run import run
from eval.summary import summarize
from ingest.document import Source
from tests.eval.systems import case

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå0123456789"


class LetterEmbedder:
    """Counts letters and digits: texts that share many lie near each other."""

    name = "letters"
    dimension = len(LETTERS)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        counts = np.asarray([[text.lower().count(sign) for sign in LETTERS] for text in texts], np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)

    embed_passages = embed_queries


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[StockPipeline]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Avtalen gjelder\nut 2019.\n", "utf-8")
    (corpus / "b.txt").write_text("\n\n".join(f"{n} kaffe og kake i kantina" * 10 for n in range(9)), "utf-8")
    sources = [
        Source(id=name, path=corpus / f"{name}.txt", title=name.upper()) for name in ("a", "b", "borte")
    ]
    made = StockPipeline(sources, LetterEmbedder(), tmp_path / "chroma")
    yield made
    made.close()


def test_the_nearest_chunk_comes_first_and_is_cut_from_the_raw_text(stock: StockPipeline) -> None:
    hits = stock.search(case("x", question="Hvor lenge gjelder avtalen, ut 2019?"), 10)
    assert (hits[0].document, hits[0].text) == ("a", "Avtalen gjelder\nut 2019.")
    assert all(len(hit.text) <= CHUNK and hit.text in stock.source_text(hit.document) for hit in hits)
    assert len(hits) > 3 and hits[0].score > hits[-1].score
    assert stock.source_text("borte") == ""


def test_it_answers_with_its_top_chunks_and_refuses_below_the_tuned_similarity(stock: StockPipeline) -> None:
    near = case("near", question="Gjelder avtalen ut 2019?")
    far = case("far", question="zzzz xxxx", answerable=False)
    stock.tune([near, far])
    reply = stock.answer(near)
    assert reply.response.answered and reply.response.citations[0].quote in reply.response.answer
    assert set(reply.stages) == {"embed", "search", "total"}
    assert not stock.answer(far).response.answered
    metrics = summarize("stock", run(stock, (near, far)), held_out=False).metrics
    figures = ("recall_1", "facts_all", "quotes_verbatim", "citations_bear", "nearmiss_refused")
    assert [metrics[key].value for key in figures] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("certainties", "answerable", "threshold"),
    [
        ([0.9, 0.8, 0.3, 0.2], [True, True, False, False], 0.55),
        # 0.75 cuts off one of two answerable and all three others; 0.25 keeps both and one other: 5/6.
        ([0.8, 0.4, 0.3, 0.2, 0.1], [True, False, True, False, False], 0.25),
        ([0.9, 0.8], [True, True], -1.0),
    ],
)
def test_the_threshold_has_the_best_balanced_accuracy(
    certainties: list[float], answerable: list[bool], threshold: float
) -> None:
    assert balanced_threshold(certainties, answerable) == pytest.approx(threshold)
