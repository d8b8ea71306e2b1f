from __future__ import annotations

import pytest

from assistant.contract import MAX_QUESTION, Turn
from assistant.followup import Resolved, leans, may_lean, resolve
from assistant.sectionfollow import readdressed
from ingest.facets import FacetRule, FacetRules

PHASES = FacetRules(
    tuple(FacetRule("phase", value, (f"{value} sammen",)) for value in ("starte", "forme", "levere"))
)
NONE = FacetRules()
FIRST = "Hva må drøftes i fasen Starte sammen?"


def asked(*questions: str, answers: str = "Svar.") -> list[Turn]:
    return [
        turn
        for question in questions
        for turn in (Turn(role="user", content=question), Turn(role="assistant", content=answers))
    ]


def follow(question: str, *before: str) -> Resolved:
    return resolve(question, asked(*before), PHASES)


@pytest.mark.parametrize(
    "question",
    [
        "og i neste fase?",
        "hva med testgruppen?",
        "Hvorfor det?",
        "Hvem gjør dette?",
        "Kven då?",
        "Når må de drøfte?",
        "And who decides?",
        "å hvem godkjenner planen?",
        "Hva får lederen vite etterpå?",
    ],
)
def test_these_lean_on_what_came_before(question: str) -> None:
    assert leans(question)
    assert follow(question, "Hvordan organiseres referansegruppen?").follows


@pytest.mark.parametrize(
    "question",
    [
        "Hva er en representativ ordning?",
        "Hvilke krav stiller arbeidsmiljøloven til opplæring av verneombud?",
        "Når gikk avtalen om digital kompetanse ut?",
        "Hva er de folkevalgtes rolle i trepartssamarbeidet?",
        "Hvordan sikres de ansattes personvern?",
    ],
)
def test_these_stand_alone(question: str) -> None:
    assert not leans(question)
    assert follow(question, FIRST) == Resolved(question, question)


def test_what_stands_alone_may_be_supposed_to_follow() -> None:
    found = resolve("Hvem betaler vikaren?", asked("Hvem deltar på kurset?"), NONE, suppose=True)
    assert found.follows
    assert found.text == "Hvem deltar på kurset? Hvem betaler vikaren?"
    assert not resolve("Hvem betaler vikaren?", (), NONE, suppose=True).follows


@pytest.mark.parametrize(
    ("question", "weight"),
    [("Hvorfor det?", 0.0), ("og fristen for det?", 1 / 3), ("og hvem betaler vikaren på kurset da?", 1.0)],
)
def test_the_more_words_it_has_the_more_a_follow_up_counts_by_itself(question: str, weight: float) -> None:
    assert follow(question, FIRST).own_weight == pytest.approx(weight)


def test_without_a_conversation_nothing_follows() -> None:
    assert resolve("og i neste fase?", (), PHASES) == Resolved("og i neste fase?", "og i neste fase?")


def test_what_the_assistant_said_is_no_question() -> None:
    history = [Turn(role="assistant", content="Hei, hva lurer du på?")]
    assert not resolve("Hvorfor det?", history, PHASES).follows


def test_it_is_put_together_with_the_question_before() -> None:
    found = follow("også for de nyansatte?", "Hvem deltar i referansegruppen?")
    assert "referansegruppen" in found.text
    assert "nyansatte" in found.text
    assert found.own == "også for de nyansatte?"
    assert 0 < found.context_weight < 1


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("hva med testgruppen?", ["Hvem deltar i referansegruppen?"], "Hvem deltar i testgruppen?"),
        (
            "og styringsgruppen?",
            ["Hvem deltar i referansegruppen?", "hva med testgruppen?"],
            "Hvem deltar i styringsgruppen?",
        ),
        ("og råd 8?", ["Hva er råd 7 i rapporten?"], "Hva er råd 8 i rapporten?"),
        ("og stordata?", ["Hva er skytjenester?"], "Hva er stordata?"),
    ],
)
def test_another_topic_takes_the_place_of_its_like(question: str, before: list[str], meant: str) -> None:
    found = follow(question, *before)
    assert found.text == meant
    assert found.follows


