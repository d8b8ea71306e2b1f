from __future__ import annotations

import pytest

from assistant.subquestions import split


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Hvem leder gruppa, og hvor ofte møtes den?",
            ["Hvem leder gruppa?", "hvor ofte møtes den?"],
        ),
        ("Hva er en kravliste? Hvem skriver den?", ["Hva er en kravliste?", "Hvem skriver den?"]),
        (
            "Kan jeg være med i prosjektet, eller trenger jeg opplæring?",
            ["Kan jeg være med i prosjektet?", "trenger jeg opplæring?"],
        ),
        ("Kven leier gruppa, og kvar møtest ho?", ["Kven leier gruppa?", "kvar møtest ho?"]),
        (
            "What does the group do, and who leads it?",
            ["What does the group do?", "who leads it?"],
        ),
        (
            "Is the method lawful, and on which principles does it rest?",
            ["Is the method lawful?", "on which principles does it rest?"],
        ),
        ("Er dette avtalt, og bryter vi loven?", ["Er dette avtalt?", "bryter vi loven?"]),
        (
            "Hva er forskjellen på en styringsgruppe og en testgruppe?",
            ["Hva er en styringsgruppe?", "Hva er en testgruppe?"],
        ),
        (
            "Hvem leder gruppa, og hva er forskjellen på råd og vedtak?",
            ["Hvem leder gruppa?", "Hva er råd?", "Hva er vedtak?"],
        ),
        (
            "Hvem leder gruppa, og hva er forskjellen på råd og vedtak.",
            ["Hvem leder gruppa?", "Hva er råd?", "Hva er vedtak?"],
        ),
        (
            "hva skrives ned fra formøtet og fra hovedmøtet",
            ["hva skrives ned fra formøtet?", "hva skrives ned fra hovedmøtet?"],
        ),
        ("Er dette nytt for oss? Kollegaene sier nei.", []),
        ("Hvordan samarbeider leder og tillitsvalgt?", []),
        ("Hvor ofte og hvordan deles pengene ut?", []),
        ("Hva? Hvem? Når? Hvor?", []),
        ("", []),
    ],
)
def test_a_question_is_split_where_it_asks_anew(question: str, parts: list[str]) -> None:
    assert list(split(question)) == parts
