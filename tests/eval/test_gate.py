"""Thresholds: what breaks them, and files that are not thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.errors import ThresholdsError
from eval.gate import Bound, breaches, load_thresholds
from eval.record import Estimate, SystemSummary


def summary(**values: float) -> SystemSummary:
    metrics = {key: Estimate(value=value, low=value, high=value, n=9) for key, value in values.items()}
    return SystemSummary(system="ours", n=9, metrics=metrics, groups={}, curve=(), stages=(), cases=())


THRESHOLDS = {
    "heldout": {"recall_1": Bound(min=0.85), "wrongly_refused": Bound(max=0.04)},
    "dev": {"recall_1": Bound(min=0.5)},
}


def broken(split: str, **values: float) -> list[tuple[str, float | None]]:
    return [(breach.key, breach.value) for breach in breaches(split, summary(**values), THRESHOLDS)]


def test_a_figure_at_its_bound_holds_and_one_beyond_breaks() -> None:
    assert broken("heldout", recall_1=0.85, wrongly_refused=0.04) == []
    assert broken("heldout", recall_1=0.84, wrongly_refused=0.05) == [
        ("recall_1", 0.84),
        ("wrongly_refused", 0.05),
    ]


def test_a_bound_is_read_with_a_decimal_comma() -> None:
    assert (str(Bound(min=0.85)), str(Bound(max=120))) == ("minst 0,85", "høyst 120")


def test_a_figure_that_was_not_measured_breaks_the_projects_own_split_only() -> None:
    assert broken("heldout", recall_1=0.9) == [("wrongly_refused", None)]
    assert broken("egne", recall_1=0.9) == []


def test_each_split_has_its_own_table_and_another_file_that_of_the_held_out() -> None:
    assert broken("dev", recall_1=0.6) == []
    assert broken("egne", recall_1=0.6) == [("recall_1", 0.6)]


def test_the_projects_thresholds_are_those_of_the_reach() -> None:
    held_out = load_thresholds()["heldout"]
    assert held_out["quotes_verbatim"].min == 1.0
    assert {"recall_1", "recall_5", "mrr", "facts_all", "nearmiss_refused"} <= held_out.keys()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[heldout]\nrecall_7 = { min = 0.5 }", "recall_7"),
        ("[heldout]\nmrr = { min = 0.5, max = 0.9 }", "heldout.mrr"),
        ("[heldout]\nmrr = {}", "heldout.mrr"),
        ("[heldout]\nmrr = { least = 0.5 }", "heldout.mrr.least"),
        ("[heldout", "TOML"),
    ],
)
def test_a_bad_file_is_refused_and_the_place_named(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text(text)
    with pytest.raises(ThresholdsError, match=word):
        load_thresholds(path)
