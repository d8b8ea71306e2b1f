from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from assistant.weights import Weights
from eval.cases import QUESTIONS, load_split
from eval.fit import ANSWER_FEATURES, HIT_FEATURES, PASSAGE_FEATURES, SENTENCE_FEATURES
from eval.metrics import facts_said
from eval.practice import PRACTICE, settings_of
from ingest.build import read_document
from ingest.examples import load_examples
from ingest.manifest import EXAMPLES, load_manifest
from ingest.normalise import letters
from ingest.settings import PROJECT

SAME = 90.0
"""Percent, of rapidfuzz: from here on two questions are one, whatever their letters' case and marks."""
LEAST = (10, 100)
"""Questions of each kind without an answer, and with one."""
SMALL = frozenset(
    {"lokalavtale", "kunstig", "vernetjeneste", "tillitsvalgt", "prosjektarbeid", "administrasjon"}
)
"""Of a hundred questions each: they are looked at together."""
LEAST_SMALL = (9, 70)
FOLDERS = sorted(PRACTICE.glob("*/*/"))


def name(folder: Path) -> str:
    return folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_evidence_stands_in_its_document_and_says_the_facts(folder: Path) -> None:
    documents = load_manifest(settings_of(folder).corpus).documents
    texts = {source.id: letters(read_document(source).text) for source in documents}
    for case in load_split(folder / "questions.jsonl").cases:
        for span in case.evidence:
            assert letters(span.quote) in texts[span.document], case.id
        said = " ".join(span.quote for span in case.evidence)
        assert not case.facts or facts_said(case, said) == 1.0, case.id


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_every_folder_has_questions_with_and_without_an_answer(folder: Path) -> None:
    kinds = Counter(case.kind for case in load_split(folder / "questions.jsonl").cases)
    unanswered, answered = LEAST_SMALL if folder.name in SMALL else LEAST
    assert min(kinds["nearmiss"], kinds["offtopic"]) >= unanswered
    assert kinds.total() - kinds["nearmiss"] - kinds["offtopic"] >= answered


def asked(paths: Iterable[Path]) -> set[str]:
    """Questions that say what they ask: a follow-up («hvorfor det?») may well be asked twice."""
    return {case.question for path in paths for case in load_split(path).cases if case.kind != "followup"}


def test_what_is_taught_or_an_example_is_neither_fitted_on_nor_measured() -> None:
    lessons, trials = (asked(PRACTICE.glob(f"{room}/*/questions.jsonl")) for room in ("lessons", "trials"))
    examples = {example.question for example in load_examples(PROJECT / "corpus" / EXAMPLES)}
    measured = asked(QUESTIONS.glob("*.jsonl"))
    assert not (lessons | examples) & trials
    for question in lessons | examples | trials:
        near = process.extractOne(
            question, measured, scorer=fuzz.token_sort_ratio, processor=default_process, score_cutoff=SAME
        )
        assert near is None, (question, near)


def test_the_weights_are_of_the_features_that_are_fitted() -> None:
    weights = Weights.load()
    assert tuple(weights.passage.weights) == PASSAGE_FEATURES
    assert tuple(weights.sentence.weights) == SENTENCE_FEATURES
    assert tuple(weights.hit.weights) == HIT_FEATURES
    assert tuple(weights.answerable.weights) == ANSWER_FEATURES
