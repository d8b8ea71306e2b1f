from __future__ import annotations

from typing import Any

import pytest

from assistant.answertype import OTHERS, fits
from tests.assistant.made import query


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("howoften", "Gruppa møtes fire ganger i året.", True),
        ("howoften", "Gruppa har faste møter hver måned.", True),
        ("howoften", "Gruppa diskuterer opplæring.", False),
        ("howmany", "Rapporten gir 9 råd.", True),
        ("howmany", "Rapporten gir råd.", False),
        ("howoften", "Kurset fornyes hver 18. måned.", True),
        ("howoften", "Gruppa møtes annenhver uke.", True),
        ("howoften", "Utvalet møtest kvar tredje veke.", True),
        ("howoften", "Utvalget har minst fire ordinære møter i året.", True),
        ("howoften", "Gruppa har tre medlemmer.", False),
        ("howlong", "Avtalen gjelder i 2 år.", True),
        ("howlong", "Hver sak tar to minutt.", True),
        ("howlong", "Svar gis innen fem virkedager.", True),
        ("howlong", "Utskrifta skal sendast innan ei veke.", True),
        ("howlong", "Bruddet meldes straks.", True),
        ("howlong", "Avtalen er viktig.", False),
        ("when", "Søknadsfristene er 15. mars og 15. september.", True),
        ("when", "Listene skrives ut klokken 05.", True),
        ("when", "Kjernetiden er fra kl 10:00 til kl 15:00.", True),
        ("when", "Ombudet er her hver tirsdag.", True),
        ("when", "Listene skrives ut.", False),
        ("date", "Neste møte er en torsdag.", True),
        ("amount", "Kommunen dekker 4 prosent.", True),
        ("paragraph", "Se arbeidsmiljøloven § 6-2.", True),
        ("paragraph", "Partene møtes.", False),
        ("who", "Kommunedirektøren leder gruppa.", True),
        ("who", "Rektor tar dette.", True),
        ("who", "Føreren av fartøyet bestemmer.", True),
        ("who", "Utgiftene dekkes av rederiet.", True),
        ("who", "Systemeier bestemmer.", True),
        ("who", "Kostnadene skal dekkjast av det avleverande organet.", True),
        ("who", "Slik organiserer vi det.", False),
        ("who", "Vi støttes av kompetansesentrene.", True),
        ("who", "Presenter og konsentrer dette i sentrale strøk.", False),
        ("who", "Dette veier tungt og utføres på et annet område.", False),
        ("why", "Føremålet med rådet er reell påverknad.", True),
        ("why", "Hensikten er et bedre møte.", True),
        ("why", "Det er hensiktsmessig.", False),
        ("why", "Det gjøres fordi alle må med.", True),
        ("why", "Møtet varer en time.", False),
        ("definition", "Hva som helst.", True),
        ("fact", "Hva som helst.", True),
    ],
)
def test_a_sentence_fits_if_it_holds_what_is_asked_for(kind: Any, text: str, expected: bool) -> None:
    assert fits(query(kind=kind), text, frozenset()) == expected


@pytest.mark.parametrize(("terms", "expected"), [({"råd"}, 1.0), ({"del"}, OTHERS)])
def test_a_number_of_something_else_fits_less(terms: set[str], expected: float) -> None:
    asked = query(kind="howmany", counted=frozenset({"råd"}))
    assert fits(asked, "Rapporten har 9 av dem.", frozenset(terms)) == expected
