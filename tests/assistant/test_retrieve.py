from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from langchain_core.retrievers import BaseRetriever

from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.editions import is_expired
from assistant.evidence import READ
from assistant.langchain import PassageRetriever
from assistant.library import Library
from assistant.querywords import QueryWords
from assistant.question import Query
from assistant.retrieve import PARTS, Hit, HybridRetriever, alike
from assistant.settings import AssistantSettings
from assistant.weights import Weights
from eval.cases import DEV, load_split
from ingest.analysis import Analyzer
from ingest.manifest import load_manifest
from ingest.nearness import ALIKE, MOST
from ingest.words import WordList
from tests.assistant.made import query, source
from tests.fakes import SmallCorpus


@pytest.fixture(scope="module")
def small_assistant(
    tmp_path_factory: pytest.TempPathFactory, word_list: WordList
) -> Iterator[tuple[Assistant, Library]]:
    small = SmallCorpus(tmp_path_factory.mktemp("lite"), word_list)
    small.write(
        "drøfting.txt", "Drøfting\n\nArbeidsgiver plikter å drøfte saken etter Hovedavtalen del B § 3-1 c.\n"
    )
    small.write("roboter.txt", "Roboter\n\nRobotene på lageret testes av de ansatte.\n")
    small.write(
        "råd.txt", "Råd 1: Start tidlig\n\nStart i god tid.\n\nRåd 7: Lær av feil\n\nFeil deles åpent.\n"
    )
    small.ingest()
    library = small.library()
    yield small.assistant(library), library
    library.close()


def documents(assistant: Assistant, question: str, k: int = 5) -> list[str]:
    return [hit.document for hit in assistant.search(ChatRequest(question=question), k).results]


def test_compounds_meet_their_parts(small_assistant: tuple[Assistant, Library]) -> None:
    assert documents(small_assistant[0], "Hva er drøftingsplikt?")[0] == "drøfting"


def test_a_paragraph_is_found_by_its_number(small_assistant: tuple[Assistant, Library]) -> None:
    assert documents(small_assistant[0], "Hva sier HA del B § 3-1?")[0] == "drøfting"


def coverage(small: SmallCorpus, asked: Query, *openings: str) -> list[float]:
    """Return the share of the question's words that the sentences with these openings hold."""
    library = small.library()
    with library.reading() as shelf:
        passages = [shelf.index.passage(row) for row in range(shelf.index.content.size)]
        words = QueryWords(asked, shelf.index, shelf.names, off=False)
        shares, _ = words.coverage(passages)
        texts = [sentence.text for stored in passages for sentence in stored.passage.sentences]
    library.close()
    found = list(zip(shares.tolist(), texts, strict=True))
    return [next(share for share, text in found if text.startswith(opening)) for opening in openings]


def terms(small: SmallCorpus, words: str, weight: float = 1.0) -> dict[str, float]:
    return dict.fromkeys(Analyzer(small.words).terms(words), weight)


def test_what_a_document_is_about_tells_little_among_its_sentences(small: SmallCorpus) -> None:
    said = ("velges i mars", "går runder", "skriver referat", "har fri")
    small.write("leder.md", "\n\n".join(f"# {one[:3]}\n\nLederen {one}." for one in said))
    small.write("plan.md", "# Plan\n\nLedere møter.\n\n# Referat\n\nReferat sendes.")
    small.ingest()
    asked = query(terms=terms(small, "lederen referat"))
    topic, news, beside = coverage(small, asked, "Lederen velges", "Lederen skriver", "Ledere møter")
    assert 0 < topic < beside < news == 1.0


def test_a_follow_up_is_not_covered_by_the_words_of_the_conversation_alone(small: SmallCorpus) -> None:
    small.write("leder.md", "# Leder\n\nLederen velges. Referat sendes. Lederen får referat.")
    small.ingest()
    before = terms(small, "lederen", 0.5)
    openings = "Lederen velges", "Referat", "Lederen får"
    asked = query(terms=before | terms(small, "referat"), before=frozenset(before))
    context, own, both = coverage(small, asked, *openings)
    assert 0 < context < own < both == 1.0
    assert coverage(small, query(terms=before, before=frozenset(before)), *openings) == [1.0, 0.0, 1.0]


