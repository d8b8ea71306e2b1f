from __future__ import annotations

from assistant.evidence import signs, weigh
from assistant.weights import Linear, Weights
from tests.assistant.made import heading, hit, item, paragraph, query, stored

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
