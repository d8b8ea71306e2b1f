from __future__ import annotations

import numpy as np
import pytest

from eval.ranking import Decisions, Group, area, first_right, fit_decision, fit_ranking, rows

RNG = np.random.default_rng(0)


def groups(count: int, told_by: int) -> list[Group]:
    """Groups whose right candidate is the one with the most of one feature; the others are noise."""
    found = []
    for _ in range(count):
        features = RNG.normal(size=(8, 3)) * (1.0, 100.0, 0.01)
        right = np.zeros(8, dtype=bool)
        right[features[:, told_by].argmax()] = True
        found.append(Group(features, right))
    return found


@pytest.mark.parametrize("told_by", [0, 1, 2])
def test_ranking_finds_the_feature_that_tells_whatever_its_unit(told_by: int) -> None:
    weights = fit_ranking(groups(80, told_by), penalty=1e-3)
    assert first_right(groups(80, told_by), weights) > 0.9
    assert first_right(groups(80, (told_by + 1) % 3), weights) < 0.4


def test_several_right_candidates_count_together() -> None:
    features = np.array([[1.0, 0.0], [0.9, 0.0], [0.0, 5.0]])
    weights = fit_ranking([Group(features, np.array([True, True, False]))] * 4, penalty=1e-3)
    assert (features @ weights).argmin() == 2


def test_both_answers_count_the_same_however_many_there_are() -> None:
    answerable = np.array([1.0] * 190 + [0.0] * 10)
    features = np.column_stack([RNG.normal(size=200) + 2 * answerable, np.ones(200)])
    said = features @ fit_decision(Decisions(features, answerable), penalty=1e-3) > 0
    assert said[answerable > 0].mean() > 0.7
    assert (~said[answerable == 0]).mean() > 0.7


@pytest.mark.parametrize(
    ("scores", "expected"), [([1.0, 2.0, 3.0, 4.0], 1.0), ([4.0, 3.0, 2.0, 1.0], 0.0), ([1.0] * 4, 0.5)]
)
def test_area_is_how_often_an_answerable_question_scores_higher(scores: list[float], expected: float) -> None:
    assert area(np.array(scores), np.array([0.0, 0.0, 1.0, 1.0])) == expected


def test_a_feature_that_is_not_there_is_nothing() -> None:
    assert rows([{"a": 1.0}, {"b": 2.0, "c": 9.0}], ("a", "b")).tolist() == [[1.0, 0.0], [0.0, 2.0]]
