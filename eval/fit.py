"""Fit the weights of fusion, ranking and refusal on the tuning half: `python -m eval.fit [--write]`.

Passages and sentences are ranked by a linear score, fitted so that a softmax over a question's candidates
puts its mass on those that hold the evidence (Cao et al. 2007, ListNet with the top-one probability).
Whether to answer is a logistic regression. All are regularised (L2) and judged by cross-validation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from assistant import evidence
from assistant.answer import Assistant
from assistant.library import Shelf
from assistant.opening import open_assistant
from assistant.retrieve import HybridRetriever
from assistant.settings import AssistantSettings
from assistant.weights import FILE, Linear, Weights
from eval.cases import DEV, Case, load_split
from eval.metrics import letters
from ingest.settings import load

POOL = 50
FOLDS = 5
SHUFFLES = 3
"""Times the folds are drawn anew: one draw of 300 questions says too little to choose a penalty by."""
PENALTIES = (1e-3, 3e-3, 1e-2, 3e-2)
PASSAGE_FEATURES = (
    "dense",
    "sentence",
    "window",
    "lexical",
    "coverage",
    "whole",
    "facet",
    "asker",
    "reference",
    "titled",
    "named",
    "numbered",
)
SENTENCE_FEATURES = (
    "cosine",
    "window",
    "coverage",
    "passage",
    "fits",
    "question",
    "anaphoric",
    "lead",
    "defines",
    "short",
    "fragment",
    "modal",
    "heading",
)
ANSWER_FEATURES = (
    "cosine",
    "whole",
    "lead",
    "passage",
    "unknown",
    "fits",
    "asks_detail",
    "unfit_detail",
    "reference",
)

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One question's candidates: (n, features), and which of them hold evidence."""

    features: Matrix
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stack:
    """Questions side by side, padded: features (q, n, f) in units of `unit` (f,), and masks (q, n)."""

    features: Matrix
    right: Matrix
    there: NDArray[np.bool_]
    unit: Matrix

    @classmethod
    def of(cls, groups: Sequence[Group]) -> Stack:
        """Stack groups; a feature's unit is its standard deviation over all candidates."""
        longest = max(len(group.right) for group in groups)
        unit = np.concatenate([group.features for group in groups]).std(0) + 1e-9
        features = np.zeros((len(groups), longest, len(unit)))
        right, there = np.zeros((len(groups), longest)), np.zeros((len(groups), longest), dtype=bool)
        for number, group in enumerate(groups):
            size = len(group.right)
            features[number, :size] = group.features / unit
            right[number, :size] = group.right
            there[number, :size] = True
        return cls(features, right, there, unit)

    def part(self, chosen: NDArray[np.bool_]) -> Stack:
        """Return the chosen questions."""
        return Stack(self.features[chosen], self.right[chosen], self.there[chosen], self.unit)


def _rows(items: Sequence[Mapping[str, float]], names: Sequence[str]) -> Matrix:
    return np.array([[item.get(name, 0.0) for name in names] for item in items], dtype=np.float64)


def holds(text: str, case: Case) -> bool:
    """Say whether a text holds a span of the case's evidence, or is a good part of one."""
    mine = letters(text)
    for span in case.evidence:
        wanted = letters(span.quote)
        if wanted in mine or (len(mine) > 15 and mine in wanted):
            return True
    return False


def rank_loss(weights: Matrix, stack: Stack, penalty: float) -> tuple[float, Matrix]:
    """Return the mean negative log-probability of the right candidates, with its gradient."""
    scores = np.where(stack.there, stack.features @ weights, -np.inf)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    share = odds / odds.sum(axis=1, keepdims=True)
    right = odds * stack.right
    mass = right.sum(axis=1, keepdims=True)
    loss = -float(np.log(mass / odds.sum(axis=1, keepdims=True)).mean())
    pull = (right / mass - share) / len(odds)
    gradient = -np.einsum("qn,qnf->f", pull, stack.features)
    return loss + penalty * float(weights @ weights), gradient + 2 * penalty * weights


