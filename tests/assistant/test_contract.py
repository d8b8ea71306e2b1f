from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from assistant.contract import MAX_QUESTION, ChatRequest, ChatResponse, Citation, Turn


@pytest.mark.parametrize(
    "question", ["Hva?", "a" * MAX_QUESTION, "linje\nto\tog\r\ntre", "§ 9-2", "Ελληνικά", "1", "hei 🙂"]
)
def test_a_question_is_text_that_says_something(question: str) -> None:
    assert ChatRequest(question=question).question == question


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "\n",
        "?!",
        "a" * (MAX_QUESTION + 1),
        "a\x00",
        "a\x7f",
        "a\x1b",
        "\ud800",
        1,
        None,
        ["a"],
    ],
)
def test_anything_else_is_refused(question: Any) -> None:
    with pytest.raises(ValidationError):
        ChatRequest(question=question)


def test_the_description_counts_the_letters_that_the_check_counts() -> None:
    """In every script: «Æ» is no \\w in JavaScript, and some letters are newer than this Python."""
    described = jsonschema_rs.validator_for(ChatRequest.model_json_schema())
    spread = [*range(32, 0x600), *range(0x1C80, 0x1C90), *range(0x600, 0x32000, 37)]
    letters = [chr(code) for code in spread if not 0xD800 <= code < 0xE000]
    wrong = [letter for letter in letters if described.is_valid({"question": f"?{letter}"}) != asks(letter)]
    assert not wrong


def asks(letter: str) -> bool:
    try:
        return bool(ChatRequest(question=f"?{letter}"))
    except ValidationError:
        return False


def test_what_is_not_given_is_empty() -> None:
    request = ChatRequest(question="Hva?")
    assert (request.history, request.role, request.phase, request.language) == ((), None, None, None)


def test_unknown_fields_are_refused_everywhere() -> None:
    with pytest.raises(ValidationError):
        ChatRequest.model_validate({"question": "Hva?", "model": "x"})
    with pytest.raises(ValidationError):
        Turn.model_validate({"role": "user", "content": "x", "name": "y"})


def test_the_names_that_users_rely_on() -> None:
    """As in the description of POST /api/chat; a change here breaks those who call it."""
    assert list(ChatRequest.model_fields) == ["question", "history", "role", "phase", "language"]
    assert {
        "answered", "mode", "answer", "blocks", "citations", "nearest", "notices", "suggestions", "id",
    } <= set(ChatResponse.model_fields)  # fmt: skip
    assert {
        "number", "document", "title", "publisher", "section", "page", "quote", "url", "external_url",
        "status", "valid_to", "references",
    } <= set(Citation.model_fields)  # fmt: skip


def test_an_answer_survives_json() -> None:
    answer = ChatResponse(answered=False, mode="extractive", answer="Nei.", blocks=(), id="x")
    assert ChatResponse.model_validate_json(answer.model_dump_json()) == answer
