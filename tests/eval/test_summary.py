"""A made-up system on a few questions: means, intervals, groups, gaps, the curve and latency, by hand."""

from __future__ import annotations

import pytest

from eval.run import ablate, run
from eval.summary import changes, estimate, summarize
from tests.eval.systems import RIGHT, TableSystem, answer, case

SPAN = "Avtalen gjelder ut 2019."
CASES = (
    case("first"),
    case("second", language="nn", kind="list"),
    case("missed", language="en", style="rough"),
    case("near", answerable=False),
    case("near2", answerable=False),
    case("off", answerable=False, kind="offtopic"),
)
SYSTEM = TableSystem(
    found={"first": [SPAN], "second": ["x", SPAN], "missed": ["x"]},
    answers={"first": RIGHT, "second": answer("Avtalen gjelder lenge.", SPAN), "near": RIGHT},
    certainties={"first": 0.9, "second": 0.6, "missed": 0.3, "near": 0.7, "near2": 0.2, "off": 0.1},
)


def test_figures_of_a_made_up_system() -> None:
    found = summarize("ours", run(SYSTEM, CASES), held_out=False).metrics
    expected = {
        "recall_1": 1 / 3,
        "recall_3": 2 / 3,
        "mrr": 0.5,
        "facts_all": 1 / 3,
        "wrongly_refused": 1 / 3,
        "nearmiss_refused": 0.5,
        "offtopic_refused": 1,
        "rightly_refused": 2 / 3,
        "quotes_verbatim": 1,
        "citations_bear": 2 / 3,
        "words_p50": 4,
        "words_fact_p50": 4,
        "gap_nn": 0,
        "gap_en": 1,
        "ms_p50": 12,
        "ms_over_embedding": 1.2,
    }
    assert {key: found[key].value for key in expected} == pytest.approx(expected)
    assert (found["recall_1"].n, found["nearmiss_refused"].n, found["words_p50"].n) == (3, 2, 3)


def test_a_figure_without_questions_is_left_out() -> None:
    found = summarize("ours", run(SYSTEM, CASES[:1]), held_out=False).metrics
    assert "recall_1" in found
    assert not found.keys() & {"nearmiss_refused", "gap_nn", "gap_en"}


def test_groups_hold_the_questions_of_their_kind() -> None:
    groups = summarize("ours", run(SYSTEM, CASES), held_out=False).groups
    assert {group.name: group.n for group in groups["kind"]} == {
        "fact": 2,
        "list": 1,
        "nearmiss": 2,
        "offtopic": 1,
    }
    assert {group.name: group.values.get("recall_3") for group in groups["language"]} == {
        "nb": 1,
        "nn": 1,
        "en": 0,
    }
    assert {group.name: group.n for group in groups["document"]} == {"a": 3}
    assert {group.name: group.n for group in groups["style"]} == {"plain": 5, "rough": 1}


def test_the_curve_runs_from_no_refusal_to_all_and_the_area_counts_pairs_in_order() -> None:
    summary = summarize("ours", run(SYSTEM, CASES), held_out=False)
    first, last = summary.curve[0], summary.curve[-1]
    assert (first.offtopic, first.nearmiss, first.wrongly) == (0, 0, 0)
    assert (last.offtopic, last.nearmiss, last.wrongly) == (1, 1, 1)
    # Nine pairs of an answerable and an unanswerable question; 0.7 lies above 0.6 and 0.3.
    assert summary.metrics["separation"].value == pytest.approx(7 / 9)


def test_a_system_without_certainty_has_no_curve() -> None:
    summary = summarize("ours", run(TableSystem(), CASES), held_out=False)
    assert summary.curve == () and "separation" not in summary.metrics


def test_the_questions_of_a_held_out_split_are_not_kept() -> None:
    assert summarize("ours", run(SYSTEM, CASES), held_out=True).cases == ()
    assert len(summarize("ours", run(SYSTEM, CASES), held_out=False).cases) == len(CASES)


def test_an_interval_is_the_same_each_time_and_holds_the_figure() -> None:
    values = [1.0] * 30 + [0.0] * 10
    found = estimate(values)
    assert found == estimate(values)
    # Normal approximation: 0.75 ± 1.96 · √(0.75 · 0.25 / 40) = 0.616 to 0.884.
    assert (found.value, found.n) == (0.75, 40)
    assert found.low == pytest.approx(0.616, abs=0.03) and found.high == pytest.approx(0.884, abs=0.03)


def test_a_change_is_paired_by_question() -> None:
    worse = TableSystem(found={}, answers=SYSTEM.answers, certainties=SYSTEM.certainties)
    whole = run(SYSTEM, CASES)
    (ablation,) = ablate(whole, {"dense": worse}, CASES, lambda: None)
    assert ablation.part == "dense"
    change = ablation.changes["recall_3"]
    assert (change.value, change.by) == pytest.approx((0, -2 / 3))
    assert ablation.changes["facts_all"].by == 0 and not ablation.changes["facts_all"].certain
    assert ablation.p50 == 12


def test_a_change_that_all_questions_share_is_certain_and_unpaired_ones_never_are() -> None:
    new = summarize("ours", run(SYSTEM, CASES[:2]), held_out=False)
    old = summarize("ours", run(TableSystem(), CASES[:2]), held_out=False)
    assert changes(new, old)["recall_3"].certain
    hidden = summarize("ours", run(TableSystem(), CASES[:2]), held_out=True)
    unpaired = changes(new, hidden)["recall_3"]
    assert (unpaired.by, unpaired.low, unpaired.certain) == (1, None, False)
