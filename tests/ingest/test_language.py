from __future__ import annotations

import pytest

from ingest.language import language_of

BOKMAL = "Hva gjør jeg hvis en leder ikke svarer? Da kan noen andre fra en avdeling ta over."
NYNORSK = "Kva gjer eg om ein leiar ikkje svarar? Då kan nokon andre frå ei avdeling ta over."
ENGLISH = "What do I do if the manager of a department does not answer? With that, you ask the union."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BOKMAL, "nb"),
        (NYNORSK, "nn"),
        (ENGLISH, "en"),
        ("Ikkje i dag.", "nb"),
        ("", "nb"),
        (f"{NYNORSK} {BOKMAL}", "nb"),
        (f"{ENGLISH} {BOKMAL}", "nb"),
        (f"{NYNORSK} {NYNORSK} Kurset heter «The art of the possible».", "nn"),
    ],
)
def test_small_words_tell_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language