def test_another_letter_or_law_does_not_count_as_that_paragraph(
    small_assistant: tuple[Assistant, Library],
) -> None:
    assistant, _ = small_assistant
    answer = assistant.answer(ChatRequest(question="Hva sier arbeidsmiljøloven § 3-1?"))
    assert not answer.answered
    assert "§ 3-1" in answer.answer


def test_a_numbered_heading_is_found_by_its_number(small_assistant: tuple[Assistant, Library]) -> None:
    assistant, _ = small_assistant
    for question in ("Hva sier råd nummer sju?", "Hva går råd 7 ut på?"):
        first = assistant.search(ChatRequest(question=question), 3).results[0]
        assert first.section[-1].startswith("Råd 7"), question


def test_no_more_than_asked_for_and_each_passage_once(small_assistant: tuple[Assistant, Library]) -> None:
    found = small_assistant[0].search(ChatRequest(question="Hva sier kildene om robotene?"), 2).results
    assert len(found) == 2
    everything = small_assistant[0].search(ChatRequest(question="Hva sier kildene om robotene?"), 50).results
    assert len({hit.url for hit in everything}) == len(everything)


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_can_be_switched_off(small_assistant: tuple[Assistant, Library], part: str) -> None:
    assert "roboter" in documents(small_assistant[0].without(part), "Hvem tester robotene på lageret?")


def test_words_alone_and_meaning_alone_find_something_else(
    small_assistant: tuple[Assistant, Library],
) -> None:
    assistant, library = small_assistant
    request = ChatRequest(question="Hvem tester robotene?")
    with library.reading() as shelf:
        whole = assistant.examine(shelf, request).hits[0]
        without_words = assistant.without("lexical").examine(shelf, request).hits[0]
        without_meaning = assistant.without("dense").examine(shelf, request).hits[0]
    assert whole.features["lexical"] > 0
    assert without_words.features["lexical"] == 0
    assert without_meaning.features["dense"] == 0


@pytest.mark.parametrize(("ago", "expired"), [(1, True), (0, False)])
def test_a_source_is_expired_the_day_after(ago: int, expired: bool) -> None:
    assert is_expired(source(valid_to=date.today() - timedelta(days=ago))) is expired


def test_a_source_without_an_end_is_not_expired() -> None:
    assert not is_expired(source())


def test_it_is_a_langchain_retriever(small_assistant: tuple[Assistant, Library]) -> None:
    retriever = PassageRetriever(assistant=small_assistant[0], k=2)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke("Hvem tester robotene på lageret?")
    assert len(found) == 2
    assert "Robotene på lageret" in found[0].page_content
    assert found[0].metadata["document"] == "roboter"
    assert (found[0].metadata["title"], found[0].metadata["section"]) == ("Roboter", "")
    assert found[0].id.startswith("/kilder/roboter")


def test_weights_name_only_features_that_exist(settings: AssistantSettings, assistant: Assistant) -> None:
    weights = Weights.load()
    library = assistant._library
    with library.reading() as shelf:
        found = assistant.examine(shelf, ChatRequest(question="Hva er tillit?"))
    assert set(weights.passage.weights) <= set(found.hits[0].features)
    assert set(weights.sentence.weights) <= set(found.ranked[0].features)
    assert set(weights.answerable.weights) <= set(found.signs)


def test_what_was_asked_about_is_found_among_the_first_five(assistant: Assistant) -> None:
    """A floor far under what `python -m eval` measures: retrieval that broke would fall through it."""
    cases = [case for case in load_split(DEV).cases if case.answerable and not case.history][::6]
    assert len(cases) > 25
    found = [
        any(hit.document in case.documents for hit in assistant.search(case.request, 5).results)
        for case in cases
    ]
    assert sum(found) / len(found) > 0.8


