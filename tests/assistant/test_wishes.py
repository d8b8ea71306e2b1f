"""Follow-ups that ask nothing new, and what is given to them."""

from __future__ import annotations

import pytest

from assistant.answer import Assistant
from assistant.contract import ChatRequest, ChatResponse, Turn
from assistant.followup import may_lean, resolve
from assistant.wishes import Wish, wish_of
from ingest.facets import FacetRules

GROUP = "Hvordan starter vi en arbeidsgruppe?"
ADVICE = "Tre råd:\n• Råd 1: Start tidlig [1]\n• Råd 2: Ta med alle [2]\n• Råd 3: Skriv referat [3]"


def talk(assistant: Assistant, *questions: str) -> list[ChatResponse]:
    """The answers of a conversation."""
    history: list[Turn] = []
    answers = []
    for question in questions:
        answers.append(assistant.answer(ChatRequest(question=question, history=tuple(history))))
        history.append(Turn(role="user", content=question))
        history.append(Turn(role="assistant", content=answers[-1].answer))
    return answers


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("fortell mer", "more"),
        ("Kan du utdype det?", "more"),
        ("Fortel meir om dette!", "more"),
        ("forklar nærmere", "more"),
        ("Takk. Er det alt?", "more"),
        ("og så?", "more"),
        ("ka mer", "more"),
        ("Tell me more, please", "more"),
        ("gi meg et eksempel", "example"),
        ("Har du nokre døme på det?", "example"),
        ("can you give an example", "example"),
        ("Hvor står det?", "where"),
        ("hvilket dokument er det i?", "where"),
        ("Kven seier det?", "where"),
        ("Er du sikker?", "where"),
        ("Source?", "where"),
        ("Kan du si det enklere?", "simpler"),
        ("oppsummer", "simpler"),
        ("eg forstår ikkje", "simpler"),
        ("kan du oversette det til engelsk", "simpler"),
        ("Gi meg et eksempel på jobbglidning", None),
        ("Fortell mer om testgruppen", None),
        ("Hvor står det mer om kontrolltiltak?", None),
        ("Hvem sier at verneombudet skal med?", None),
        ("Hva mer må drøftes?", None),
        ("hvorfor det?", None),
        ("", None),
    ],
)
def test_what_is_wished_of_the_answer_before(message: str, wish: Wish | None) -> None:
    assert wish_of(message) == wish


def test_a_wish_is_understood_in_reasonable_work() -> None:
    for word in ("kan du ", "litt ", "en ", "og ", "fortell meg det litt "):
        assert wish_of(word * 400) is None


def test_a_wish_asks_again_what_was_asked_before() -> None:
    history = [Turn(role="user", content=GROUP), Turn(role="user", content="fortell mer")]
    found = resolve("mer", history, FacetRules())
    assert (found.text, found.own, found.wish) == (GROUP, "", "more")
    assert resolve("fortell mer", [], FacetRules()).wish is None
    assert not may_lean("fortell mer", history)


def test_a_wish_is_about_the_item_that_was_asked_for() -> None:
    history = [
        Turn(role="user", content="Hvilke råd gis?"),
        Turn(role="assistant", content=ADVICE),
        Turn(role="user", content="Hva er det siste?"),
    ]
    assert resolve("utdyp", history, FacetRules()).text == "Hvilke råd gis? Råd 3: Skriv referat"


def test_who_wants_more_is_told_what_was_not_said(assistant: Assistant) -> None:
    first, second, third = talk(assistant, GROUP, "fortell mer", "hva mer?")
    said = {citation.quote for citation in first.citations}
    new = {citation.quote for citation in second.citations}
    assert second.answered
    assert said.isdisjoint(new)
    assert (said | new).isdisjoint(citation.quote for citation in third.citations)


def test_where_nothing_is_left_it_is_said(assistant: Assistant) -> None:
    answers = talk(assistant, "Må vi skrive referat?", *["mer"] * 8)
    ends = [answer.answered for answer in answers].index(False)
    assert answers[ends].answer.startswith("Mer enn dette finner jeg ikke i kildene.")


def test_an_example_is_one_or_there_is_none(assistant: Assistant) -> None:
    _, given = talk(assistant, "Hva er kunstig intelligens?", "kan du gi et eksempel på det?")
    assert "for eksempel" in given.answer
    _, none = talk(assistant, "Hva gjør styringsgruppa?", "gi meg et eksempel")
    assert none.answer.startswith("Noe eksempel på det finner jeg ikke i kildene.")


def test_who_asks_where_is_shown_the_document_over_the_same_words(assistant: Assistant) -> None:
    said, again = talk(assistant, "Må vi skrive referat fra drøftingene?", "hvor står det?")
    assert again.blocks[0].kind == "heading"
    assert again.blocks[0].text.startswith(said.citations[0].title)
    assert {citation.quote for citation in again.citations} == {citation.quote for citation in said.citations}


def test_who_wants_it_simpler_gets_the_shortest_answer_and_is_told_why(assistant: Assistant) -> None:
    said, again = talk(assistant, "Hvordan bør vi håndtere uenighet i gruppa?", "kan du si det enklere?")
    assert again.blocks == said.blocks[:1]
    assert "ordrett" in again.notices[-1]
