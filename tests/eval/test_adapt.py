from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from eval import adapt
from eval.adapt import Encoder, right_first, teach
from eval.lessons import Lesson, Texts
from ingest.adapter import Adapter
from ingest.onnxengine import OnnxEmbedder

QUESTIONS = ("må sjefen høre på oss?", "hvem vasker koppene?", "når er møtet?", "får vi pizza?")
ANSWERS = (
    "Arbeidsgiver plikter å drøfte.",
    "Renholdet er satt ut.",
    "Utvalget trer sammen i mai.",
    "Maten er gratis.",
)


def lesson(number: int) -> Lesson:
    """The answer to a question is the one that suits it least: only teaching can bring them together."""
    texts = Texts([ANSWERS[number]], [ANSWERS[number - 1], ANSWERS[number - 2]], frozenset())
    question = QUESTIONS[(number + 1) % len(QUESTIONS)]
    return Lesson(question, question, {"sentence": texts, "window": texts, "passage": texts})


def test_untaught_encoder_reads_as_the_folder_does_and_has_nothing_to_keep(model_folder: Path) -> None:
    encoder = Encoder(model_folder, Adapter())
    found = encoder.vectors([f"passage: {text}" for text in ANSWERS]).detach().numpy()
    expected = OnnxEmbedder(model_folder).embed_passages(ANSWERS)
    assert (found * expected).sum(axis=1).min() > 0.99
    changes = Adapter({key: value.astype(np.float32) for key, value in encoder.changes().items()})
    assert not np.any(changes.change("l8.q.w"))
    assert not np.any(changes.change("l11.oln.b"))


def test_what_was_taught_is_what_is_kept(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapt, "BATCH", 4)
    monkeypatch.setattr(adapt, "EPOCHS", 12)
    encoder = Encoder(model_folder, Adapter())
    course = [lesson(number) for number in range(len(QUESTIONS))]
    before = right_first(encoder, course)
    teach(encoder, course, Console(quiet=True))
    assert right_first(encoder, course) > before
    kept = Adapter({key: value.astype(np.float32) for key, value in encoder.changes().items()})
    assert np.any(kept.change("l11.fo.w"))
