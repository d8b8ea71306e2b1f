from __future__ import annotations

import numpy as np
import pytest

from ingest.nearness import ALIKE, MOST, Examples

QUESTION = np.array([1.0, 0.0], np.float32)


def lead(answered: list[float], unanswered: list[float]) -> float:
    """Of a question that lies as near (cosine) to examples that are answered, and to ones that are not."""
    cosines = np.array([*answered, *unanswered], np.float32)
    vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).reshape(-1, 2)
    answers = np.array([(example, 0, 0) for example in range(len(answered))], np.int64).reshape(-1, 3)
    return Examples(vectors, answers).near(QUESTION).answered


@pytest.mark.parametrize(
    ("answered", "unanswered", "expected"),
    [
        ([0.8, 0.7, 0.1], [0.7, 0.6, 0.2], 0.1),
        ([0.7, 0.6], [0.8, 0.7], 0.0),
        # One that is very near does not decide alone.
        ([0.8, 0.5], [0.7, 0.7], 0.0),
        ([0.7], [0.65], 0.025),
        ([0.95, 0.95], [0.2, 0.2], MOST),
        ([0.1, 0.1], [0.9, 0.9], 0.0),
        ([ALIKE - 0.01], [0.1], 0.0),
        ([0.9, 0.9], [], 0.0),
        ([], [0.9, 0.9], 0.0),
        ([], [], 0.0),
    ],
)
def test_the_nearest_examples_speak_for_an_answer(
    answered: list[float], unanswered: list[float], expected: float
) -> None:
    assert lead(answered, unanswered) == pytest.approx(expected, abs=1e-6)


def test_those_found_by_a_few_directions_are_those_that_are_alike() -> None:
    random = np.random.default_rng(7)
    # As of real questions: a few hundred topics and wordings, that lie mostly in some directions.
    topics = random.normal(size=(300, 384)) / np.arange(1, 385) ** 0.5
    vectors = topics[random.integers(300, size=4000)] + topics[random.integers(300, size=4000)]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    answers = np.array([(example, 0, example) for example in range(0, 4000, 2)], np.int64)
    examples = Examples(vectors, answers)
    alike = found = 0
    for question in vectors[1:800:16]:
        near = examples.near(question)
        cosines = vectors[::2] @ question
        likeness = near.of(np.arange(0, 4000, 2))
        np.testing.assert_allclose(likeness, np.where(likeness > 0, cosines, 0.0), atol=1e-5)
        assert (cosines[likeness > 0] >= ALIKE).all()
        assert (likeness[cosines >= 0.7] > 0).all()
        alike += int((cosines >= ALIKE).sum())
        found += int((likeness > 0).sum())
        assert near.unanswered == pytest.approx(1.0, abs=1e-5)
    assert 0.8 * alike < found <= alike
    assert 100 < alike < 50_000
