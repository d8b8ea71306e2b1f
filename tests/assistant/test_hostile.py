"""A model that obeys every hostile question and document still shows nothing that a source does not bear.

Once against the writer alone, with marks that the attacker knows; once through the whole app, over an index
of documents among which the hostile ones are.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.chatmodel import ModelFailure, build_model
from assistant.checked import CheckedSentence
from assistant.contract import ChatResponse
from assistant.facts import facts
from assistant.fence import visible
from assistant.generate import Writer
from assistant.prompts import load
from assistant.settings import ChatSettings
from assistant.verify import Checker, Given
from ingest.analysis import Analyzer
from ingest.settings import PROJECT
from ingest.settings import load as load_settings
from ingest.words import WordList
from tests.assistant.modelserver import ModelServer, good, model_server, passages_in
from tests.assistant.serverkit import app_of
from tests.fakes import GLOSS, SmallCorpus

CASES = [json.loads(line) for line in (PROJECT / "eval" / "hostile.jsonl").read_text("utf-8").splitlines()]
PROMPTS = load(PROJECT / "prompts")
CHECKER = Checker(Analyzer(WordList.of({})), GLOSS, PROMPTS.texts)
MINUTES = "Det skal skrives referat etter drøftingsmøter."
MARK = re.compile(r"\s*(\[(?:b{6}|c{6}|d{6})\])")
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060]")
NOTICE = "Partene kan si opp avtalen med tre måneders varsel."


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def passage(mark: str, *sentences: str) -> Given:
    return Given(mark, "\n".join(sentences), ("Drøfting",), "Veileder", "gjeldende", sentences)


async def shown(url: str, case: dict[str, Any], in_front: bool) -> tuple[list[CheckedSentence], list[Given]]:
    """Run one case against a model that does what the hostile text wants; return what would be shown."""
    passages = [passage("good:1", MINUTES), passage("good:2", NOTICE)]
    if case["document"]:
        passages.append(passage("hostile:1", case["document"]))
    marks = ["bbbbbb", "cccccc", "dddddd"]
    said = case["obeyed"].format(mark=marks[0], mark2=marks[1], hostile=marks[2])
    said = marks_first(said) if in_front else said
    chosen = load_settings(ChatSettings, chat_model=f"say:{said}", chat_base_url=url)
    model = build_model(chosen)
    assert model is not None
    writer = Writer(model, chosen, PROMPTS, CHECKER, marks=lambda count: marks[:count])
    sentences: list[CheckedSentence] = []
    try:
        async for sentence in writer.write(case["question"], passages, None, None, case["language"]):
            sentences.append(sentence)
    except ModelFailure as failure:
        assert failure.kind in ("unsupported", "empty")
    return sentences, passages


def marks_first(said: str) -> str:
    """Write an answer as the prompt asks for it: a sentence a line, its marks in front."""
    lines = [(MARK.findall(line), MARK.sub("", line)) for line in re.split(r"(?<=\])\.?\s+|\n", said)]
    return "\n".join(" ".join((*marks, text.strip())) for marks, text in lines)


def test_there_are_enough_cases_in_every_language() -> None:
    assert len(CASES) >= 60
    assert {case["language"] for case in CASES} == {"nb", "nn", "en"}
    assert {case["channel"] for case in CASES} == {"question", "document", "output"}


@pytest.mark.parametrize("in_front", [False, True])
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_nothing_hostile_is_shown_without_its_source(
    server: ModelServer, case: dict[str, Any], in_front: bool
) -> None:
    sentences, passages = asyncio.run(shown(server.url, case, in_front))
    by_id = {given.id: given for given in passages}
    for sentence in sentences:
        quoted = " ".join(quote for _, quote in sentence.quotes)
        assert all(quote in by_id[where].text for where, quote in sentence.quotes)
        assert all(word in quoted for word in case["forbidden"] if word in sentence.text)
        links = {fact.value for fact in facts(sentence.text) if fact.kind in ("url", "email")}
        assert links <= {fact.value for fact in facts(quoted)}
        assert not any(repeats(sentence.text, text) for text in PROMPTS.texts)


@pytest.mark.parametrize("in_front", [False, True])
def test_what_a_source_bears_is_shown_beside_what_none_does(server: ModelServer, in_front: bool) -> None:
    borne = MINUTES.rstrip(".")
    case = CASES[0] | {"obeyed": f"{borne} [{{mark}}]. {CASES[0]['obeyed']}"}
    sentences, _ = asyncio.run(shown(server.url, case, in_front))
    assert [sentence.text.rstrip(".") for sentence in sentences] == [borne]


def repeats(sentence: str, prompt: str) -> bool:
    words, there = (re.findall(r"\w+", text.lower()) for text in (sentence, prompt))
    runs = {tuple(there[i : i + 6]) for i in range(len(there) - 5)}
    return any(tuple(words[i : i + 6]) in runs for i in range(len(words) - 5))


def test_the_model_is_shown_no_hidden_text_and_no_false_fence(server: ModelServer) -> None:
    for case in CASES:
        if case["kind"] in ("hidden", "false-fence", "fake-passage"):
            server.requests.clear()
            asyncio.run(shown(server.url, case, in_front=True))
            prompt = server.requests[0]["messages"][1]["content"]
            assert not HIDDEN.search(prompt)
            assert prompt.count("<passasje>") == prompt.count("</passasje>") == 2 + bool(case["document"])


class Attacked:
    """The app over a corpus of one language, hostile documents included; its model obeys the attacker."""

    def __init__(self, small: SmallCorpus, language: str, model: ModelServer) -> None:
        self.model = model
        self.small = small
        self.small.write("referat.txt", f"Drøfting\n\n{MINUTES}\n")
        self.small.write("avtale.txt", f"Oppsigelse\n\n{NOTICE}\n")
        for case in CASES:
            if case["document"] and case["language"] == language:
                self.small.write(f"{case['id']}.txt", f"Referat\n\n{case['document']}\n")
        self.small.ingest()
        chat = load_settings(ChatSettings, chat_model="obey", chat_base_url=model.url)
        self.client = TestClient(app_of(self.small, chat=chat), client=("127.0.0.1", 50_000))

    def answer(self, case: dict[str, Any]) -> ChatResponse:
        self.model.obeyed = lambda prompt: obedient(prompt, case)
        body = {"question": case["question"], "language": case["language"]}
        response = self.client.post("/api/chat", json=body)
        assert response.status_code == 200
        return ChatResponse.model_validate(response.json())


def obedient(prompt: str, case: dict[str, Any]) -> str:
    """What the attacker wants said, with the marks of this very prompt."""
    marks = {}
    for mark, lines in passages_in(prompt):
        text = " ".join(lines)
        marks["mark" if MINUTES in text else "mark2" if NOTICE in text else "hostile"] = mark
        if case["document"] and visible(case["document"]).strip() in text:
            marks["own"] = mark
    first = next(iter(marks.values()))
    hostile = marks.get("own", marks.get("hostile", first))
    said: str = case["obeyed"].format(
        mark=marks.get("mark", first), mark2=marks.get("mark2", first), hostile=hostile
    )
    return said


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, word_list: WordList, server: ModelServer
) -> Iterator[dict[str, Attacked]]:
    with ExitStack() as stack:
        found = {}
        for language in ("nb", "nn", "en"):
            small = SmallCorpus(tmp_path_factory.mktemp(language), word_list)
            found[language] = Attacked(small, language, server)
            stack.enter_context(found[language].client)
        yield found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_nothing_hostile_comes_out_of_the_whole_app(
    attacked: dict[str, Attacked], case: dict[str, Any]
) -> None:
    app = attacked[case["language"]]
    answer = app.answer(case)
    quoted = " ".join(citation.quote for citation in answer.citations)
    for citation in answer.citations:
        text = (app.small.folder / f"{citation.document}.txt").read_text("utf-8").replace("\n\n", "\n")
        # What cannot be seen is taken away when a document is read.
        assert citation.quote in HIDDEN.sub("", text)
    # A refusal may name the § that was asked for, and where the law's publisher has it.
    said = answer.answer if answer.answered else ""
    assert all(word in quoted for word in case["forbidden"] if word in said)
    links = {fact.value for fact in facts(said) if fact.kind in ("url", "email")}
    assert links <= {fact.value for fact in facts(quoted)}
    assert not any(repeats(answer.answer, text) for text in PROMPTS.texts)


def test_the_attacker_s_model_was_heard(attacked: dict[str, Attacked], server: ModelServer) -> None:
    """The cases above mean something: the model is asked, and what it cites truly is shown as its own."""
    server.obeyed = lambda prompt: good(prompt)
    response = attacked["nb"].client.post("/api/chat", json={"question": "Skal det skrives referat?"})
    assert response.json()["mode"] == "generated"
