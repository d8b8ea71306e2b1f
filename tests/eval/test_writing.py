"""What is measured of a language model: the transcript, its gate, and the delay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import get_args

import pytest
from rich.console import Console

from assistant.authoring import check_model
from assistant.breaker import Breaker
from assistant.condense import Helper
from assistant.settings import AssistantSettings, ChatSettings
from assistant.verify import Reason
from eval import delay, modelgate, transcript
from eval.cases import DEV, Case, load_split
from ingest.settings import load
from tests.assistant.modelserver import ModelServer, cited, model_server
from tests.fakes import SmallCorpus

MINUTES = next(case for case in load_split(DEV).cases if "møter er drøftinger" in case.question)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def chat_of(server: ModelServer, model: str) -> ChatSettings:
    return load(ChatSettings, chat_model=model, chat_base_url=server.url)


def test_every_reason_has_a_name_that_a_person_understands() -> None:
    assert set(transcript.NAMES) == set(get_args(Reason)) - {""}


def test_the_questions_are_of_both_kinds_and_from_the_whole_file() -> None:
    cases = transcript.chosen(30)
    assert len({case.id for case in cases}) == 30
    assert sum(not case.answerable for case in cases) == 10
    assert {case.answerable for case in cases[:3]} == {True, False}


def test_a_transcript_shows_what_was_removed_and_why(
    settings: AssistantSettings, server: ModelServer
) -> None:
    server.obeyed = lambda prompt: f"{cited(prompt, 'Drøfting er')} Det varer i 14 dager [zzzzzz]."
    answered = list(transcript.run(settings, chat_of(server, "obey"), [MINUTES]))
    assert [one.outcome for one in answered] == ["generert"]
    text = transcript.markdown(answered)
    assert MINUTES.question in text
    assert "- ~~Det varer i 14 dager.~~ (ingen gyldig kilde)" in text
    assert "1. «" in text
    assert f"### 13. {MINUTES.question}" in transcript.markdown(answered, first=13)
    told = "\n".join(transcript.report(answered))
    assert "1 spørsmål med svar i kildene: 1 generert" in told
    assert "1 beholdt, 1 fjernet (1 ingen gyldig kilde)" in told


def test_a_transcript_says_what_stood_in(settings: AssistantSettings, server: ModelServer) -> None:
    answered = list(transcript.run(settings, chat_of(server, "declines"), [MINUTES]))
    assert answered[0].outcome == "ekstraktivt (declined)"
    assert "Modellen skrev INGEN SVAR." in transcript.markdown(answered)


def test_a_model_that_fails_is_asked_every_question(settings: AssistantSettings, server: ModelServer) -> None:
    answered = list(transcript.run(settings, chat_of(server, "broken-server"), [MINUTES] * 5))
    assert [one.outcome for one in answered] == ["ekstraktivt (server)"] * 5
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("said", "threshold", "outcome"),
    [
        ("0", 0.0, "stopped"),
        ("1", 0.0, "passed"),
        ("kanskje", 0.0, "failed"),
        ("1", 1.1, "refused"),
    ],
)
def test_the_gate_is_asked_about_what_the_refusal_lets_through(
    small: SmallCorpus, server: ModelServer, said: str, threshold: float, outcome: str
) -> None:
    small.write("referat.txt", "Drøfting\n\nDet skal skrives referat etter drøftingsmøter.\n")
    small.ingest()
    chat = chat_of(server, f"say:{said}")
    model, prompts = check_model(chat)
    library = small.library()
    helper = Helper(model, chat, prompts, Breaker())
    cases = [MINUTES, Case(id="x", question="Hva koster taxi?", kind="offtopic", answerable=False)]
    try:
        done = list(modelgate.run(small.assistant(library, threshold), library, helper, cases))
    finally:
        library.close()
    assert {one.outcome for one in done} == {outcome}
    console = Console(record=True, width=200)
    console.print(modelgate.table(done))
    assert "uten svar" in console.export_text()


def test_as_many_questions_with_an_answer_as_without_are_put_to_the_gate() -> None:
    cases = modelgate.chosen(30)
    assert sum(case.answerable for case in cases) == sum(not case.answerable for case in cases) == 30


@pytest.mark.parametrize(("threshold", "through"), [(0.0, True), (1.1, False)])
def test_only_questions_that_the_refusal_lets_through_may_be_put_to_the_gate(
    small: SmallCorpus, threshold: float, through: bool
) -> None:
    small.write("referat.txt", "Drøfting\n\nDet skal skrives referat etter drøftingsmøter.\n")
    small.ingest()
    library = small.library()
    try:
        assert modelgate.is_let_through(small.assistant(library, threshold), library, MINUTES) is through
    finally:
        library.close()
    assert len(modelgate.chosen(30, lambda case: through)) == (60 if through else 0)


def test_the_delay_is_that_of_each_sentence_that_was_sent(
    settings: AssistantSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delay, "SPEED", 100_000)
    taken = asyncio.run(delay.measure(settings, [MINUTES.question]))
    assert len(taken) > 1
    assert min(taken) > 0


def test_waits_are_counted_from_the_last_time_that_the_sentence_was_finished() -> None:
    finished = {"Én.": [1.0, 2.0, 9.0], "To.": [3.0]}
    assert list(delay.waits(finished, [("Én.", 2.5), ("To.", 3.25), ("Fra kilden.", 4.0)])) == [500.0, 250.0]
