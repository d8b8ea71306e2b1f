"""What an answer opens with."""

from __future__ import annotations

import pytest

from assistant.contract import ChatRequest
from tests.fakes import SmallCorpus

STAGES = """Et kurs i fjellklatring

Fase 1 – Klargjøring (uke 1–6). Alle undersøker hvor tauene ligger. Ingen får klatre uten hjelm.

Fase 2 – Klatring (uke 7–9). Hver deltaker klatrer til toppen. Det er ikke lov å hoppe ned.
"""


@pytest.mark.parametrize(
    ("question", "stage"),
    [("I hvilken fase er det ikke lov å hoppe ned?", "Fase 2"), ("Er det lov å hoppe ned?", None)],
)
def test_who_asks_in_which_stage_is_told_its_number(
    small: SmallCorpus, question: str, stage: str | None
) -> None:
    small.write("kurs.txt", STAGES)
    small.ingest()
    library = small.library()
    try:
        lead = small.assistant(library, threshold=0.0).answer(ChatRequest(question=question)).blocks[0]
    finally:
        library.close()
    assert "ikke lov å hoppe ned" in lead.text
    assert lead.text.startswith("Fase 2") is (stage is not None)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Hva gjør hver deltaker i fase 2?", "klatrer til toppen"),
        ("Hva gjør vi i tredje fase?", "pakker tauene"),
    ],
)
def test_a_source_may_number_phases_of_its_own(small: SmallCorpus, question: str, told: str) -> None:
    small.write("kurs.txt", STAGES)
    small.write(
        "annet.txt", "Forme sammen\n\nHver finner et fjell.\n\nLevere sammen\n\nAlle pakker tauene.\n"
    )
    small.ingest()
    library = small.library()
    try:
        answer = small.assistant(library, threshold=0.0).answer(ChatRequest(question=question)).answer
    finally:
        library.close()
    assert told in answer
