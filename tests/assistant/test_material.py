from __future__ import annotations

from typing import Any

import numpy as np

from assistant.examine import Examination
from assistant.material import material
from tests.assistant import made

LONG = made.stored(
    made.heading("Drøfting"),
    made.paragraph("Først sies noe annet. Så enda mer om andre saker. Det skal skrives referat fra møtene."),
    made.paragraph("Referatet sendes til partene. Til slutt kommer noe helt annet. Og det aller siste."),
)
OTHER = made.stored(made.heading("Avtale"), made.paragraph("Avtalen kan sies opp."), document="e", row=1)
SOURCES = {"d": made.source("d"), "e": made.source("e")}


def found(*ranked: Any, parts: tuple[Examination, ...] = ()) -> Examination:
    hits = [made.hit(LONG), made.hit(OTHER)]
    return Examination(made.query(), np.zeros(2, np.float32), hits, ranked, {}, 1.0, parts=parts)


MINUTES = made.evidence(LONG, "skrives referat", 2.0)
NOTICE = made.evidence(OTHER, "sies opp", 1.0)


def test_passages_that_fit_are_given_whole_the_best_evidence_first() -> None:
    given = material(found(NOTICE, MINUTES), (), SOURCES, 10_000)
    assert [passage.id for _, passage in given] == [OTHER.passage.id, LONG.passage.id]
    assert given[1][1].sentences == tuple(sentence.text for sentence in LONG.passage.sentences)
    assert given[1][1].title == "D"


def test_where_there_is_little_room_the_sentences_around_the_evidence_are_given() -> None:
    ((_, passage),) = material(found(MINUTES, NOTICE), (), SOURCES, 330)
    assert passage.sentences == (
        "Så enda mer om andre saker.",
        "Det skal skrives referat fra møtene.",
        "Referatet sendes til partene.",
    )


def test_the_best_evidence_is_given_however_little_room_there_is() -> None:
    ((_, passage),) = material(found(MINUTES, NOTICE), (), SOURCES, 1)
    assert "Det skal skrives referat fra møtene." in passage.sentences


def test_each_part_of_a_question_gets_its_evidence() -> None:
    asked = found(MINUTES, parts=(found(MINUTES), found(NOTICE)))
    assert [passage.id for _, passage in material(asked, (), SOURCES, 10_000)] == [
        LONG.passage.id,
        OTHER.passage.id,
    ]
