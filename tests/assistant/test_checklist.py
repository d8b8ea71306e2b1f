"""A checklist in prose, given whole to who asks for no less."""

from __future__ import annotations

import pytest

from assistant.contract import ChatRequest
from tests.fakes import SmallCorpus

TRIP = """En tur på fjellet

Forme sammen – fra kart til løype

Her handler det om å finne en løype. Den skal passe for alle.

Har dere spurt dem som bor der? De kjenner fjellet.

Hvem bærer teltet? Det bør være to.

Husk at ingen går alene.

Før hjemreisen

Nå er det bare å pakke.

Er bålet slukket? Hell vann på det.

Er all maten spist? Resten bæres ned.

Levere sammen

Turen er over, og bildene deles.

Den som vil, kan dele sine bilder med de andre.
"""
ASKED = [
    "Her handler det om å finne en løype. Den skal passe for alle.",
    "Har dere spurt dem som bor der?",
    "Hvem bærer teltet?",
    "Husk at ingen går alene.",
]


def blocks(small: SmallCorpus, text: str, question: str) -> list[str]:
    small.write("tur.txt", text)
    small.ingest()
    library = small.library()
    try:
        answer = small.assistant(library, threshold=0.0).answer(ChatRequest(question=question))
        return [block.text for block in answer.blocks]
    finally:
        library.close()


@pytest.mark.parametrize(
    "question",
    [
        "Gi meg en sjekkliste for Forme sammen",
        "Hva må vi huske på i Forme sammen?",
        "Hva skal vi gjøre i fasen Forme sammen?",
        "Hva må vi sjekke i andre fase av prosjektet?",
    ],
)
def test_the_whole_of_a_phase_is_told(small: SmallCorpus, question: str) -> None:
    assert blocks(small, TRIP, question) == ["Forme sammen – fra kart til løype", *ASKED]


def test_a_section_is_named_by_its_heading(small: SmallCorpus) -> None:
    told = blocks(small, TRIP, "Hva må vi huske på før hjemreisen?")
    assert told == ["Før hjemreisen", "Nå er det bare å pakke.", "Er bålet slukket?", "Er all maten spist?"]


@pytest.mark.parametrize(
    "question",
    [
        "Hvem skal bære teltet i Forme sammen?",
        "Hva må vi huske på om teltet i Forme sammen?",
        "Hva handler Forme sammen om?",
        "Hva skal vi gjøre i Levere sammen?",
    ],
)
def test_who_asks_for_less_is_told_less(small: SmallCorpus, question: str) -> None:
    assert not any(block.startswith(("Forme", "Levere")) for block in blocks(small, TRIP, question))


def test_a_long_section_is_not_told_whole(small: SmallCorpus) -> None:
    long = "".join(f"Har dere spurt {n} av dem som bor ved foten av fjellet?\n\n" for n in range(20))
    told = blocks(small, TRIP.replace("Husk at", f"{long}Husk at"), "Hva må vi huske på i Forme sammen?")
    assert 0 < len(told) < 20


def test_a_section_may_be_nothing_but_a_heading(small: SmallCorpus) -> None:
    assert blocks(
        small, "Forme sammen\n\nLevere sammen\n\nHusk teltet.\n", "Hva må vi huske på i Forme sammen?"
    )
