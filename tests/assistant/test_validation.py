from __future__ import annotations

from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from assistant.contract import ChatRequest
from assistant.errors import AssistantError
from assistant.requests import chat_request
from assistant.validation import in_norwegian


def problem(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        ChatRequest.model_validate(fields)
    return in_norwegian(RequestValidationError(caught.value.errors()))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Spørsmålet (question) mangler."),
        ({"question": ""}, "Spørsmålet (question) er tomt. Skriv et spørsmål."),
        ({"question": " "}, "Spørsmålet (question) er tomt. Skriv et spørsmål."),
        ({"question": "a" * 10_000}, "Spørsmålet (question) er for langt. Grensen er 2000 tegn."),
        ({"question": "a\x00"}, "Spørsmålet (question) har tegn som ikke kan leses (kontrolltegn)."),
        ({"question": 3}, "Spørsmålet (question) må være tekst."),
        ({"question": "Hva?", "phase": "slutt"}, "Fasen (phase) har en ukjent verdi. Tillatt: "),
        ({"question": "Hva?", "x": 1}, "Feltet «x» er ukjent."),
    ],
)
def test_a_problem_is_one_norwegian_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert problem(**fields).startswith(sentence)


def test_allowed_values_are_listed_in_norwegian() -> None:
    assert "'starte', 'forme' eller 'levere'" in problem(question="Hva?", phase="slutt")


@pytest.mark.parametrize("secret", ["fødselsnummer 01017012345", "hemmelig"])
def test_what_was_sent_is_never_repeated(secret: str) -> None:
    assert secret not in problem(question=f"{secret}\x00")
    assert secret not in problem(question="Hva?", role=secret)
    assert secret not in problem(question="Hva?", history=[{"role": "user", "content": secret, "x": 1}])


def test_the_command_line_says_the_same() -> None:
    assert chat_request("Hva?").question == "Hva?"
    with pytest.raises(AssistantError, match="er tomt"):
        chat_request(" ")
