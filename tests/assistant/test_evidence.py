from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.evidence import FIGURE_FOUND, Evidence, reread, signs, weigh
from assistant.question import Kind
from assistant.weights import Linear, Weights
from ingest.nearness import ALIKE
from tests.assistant.made import evidence, heading, hit, item, paragraph, query, stored

TEXT = stored(
    heading("Møter"),
    paragraph("Styringsgruppa møtes fire ganger i året. Dette er viktig for samarbeidet. Hva koster det?"),
    item("Referat"),
)
NO_EXAMPLES = {"reference": 0.0, "numbered": 0.0, "exemplified": 0.0, "answered": 0.0, "unanswered": 0.0}
WEIGHTS = Weights(*(Linear(0.0, {"fits": 1.0, "heading": -9.0}) for _ in Weights.__slots__))


def test_every_sentence_is_weighed_and_the_best_comes_first() -> None:
    found = weigh(query("Hvor ofte møtes de?", "howoften"), [hit(TEXT)], WEIGHTS)
    assert len(found) == len(TEXT.passage.sentences)
    assert found[0].sentence.text == "Styringsgruppa møtes fire ganger i året."
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_equal_sentences_keep_the_order_of_the_source() -> None:
    found = weigh(query(), [hit(TEXT)], WEIGHTS)
    same = [one.at for one in found if one.score == found[0].score]
    assert same == sorted(same)


def test_without_passages_there_is_nothing_to_answer_with() -> None:
    assert weigh(query(), [], WEIGHTS) == []
    assert "nothing" in signs(query(), [], [], 0.0)


def test_what_its_sentences_say_together_lifts_a_passage_and_one_that_was_not_read_gets_the_least() -> None:
    weights = Weights(*(Linear(0.0, {"passage": 1.0, "sentences": 1.0}) for _ in Weights.__slots__))
    poor, rich, unread = (stored(paragraph("Partene møtes ofte. De drøfter."), row=row) for row in range(3))
    ranked = [
        replace(evidence(rich, "møtes"), alone=2.0),
        replace(evidence(rich, "drøfter"), alone=2.0),
        replace(evidence(poor, "møtes"), alone=-3.0),
    ]
    found = reread([hit(unread, 1.25), hit(poor, 1.0), hit(rich, 0.5)], ranked, weights)
    assert [one.stored.row for one in found] == [1, 2, 0]
    assert [one.score for one in found] == pytest.approx([2.5 + 0.6931, -1.75, -2.0], abs=1e-3)


@pytest.mark.parametrize(
    ("unanswered", "sentence", "example", "expected"),
    [
        (0.9, 0.5, 0.0, 0.9 - ALIKE),
        (0.9, 0.5, 0.8, 0.1),
        (0.9, 0.85, 0.7, 0.05),
        (0.9, 0.95, 0.0, 0.0),
        (0.7, 0.3, 0.8, 0.0),
        (0.0, 0.3, 0.0, 0.0),
    ],
)
def test_an_example_without_answer_counts_as_far_as_it_is_nearer_than_all_that_answers(
    unanswered: float, sentence: float, example: float, expected: float
) -> None:
    one = replace(
        hit(TEXT),
        features={
            "reference": 0.0,
            "numbered": 0.0,
            "exemplified": 1.0,
            "answered": 0.0,
            "unanswered": unanswered,
        },
        asked=np.full(len(TEXT.terms), max(example - ALIKE, 0.0) ** 2),
    )
    features = {"cosine": sentence, "fits": 1.0}
    found = [Evidence(one, at, 0.0, features) for at in range(len(TEXT.terms))]
    assert signs(query(), [one], found, 0.0)["unanswered"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "fits", "exemplified", "counts"),
    [
        ("why", 1.0, 0.0, 1.0),
        ("why", 1.0, 1.0, 0.0),
        ("howoften", 0.0, 0.0, 1.0),
        ("howoften", 1.0, 0.0, FIGURE_FOUND),
        ("when", 1.0, 0.0, FIGURE_FOUND),
        ("howoften", 1.0, 1.0, 0.0),
    ],
)
def test_what_the_question_alone_tells_yields_to_examples_and_to_a_figure_that_is_there(
    kind: Kind, fits: float, exemplified: float, counts: float
) -> None:
    one = replace(hit(TEXT), features={**NO_EXAMPLES, "exemplified": exemplified})
    found = [Evidence(one, at, 0.0, {"cosine": 0.5, "fits": fits}) for at in range(len(TEXT.terms))]
    assert signs(query("Hvor ofte?", kind), [one], found, -2.0)["prior"] == pytest.approx(-2.0 * counts)


def test_a_preamble_is_no_reason_to_answer() -> None:
    one = replace(hit(TEXT), features=NO_EXAMPLES)
    found = [Evidence(one, at, 0.0, {"cosine": 0.5, "fits": 1.0}) for at in range(len(TEXT.terms))]
    long, longer = ("Vi er en kommune. " * count + "Hva koster det?" for count in (4, 40))
    assert signs(query(long), [one], found, 0.0) == signs(query(longer), [one], found, 0.0)
