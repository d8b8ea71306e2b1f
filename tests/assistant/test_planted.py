"""Personal data planted in 200 questions, through the real app, and looked for afterwards."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from stdnum.no import fodselsnummer, kontonr

from assistant.keys import KeyRing
from assistant.settings import ChatSettings
from ingest.settings import load
from tests.assistant.modelserver import model_server
from tests.assistant.serverkit import app_of, log_written
from tests.fakes import SmallCorpus

QUESTIONS = 200
ELSEWHERE = "modell.example"
"""A host name that is not this machine's, so that what goes there is masked."""

Planted = tuple[str, list[str]]
"""A question, and each personal datum in it as written and as plain digits."""


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the server and all its libraries write to standard error, down to their smallest remarks."""
    with log_written(monkeypatch, "debug") as stream:
        yield stream


@pytest.fixture
def _elsewhere_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    find = socket.getaddrinfo

    def found(host: Any, *given: Any, **more: Any) -> Any:
        return find("127.0.0.1" if host in (ELSEWHERE, ELSEWHERE.encode()) else host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)


def planted() -> list[Planted]:
    """200 questions with numbers and addresses made up here, written in the ways that people write them."""
    found = []
    for number in range(QUESTIONS):
        day = 1 + number % 28 + (40 if number % 5 == 0 else 0)  # every fifth is a D-number
        birth = birth_number(f"{day:02}{1 + number % 12:02}{50 + number % 45:02}", number)
        account = account_number(number)
        phone, mail = f"9{number:03}{1234 + number * 7:04}", f"ansatt.nr{number}@kommune.example"
        data = [
            *ways(birth, (6, 5), number),
            *ways(account, (4, 2, 5), number),
            *ways(phone, (3, 2, 3), number),
        ]
        shown = f"Jeg har {data[0]}, konto {data[2]}, ring {data[4]} eller skriv til {mail}"
        found.append((f"{shown}: når skal verneombudet tas med?", [*data, mail]))
    return found


def ways(digits: str, lengths: Sequence[int], number: int) -> tuple[str, str]:
    """The digits as they stand in a question, whole or in groups, and whole."""
    cuts = [sum(lengths[:end]) for end in range(len(lengths) + 1)]
    groups = [digits[start:end] for start, end in pairwise(cuts)]
    return ("", " ", "." if sum(lengths) == 11 else " ")[number % 3].join(groups), digits


def birth_number(day: str, number: int) -> str:
    """A number of that day whose check digits are right."""
    for serial in range(100 + number, 500):
        base = f"{day}{serial}"
        first = fodselsnummer.calc_check_digit1(base)
        checks = first + fodselsnummer.calc_check_digit2(base + first)
        if len(checks) == 2 and fodselsnummer.is_valid(base + checks):
            return base + checks
    raise AssertionError("no such number")


def account_number(number: int) -> str:
    """An account number whose check digit is right."""
    for last in range(100_000):
        if kontonr.is_valid(found := f"8601{number + 1_000 * (last // 10):06}{last % 10}"):
            return found
    raise AssertionError("no such number")


def everything_asked(client: TestClient, questions: Sequence[str]) -> None:
    """Ask, search, vote and go on asking, as readers and their browsers do."""
    for number, question in enumerate(questions):
        client.get("/api/search", params={"q": question})
        history = [{"role": "user", "content": question}, {"role": "assistant", "content": question}]
        path = "/api/chat/stream" if number % 2 else "/api/chat"
        answer = client.post(path, json={"question": question, "history": history})
        assert answer.status_code == 200
        done = answer.text.rpartition("data: ")[2] if number % 2 else answer.text
        vote = {"vote": "ned", "reasons": ["annet"], "comment": question}
        assert client.post("/api/feedback", json={"id": json.loads(done)["id"], **vote}).status_code == 200
    client.post("/api/chat", json={"question": questions[0], "role": questions[0]})
    client.get(f"/kilder/{questions[0]}")
    client.get(f"/{questions[0]}")


def pages(client: TestClient) -> str:
    """What the operator and the owner can see."""
    return "".join(client.get(path).text for path in ("/metrics", "/admin", "/api/admin/report"))


def files(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


def asked_of(app: FastAPI, secret: str, questions: Sequence[str]) -> str:
    with TestClient(app, headers={"Authorization": f"Bearer {secret}"}) as client:
        everything_asked(client, questions)
        return pages(client)


def test_the_planted_data_are_what_they_pretend_to_be() -> None:
    for question, data in planted():
        assert fodselsnummer.is_valid(data[1])
        assert kontonr.is_valid(data[3])
        assert all(datum in question for datum in (data[0], data[2], data[4], data[6]))


@pytest.mark.usefixtures("_elsewhere_is_here")
def test_personal_data_in_200_questions_is_found_nowhere_afterwards(
    small: SmallCorpus, written: io.StringIO
) -> None:
    questions = [question for question, _ in planted()]
    secret = KeyRing(small.root / "keys.json").make("a", "admin")
    kept: Any = {"store_questions": True, "rate": "1000/second"}
    with model_server() as model:
        address = model.url.replace("127.0.0.1", ELSEWHERE)
        chat = load(ChatSettings, chat_model="good", chat_base_url=address)
        seen = asked_of(app_of(small, chat=chat, **kept), secret, questions)
        seen += asked_of(app_of(small, threshold=1.1, **kept), secret, questions)
        traffic = json.dumps(model.requests, ensure_ascii=False)
    stored = files(small.root)
    # It did pass through: masked in what is stored and in what the model was asked.
    assert "[fødselsnummer]".encode().decode("latin-1") in stored
    assert len(model.requests) >= QUESTIONS
    assert "[fødselsnummer]" in traffic
    everything = written.getvalue() + seen + stored + traffic
    assert [datum for _, data in planted() for datum in data if datum in everything] == []
