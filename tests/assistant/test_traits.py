from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assistant.querywords import numbered, opens
from assistant.traits import is_anaphoric, states, traits
from ingest.document import Sentence
from tests.assistant.made import hit, item, paragraph, query, stored

LIST = stored(
    paragraph("Referatet sendes til alle. Disse er med i gruppa:"), item("verneombudet"), item("lederen")
)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Dette gjelder alle.", "sentence", True),
        ("Derfor skal saken drøftes.", "sentence", True),
        ("«Den er ny.»", "sentence", True),
        ("Partene drøfter dette.", "sentence", False),
        ("Demokrati er viktig.", "sentence", False),
        ("Dennis leder gruppa.", "sentence", False),
        ("Det står mer om dette i lovens § 9-2.", "sentence", True),
        ("Det finnes regler for dette i loven.", "sentence", True),
        ("Det står om dette i avtalen.", "sentence", True),
        ("Det står mer om drøfting i avtalen.", "sentence", False),
        ("Det er leder som har ansvar for dette.", "sentence", False),
        ("Det er Bergen, Oslo og NAV.", "sentence", True),
        ("Deretter skrives referat.", "sentence", True),
        ("Hvis det ikke går, utsettes saken.", "sentence", True),
        ("Hvis det er behov for drøfting, varsles partene.", "sentence", False),
        ("Dette punktet", "item", False),
        ("Dette kapittelet", "heading", False),
    ],
)
def test_a_sentence_that_points_back_is_known(text: str, kind: Any, expected: bool) -> None:
    assert is_anaphoric(Sentence(text, 0, len(text), kind)) is expected


def test_items_are_credited_with_what_announces_them_and_every_sentence_with_the_one_before() -> None:
    one = replace(hit(LIST), coverage=np.array([0.1, 0.8, 0.0, 0.3]))
    columns = traits(query(), [one, one])
    assert columns["announced"].tolist() == [0.0, 0.0, 0.8, 0.8] * 2
    assert columns["before"].tolist() == [0.0, 0.1, 0.8, 0.0] * 2


@pytest.mark.parametrize("asked", ["Hva er råd 7?", "raad nr 7", "rad nummer sju", "Råd sju, takk"])
def test_what_a_number_names_is_found_however_it_is_spelt(asked: str) -> None:
    assert opens("Råd 7: Gevinster må planlegges", numbered(asked))
    assert not opens("Råd 17: Noe annet", numbered(asked))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Råd 2: Alle må bli med i arbeidet", True),
        ("Referatet skal sendes til alle parter", True),
        ("Alle må med", False),
        ("Roller og ansvar for ledere og tillitsvalgte", False),
        ("Hvem som skal bli med i arbeidet", False),
        ("Skal alle bli med i arbeidet nå?", False),
    ],
)
def test_a_heading_answers_where_it_is_a_whole_sentence(text: str, expected: bool) -> None:
    assert states(Sentence(text, 0, len(text), "heading")) is expected
    assert states(Sentence(text, 0, len(text), "sentence"))
