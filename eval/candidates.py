"""What the indexes hold for questions, collected once, so that weights can be tried on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant import evidence
from assistant.evidence import Evidence
from assistant.question import Query
from assistant.retrieve import Hit
from assistant.weights import Linear, Weights
from eval.cases import Case
from eval.practice import Trial
from eval.ranking import Group, rows
from ingest.examples import has_quote
from ingest.normalise import letters

POOL = 50
"""Passages collected for a question."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question with the passages found for it."""

    case: Case
    query: Query
    hits: Sequence[Hit]
    prior: float
    """What the question alone tells: `assistant.prior`."""

    def ranked(self, passage: Linear) -> list[Hit]:
        """Return the passages as `passage` ranks them."""
        hits = [replace(hit, score=passage(hit.features)) for hit in self.hits]
        return sorted(hits, key=lambda hit: (-hit.score, hit.stored.row))

    def weighed(self, weights: Weights) -> tuple[list[Hit], list[Evidence]]:
        """Return the passages and the sentences of the first of them, as `weights` rank them."""
        hits = self.ranked(weights.passage)
        return hits, evidence.weigh(self.query, hits, weights)


def collect(trial: Trial) -> list[Found]:
    """Put every question to the index; how passages are ranked does not matter.

    Raises:
        IngestError: there is no index.
    """
    with trial.opened() as (assistant, shelf):
        examined = ((case, assistant.examine(shelf, case.request, POOL)) for case in trial.cases)
        return [Found(case, found.query, found.hits, found.prior) for case, found in examined]


def passage_groups(found: Iterable[Found], names: Sequence[str]) -> list[Group]:
    """Return the passages of each answerable question, and which hold its evidence."""
    return _groups(
        found,
        lambda one: [(hit.features, hit.stored.passage.text) for hit in one.hits],
        names,
    )


def sentence_groups(found: Iterable[Found], weights: Weights, names: Sequence[str]) -> list[Group]:
    """Return the sentences of each answerable question's best passages, and which are evidence."""
    return _groups(
        found,
        lambda one: [(item.features, item.sentence.text) for item in one.weighed(weights)[1]],
        names,
    )


def hit_groups(found: Iterable[Found], weights: Weights, names: Sequence[str]) -> list[Group]:
    """Return the best passages of each answerable question as read, and which hold its evidence."""

    def candidates(one: Found) -> list[tuple[Mapping[str, float], str]]:
        hits, ranked = one.weighed(weights)
        best = hits[: evidence.READ]
        texts = [hit.stored.passage.text for hit in best]
        return list(zip(evidence.read(best, ranked), texts, strict=True))

    return _groups(found, candidates, names)


Candidates = Callable[[Found], Sequence[tuple[Mapping[str, float], str]]]


def _groups(found: Iterable[Found], candidates: Candidates, names: Sequence[str]) -> list[Group]:
    groups = []
    for one in found:
        if one.case.answerable:
            features, texts = zip(*candidates(one), strict=True)
            right = np.array([is_right(text, one.case) for text in texts])
            if right.any():
                groups.append(Group(rows(features, names), right))
    return groups


def is_right(text: str, case: Case) -> bool:
    """Say whether a text holds a span of the case's evidence, or is a good part of one."""
    mine = letters(text)
    return any(has_quote(mine, letters(span.quote)) for span in case.evidence)
