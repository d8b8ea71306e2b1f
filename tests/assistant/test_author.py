"""The real app with a model server that misbehaves in every way: each question ends in an answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.__main__ import main
from assistant.author import Author
from assistant.authoring import open_author
from assistant.breaker import Breaker
from assistant.chatmodel import build_model
from assistant.condense import Helper
from assistant.contract import ChatRequest, ChatResponse, Turn
from assistant.generate import Writer
from assistant.lexicon import DEFAULT
from assistant.prompts import load as load_prompts
from assistant.respond import Whole, whole
from assistant.settings import AssistantSettings, ChatSettings
from assistant.verify import Checker
from ingest.analysis import Analyzer
from ingest.errors import IndexStorage
from ingest.settings import load
from ingest.words import WordList
from tests.assistant.modelserver import MISBEHAVIOURS, ModelServer, cited, model_server, unused_url
from tests.assistant.serverkit import app_of, running, settings_of
from tests.assistant.test_metrics import figures
from tests.fakes import GLOSS, SmallCorpus

TEXTS = {
    "referat.txt": "Drøfting\n\nDet skal skrives referat etter drøftingsmøter. Det sendes til partene.\n",
    "avtale.txt": "Oppsigelse\n\nPartene kan si opp avtalen med tre måneders varsel.\n",
    "råd.txt": "Verneombud\n\nVerneombudet skal tas med på råd når nye systemer planlegges og innføres.\n",
}
QUESTION = "Skal det skrives referat etter drøftingsmøter?"
ASKED = {"question": QUESTION}
PATIENCE = 60.0
"""Seconds that a machine with other work to do may need."""

KINDS = {
    "no-key": "refused",
    "busy": "busy",
    "broken-server": "server",
    "no-model": "server",
    "context": "context",
    "hang-before": "timeout",
    "not-the-protocol": "garbage",
    "wrong-citation": "unsupported",
    "wrong-citation-in-front": "unsupported",
    "unknown-citation": "unsupported",
    "no-citation": "unsupported",
    "prompt-leak": "unsupported",
    "garbage": "unsupported",
    "other-language": "unsupported",
    "english": "unsupported",
    "declines": "declined",
    "empty": "empty",
}
"""Behaviours that leave nothing to show, and what each counts as."""
CUT_SHORT = {"hang-middle": "timeout", "endless": "endless", "broken-stream": "broken"}
"""Behaviours that begin well."""
MENDED = {
    "invented-section": "section",
    "invented-number": "number",
    "invented-date": "number",
    "invented-name": "name",
    "injected-link": "link",
}
"""Behaviours of which one sentence is taken away, for this reason."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running_server:
        yield running_server


@pytest.fixture(scope="module")
def corpus_of_three(tmp_path_factory: pytest.TempPathFactory, word_list: WordList) -> SmallCorpus:
    small = SmallCorpus(tmp_path_factory.mktemp("skriver"), word_list)
    for name, text in TEXTS.items():
        small.write(name, text)
    small.ingest()
    return small


def chat_of(url: str, model: str, **more: object) -> ChatSettings:
    values = {"chat_timeout": 60.0, "chat_first_token_timeout": 60.0, "chat_max_tokens": 64, **more}
    return load(ChatSettings, chat_model=model, chat_base_url=url, **values)


def events_of(text: str) -> list[tuple[str, Any]]:
    events = []
    for record in text.split("\n\n"):
        if record.startswith("event: "):
            name, data = record.split("\n", 1)
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def is_sound(answer: dict[str, Any]) -> ChatResponse:
    """Check what holds for every answer: it follows the contract, and each quote stands in its source."""
    checked = ChatResponse.model_validate(answer)
    assert checked.answered
    assert checked.citations
    for citation in checked.citations:
        assert citation.quote in TEXTS[f"{citation.document}.txt"].replace("\n\n", "\n")
    numbers = {citation.number for citation in checked.citations}
    assert {number for block in checked.blocks for number in block.citations} == numbers
    assert "sk-" not in checked.model_dump_json()
    return checked


