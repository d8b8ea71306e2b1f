from __future__ import annotations

from typing import Any

import pytest

from assistant.evidence import fits, is_anaphoric, signs, weigh
from assistant.weights import Linear, Weights
from ingest.document import Sentence
from tests.assistant.made import heading, hit, item, paragraph, query, stored

TEXT = stored(
    heading("Møter"),
    paragraph("Styringsgruppa møtes fire ganger i året. Dette er viktig for samarbeidet. Hva koster det?"),
    item("Referat"),
)
WEIGHTS = Weights(*(Linear(0.0, {"fits": 1.0, "heading": -9.0}) for _ in Weights.__slots__))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("howoften", "Gruppa møtes fire ganger i året.", True),
        ("howoften", "Gruppa har faste møter hver måned.", True),
        ("howoften", "Gruppa diskuterer opplæring.", False),
        ("howmany", "Rapporten gir 9 råd.", True),
        ("howmany", "Rapporten gir råd.", False),
        ("howlong", "Avtalen gjelder i 2 år.", True),
        ("howlong", "Avtalen er viktig.", False),
        ("paragraph", "Se arbeidsmiljøloven § 6-2.", True),
        ("paragraph", "Partene møtes.", False),
        ("who", "Kommunedirektøren leder gruppa.", True),
        ("why", "Det gjøres fordi alle må med.", True),
        ("why", "Møtet varer en time.", False),
        ("definition", "Hva som helst.", True),
        ("fact", "Hva som helst.", True),
    ],
)
def test_a_sentence_fits_if_it_holds_what_is_asked_for(kind: Any, text: str, expected: bool) -> None:
    assert fits(query(kind=kind), text, frozenset()) is expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Dette gjelder alle.", "sentence", True),
        ("Derfor skal saken drøftes.", "sentence", True),
        ("«Den er ny.»", "sentence", True),
        ("Partene drøfter dette.", "sentence", False),
        ("Demokrati er viktig.", "sentence", False),
        ("Dennis leder gruppa.", "sentence", False),
        ("Dette punktet", "item", False),
        ("Dette kapittelet", "heading", False),
    ],
)
def test_a_sentence_that_points_back_is_known(text: str, kind: Any, expected: bool) -> None:
    assert is_anaphoric(Sentence(text, 0, len(text), kind)) is expected


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
