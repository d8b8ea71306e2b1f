from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

from eval import adapt
from eval.adapt import Line, reference, right_first, teach
from eval.encoder import Encoder
from eval.lessons import Lesson, Texts
from ingest.adapter import Adapter
from ingest.model import check_against_reference
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


def test_how_near_means_the_same_for_every_question_once_taught(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nothing answers moves away from every text, an answered question towards its answer."""
    monkeypatch.setattr(adapt, "BATCH", 4)
    monkeypatch.setattr(adapt, "EPOCHS", 12)
    encoder = Encoder(model_folder, Adapter())
    nothing = Texts([], ANSWERS, frozenset())
    unanswered = [
        Lesson(question, question, {"sentence": nothing, "window": nothing, "passage": nothing})
        for question in QUESTIONS[2:]
    ]
    answered = [lesson(0), lesson(3)]

    def gap() -> float:
        with torch.no_grad():
            texts = encoder.vectors([f"passage: {text}" for text in ANSWERS])
            asked = encoder.vectors([f"query: {each.asked}" for each in (*answered, *unanswered)])
            near = asked @ texts.T
        return float(near[0, 0].minimum(near[1, 3]) - near[2:].max())

    before = gap()
    teach(encoder, [*answered, *unanswered], Console(quiet=True))
    assert gap() > before + 0.1
    assert right_first(encoder, [*answered, *unanswered]) == 1.0


def test_certainty_is_lost_by_a_near_wrong_text_and_by_a_far_right_one() -> None:
    right, unclear = torch.tensor([[True, False], [False, False]]), torch.zeros(2, 2, dtype=torch.bool)

    def lost(cosines: list[list[float]]) -> float:
        return adapt._certainty_lost(Line()(torch.tensor(cosines)), right, unclear).item()

    best = lost([[0.9, 0.6], [0.6, 0.6]])
    assert lost([[0.7, 0.6], [0.6, 0.6]]) > best
    assert lost([[0.9, 0.8], [0.6, 0.6]]) > best
    assert lost([[0.9, 0.6], [0.8, 0.6]]) > best


def test_reference_is_what_the_made_model_is_compared_with(model_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "reference.toml"
    path.write_text(reference(Encoder(model_folder, Adapter()), ANSWERS), "utf-8")
    assert check_against_reference(OnnxEmbedder(model_folder), path) > 0.99