def fit_ranking(stack: Stack, penalty: float) -> Matrix:
    """Return the weights, in the stack's units, that rank the right candidates first."""
    start = np.zeros(stack.features.shape[2])
    return np.asarray(minimize(rank_loss, start, (stack, penalty), jac=True, method="L-BFGS-B").x)


def answer_loss(weights: Matrix, rows: Matrix, labels: Matrix, penalty: float) -> tuple[float, Matrix]:
    """Return the balanced logistic loss with its gradient; the last weight is the bias."""
    scores = rows @ weights
    share = np.where(labels > 0, 0.5 / labels.sum(), 0.5 / (1 - labels).sum())
    loss = float((share * np.logaddexp(0, np.where(labels > 0, -scores, scores))).sum())
    gradient = rows.T @ (share * (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - labels))
    held = np.append(weights[:-1], 0.0)
    return loss + penalty * float(held @ held), gradient + 2 * penalty * held


def fit_answering(rows: Matrix, labels: Matrix, penalty: float) -> Matrix:
    """Return the weights of the decision, bias last."""
    start = np.zeros(rows.shape[1])
    return np.asarray(minimize(answer_loss, start, (rows, labels, penalty), jac=True, method="L-BFGS-B").x)


def first_right(stack: Stack, penalty: float) -> float:
    """Return the cross-validated share of questions whose best candidate is right."""
    hits = []
    for inside in _splits(len(stack.right)):
        weights = fit_ranking(stack.part(inside), penalty)
        rest = stack.part(~inside)
        best = np.where(rest.there, rest.features @ weights, -np.inf).argmax(axis=1)
        hits.append(rest.right[np.arange(len(best)), best])
    return float(np.concatenate(hits).mean())


def _splits(count: int) -> Iterator[NDArray[np.bool_]]:
    """Yield which of `count` questions are inside, for each fold of each shuffle."""
    for seed in range(SHUFFLES):
        places = np.random.default_rng(seed).permutation(count)
        for fold in range(FOLDS):
            yield places % FOLDS != fold


def best_penalty(judge: Callable[[float], float]) -> tuple[float, float]:
    """Return (penalty, score) of the regularisation that cross-validates best."""
    tried = [(judge(penalty), penalty) for penalty in PENALTIES]
    score, penalty = max(tried)
    return penalty, score


def passage_groups(assistant: Assistant, shelf: Shelf, cases: Sequence[Case]) -> list[Group]:
    """Collect the candidates of every answerable question."""
    groups = []
    for case in cases:
        hits = assistant.examine(shelf, case.request, POOL).hits
        right = np.array([holds(hit.stored.passage.text, case) for hit in hits])
        if right.any():
            groups.append(Group(_rows([hit.features for hit in hits], PASSAGE_FEATURES), right))
    return groups


def sentence_groups(
    assistant: Assistant, shelf: Shelf, cases: Sequence[Case], weights: Weights
) -> list[Group]:
    """Collect the candidate sentences of every answerable question, the passages ranked anew."""
    groups = []
    for case in cases:
        found = assistant.examine(shelf, case.request, POOL)
        hits = HybridRetriever(shelf.index, weights, shelf.names).retrieve(found.query, found.vector, POOL)
        ranked = evidence.weigh(found.query, hits, weights)
        right = np.array([holds(item.sentence.text, case) for item in ranked])
        if right.any():
            groups.append(Group(_rows([item.features for item in ranked], SENTENCE_FEATURES), right))
    return groups