@pytest.mark.parametrize(
    ("question", "either"),
    [
        ("Hva er drøfting?", True),
        ("Hva er fristen?", True),
        ("og fristen?", False),
        ("Hvem bestemmer det?", False),
        ("Hvordan organiseres styringsgruppen i kommunen?", True),
        ("Hvordan organiseres en styringsgruppe med politikere og tillitsvalgte?", True),
        (
            "Hvordan organiseres en styringsgruppe med politikere, ledere og tillitsvalgte i en kommune?",
            False,
        ),
    ],
)
def test_a_short_question_may_stand_alone_or_not(question: str, either: bool) -> None:
    assert may_lean(question, asked(FIRST)) is either
    assert not may_lean(question, ())


def test_a_chain_goes_back_to_the_question_that_stood_alone() -> None:
    found = follow("og verneombudet?", "Hvem deltar i styringsgruppen i kommunen?", "og de tillitsvalgte?")
    assert "styringsgruppen" in found.text
    assert "verneombudet" in found.text


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("Og hva gjorde Bærum?", False),
        ("og hva gjorde de der?", True),
        ("og de tillitsvalgte i Bærum?", True),
    ],
)
def test_a_follow_up_that_asks_anew_is_what_the_next_follows(between: str, kept: bool) -> None:
    found = follow("Var det vellykket?", "Hva er Smart omsorg i kommunen?", between)
    assert ("omsorg" in found.text) is kept


def test_an_older_topic_is_left_behind() -> None:
    found = follow(
        "og hvem betaler?", "Hva er kunstig intelligens i kommunen?", "Hvordan gis opplæring i fagsystemer?"
    )
    assert "opplæring" in found.text
    assert "intelligens" not in found.text


@pytest.mark.parametrize(
    ("question", "before", "phase"),
    [
        ("og i neste fase?", FIRST, "forme"),
        ("Hva med den neste fasen?", "Hva skjer i Forme sammen?", "levere"),
        ("og i neste fase?", "Hva skjer i Levere sammen?", "levere"),
        ("og i forrige fase?", "Hva skjer i Forme sammen?", "starte"),
        ("og i siste fase?", FIRST, "levere"),
        ("And in the next phase?", FIRST, "forme"),
        ("And the last phase?", FIRST, "levere"),
        ("Og den neste?", FIRST, "forme"),
        ("Hva kommer etterpå?", FIRST, "forme"),
        ("og fasen etter?", FIRST, "forme"),
        ("og den før?", "Hva handler Forme sammen om?", "starte"),
        ("og den aller første?", "Hva handler Levere sammen om?", "starte"),
        ("Hva skjer i den tredje?", FIRST, "levere"),
    ],
)
def test_the_next_phase_is_worked_out(question: str, before: str, phase: str) -> None:
    found = follow(question, before)
    assert found.facets == {f"phase:{phase}"}
    assert f"{phase} sammen" in found.text
    others = {"starte", "forme", "levere"} - {phase}
    assert not any(f"{other} sammen" in found.text.lower() for other in others)


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("Og den neste?", ["Hva skjer i første fase?"], "Hva skjer i fase 2?"),
        ("Og den neste?", ["Hva skjer i første fase?", "Og den neste?"], "Hva skjer i fase 3?"),
        ("og den før?", ["Hva skjer i siste fase?"], "Hva skjer i fase 2?"),
        ("og den siste?", ["Hva skjer i fase 1?"], "Hva skjer i siste fase?"),
        ("and the last one?", ["Hva skjer i fase 1?"], "Hva skjer i siste fase?"),
        ("Hvem deltar i neste fase?", [FIRST], "Hvem deltar i forme sammen?"),
        ("Hvem er med i neste fase?", [FIRST], "Hvem er med i forme sammen?"),
        ("Hva gjør vi i den siste fasen?", ["Hvem leder utvalget?"], "Hva gjør vi i levere sammen?"),
        ("og i neste fase?", ["Hva skiller fase 1 og fase 2?"], "Hva skiller fase 1 og fase 3?"),
    ],
)
def test_the_question_is_asked_of_the_next_phase(question: str, before: list[str], meant: str) -> None:
    assert follow(question, *before).text == meant


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Når er neste møte?", FIRST),
        ("og hva sier den siste rapporten?", FIRST),
        ("Og etterpå?", "Hvor ofte møtes gruppen når vi skal starte?"),
    ],
)
def test_what_is_next_is_not_always_a_phase(question: str, before: str) -> None:
    assert follow(question, before).facets == frozenset()


