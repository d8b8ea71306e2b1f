from __future__ import annotations

import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from assistant.access import Caller, client_address
from assistant.errors import TooMany
from assistant.limits import Places, RateLimiter
from assistant.metrics import Metrics
from assistant.settings import AssistantSettings
from ingest.errors import SettingsError
from ingest.settings import load
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

QUESTION: dict[str, object] = {"question": "Når skal verneombudet tas med?"}
NOTE = {"title": "Notat", "format": "md", "turns": [{"question": "Når?", "answer": {"answer": "Tidlig."}}]}


def caller(name: str, local: bool = False) -> Caller:
    return Caller(name, frozenset({"ask"}), local)


def test_each_caller_has_a_count_of_its_own() -> None:
    limiter = RateLimiter("2/hour")
    for name in ("address:10.0.0.1", "address:10.0.0.2", "key:a"):
        limiter.count(caller(name))
        limiter.count(caller(name))
    with pytest.raises(TooMany) as refused:
        limiter.count(caller("address:10.0.0.1"))
    assert 1 <= refused.value.retry_after <= 3_600
    assert str(refused.value.retry_after) in str(refused.value)


def test_this_machine_is_free_unless_a_limit_is_set() -> None:
    free, limited = RateLimiter(None), RateLimiter("2/hour")
    local = caller("address:127.0.0.1", local=True)
    for _ in range(500):
        free.count(local)
    limited.count(local)
    limited.count(local)
    with pytest.raises(TooMany):
        limited.count(local)
    with pytest.raises(TooMany):
        for _ in range(500):
            free.count(caller("address:10.0.0.1"))


def test_places_come_free_even_after_an_error() -> None:
    places = Places(1, Metrics())
    with pytest.raises(ValueError, match="midt i"), places.take():
        with pytest.raises(TooMany), places.take():
            pass
        raise ValueError("midt i")
    with places.take():
        pass


def test_over_the_limit_the_server_says_when_to_come_back(small: SmallCorpus) -> None:
    app = app_of(small, rate="3/hour")
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        codes = [client.post("/api/chat", json=QUESTION).status_code for _ in range(3)]
        refused = client.post("/api/chat", json=QUESTION)
        assert client.get("/healthz").status_code == 200
    assert codes == [200] * 3
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 3_600
    assert refused.json()["detail"].startswith("Det kom for mange spørsmål")


def test_neighbours_in_an_ipv6_network_share_a_count_and_others_do_not(small: SmallCorpus) -> None:
    app = app_of(small, rate="1/hour", host="::", allow_anonymous=True)
    codes = []
    with TestClient(app) as opened:
        for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "::ffff:10.0.0.1", "10.0.0.1"):
            client = TestClient(app, client=(address, 1))
            client.portal = opened.portal
            codes.append(client.get("/api/documents").status_code)
    assert codes == [200, 429, 200, 200, 429]


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [("::1", "::1"), ("2001:db8::1", "2001:db8::/64"), ("::ffff:10.0.0.1", "10.0.0.1"), ("x", "x")],
)
def test_an_address_counts_as_what_one_client_commands(address: str, counts_as: str) -> None:
    assert client_address(HTTPConnection({"type": "http", "client": (address, 1)})) == counts_as


@pytest.mark.parametrize(("path", "asked"), [("/api/chat/stream", QUESTION), ("/api/notes", NOTE)])
def test_a_full_server_turns_away_and_takes_in_again(
    small: SmallCorpus, path: str, asked: dict[str, object]
) -> None:
    app = app_of(small, streams=1)
    with TestClient(app) as client:
        place = app.state.places.take()
        place.__enter__()
        refused = client.post(path, json=asked)
        place.__exit__(None, None, None)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
        for _ in range(3):
            assert client.post(path, json=asked).status_code == 200


def test_a_place_is_held_until_the_stream_has_been_sent(small: SmallCorpus) -> None:
    """Ask as a server does, and look at the places when the first piece of the stream goes out."""
    app = app_of(small)
    body = b'{"question": "verneombudet?"}'
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/chat/stream",
        "raw_path": b"/api/chat/stream",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8_000),
    }
    during: list[str] = []

    async def receive() -> dict[str, object]:
        if body_sent.is_set():
            await asyncio.sleep(3_600)
        body_sent.set()
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.body":
            during.append(taken())

    def taken() -> str:
        page = app.state.metrics.page().decode()
        return next(line for line in page.splitlines() if line.startswith("medraad_answers_in_progress"))

    async def run() -> None:
        async with app.router.lifespan_context(app):
            await app(scope, receive, send)  # type: ignore[arg-type]

    body_sent = asyncio.Event()
    asyncio.run(run())
    assert during[0].endswith(" 1.0")
    assert taken().endswith(" 0.0")


@pytest.mark.parametrize("rate", ["mange", "0/minute", "5/uke", "5", "-1/minute"])
def test_a_rate_of_another_form_is_refused(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("MEDRAAD_RATE", rate)
    with pytest.raises(SettingsError, match=r"MEDRAAD_RATE.*60/minute"):
        load(AssistantSettings)
