"""Fit what a question alone tells of whether it is answered: `python -m eval.prior [--write]`.

Fitted on the example questions of the project's corpus and on the lessons about other documents. Judged on
questions that it has not seen: of the tuning half and of `hverdag` about the same documents, of the other
trials about documents that it has not seen either. `eval.adapt` changes the model: fit this after it, then
`eval.fit`.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from assistant.opening import quiet
from assistant.prior import FILE, Network, Prior
from eval.cases import DEV, load_split
from eval.command import told
from eval.practice import PRACTICE
from eval.ranking import Matrix, area
from ingest.adapter import FILE as ADAPTER
from ingest.embed import Embedder, open_embedder
from ingest.examples import load_examples
from ingest.files import digest
from ingest.manifest import load_manifest
from ingest.settings import IngestSettings, load

NETS = 4
"""Fitted from different beginnings; their mean judges better than any of them."""
UNITS = 64
PENALTY = 3.0
EPOCHS = 8
"""So few that the questions are not learnt by heart."""
LESSONS = 6
"""So many examples each lesson counts for: they are fewer, and of many more documents."""

Asked = list[tuple[str, bool]]
"""Questions, and whether the documents answer them."""


def asked(path: Path, near: bool = False) -> Asked:
    """Return the questions of a file that stand alone; with `near` without those that are off topic."""
    cases = [case for case in load_split(path).cases if not case.history]
    return [(case.question, case.answerable) for case in cases if not (near and case.kind == "offtopic")]


def fit(embedder: Embedder, questions: Asked) -> Prior:
    """Return the prior that tells the answered from the others best, both counting the same in all."""
    vectors, answerable = _embedded(embedder, questions)
    mean, spread = vectors.mean(0), vectors.std(0) + 1e-9
    scaled = ((vectors - mean) / spread).astype(np.float32)
    network = _joined([_net(scaled, answerable, seed) for seed in range(NETS)])
    share = answerable.mean()
    return Prior(
        Network(
            (network.hidden / spread[:, None]).astype(np.float32),
            (network.shift - (mean / spread) @ network.hidden).astype(np.float32),
            network.out,
            network.bias - float(np.log(share / (1 - share))),
        )
    )


def _net(vectors: NDArray[np.float32], answerable: Matrix, seed: int) -> Network:
    model = MLPClassifier(
        (UNITS,), alpha=PENALTY, max_iter=EPOCHS, batch_size=min(512, len(vectors)), random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is to stop before that
        model.fit(vectors, answerable)
    return Network(
        model.coefs_[0], model.intercepts_[0], model.coefs_[1][:, 0], float(model.intercepts_[1][0])
    )


def _joined(nets: Sequence[Network]) -> Network:
    """Return one network that says what these say in the mean."""
    return Network(
        np.concatenate([net.hidden for net in nets], axis=1),
        np.concatenate([net.shift for net in nets]),
        (np.concatenate([net.out for net in nets]) / len(nets)).astype(np.float32),
        float(np.mean([net.bias for net in nets])),
    )


def judge(prior: Prior, embedder: Embedder, questions: Asked) -> float:
    """Return the area under the ROC curve of the prior alone."""
    vectors, answerable = _embedded(embedder, questions)
    return area(np.array([prior(vector.astype(np.float32)) for vector in vectors]), answerable)


def _embedded(embedder: Embedder, questions: Asked) -> tuple[Matrix, Matrix]:
    """Return (questions, d), each question embedded once, and (questions,) 1 where the documents answer."""
    row = {question: n for n, question in enumerate(dict(questions))}
    vectors = embedder.embed_queries(list(row))
    answerable = np.array([float(answered) for _, answered in questions])
    return np.asarray(vectors[[row[question] for question, _ in questions]], np.float64), answerable


def save(prior: Prior, path: Path) -> None:
    """Write the file, in half precision, with the digest of the adapter that the model had."""
    network = prior.network
    assert network is not None
    layers = {name: getattr(network, name).astype(np.float16) for name in ("hidden", "shift", "out")}
    np.savez_compressed(path, **layers, bias=network.bias, adapter=digest(ADAPTER))


@told
def main() -> int:
    """Fit, print and, with --write, keep."""
    parser = argparse.ArgumentParser(prog="python -m eval.prior", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep it in assistant/prior.npz")
    given = parser.parse_args()
    quiet()
    console = Console(highlight=False)
    settings = load(IngestSettings)
    embedder = open_embedder(settings.embedder, settings.models, settings.threads)
    examples = load_examples(load_manifest(settings.corpus).examples)
    folders = sorted(path.parent for path in PRACTICE.glob("lessons/*/docs"))
    lessons = chain.from_iterable(asked(folder / "questions.jsonl") for folder in folders)
    course = [(one.question, bool(one.evidence)) for one in examples] + LESSONS * list(lessons)
    prior = fit(embedder, course)
    console.print(f"{len(course)} questions; area under the ROC curve, those off topic left out:")
    for path in (DEV, *sorted(PRACTICE.glob("trials/*/questions.jsonl"))):
        name = path.stem if path == DEV else path.parent.name
        console.print(f"{name:16} {judge(prior, embedder, asked(path, near=True)):.3f}")
    if given.write:
        save(prior, FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
