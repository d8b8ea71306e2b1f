from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.prior import Prior
from eval.prior import Asked, asked, fit, judge, save

WORDS = ("hvem", "hvorfor", "pris", "møte")


class WordEmbedder:
    """Counts words; enough to tell what questions are about."""

    name = "words"
    dimension = len(WORDS)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector of length 1 for each text."""
        counts = np.array([[1.0 + 5 * text.split().count(word) for word in WORDS] for text in texts])
        return (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same."""
        return self.embed_queries(texts)


COURSE: Asked = [("hvorfor møte", True), ("hvem møte", True), ("pris møte", False), ("hvem pris", False)]


def test_it_tells_what_was_answered_from_what_was_not() -> None:
    prior = fit(WordEmbedder(), COURSE * 2000)
    assert judge(prior, WordEmbedder(), [("hvorfor hvem", True), ("hvorfor pris", False)]) == 1.0


def test_what_is_kept_is_what_was_fitted(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    prior = fit(embedder, COURSE)
    save(prior, tmp_path / "prior.npz")
    kept = Prior.of("onnx:multilingual-e5-small:0", tmp_path / "prior.npz")
    for vector in embedder.embed_queries([question for question, _ in COURSE]):
        assert kept(vector) == pytest.approx(prior(vector), abs=1e-2)


def test_follow_ups_are_left_out_and_what_is_off_topic_where_it_judges(tmp_path: Path) -> None:
    evidence = [{"document": "a", "quote": "Noe som står der."}]
    lines: list[dict[str, object]] = [
        {"id": "1", "question": "Hvem?", "kind": "who", "answerable": True, "evidence": evidence},
        {"id": "2", "question": "Været?", "kind": "offtopic", "answerable": False},
        {"id": "3", "question": "Prisen?", "kind": "nearmiss", "answerable": False},
        {
            "id": "4",
            "question": "Og da?",
            "kind": "nearmiss",
            "answerable": False,
            "history": [{"role": "user", "content": "Hvem?"}],
        },
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert asked(path) == [("Hvem?", True), ("Været?", False), ("Prisen?", False)]
    assert asked(path, near=True) == [("Hvem?", True), ("Prisen?", False)]
