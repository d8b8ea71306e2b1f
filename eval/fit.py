"""Fit the weights of fusion, ranking and refusal: `python -m eval.fit [--write]`.

They are fitted on the tuning half of the real questions and on the practice corpora, and judged on each
of these by weights that were fitted without it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.evidence import reread, signs
from assistant.opening import quiet
from assistant.weights import FILE, Linear, Weights
from eval.candidates import Found, collect, hit_groups, passage_groups, sentence_groups
from eval.command import told
from eval.practice import trials
from eval.ranking import Decisions, Group, Matrix, area, first_right, fit_decision, fit_ranking, rows

PENALTIES = (1e-3, 1e-2, 3e-2)
NOISE = 0.005
"""Of a ranking's mean figure: the largest penalty that is worse by no more is taken (Breiman et al. 1984)."""
PASSAGE_FEATURES = (
    "dense",
    "sentence",
    "window",
    "lexical",
    "coverage",
    "whole",
    "asked",
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
    "asked",
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
    "before",
    "announced",
)
ANSWER_FEATURES = (
    "cosine",
    "window",
    "unknown",
    "fits",
    "unfit_detail",
    "reference",
    "exemplified",
    "answered",
    "unanswered",
    "words",
    "prior",
)
HIT_FEATURES = ("passage", "sentences")
_NONE = Linear(0.0, {})

Collected = Mapping[str, Sequence[Found]]
"""By the corpus's name."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A score, the penalty it was fitted with, and how good it is on each corpus when fitted without it."""

    linear: Linear
    penalty: float
    judged: Mapping[str, float]


def fit(collected: Collected) -> tuple[Weights, dict[str, Fitted]]:
    """Fit all four in turn: each is fitted to what the one before puts forward."""
    passage = _ranking(
        PASSAGE_FEATURES, {name: passage_groups(found, PASSAGE_FEATURES) for name, found in collected.items()}
    )
    weights = Weights(passage.linear, _NONE, _NONE, _NONE)
    sentence = _ranking(
        SENTENCE_FEATURES,
        {name: sentence_groups(found, weights, SENTENCE_FEATURES) for name, found in collected.items()},
    )
    weights = Weights(passage.linear, sentence.linear, _NONE, _NONE)
    hit = _ranking(
        HIT_FEATURES, {name: hit_groups(found, weights, HIT_FEATURES) for name, found in collected.items()}
    )
    weights = Weights(passage.linear, sentence.linear, hit.linear, _NONE)
    answerable = _decision({name: _decisions(found, weights) for name, found in collected.items()})
    fitted = {
        "passage first": passage,
        "sentence first": sentence,
        "passage first, its sentences read": hit,
        "answerable (area)": answerable,
    }
    return Weights(passage.linear, sentence.linear, hit.linear, answerable.linear), fitted


def _ranking(names: Sequence[str], groups: Mapping[str, Sequence[Group]]) -> Fitted:
    """Return a score, centred so that the best candidate of a usual question scores 0."""

    def judge(penalty: float) -> dict[str, float]:
        return {
            name: first_right(groups[name], fit_ranking(_others(groups, name), penalty)) for name in groups
        }

    penalty, judged = _best(judge, NOISE)
    every = list(chain.from_iterable(groups.values()))
    weights = fit_ranking(every, penalty)
    best = np.median([float((group.features @ weights).max()) for group in every])
    return Fitted(_linear(names, weights, -float(best)), penalty, judged)


def _decision(decisions: Mapping[str, Decisions]) -> Fitted:
    def judge(penalty: float) -> dict[str, float]:
        judged = {}
        for name, one in decisions.items():
            weights = fit_decision(
                _joined([other for key, other in decisions.items() if key != name]), penalty
            )
            judged[name] = area(one.features @ weights, one.answerable)
        return judged

    penalty, judged = _best(judge)
    weights = fit_decision(_joined(list(decisions.values())), penalty)
    return Fitted(_linear(ANSWER_FEATURES, weights[:-1], float(weights[-1])), penalty, judged)


def _decisions(found: Sequence[Found], weights: Weights) -> Decisions:
    items = []
    for one in found:
        hits, ranked = one.weighed(weights)
        items.append({**signs(one.query, reread(hits, ranked, weights), ranked, one.prior), "bias": 1.0})
    answerable = np.array([float(one.case.answerable) for one in found])
    return Decisions(rows(items, (*ANSWER_FEATURES, "bias")), answerable)


def _others(groups: Mapping[str, Sequence[Group]], name: str) -> list[Group]:
    return list(chain.from_iterable(own for key, own in groups.items() if key != name))


def _joined(decisions: Sequence[Decisions]) -> Decisions:
    features = np.concatenate([one.features for one in decisions])
    return Decisions(features, np.concatenate([one.answerable for one in decisions]))


def _best(judge: Callable[[float], dict[str, float]], noise: float = 0.0) -> tuple[float, dict[str, float]]:
    """Return the largest penalty that is best, but for `noise`, on the corpora's mean, and its figures."""
    tried = {penalty: judge(penalty) for penalty in PENALTIES}
    means = {penalty: float(np.mean(list(judged.values()))) for penalty, judged in tried.items()}
    chosen = max(penalty for penalty in PENALTIES if means[penalty] >= max(means.values()) - noise)
    return chosen, tried[chosen]


def _linear(names: Sequence[str], weights: Matrix, bias: float) -> Linear:
    return Linear(round(bias, 3), {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)})


def save(weights: Weights, path: Path) -> None:
    """Write the weights file."""
    data = {
        name: {"bias": getattr(weights, name).bias, "weights": dict(getattr(weights, name).weights)}
        for name in Weights.__slots__
    }
    path.write_text(json.dumps(data, indent=1) + "\n")


@told
def main() -> int:
    """Fit, print and, with --write, keep."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the weights in assistant/weights.json")
    given = parser.parse_args()
    quiet()
    console = Console(highlight=False)
    collected = {trial.name: collect(trial) for trial in trials()}
    weights, fitted = fit(collected)
    table = Table("", *fitted, title="On each corpus, fitted on the others")
    for name in collected:
        table.add_row(name, *(f"{one.judged[name]:.3f}" for one in fitted.values()))
    table.add_row("penalty", *(f"{one.penalty:g}" for one in fitted.values()))
    console.print(table)
    for name in Weights.__slots__:
        console.print(name, getattr(weights, name))
    if given.write:
        save(weights, FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
