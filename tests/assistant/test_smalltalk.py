from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.smalltalk import small_talk
from eval.cases import DEV, load_split
from eval.practice import PRACTICE

ABOUT = (
    "Hei!",
    "God morgen 🙂",
    "Hvem er du?",
    "Hei, kan du hjelpe meg?",
    "Kva heiter du?",
    "Fint, takk! Hvem har laget deg?",
    "Hvem er du og hvem har laget deg?",
    "Hva kan jeg spørre om?",
    "Er du eit menneske eller ein robot?",
    "are you a real person or an AI?",
    "What’s your name?",
    "What can you help me with?",
    "Skriv et dikt om fjorden",
    "Hei! Kan du lage en fin sang til lederen min?",
)
THANKS = (
    "Tusen takk for hjelpen!",
    "ok",
    "Takk for svar",
    "Hei, og takk!",
    "Thank you so much",
    "Ha en fin dag",
    "Ha det bra!",
)
REAL = (
    "Hei, når skal verneombudet med?",
    "Hva er en chatbot?",
    "Lag en sjekkliste for oppstarten",
    "Kan du lage en user story for møtene?",
    "Skriv en historisk oversikt over avtalen",
    "Kan du hjelpe meg med å forstå drøftingsplikten?",
    "Takk, og hva med prosjektlederen?",
    "Hvem er du enig med, KS eller Fagforbundet?",
    "Er du tillitsvalgt, har du rett til fri?",
    "Er du ki-ansvarlig, hva må du gjøre?",
    "are you a person who must consult the union first?",
    "hjelp verneombud",
    "ja",
    "?",
)


@pytest.mark.parametrize("message", ABOUT)
def test_greetings_and_questions_about_the_assistant_are_small_talk(message: str) -> None:
    assert small_talk(message) == "about"


@pytest.mark.parametrize("message", THANKS)
def test_thanks_are_small_talk_of_their_own(message: str) -> None:
    assert small_talk(message) == "thanks"


@pytest.mark.parametrize("message", REAL)
def test_a_question_is_not_small_talk_however_it_opens(message: str) -> None:
    assert small_talk(message) is None


def test_a_goodbye_said_over_and_over_can_be_read_in_one_way_only() -> None:
    # Each one that can be read in two ways doubles the time: this would never end.
    assert small_talk("ha det bra " * 180 + "x") is None


def test_no_question_that_documents_answer_is_taken_for_small_talk() -> None:
    for path in (DEV, *PRACTICE.glob("*/*/questions.jsonl")):
        for case in load_split(path).cases:
            assert not case.answerable or small_talk(case.question) is None, case.question


@pytest.mark.parametrize(
    ("message", "opening"),
    [
        ("Hei!", "Jeg er"),
        ("Hvordan går det med deg i dag?", "Jeg er"),
        ("Hi!", "I am"),
        ("What can I ask?", "I am"),
        ("Kven er du?", "Eg er"),
        ("Who are you?", "I am"),
    ],
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


def test_who_asks_for_help_and_then_a_question_is_answered_without_a_notice(assistant: Assistant) -> None:
    answer = assistant.answer(ChatRequest(question="Kan du hjelpe meg? Når skal verneombudet involveres?"))
    assert answer.answered
    assert not any("hjelpe" in notice for notice in answer.notices)
