from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.library import Library
from assistant.opening import open_assistant
from assistant.prior import FILE, MOST, Prior
from assistant.settings import AssistantSettings
from ingest.adapter import FILE as ADAPTER
from ingest.files import digest

DEFAULT = "onnx:multilingual-e5-small:0123456789abcdef:mean:query: |passage: "


def test_it_is_read_for_the_model_that_it_was_fitted_to() -> None:
    prior = Prior.of(DEFAULT)
    assert prior.network is not None
    assert len(prior.network.hidden) == 384


def test_it_was_fitted_after_the_model_was_taught() -> None:
    assert str(np.load(FILE)["adapter"]) == digest(ADAPTER)


@pytest.mark.parametrize("name", ["fake", "sentence-transformers:multilingual-e5-small:1", "onnx:annen:1"])
def test_of_another_models_questions_it_knows_nothing(name: str) -> None:
    assert Prior.of(name)(np.ones(8, np.float32)) == 0.0


def test_a_question_alone_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "prior.npz"
    hidden = np.array([[1.25, 0.0], [100.0, -100.0]])
    np.savez(path, hidden=hidden, shift=np.array([0.0, -0.5]), out=np.array([1.0, -1.0]), bias=-1.0)
    prior = Prior.of(DEFAULT, path)
    assert prior(np.array([1.0, 0.0], np.float32)) == 0.25
    assert prior(np.array([0.0, 1.0], np.float32)) == MOST
    assert prior(np.array([0.0, -1.0], np.float32)) == -MOST


def test_what_guidance_seldom_tells_is_less_likely(settings: AssistantSettings) -> None:
    assistant, library = open_assistant(settings)
    try:
        told, seldom = (
            _prior(assistant.without("examples"), library, question)
            for question in ("Hvorfor bør vi involvere de ansatte?", "Hva er telefonnummeret til ordføreren?")
        )
        assert told > 0 > seldom
        # Where the documents have examples, these tell it.
        assert _prior(assistant, library, "Hvorfor bør vi involvere de ansatte?") == 0.0
        assert _prior(assistant.without("prior"), library, "Hva er telefonnummeret til ordføreren?") == 0.0
    finally:
        library.close()


def _prior(assistant: Assistant, library: Library, question: str) -> float:
    with library.reading() as shelf:
        return assistant.examine(shelf, ChatRequest(question=question)).signs["prior"]
