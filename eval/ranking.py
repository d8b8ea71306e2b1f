"""Linear scores fitted to candidates: a ranking by softmax, a decision by logistic regression.

Candidates are ranked so that a softmax over a question's candidates puts its mass on the right ones (Cao et
al. 2007, ListNet with the top-one probability). Both are regularised (L2) in units of a feature's spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.summary import beats

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One question's candidates: (n, features), and which of them are right."""

    features: Matrix
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Questions: (n, features), the last of them 1, and (n,) 1 where the sources answer."""

    features: Matrix
    answerable: Matrix


def rows(items: Sequence[Mapping[str, float]], names: Sequence[str]) -> Matrix:
    """Return (items, names); a feature that an item has not is 0."""
    return np.array([[item.get(name, 0.0) for name in names] for item in items], dtype=np.float64)


def fit_ranking(groups: Sequence[Group], penalty: float) -> Matrix:
    """Return (features,) weights that rank the right candidates first."""
    features, right, there = _padded(groups)
    unit = _unit(np.concatenate([group.features for group in groups]))
    start = np.zeros(len(unit))
    data = (features / unit, right, there, penalty)
    return np.asarray(minimize(_rank_loss, start, data, jac=True, method="L-BFGS-B").x / unit)


def first_right(groups: Sequence[Group], weights: Matrix) -> float:
    """Return the share of questions whose best candidate is right."""
    return float(np.mean([group.right[(group.features @ weights).argmax()] for group in groups]))


def fit_decision(decisions: Decisions, penalty: float) -> Matrix:
    """Return (features,) weights of the decision, the bias last; both answers count the same in all."""
    unit = _unit(decisions.features)
    unit[-1] = 1.0
    start = np.zeros(len(unit))
    data = (decisions.features / unit, decisions.answerable, penalty)
    return np.asarray(minimize(_decision_loss, start, data, jac=True, method="L-BFGS-B").x / unit)


def area(scores: Matrix, answerable: Matrix) -> float:
    """Return the area under the ROC curve: how often an answerable question scores above another."""
    return float(beats(scores[answerable > 0], scores[answerable == 0]).mean())


def _unit(features: Matrix) -> Matrix:
    return np.asarray(features.std(0) + 1e-9)


def _padded(groups: Sequence[Group]) -> tuple[Matrix, Matrix, NDArray[np.bool_]]:
    """Return features (q, n, f), and (q, n) which candidates are right, and which are there at all."""
    longest = max(len(group.right) for group in groups)
    features = np.zeros((len(groups), longest, groups[0].features.shape[1]))
    right, there = np.zeros((len(groups), longest)), np.zeros((len(groups), longest), dtype=bool)
    for number, group in enumerate(groups):
        size = len(group.right)
        features[number, :size] = group.features
        right[number, :size] = group.right
        there[number, :size] = True
    return features, right, there


def _rank_loss(
    weights: Matrix, features: Matrix, right: Matrix, there: NDArray[np.bool_], penalty: float
) -> tuple[float, Matrix]:
    """Return the mean negative log-probability of the right candidates, with its gradient."""
    scores = np.where(there, features @ weights, -np.inf)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    share = odds / odds.sum(axis=1, keepdims=True)
    mine = odds * right
    mass = mine.sum(axis=1, keepdims=True)
    loss = -float(np.log(mass / odds.sum(axis=1, keepdims=True)).mean())
    pull = (mine / mass - share) / len(odds)
    gradient = -np.einsum("qn,qnf->f", pull, features)
    return loss + penalty * float(weights @ weights), gradient + 2 * penalty * weights


def _decision_loss(
    weights: Matrix, features: Matrix, answerable: Matrix, penalty: float
) -> tuple[float, Matrix]:
    """Return the balanced logistic loss with its gradient."""
    scores = features @ weights
    share = np.where(answerable > 0, 0.5 / answerable.sum(), 0.5 / (1 - answerable).sum())
    loss = float((share * np.logaddexp(0, np.where(answerable > 0, -scores, scores))).sum())
    gradient = features.T @ (share * (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - answerable))
    held = np.append(weights[:-1], 0.0)
    return loss + penalty * float(held @ held), gradient + 2 * penalty * held