def test_the_answer_may_name_the_phase_that_is_left() -> None:
    history = asked("Hvilken fase lager vi forslag i?", answers="Forme sammen – fra idé til konsept [1]")
    assert resolve("og den neste?", history, PHASES).facets == {"phase:levere"}


def test_without_phases_in_the_manifest_nothing_is_worked_out() -> None:
    assert resolve("og i neste fase?", asked(FIRST), NONE).facets == frozenset()


ROLES = FacetRules(
    (
        FacetRule("role", "tillitsvalgt", words=("tillitsvalgt", "hovedtillitsvalgt")),
        FacetRule("role", "verneombud", words=("verneombud",)),
    )
)


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Kva gjer ei referansegruppe?", "Kva med arbeidsgrupper?", "Kva gjer ei arbeidsgrupper?"),
        ("Når skal tillitsvalgte involveres?", "og verneombudet?", "Når skal verneombudet involveres?"),
        ("Hva er verneombudets rolle?", "hva med hovedtillitsvalgtes?", "Hva er hovedtillitsvalgtes rolle?"),
        ("Hva er en representativ ordning?", "og testgruppe?", "Hva er testgruppe?"),
        ("Hva er verneombudets rolle?", "og hovedverneombudet?", "Hva er hovedverneombudets rolle?"),
        ("Hva er ledernes ansvar?", "og ansattes?", "Hva er ledernes ansvar? ansattes?"),
    ],
)
def test_a_topic_takes_the_place_of_one_of_its_kind(before: str, question: str, meant: str) -> None:
    assert resolve(question, asked(before), ROLES).text == meant


ADVICE = "Tre råd:\n• Råd 1: Start tidlig [1]\n• Råd 2: Ta med alle [2]\n• Råd 3: Skriv referat [3]"


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("Hva er det siste?", "Råd 3: Skriv referat"),
        ("Fortell mer om det andre rådet", "Råd 2: Ta med alle"),
        ("og punkt 1?", "Råd 1: Start tidlig"),
        ("Kva med nummer to?", "Råd 2: Ta med alle"),
        ("What is the first one?", "Råd 1: Start tidlig"),
        ("og punkt 7?", None),
        ("Hva er det første vi må gjøre i prosjektet?", None),
    ],
)
def test_an_item_of_the_list_answered_before_is_meant(question: str, item: str | None) -> None:
    found = resolve(question, asked("Hvilke råd gis?", answers=ADVICE), NONE)
    assert (found.own == item) is (item is not None)
    assert found.text.startswith("Hvilke råd gis?") is (found.follows is True)


def test_of_several_lists_no_item_is_meant() -> None:
    answer = "Generelt [1]\n• Parter\n• Formål\n\nVarighet [2]\n• Fra\n• Til"
    assert resolve("Hva er det siste?", asked("Hva står i avtalen?", answers=answer), NONE).own != "Til"


def test_a_conversation_without_end_adds_no_more_than_a_question_can_say() -> None:
    before = ["Hva er drøfting?", *["og hva mer " + "§1" * 3_900] * 19]
    assert len(follow("hvorfor det?", *before).text) <= MAX_QUESTION + len(" hvorfor det?")


def test_another_section_is_asked_for_in_reasonable_work() -> None:
    # Were each space a place to look for a ledd from, this would take an hour.
    space = " " * 100_000
    assert readdressed(f"Hva sier § 3-1{space}nå", "§ 3-2") == f"Hva sier § 3-2{space}nå"
