from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.contract import ChatRequest, Turn
from assistant.library import Library, Shelf
from assistant.opening import open_library
from assistant.question import Query, kind_of, understand
from assistant.settings import AssistantSettings


@pytest.fixture(scope="module")
def shelf(settings: AssistantSettings) -> Iterator[Shelf]:
    library: Library
    library, _ = open_library(settings)
    with library.reading() as opened:
        yield opened
    library.close()


def ask(shelf: Shelf, question: str, off: frozenset[str] = frozenset(), **more: Any) -> Query:
    request = ChatRequest(question=question, **more)
    return understand(request, shelf.lexicon, shelf.manifest.facets, shelf.manifest.works, off, suppose=False)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("hvor ofte skal styringsgruppa møtes?", "howoften"),
        ("hvor mange råd gir rapporten?", "howmany"),
        ("hvor lenge varer avtalen?", "howlong"),
        ("hvor lenge får jeg lønn på kurs?", "howlong"),
        ("hvor fort må utskriften sendes?", "howlong"),
        ("innen når må utskriften sendes?", "when"),
        ("når er fristen for å søke?", "when"),
        ("hva tid på året øver vi?", "when"),
        ("hvor tett møtes utvalget?", "howoften"),
        ("hvem leder arbeidsgruppa?", "who"),
        ("når skal verneombudet involveres?", "when"),
        ("kan du si når verneombudet skal inn?", "when"),
        ("er det bestemt når vi møtes?", "when"),
        ("vet du når vi møtes?", "when"),
        ("er det fastsatt når vi møtes?", "when"),
        ("har du oversikt over når vi møtes?", "when"),
        ("står det noe sted når vi møtes?", "when"),
        ("is it decided when we meet?", "when"),
        ("må det skrives referat når vi drøfter?", "yesno"),
        ("can we get help when it is hard?", "yesno"),
        ("hvorfor er partssamarbeid viktig?", "why"),
        ("hva får vi igjen for å samarbeide?", "why"),
        ("hva oppnår vi ved å spørre dem?", "why"),
        ("hva får vi vite?", "fact"),
        ("hvilken paragraf gjelder opplæring?", "paragraph"),
        ("gi meg en sjekkliste for omstillingsavtalen", "list"),
        ("hvilke råd gir ks?", "list"),
        ("hva er en representativ ordning?", "definition"),
        ("skal avtalen være skriftlig?", "yesno"),
        ("who leads the group?", "who"),
        ("why is it important?", "why"),
        ("hva koster systemet?", "amount"),
        ("hva er lønna til en hovedtillitsvalgt?", "amount"),
        ("hva får hovedtillitsvalgte i godtgjørelse?", "amount"),
        ("hvor stort gebyr kan datatilsynet gi?", "amount"),
        ("hvor mye får medlemmene betalt per møte?", "amount"),
        ("hvor mye tid kan vi bruke?", "howmany"),
        ("hvem bestemmer antallet verneombud?", "who"),
        ("hva er antallet verneombud?", "howmany"),
        ("hvordan gjennomføres en oppsigelse?", "fact"),
        ("hva er oppsigelsesfristen?", "howlong"),
        ("når kommer lønna?", "when"),
        ("hvem bestemmer lønna?", "who"),
        ("får jeg fri med lønn for å ta eksamen?", "yesno"),
        ("hva skjer med ansienniteten når jeg er hjemme uten lønn?", "fact"),
        ("hva kreves for at innsatsen skal bære frukter?", "fact"),
        ("konsulenter koster mye, hva kan kommunen gjøre?", "fact"),
    ],
)
def test_the_kind_of_answer_is_known(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_references_in_a_question_are_found(shelf: Shelf) -> None:
    found = ask(shelf, "Hva sier HA del B § 3-1 c om drøfting?").references
    assert [(one.work, one.part, one.section, one.letter) for one in found] == [
        ("hovedavtalen", "B", "3-1", "c")
    ]


@pytest.mark.parametrize(
    ("question", "each"),
    [
        ("Hvilken drøftingsplikt har vi i hver fase av prosjektet?", "phase"),
        ("Hva gjør tillitsvalgte i alle faser?", "phase"),
        ("What must be discussed in each phase?", "phase"),
        ("Hva må drøftes i fasen Forme sammen?", None),
        ("Hva er en fase?", None),
        ("Hva er tillit?", None),
    ],
)
def test_one_part_a_phase_only_where_every_phase_is_asked_for(
    shelf: Shelf, question: str, each: str | None
) -> None:
    assert ask(shelf, question).each == each


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("I hvilket råd står det om kompetanse?", "råd"),
        ("Hvilken av fasene handler om mål?", "fase"),
        ("I hvilken del av prosjektet velges leder?", "fase"),
        ("På hvilket trinn har vi mest å si?", "fase"),
        ("Når i løpet velges lederen?", "fase"),
        ("Når velges lederen?", None),
    ],
)
def test_what_is_asked_for_by_name_is_told(shelf: Shelf, question: str, noun: str | None) -> None:
    assert ask(shelf, question).which == noun


