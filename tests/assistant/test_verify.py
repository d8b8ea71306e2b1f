"""Each kind of invention is dropped, and what the source says in other words is kept."""

from __future__ import annotations

import pytest

from assistant.verify import Checker, Given
from ingest.analysis import Analyzer
from ingest.words import WordList
from tests.fakes import GLOSS

SENTENCES = (
    "Det skal skrives referat etter drøftingsmøter.",
    "Drøftingsgrunnlaget bør foreligge skriftlig for å sikre lik informasjon til alle parter.",
    "Tillitsvalgte plikter å informere arbeidsgiver om forhold av betydning.",
    "Tillitsvalgte tas med på råd, men bærer ikke ansvaret for beslutningene.",
    "I arbeidsmiljøloven omtales drøfting i § 8-1 første ledd og medvirkning i § 4-2 tredje ledd.",
    "Partene kan si opp avtalen med tre måneders varsel.",
    "Bergen og Oslo la frem en ny strategi 7. desember 2020.",
    "Ingen har stemmerett i rådet.",
    "Mer står på www.example.no og hos post@example.no.",
)
GIVEN = Given("k3f9x2", "\n".join(SENTENCES), ("Medbestemmelse",), "Veileder", "gjeldende", SENTENCES)


@pytest.fixture(scope="module")
def checker() -> Checker:
    forms = dict.fromkeys("drøfting møter referat råd ansvar avtale varsel strategi medvirkning".split(), 4.5)
    return Checker(Analyzer(WordList.of(forms)), GLOSS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Det skal skrives referat etter drøftingsmøter.",
        "Etter drøftingsmøter skal det skrives referat.",
        "Etter drøftingsmøte skal det skrivast referat.",
        "Drøftingsgrunnlaget bør være skriftlig, slik at alle parter får lik informasjon.",
        "Tillitsvalde pliktar å informere arbeidsgjevar om forhold av betydning.",
        "Tillitsvalgte bærer ikke ansvaret for beslutningene.",
        "Tillitsvalde har ikkje ansvaret for avgjerdene.",
        "Drøfting omtales i arbeidsmiljøloven § 8-1.",
        "Medvirkning omtales i aml. § 4-2 tredje ledd.",
        "Partene kan si opp avtalen med 3 måneders varsel.",
        "Bergen og Oslo la frem en ny strategi i 2020.",
        "Bergen og Oslo la frem en ny strategi 07.12.2020.",
        "Mer står på https://www.example.no.",
    ],
)
def test_what_the_source_says_is_kept(checker: Checker, sentence: str) -> None:
    verdict = checker.check_sentence(sentence, [GIVEN])
    assert verdict.ok, verdict
    assert verdict.quotes
    assert all(quote in GIVEN.text for _, quote in verdict.quotes)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Det bør skrives referat etter drøftingsmøter.", "modality"),
        ("Det kan skrivast referat etter drøftingsmøte.", "modality"),
        ("Drøftingsgrunnlaget skal foreligge skriftlig.", "modality"),
        ("Det skal ikke skrives referat etter drøftingsmøter.", "negation"),
        ("Tillitsvalgte bærer ansvaret for beslutningene.", "negation"),
        ("Alle har stemmerett i rådet.", "negation"),
        ("Arbeidsgiver plikter å informere tillitsvalgte om forhold av betydning.", "roles"),
        ("Verneombudet plikter å informere arbeidsgiver om forhold av betydning.", "name"),
        ("Drøfting omtales i arbeidsmiljøloven § 9-1.", "section"),
        ("Drøfting omtales i arbeidsmiljøloven § 4-2.", "section"),
        ("Drøfting omtales i kommuneloven § 8-1.", "section"),
        ("Drøfting omtales i arbeidsmiljøloven § 8-1 annet ledd.", "section"),
        ("Partene kan si opp avtalen med seks måneders varsel.", "number"),
        ("Partene kan si opp avtalen med 30 prosent varsel.", "number"),
        ("Bergen og Oslo la frem en ny strategi i 2021.", "number"),
        ("Bergen og Oslo la frem en ny strategi 8. desember 2020.", "number"),
        ("Bergen og Stavanger la frem en ny strategi.", "name"),
        ("Stavanger la frem en ny strategi.", "name"),
        ("Mer står på www.example.com.", "link"),
        ("Mer står hos annen@example.no.", "link"),
        ("Det skal skrives referat før drøftingsmøter.", "opposite"),
        ("Det skal alltid skrives referat etter drøftingsmøter.", "quantity"),
        ("Tillitsvalgte tas med på råd fordi de bærer ansvaret.", "negation"),
        ("Det skal skrives referat og sendes kopi til Arbeidstilsynet etter drøftingsmøter.", "name"),
        (
            "Det skal skrives referat, godkjent av fylkesmannen og lest høyt, etter drøftingsmøter.",
            "coverage",
        ),
        ("Ja.", "empty"),
    ],
)
def test_an_invention_is_dropped(checker: Checker, sentence: str, reason: str) -> None:
    verdict = checker.check_sentence(sentence, [GIVEN])
    assert (verdict.ok, verdict.reason) == (False, reason)


def test_a_sentence_without_a_passage_is_dropped(checker: Checker) -> None:
    assert checker.check_sentence(SENTENCES[0], []).reason == "citation"


def test_the_wrong_passage_does_not_bear_it(checker: Checker) -> None:
    other = Given("zzzzzz", "Været er fint i dag.", (), "Vær", "ukjent", ("Været er fint i dag.",))
    assert not checker.check_sentence(SENTENCES[0], [other]).ok


def test_prompt_text_is_never_an_answer() -> None:
    secret = "Du svarer bare ut fra passasjene du får, og viser til dem."
    leaked = Given("aaaaaa", secret, (), "", "ukjent", (secret,))
    checker = Checker(Analyzer(WordList.of({})), GLOSS, [secret])
    assert checker.check_sentence(secret, [leaked]).reason == "prompt"
