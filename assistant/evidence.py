"""Which sentences answer: each candidate sentence is judged by features that mean something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log

import numpy as np
from rapidfuzz import fuzz

from assistant.question import FIGURES, Query
from assistant.retrieve import Hit, cosine_of
from assistant.traits import traits
from assistant.weights import Features, Weights
from ingest.content import Stored
from ingest.document import Sentence
from ingest.normalise import letters

READ = 10
"""Passages found for a question, whose sentences are considered."""
KNOWN = 3.0
"""Log-odds that a sentence loses if the answer before said it: who asks on wants to hear something else."""
READS_ON = 2.0
"""Log-odds that a sentence wins where it stands right after one that the answer before said.

Both are set by hand, the tuning questions hold too few such to fit them on.
"""
FIGURE_FOUND = 0.25
"""What the question alone still counts for where a figure is asked for and one stands there."""
LONG = 10.0
"""Words from which a question counts as no longer: a preamble is no reason to answer."""
SAME = 88.0
"""Similarity in percent (rapidfuzz) from which two sentences say the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A sentence that may answer, with its score (log-odds) and what it rests on."""

    hit: Hit
    at: int
    """Which sentence of the passage."""
    score: float
    features: Mapping[str, float]
    alone: float = 0.0
    """The score without what speaks for its passage."""

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.stored.passage.sentences[self.at]

    @property
    def stored(self) -> Stored:
        """The passage it stands in."""
        return self.hit.stored


def weigh(query: Query, hits: Sequence[Hit], weights: Weights) -> list[Evidence]:
    """Return the sentences of the first READ hits, best first."""
    hits = hits[:READ]
    if not hits:
        return []
    features = traits(query, hits)
    scores = weights.sentence.each(features)
    if query.said:
        scores += [news for hit in hits for news in _news(query, hit)]
    alone = scores - weights.sentence.weights.get("passage", 0.0) * features["passage"]
    places = [(hit, at) for hit in hits for at in range(len(hit.stored.terms))]
    found = [
        Evidence(hit, at, score, Features(features, row), apart)
        for row, ((hit, at), score, apart) in enumerate(
            zip(places, scores.tolist(), alone.tolist(), strict=True)
        )
    ]
    rows = np.array([hit.stored.row for hit, _ in places])
    # Stable: equal scores stay in the order of the rows, and of the sentences.
    return [found[n] for n in np.lexsort((rows, -scores)).tolist()]


def read(hits: Sequence[Hit], ranked: Sequence[Evidence]) -> list[dict[str, float]]:
    """Return what speaks for each hit: its own score, and what its sentences say together.

    A passage is as likely to answer as its sentences are in all: the scores are log-odds of a softmax. Of one
    that was not read the least is expected.
    """
    odds: dict[int, float] = {}
    for item in ranked:
        odds[item.stored.row] = odds.get(item.stored.row, 0.0) + exp(item.alone)
    least = min(odds.values(), default=1.0)
    return [{"passage": hit.score, "sentences": log(odds.get(hit.stored.row, least))} for hit in hits]


def reread(hits: Sequence[Hit], ranked: Sequence[Evidence], weights: Weights) -> list[Hit]:
    """Return the hits with the score that they have once their sentences have been read, best first."""
    scores = map(weights.hit, read(hits, ranked))
    found = [replace(hit, score=score) for hit, score in zip(hits, scores, strict=True)]
    return sorted(found, key=lambda hit: (-hit.score, hit.stored.row))


def _news(query: Query, hit: Hit) -> Iterator[float]:
    """Yield, for each sentence, what it wins or loses by what the answer before said."""
    after = False
    for sentence in hit.stored.passage.sentences:
        known = is_known(query, sentence)
        yield -KNOWN if known else READS_ON * after
        after = known


def is_known(query: Query, sentence: Sentence) -> bool:
    """Say whether the answer before said a sentence."""
    return bool(query.said) and holds(query.said, sentence)


def holds(said: str, sentence: Sentence) -> bool:
    """Say whether an answer holds a sentence, or the same in nearly the same words."""
    verbatim = letters(sentence.text) in _letters_said(said)
    return verbatim or fuzz.token_set_ratio(sentence.text, said) >= SAME


@lru_cache(8)
def _letters_said(text: str) -> str:
    return letters(text)


def signs(query: Query, hits: Sequence[Hit], evidence: Sequence[Evidence], prior: float) -> dict[str, float]:
    """Return the features on which an answer is given or refused.

    "answered" is how much nearer (cosine) the question lies to examples that the documents answer than to
    ones that they do not; "unanswered" how much nearer to one of these than to anything that answers. "words"
    is how long the question is: a longer one lies farther from every sentence.

    Args:
        query: what is asked.
        hits: what was found, best first.
        evidence: its sentences, best first.
        prior: log-odds by the question alone. It says nothing where the documents have examples, which tell
            it better, and less where a figure is asked for and one stands there.
    """
    if not evidence or not hits:
        return {"nothing": 1.0}
    top = evidence[0]
    cosine = max(item.features["cosine"] for item in evidence[:5])
    asked = max(float(hit.asked.max()) for hit in hits[:READ])
    detail = query.kind in FIGURES
    fits = max(item.features["fits"] for item in evidence[:3])
    figure = fits * (detail or query.kind == "when")
    return {
        "cosine": cosine,
        "window": max(float(hit.windows.max()) for hit in hits[:READ]),
        "unknown": min(2.0, float(len(query.unknown))),
        "fits": top.features["fits"],
        "unfit_detail": detail * (1.0 - fits),
        "reference": max(hit.features[name] for hit in hits[:3] for name in ("reference", "numbered")),
        "exemplified": hits[0].features["exemplified"],
        "answered": hits[0].features["answered"],
        "unanswered": max(0.0, hits[0].features["unanswered"] - max(cosine, cosine_of(asked))),
        "words": min(LONG, float(len(query.text.split()))),
        "prior": prior * (1.0 - hits[0].features["exemplified"]) * (1.0 - (1.0 - FIGURE_FOUND) * figure),
        "unknown_reference": float(bool(query.references) and not _any(hits, "reference")),
        "unknown_phase": float(bool(query.phase_beyond) and not _told(hits, query.phase_beyond)),
    }


def _told(hits: Iterable[Hit], words: str) -> bool:
    return any(words.lower() in hit.stored.passage.text.lower() for hit in hits)


def _any(hits: Iterable[Hit], feature: str) -> bool:
    return any(hit.features[feature] > 0 for hit in hits)
