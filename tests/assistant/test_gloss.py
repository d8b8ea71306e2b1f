"""English sentences are put in the words of the sources; Norwegian ones stay as they are."""

from __future__ import annotations

import pytest

from assistant.verify import Checker, Given
from ingest.analysis import Analyzer
from ingest.words import WordList
from tests.fakes import GLOSS

SENTENCES = (
    "Det skal skrives referat etter drøftingsmøter.",
    "Arbeidsgiver skal gi informasjon om og drøfte beslutninger med tillitsvalgte.",
)
GIVEN = Given("a", "\n".join(SENTENCES), (), "Veileder", "gjeldende", SENTENCES)


@pytest.mark.parametrize("text", [*SENTENCES, "Skal for eksempel Digdir drifte all support?", "All makt"])
def test_norwegian_is_left_alone(text: str) -> None:
    assert GLOSS.norwegian(text) == text


def test_english_words_become_norwegian_ones() -> None:
    said = GLOSS.norwegian("The employer must not decide about the minutes.")
    assert said.split()[:3] == ["arbeidsgiver", "må", "ikke"]
    assert "referat" in said


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Minutes shall be written after discussion meetings.", True),
        ("Minutes should be written after discussion meetings.", False),
        ("Minutes shall not be written after discussion meetings.", False),
        ("The employer shall inform about and discuss decisions.", True),
        ("The safety representative shall inform about and discuss decisions.", False),
        ("The employer shall inform about and discuss decisions within 14 days.", False),
    ],
)
def test_english_sentences_are_checked_like_norwegian_ones(sentence: str, ok: bool) -> None:
    checker = Checker(Analyzer(WordList.of({"drøfting": 4.5, "møter": 5.0})), GLOSS)
    assert checker.check_sentence(sentence, [GIVEN], "en").ok is ok
    assert checker.check_sentence(sentence, [GIVEN], "nn").reason == "language"


@pytest.mark.parametrize(
    "sentence",
    [
        "Det var nyttig for caseorganisasjonane å samle avgjerdsmyndigheita for drift av IT.",
        "Saka gjeld for alle, og no er ho under arbeid for by og land.",
        "Det må to til for at IT skal verke så godt at alle er med.",
    ],
)
def test_norwegian_with_words_that_english_has_too_is_norwegian(sentence: str) -> None:
    assert not GLOSS.is_english(sentence)
