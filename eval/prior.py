"""Fit what a question alone tells of whether it is answered: `python -m eval.prior [--write]`.

Fitted on the example questions of the project's corpus and on the lessons about other documents. Judged on
questions that it has not seen: of the tuning half and of `hverdag` about the same documents, of the other
trials about documents that it has not seen either. `eval.adapt` changes the model: fit this after it, then
`eval.fit`.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import chain
from pathlib import Path

import numpy as np
from rich.console import Console

from assistant.opening import quiet
from assistant.prior import FILE, Prior
from eval.cases import DEV, load_split
from eval.command import told
from eval.practice import PRACTICE
from eval.ranking import Decisions, Matrix, area, fit_decision
from ingest.adapter import FILE as ADAPTER
from ingest.embed import Embedder, open_embedder
from ingest.examples import load_examples
from ingest.files import digest
from ingest.manifest import load_manifest
from ingest.settings import IngestSettings, load

PENALTY = 3e-3
LESSONS = 6
"""So many examples each lesson counts for: they are fewer, and of many more documents."""

Asked = list[tuple[str, bool]]
"""Questions, and whether the documents answer them."""


def asked(path: Path, near: bool = False) -> Asked:
    """Return the questions of a file that stand alone; with `near` without those that are off topic."""
    cases = [case for case in load_split(path).cases if not case.history]
    return [(case.question, case.answerable) for case in cases if not (near and case.kind == "offtopic")]


def fit(embedder: Embedder, questions: Asked) -> Prior:
    """Return the prior that tells the answered from the others best."""
    vectors, answerable = _embedded(embedder, questions)
    weights = fit_decision(Decisions(np.column_stack([vectors, np.ones(len(vectors))]), answerable), PENALTY)
    return Prior(weights[:-1].astype(np.float32), float(weights[-1]))


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
    """Write the file."""
    assert prior.direction is not None
    data = {
        "adapter": digest(ADAPTER),
        "bias": round(prior.bias, 3),
        "direction": [round(float(x), 3) for x in prior.direction],
    }
    path.write_text(json.dumps(data) + "\n")


@told
def main() -> int:
    """Fit, print and, with --write, keep."""
    parser = argparse.ArgumentParser(prog="python -m eval.prior", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep it in assistant/prior.json")
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