def ask(app: FastAPI, body: dict[str, Any] | None = None) -> tuple[ChatResponse, dict[Any, float]]:
    with TestClient(app, client=("127.0.0.1", 50_000)) as client:
        answer = client.post("/api/chat", json=body or ASKED)
        assert answer.status_code == 200
        return is_sound(answer.json()), figures(client.get("/metrics").text)


def stream(app: FastAPI, body: dict[str, Any] | None = None) -> list[tuple[str, Any]]:
    with TestClient(app, client=("127.0.0.1", 50_000)) as client:
        return events_of(client.post("/api/chat/stream", json=body or ASKED).text)


def test_every_misbehaviour_is_tried() -> None:
    assert {*KINDS, *CUT_SHORT, *MENDED, "busy-then-good"} == set(MISBEHAVIOURS)


def test_a_good_model_writes_the_answer(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    answer, found = ask(app_of(corpus_of_three, chat=chat_of(server.url, "good")))
    assert answer.mode == "generated"
    assert "Det skal skrives referat etter drøftingsmøter. [" in answer.answer
    assert answer.notices == ()
    assert found["medraad_answers_total", "answered=true,mode=generated"] == 1
    assert found["medraad_sentences_total", "result=kept"] == 3
    assert found["medraad_stage_seconds_count", "stage=write"] == 1
    assert found["medraad_stage_seconds_count", "stage=check"] == 1


def test_the_stream_gives_checked_sentences_and_then_the_whole(
    corpus_of_three: SmallCorpus, server: ModelServer
) -> None:
    events = stream(app_of(corpus_of_three, chat=chat_of(server.url, "good")))
    assert [data["stage"] for name, data in events if name == "status"] == ["søker", "skriver"]
    assert [name for name, _ in events][-2:] == ["citations", "done"]
    deltas = [data["text"] for name, data in events if name == "delta"]
    assert len(deltas) == 3
    assert all(delta[-1].isspace() for delta in deltas)
    whole_answer = is_sound(events[-1][1])
    assert "".join(deltas).strip() == whole_answer.answer
    assert [citation["number"] for citation in events[-2][1]] == [
        citation.number for citation in whole_answer.citations
    ]


def first_budget(model: str) -> float:
    """Return the seconds that a model gets to begin: few only where the test waits for their end."""
    return 0.5 if model == "hang-before" else PATIENCE


@pytest.mark.parametrize(("model", "kind"), KINDS.items())
def test_a_model_that_gives_nothing_of_use_leaves_the_quoted_answer(
    corpus_of_three: SmallCorpus, server: ModelServer, model: str, kind: str
) -> None:
    patience = first_budget(model)
    chat = chat_of(server.url, model, chat_first_token_timeout=patience, chat_api_key="sk-hemmelig")
    answer, found = ask(app_of(corpus_of_three, chat=chat))
    assert answer.mode == "extractive"
    assert "Det skal skrives referat etter drøftingsmøter." in answer.answer
    assert "språkmodellen" in answer.notices[0].lower()
    assert found["medraad_failures_total", f"kind={kind}"] == 1


def test_nothing_that_listens_leaves_the_quoted_answer(corpus_of_three: SmallCorpus) -> None:
    answer, found = ask(app_of(corpus_of_three, chat=chat_of(unused_url(), "good")))
    assert answer.mode == "extractive"
    assert found["medraad_failures_total", "kind=connection"] == 1


@pytest.mark.parametrize(("model", "kind"), KINDS.items())
def test_the_stream_of_a_failure_holds_the_quoted_answer(
    corpus_of_three: SmallCorpus, server: ModelServer, model: str, kind: str
) -> None:
    chat = chat_of(server.url, model, chat_first_token_timeout=first_budget(model))
    events = stream(app_of(corpus_of_three, chat=chat))
    answer = is_sound(events[-1][1])
    assert answer.mode == "extractive"
    assert "".join(data["text"] for name, data in events if name == "delta").strip() == answer.answer


@pytest.mark.parametrize(("model", "kind"), CUT_SHORT.items())
def test_what_was_sent_before_a_failure_stands_and_is_said_to_be_short(
    corpus_of_three: SmallCorpus, server: ModelServer, model: str, kind: str
) -> None:
    seconds = 5.0 if model.startswith("hang") else 60.0
    app = app_of(corpus_of_three, chat=chat_of(server.url, model, chat_timeout=seconds))
    answer, found = ask(app)
    assert answer.mode == "generated"
    assert "stoppet før den var ferdig" in answer.notices[0]
    assert found["medraad_failures_total", f"kind={kind}"] == 1


@pytest.mark.parametrize(("model", "reason"), MENDED.items())
def test_what_is_invented_is_taken_away_and_counted(
    corpus_of_three: SmallCorpus, server: ModelServer, model: str, reason: str
) -> None:
    answer, found = ask(app_of(corpus_of_three, chat=chat_of(server.url, model)))
    assert answer.mode == "generated"
    for invented in ("14-9", "14 dager", "2027", "Nordmann", "ond.example"):
        assert invented not in answer.model_dump_json()
    assert found["medraad_sentences_total", f"result={reason}"] == 1


@pytest.mark.parametrize(
    ("model", "told"), [("good", "the answer is in English"), ("empty", "the answer quotes them")]
)
def test_who_asks_in_english_is_told_whether_the_answer_quotes(
    corpus_of_three: SmallCorpus, server: ModelServer, model: str, told: str
) -> None:
    answer, _ = ask(app_of(corpus_of_three, chat=chat_of(server.url, model)), ASKED | {"language": "en"})
    assert [told in notice for notice in answer.notices].count(True) == 1


def test_a_busy_model_is_asked_again(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    assert ask(app_of(corpus_of_three, chat=chat_of(server.url, "busy-then-good")))[0].mode == "generated"


def test_what_is_left_must_answer(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    """The sentence that would answer is dropped; another, which its source bears, is no answer by itself."""
    server.obeyed = lambda prompt: f"Referat skrives innen 9 dager [zzzzzz]. {cited(prompt, 'si opp')}"
    events = stream(app_of(corpus_of_three, chat=chat_of(server.url, "obey")))
    assert [name for name, _ in events].count("delta") == 1
    assert [data["stage"] for name, data in events if name == "status"][-1] == "erstatter"
    answer = is_sound(events[-1][1])
    assert answer.mode == "extractive"
    assert "svarte ikke på spørsmålet" in answer.notices[0]


def test_a_dead_model_is_left_alone_after_three_failures(
    corpus_of_three: SmallCorpus, server: ModelServer
) -> None:
    with TestClient(app_of(corpus_of_three, chat=chat_of(server.url, "broken-server"))) as client:
        for _ in range(5):
            is_sound(client.post("/api/chat", json=ASKED).json())
        found = figures(client.get("/metrics").text)
    assert len(server.requests) == 3
    assert found["medraad_failures_total", "kind=server"] == 3
    assert found["medraad_failures_total", "kind=resting"] == 2


def test_a_refusal_is_decided_before_the_model(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    app = app_of(corpus_of_three, threshold=1.1, chat=chat_of(server.url, "good"))
    events = stream(app)
    assert events[-1][1]["answered"] is False
    assert server.requests == []


@pytest.mark.parametrize(("said", "answered"), [("0", False), ("1", True), ("vet ikke", True), ("", True)])
def test_the_gate_refuses_only_where_the_model_says_none(
    corpus_of_three: SmallCorpus, server: ModelServer, said: str, answered: bool
) -> None:
    chat = chat_of(server.url, f"task:{said}", chat_gate=True)
    answer = stream(app_of(corpus_of_three, chat=chat))[-1][1]
    assert answer["answered"] is answered
    assert answer["mode"] == ("generated" if answered else "extractive")
    assert bool(answer["nearest"]) is not answered


FOLLOWS = {
    "question": "Og hvem får det?",
    "history": [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "Ja, det skal skrives referat."},
    ],
}


def test_a_follow_up_is_condensed_by_the_model(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    alone = "Hvem får referat etter drøftingsmøter?"
    app = app_of(corpus_of_three, chat=chat_of(server.url, f"task:{alone}"))
    answer, found = ask(app, FOLLOWS)
    assert answer.mode == "generated"
    assert f"<spørsmål>\n{alone}\n</spørsmål>" in server.prompts[1]
    assert found["medraad_stage_seconds_count", "stage=condense"] == 1


@pytest.mark.parametrize("said", ["Hva sier Kari Nordmann?", "", "Hvem får 14 referat?", "En\nto"])
def test_the_rules_stand_in_where_the_model_makes_something_up(
    corpus_of_three: SmallCorpus, server: ModelServer, said: str
) -> None:
    answer, _ = ask(app_of(corpus_of_three, chat=chat_of(server.url, f"task:{said}")), FOLLOWS)
    assert answer.mode == "generated"
    assert "drøftingsmøter? hvem får det?" in server.prompts[1]


def test_a_question_that_stands_alone_is_not_rewritten(
    corpus_of_three: SmallCorpus, server: ModelServer
) -> None:
    body = FOLLOWS | {"question": "Hvordan kan partene si opp avtalen med varsel?"}
    ask(app_of(corpus_of_three, chat=chat_of(server.url, "good")), body)
    assert len(server.requests) == 1


def test_a_model_that_cannot_be_reached_is_asked_once(
    corpus_of_three: SmallCorpus, server: ModelServer
) -> None:
    answer, found = ask(app_of(corpus_of_three, chat=chat_of(server.url, "broken-server")), FOLLOWS)
    assert answer.mode == "extractive"
    assert len(server.requests) == 1
    assert found["medraad_failures_total", "kind=server"] == 1


def test_role_and_phase_reach_the_model(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    body = ASKED | {"role": "verneombud", "phase": "forme", "language": "nn"}
    ask(app_of(corpus_of_three, chat=chat_of(server.url, "good")), body)
    assert "Den som spør: verneombud\nFase: forme" in server.prompts[0]
    assert "nynorsk" in server.prompts[0]


def written_by(small: SmallCorpus, url: str, shown_at: str) -> tuple[Author, Any]:
    """An author whose settings say that the model is at one address, while it is at another."""
    library = small.library()
    chat = chat_of(url, "task:Hvem har [fødselsnummer] etter drøftingsmøter?")
    model = build_model(chat)
    assert model is not None
    prompts, breaker = load_prompts(chat.prompts), Breaker()
    writer = Writer(model, chat, prompts, Checker(Analyzer(small.words), GLOSS), breaker)
    helper = Helper(model, chat, prompts, breaker)
    elsewhere = chat_of(shown_at, "good")
    return Author(small.assistant(library), library, writer, helper, elsewhere), library


@pytest.mark.parametrize(("address", "masked"), [("https://modell.example/v1", True), ("", False)])
def test_what_leaves_the_machine_is_masked(
    corpus_of_three: SmallCorpus, server: ModelServer, address: str, masked: bool
) -> None:
    author, library = written_by(corpus_of_three, server.url, address or server.url)
    number = "13097248022"
    request = ChatRequest(
        question=f"Og hva med den for {number}?",
        history=(Turn(role="user", content=f"Skal {number} ha referat etter drøftingsmøter?"),),
    )
    try:
        done = asyncio.run(whole(author, request))
    finally:
        library.close()
    assert isinstance(done, Whole)
    assert server.prompts
    assert any(number in prompt for prompt in server.prompts) is not masked
    assert any("[fødselsnummer]" in prompt for prompt in server.prompts)


@pytest.mark.parametrize("path", ["/api/chat", "/api/chat/stream"])
def test_a_reader_who_goes_away_stops_the_model(
    corpus_of_three: SmallCorpus, server: ModelServer, path: str
) -> None:
    chat = chat_of(server.url, "endless", chat_max_tokens=8192, chat_timeout=60)
    app = app_of(corpus_of_three, chat=chat)
    with running(app, settings_of(corpus_of_three)) as (host, port):
        client = HTTPConnection(host, port, timeout=PATIENCE)
        client.request("POST", path, json.dumps(ASKED), {"Content-Type": "application/json"})
        if path.endswith("stream"):
            response = client.getresponse()
            assert next(line for line in response if b"delta" in line)
            response.close()
        else:
            waited = time.monotonic() + PATIENCE
            while not server.requests and time.monotonic() < waited:
                time.sleep(0.02)
        assert len(server.requests) == 1
        client.close()
        assert server.cut_off.wait(PATIENCE)


def test_without_an_index_it_is_said_before_the_stream_begins(
    tmp_path: Path, word_list: WordList, server: ModelServer
) -> None:
    small = SmallCorpus(tmp_path, word_list)
    (small.index).mkdir()
    with TestClient(app_of(small, chat=chat_of(server.url, "good"))) as client:
        for path in ("/api/chat", "/api/chat/stream"):
            response = client.post(path, json=FOLLOWS)
            assert response.status_code == 503
            assert "medraad ingest" in response.json()["detail"]
    assert server.requests == []


def test_an_author_is_opened_by_the_settings(corpus_of_three: SmallCorpus, server: ModelServer) -> None:
    library = corpus_of_three.library()
    author = open_author(
        settings_of(corpus_of_three),
        chat_of(server.url, "good"),
        corpus_of_three.assistant(library),
        library,
    )
    try:
        done = asyncio.run(whole(author, ChatRequest(question=QUESTION)))
    finally:
        library.close()
    assert done.answer.mode == "generated"
    assert done.tally is not None
    assert done.tally.kept == 3


@pytest.mark.parametrize(("own", "mode"), [("skrivne = 'referat'", "generated"), ("", "extractive")])
def test_what_is_written_is_checked_by_the_owners_list_of_words(
    corpus_of_three: SmallCorpus, server: ModelServer, tmp_path: Path, own: str, mode: str
) -> None:
    listed = tmp_path / "ordliste.toml"
    listed.write_text(DEFAULT.read_text("utf-8").replace("[nynorsk]\n", f"[nynorsk]\n{own}\n"), "utf-8")
    server.obeyed = lambda prompt: cited(prompt, "skal skrives referat").replace("referat", "skrivne")
    settings, library = settings_of(corpus_of_three, lexicon=listed), corpus_of_three.library()
    author = open_author(settings, chat_of(server.url, "obey"), corpus_of_three.assistant(library), library)
    try:
        assert asyncio.run(whole(author, ChatRequest(question=QUESTION))).answer.mode == mode
    finally:
        library.close()


def test_a_new_index_does_not_close_the_one_that_is_written_from(
    tmp_path: Path, word_list: WordList, server: ModelServer
) -> None:
    small = SmallCorpus(tmp_path, word_list)
    small.write("referat.txt", TEXTS["referat.txt"])
    small.ingest()
    library = small.library()
    author = open_author(settings_of(small), chat_of(server.url, "good"), small.assistant(library), library)

    async def closed_early() -> list[bool]:
        """Say after each event whether the index that it came from is closed."""
        with library.reading() as shelf:
            content = shelf.index.content
        closed = []
        async for _ in author.events(ChatRequest(question=QUESTION)):
            if not closed:
                small.write("avtale.txt", TEXTS["avtale.txt"])
                small.ingest()
                with library.reading() as newer:
                    assert newer.index.content is not content
            try:
                content.mentions("3-1")
                closed.append(False)
            except IndexStorage:
                closed.append(True)
        return closed

    try:
        closed = asyncio.run(closed_early())
    finally:
        library.close()
    assert len(closed) > 2
    assert not any(closed)


def test_the_command_line_asks_the_model_too(
    settings: AssistantSettings,
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.obeyed = lambda prompt: cited(prompt, "skal skrives referat")
    monkeypatch.setenv("MEDRAAD_CHAT_MODEL", "obey")
    monkeypatch.setenv("MEDRAAD_CHAT_BASE_URL", server.url)
    assert main(["ask", QUESTION, "--json", "--index", str(settings.index)]) == 0
    answer = ChatResponse.model_validate_json(capsys.readouterr().out)
    assert answer.mode == "generated"
    assert answer.citations
    assert all(citation.quote for citation in answer.citations)


def test_a_model_that_cannot_be_used_keeps_the_server_from_starting(
    settings: AssistantSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDRAAD_CHAT_MODEL", "finnesikke:modell")
    assert main(["serve", "--port", "1", "--index", str(settings.index)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("medraad: MEDRAAD_CHAT_MODEL='finnesikke:modell'")
    assert said.count("\n") == 1