def test_a_phase_and_a_role_that_are_named_become_facets(shelf: Shelf) -> None:
    facets = ask(shelf, "Hva gjør verneombudet i Forme sammen?").facets
    assert {"phase:forme", "role:verneombud"} <= facets
    assert "phase:starte" not in facets


@pytest.mark.parametrize(
    ("question", "phases"),
    [
        ("Hva skal drøftes i fase 2?", {"phase:forme"}),
        ("Kva skjer i den fyrste fasen?", {"phase:starte"}),
        ("What happens in the last phase?", {"phase:levere"}),
        ("Hva gjør vi i oppstartsfasen?", {"phase:starte"}),
        ("Hva gjør vi i starte fasen?", {"phase:starte"}),
        ("Når starter fase 2?", {"phase:forme"}),
        ("Hva skjer i fase to?", {"phase:forme"}),
        ("Hva skjer i fase to og tre?", set()),
        ("Hvor lang er den formelle fasen?", set()),
        ("Hva er forskjellen på fase 1 og 2?", set()),
        ("Hva er felles for fase 1, 2 og 3?", set()),
        ("Hva er forskjellen på den første og den andre fasen?", set()),
        ("Hva skjer i de andre fasene?", set()),
        ("Hva skjer i fase 7?", set()),
    ],
)
def test_a_phase_may_be_named_by_its_place(shelf: Shelf, question: str, phases: set[str]) -> None:
    assert {name for name in ask(shelf, question).facets if name.startswith("phase:")} == phases


def test_the_phase_asked_for_now_counts(shelf: Shelf) -> None:
    before = Turn(role="user", content="Hva må avklares i Starte sammen?")
    assert ask(shelf, "og hva drøftes i fase 2?", history=(before,)).facets == {"phase:forme"}


def test_who_asks_is_kept_apart_from_what_is_asked(shelf: Shelf) -> None:
    found = ask(shelf, "Hva er tillit?", role="politiker", phase="levere")
    assert found.asker == {"role:politiker", "phase:levere"}
    assert not found.facets & found.asker


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hva skal partene drøfte?", "nb"),
        ("Kva skal partane drøfte, og korleis?", "nn"),
        ("What should the parties discuss, and when?", "en"),
    ],
)
def test_the_language_is_recognised(shelf: Shelf, question: str, language: str) -> None:
    assert ask(shelf, question).language == language


def test_a_language_that_is_given_is_kept(shelf: Shelf) -> None:
    assert ask(shelf, "Hva skal partene drøfte?", language="en").language == "en"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Når skal verneombodet involverast?", "Når skal verneombudet involveres?"),
        ("Hva er HTV sin rolle?", "Hva er hovedtillitsvalgt sin rolle?"),
        ("Hva betyr medverknad?", "Hva betyr medvirkning?"),
    ],
)
def test_nynorsk_and_abbreviations_meet_the_words_of_the_documents(
    shelf: Shelf, one: str, other: str
) -> None:
    asked = {term for term, weight in ask(shelf, other).terms.items() if weight >= 1}
    assert asked & set(ask(shelf, one).terms)


def test_words_of_the_conversation_count_less_than_those_asked_now(shelf: Shelf) -> None:
    history = (
        Turn(role="user", content="Hvem deltar i referansegruppen?"),
        Turn(role="assistant", content="Alle."),
    )
    followed = ask(shelf, "hva med testgruppen?", history=history)
    alone = ask(shelf, "Hvem deltar i referansegruppen?")
    assert followed.follows
    assert followed.original == "hva med testgruppen?"
    earlier = [term for term in alone.terms if term not in ask(shelf, "testgruppen").terms]
    assert any(followed.terms.get(term, 0) < alone.terms[term] for term in earlier)
    assert not ask(shelf, "hva med testgruppen?", frozenset({"followups"}), history=history).follows


@pytest.mark.parametrize(
    ("question", "kind"),
    [("og testgruppen?", "who"), ("Kommer støtten hvert år?", "fact"), ("Får de betalt?", "yesno")],
)
def test_a_follow_up_asks_as_the_one_before_unless_it_is_a_question_of_its_own(
    shelf: Shelf, question: str, kind: str
) -> None:
    before = (Turn(role="user", content="Hvem finansierer tilbudet?"),)
    assert ask(shelf, question, history=before).kind == kind


@pytest.mark.parametrize("question", ["§", "42", "?!a", "å" * 2_000, "\u202e hva", "a\tb\nc", "𝕙𝕧𝕒"])
def test_any_text_is_understood_somehow(shelf: Shelf, question: str) -> None:
    if any(letter.isalnum() for letter in question):
        assert ask(shelf, question).original == question
    else:
        with pytest.raises(ValueError, match="blank"):
            ask(shelf, question)
