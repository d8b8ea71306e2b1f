from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.smalltalk import is_small_talk
from eval.cases import DEV, load_split
from eval.practice import PRACTICE

SMALL = (
    "Hei!",
    "God morgen 🙂",
    "Hallo, Medråd!",
    "Tusen takk for hjelpen!",
    "ok",
    "Hvem er du?",
    "Hei, kan du hjelpe meg?",
    "Kva heiter du?",
    "Fint, takk! Hvem har laget deg?",
    "are you a real person or an AI?",
    "What can you help me with?",
)
REAL = (
    "Hei, når skal verneombudet med?",
    "Hva er en chatbot?",
    "Kan du hjelpe meg med å forstå drøftingsplikten?",
    "Takk, og hva med prosjektlederen?",
    "Hvem er du enig med, KS eller Fagforbundet?",
    "Er du tillitsvalgt, har du rett til fri?",
    "hjelp verneombud",
    "?",
)


@pytest.mark.parametrize("message", SMALL)
def test_small_talk_is_told_from_questions(message: str) -> None:
    assert is_small_talk(message)


@pytest.mark.parametrize("message", REAL)
def test_a_question_is_not_small_talk_however_it_opens(message: str) -> None:
    assert not is_small_talk(message)


def test_no_question_that_documents_answer_is_taken_for_small_talk() -> None:
    for path in (DEV, *PRACTICE.glob("*/*/questions.jsonl")):
        for case in load_split(path).cases:
            assert not (case.answerable and is_small_talk(case.question)), case.question


@pytest.mark.parametrize(
    ("message", "opening"), [("Hei!", "Jeg er"), ("Kven er du?", "Eg er"), ("Who are you?", "I am")]
)
def test_who_greets_is_told_what_the_answers_come_from(
    assistant: Assistant, message: str, opening: str
) -> None:
    answer = assistant.answer(ChatRequest(question=message))
    assert not answer.answered
    assert answer.answer.startswith(opening)
    assert "Håndbok i kommunalt trepartssamarbeid" in answer.answer
    assert not answer.nearest
    assert not answer.citations