def test_the_retriever_needs_no_more_than_the_index(
    settings: AssistantSettings, assistant: Assistant
) -> None:
    with assistant._library.reading() as shelf:
        found = assistant.examine(shelf, ChatRequest(question="Hva er en representativ ordning?"))
        bare = HybridRetriever(shelf.index, Weights.load(), shelf.names, frozenset())
        hits = bare.retrieve(found.query, found.vector, READ)
    assert {hit.stored.row for hit in hits} == {hit.stored.row for hit in found.hits}
    assert load_manifest(settings.corpus).documents


@pytest.fixture
def exampled(small: SmallCorpus) -> Iterator[tuple[Assistant, Library]]:
    """Three documents of which two answer an example, and an example that none answers."""
    small.write("plikt.txt", "Drøfting\n\nArbeidsgiver plikter å drøfte saken. Verneombudet deltar.\n")
    small.write("roboter.txt", "Roboter\n\nRobotene på lageret testes av de ansatte.\n")
    small.write("nytt.txt", "Nytt\n\nBudsjettet vedtas av kommunestyret.\n")
    small.write_examples(
        ("Må sjefen snakke med klubben?", {"plikt": "Arbeidsgiver plikter å drøfte saken."}),
        ("Hvem prøver maskinene?", {"roboter": "Robotene på lageret testes av de ansatte."}),
        ("Hva heter sjefen?", {}),
    )
    small.ingest()
    library = small.library()
    yield small.assistant(library), library
    library.close()


def features(exampled: tuple[Assistant, Library], question: str, off: str = "") -> dict[str, Hit]:
    assistant, library = exampled
    asked = assistant.without(off) if off else assistant
    with library.reading() as shelf:
        hits = asked.examine(shelf, ChatRequest(question=question)).hits
    return {hit.stored.passage.document: hit for hit in hits}


def test_who_asks_like_an_example_is_led_to_what_answers_it(exampled: tuple[Assistant, Library]) -> None:
    question = "Må sjefen snakke med klubben?"
    assert documents(exampled[0], question)[0] == "plikt"
    found = features(exampled, question)["plikt"]
    texts = [sentence.text for sentence in found.stored.passage.sentences]
    assert texts[int(found.asked.argmax())] == "Arbeidsgiver plikter å drøfte saken."
    assert found.features["asked"] == found.asked.max() == pytest.approx((1 - ALIKE) ** 2, abs=1e-4)
    without = features(exampled, question, "examples")["plikt"]
    assert without.features["asked"] < found.features["asked"]


def test_a_document_without_examples_is_judged_by_its_own_words(exampled: tuple[Assistant, Library]) -> None:
    hit = features(exampled, "Hvem vedtar budsjettet?")["nytt"]
    assert hit.asked == pytest.approx(alike(np.maximum(hit.sentences, hit.windows)))
    assert documents(exampled[0], "Hvem vedtar budsjettet?")[0] == "nytt"


def test_an_example_without_an_answer_speaks_only_against_what_it_was_asked_of(
    exampled: tuple[Assistant, Library],
) -> None:
    found = features(exampled, "Hva heter sjefen?")
    assert found["plikt"].features["unanswered"] == pytest.approx(1.0, abs=1e-4)
    assert found["roboter"].features["unanswered"] == found["plikt"].features["unanswered"]
    assert found["nytt"].features["unanswered"] == 0.0
    assert features(exampled, "Hva heter sjefen?", "examples")["plikt"].features["unanswered"] == 0.0


def test_examples_with_an_answer_speak_only_for_what_they_were_asked_of(
    exampled: tuple[Assistant, Library],
) -> None:
    found = {id_: hit.features for id_, hit in features(exampled, "Hvem prøver maskinene?").items()}
    assert {id_: one["exemplified"] for id_, one in found.items()} == {
        "plikt": 1.0,
        "roboter": 1.0,
        "nytt": 0.0,
    }
    assert 0.0 < found["plikt"]["answered"] == found["roboter"]["answered"] <= MOST
    assert found["nytt"]["answered"] == 0.0


def test_what_asks_nothing_alike_counts_nothing() -> None:
    cosines = np.array([-1.0, 0.0, ALIKE, ALIKE + 0.1, ALIKE + 0.2], np.float32)
    assert alike(cosines) == pytest.approx([0.0, 0.0, 0.0, 0.01, 0.04], abs=1e-6)
