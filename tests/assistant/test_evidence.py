from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.evidence import Evidence, reread, signs, weigh
from assistant.weights import Linear, Weights
from ingest.nearness import ALIKE
from tests.assistant.made import evidence, heading, hit, item, paragraph, query, stored

TEXT = stored(
    heading("Møter"),
    paragraph("Styringsgruppa møtes fire ganger i året. Dette er viktig for samarbeidet. Hva koster det?"),
    item("Referat"),
)
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
    assert "nothing" in signs(query(), [], [])


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
    assert signs(query(), [one], found)["unanswered"] == pytest.approx(expected)