def decisions(
    assistant: Assistant, shelf: Shelf, cases: Sequence[Case], weights: Weights
) -> tuple[Matrix, Matrix]:
    """Return (questions, features with a final 1) and which questions the sources answer."""
    signs = []
    for case in cases:
        found = assistant.examine(shelf, case.request, POOL)
        hits = HybridRetriever(shelf.index, weights, shelf.names).retrieve(found.query, found.vector, POOL)
        ranked = evidence.weigh(found.query, hits, weights)
        signs.append({**evidence.signs(found.query, hits, ranked), "bias": 1.0})
    return _rows(signs, (*ANSWER_FEATURES, "bias")), np.array([float(case.answerable) for case in cases])


def balanced(rows: Matrix, labels: Matrix, penalty: float) -> float:
    """Return the cross-validated balanced accuracy of the decision at probability ½."""
    unit = rows.std(0)
    unit[-1] = 1.0
    rows = rows / unit
    right = []
    for inside in _splits(len(labels)):
        weights = fit_answering(rows[inside], labels[inside], penalty)
        said, rest = rows[~inside] @ weights > 0, labels[~inside]
        right.append((said[rest > 0].mean() + (1 - said[rest == 0]).mean()) / 2)
    return float(np.mean(right))


def _linear(names: Sequence[str], weights: Matrix, bias: float = 0.0) -> Linear:
    return Linear(round(bias, 3), {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)})


def _ranking(names: Sequence[str], groups: Sequence[Group]) -> tuple[Linear, float, float]:
    """Return the fitted score, its penalty, and the cross-validated share of right firsts.

    It is centred so that the best candidate of a usual question scores 0, whatever the weights' size.
    """
    stack = Stack.of(groups)
    penalty, score = best_penalty(lambda penalty: first_right(stack, penalty))
    weights = fit_ranking(stack, penalty) / stack.unit
    best = np.median([float((group.features @ weights).max()) for group in groups])
    return _linear(names, weights, -float(best)), penalty, score


def fit(assistant: Assistant, shelf: Shelf, cases: Sequence[Case], console: Console) -> Weights:
    """Fit all three in turn and print how each cross-validates."""
    table = Table("what", "cases", "cross-validated", "penalty", title="Fitted on the tuning half")
    answerable = [case for case in cases if case.answerable]
    start = Weights.load()

    groups = passage_groups(assistant, shelf, answerable)
    passage, penalty, score = _ranking(PASSAGE_FEATURES, groups)
    table.add_row("passage first", str(len(groups)), f"{score:.3f}", f"{penalty:g}")

    weights_so_far = Weights(passage, start.sentence, start.answerable)
    sentences = sentence_groups(assistant, shelf, answerable, weights_so_far)
    sentence, penalty, score = _ranking(SENTENCE_FEATURES, sentences)
    table.add_row("sentence first", str(len(sentences)), f"{score:.3f}", f"{penalty:g}")

    rows, labels = decisions(assistant, shelf, cases, Weights(passage, sentence, start.answerable))
    penalty, score = best_penalty(lambda p: balanced(rows, labels, p))
    unit = rows.std(0)
    unit[-1] = 1.0
    weights = fit_answering(rows / unit, labels, penalty) / unit
    table.add_row("answer or refuse", str(len(labels)), f"{score:.3f}", f"{penalty:g}")
    console.print(table)
    return Weights(passage, sentence, _linear(ANSWER_FEATURES, weights[:-1], float(weights[-1])))


def save(weights: Weights, path: Path) -> None:
    """Write the weights file."""
    data = {
        name: {"bias": getattr(weights, name).bias, "weights": dict(getattr(weights, name).weights)}
        for name in Weights.__slots__
    }
    path.write_text(json.dumps(data, indent=1) + "\n")


def main() -> int:
    """Fit, print and, with --write, keep."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the weights in assistant/weights.json")
    given = parser.parse_args()
    console = Console()
    assistant, library = open_assistant(load(AssistantSettings))
    with library.reading() as shelf:
        weights = fit(assistant, shelf, load_split(DEV).cases, console)
    library.close()
    for name in Weights.__slots__:
        console.print(name, getattr(weights, name), highlight=False)
    if given.write:
        save(weights, FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
