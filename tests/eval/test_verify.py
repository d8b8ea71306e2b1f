"""The check holds what issue 5 asks for on the made-up pairs and on planted inventions."""

from __future__ import annotations

import pytest

from assistant.verify import Checker
from eval.planted import plant
from eval.support import read_pairs
from eval.verify import measure_pairs, measure_time, slipped
from ingest.analysis import Analyzer
from tests.fakes import GLOSS

PAIRS = read_pairs()


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer) -> Checker:
    return Checker(analyzer, GLOSS)


def test_there_are_enough_pairs_in_both_written_forms() -> None:
    assert len(PAIRS) >= 240
    for language in ("nb", "nn"):
        for supported in (True, False):
            assert sum(p.language == language and p.supported is supported for p in PAIRS) >= 100


def test_no_planted_invention_is_let_through(checker: Checker) -> None:
    assert len(list(plant(PAIRS))) >= 300
    assert slipped(checker, PAIRS) == []


def test_unsupported_statements_are_dropped_and_supported_ones_kept(checker: Checker) -> None:
    figures = measure_pairs(checker, PAIRS)
    supported = sum(group.supported for group in figures)
    assert sum(group.let_through for group in figures) <= 0.02 * (len(PAIRS) - supported)
    assert sum(group.dropped for group in figures) <= 0.05 * supported


def test_checking_costs_little_beside_a_slow_model(checker: Checker) -> None:
    taken = measure_time(checker, PAIRS[:40])
    assert 0 < taken.p50 <= taken.p95
    assert 0 < taken.share < 0.03
