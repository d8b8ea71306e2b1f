from __future__ import annotations

import asyncio
import base64
import stat
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from assistant.__main__ import main
from assistant.access import Gate, is_loopback
from assistant.errors import ConfigurationError
from assistant.keys import KeyRing
from assistant.settings import AssistantSettings
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

QUESTION = {"question": "Når skal verneombudet tas med?"}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys.json")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def opened(small: SmallCorpus, address: str = "127.0.0.1", **given: object) -> TestClient:
    return TestClient(app_of(small, **given), client=(address, 50_000))


def test_a_key_is_found_by_its_secret_and_stored_as_a_hash(ring: KeyRing, tmp_path: Path) -> None:
    secret = ring.make("intranett", "ask")
    found = ring.find(secret)
    assert found is not None
    assert (found.name, found.scope) == ("intranett", "ask")
    assert secret not in (tmp_path / "keys.json").read_text()
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_keys_differ_and_a_name_is_used_once(ring: KeyRing) -> None:
    assert ring.make("a", "ask") != ring.make("b", "ask")
    with pytest.raises(ConfigurationError, match="«a»"):
        ring.make("a", "admin")


def test_a_deleted_key_stops_in_a_ring_that_is_already_open(ring: KeyRing, tmp_path: Path) -> None:
    secret = ring.make("a", "ask")
    server = KeyRing(tmp_path / "keys.json")
    assert server.find(secret)
    ring.delete("a")
    assert server.find(secret) is None


@pytest.mark.parametrize("content", ["", "[]", '{"keys": [{"name": "a"}]}', "\xff", '{"keys": [1]}'])
def test_a_damaged_key_file_lets_nobody_in(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, "latin-1")
    with pytest.raises(ConfigurationError, match="Nøkkelfilen"):
        KeyRing(path).find("noe")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.4", "intranett.kommune.no", ""])
def test_other_addresses_are_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(("address", "local"), [("127.0.0.1", True), ("10.1.2.3", False)])
def test_who_asks_from_this_machine_is_known_to(ring: KeyRing, address: str, local: bool) -> None:
    gate = Gate(AssistantSettings(allow_anonymous=True), ring, None)
    connection = HTTPConnection({"type": "http", "headers": [], "client": (address, 1)})
    assert asyncio.run(gate.admit(connection, "ask")).local is local


def test_an_open_address_needs_a_word_on_who_may(tmp_path: Path, ring: KeyRing) -> None:
    settings = AssistantSettings(host="0.0.0.0", keys=tmp_path / "keys.json")
    with pytest.raises(ConfigurationError, match=r"medraad key.*MEDRAAD_ALLOW_ANONYMOUS"):
        Gate.open(settings)
    Gate.open(settings.model_copy(update={"allow_anonymous": True}))
    oidc = {"oidc_issuer": "https://login.example/v2.0", "oidc_audience": "medraad"}
    Gate.open(settings.model_copy(update=oidc))
    ring.make("a", "ask")
    Gate.open(settings)


def test_half_of_oidc_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="sammen"):
        Gate.open(AssistantSettings(keys=tmp_path / "k", oidc_issuer="https://login.example"))


def test_the_server_does_not_start_open(
    small: SmallCorpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDRAAD_KEYS", str(small.root / "keys.json"))
    assert main(["serve", "--host", "0.0.0.0", "--port", "8999"]) == 1
    assert "MEDRAAD_HOST=0.0.0.0 kan nås fra nettet" in capsys.readouterr().err


def test_this_machine_needs_no_key_until_there_is_one(small: SmallCorpus) -> None:
    with opened(small) as client:
        assert client.post("/api/chat", json=QUESTION).status_code == 200
        secret = KeyRing(small.root / "keys.json").make("a", "ask")
        refused = client.post("/api/chat", json=QUESTION)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert client.post("/api/chat", json=QUESTION, headers=bearer(secret)).status_code == 200


def test_without_a_key_only_this_machine_is_served(small: SmallCorpus) -> None:
    with opened(small, "10.1.2.3") as client:
        assert client.post("/api/chat", json=QUESTION).status_code == 401
    with opened(small) as client:
        forwarded = client.post("/api/chat", json=QUESTION, headers={"X-Forwarded-For": "203.0.113.9"})
        assert forwarded.status_code == 401
        assert "bare åpen for denne maskinen" in forwarded.json()["detail"]


def test_a_trusted_proxys_client_counts_as_itself(small: SmallCorpus) -> None:
    with opened(small, "127.0.0.1", trusted_proxies=("127.0.0.1",)) as client:
        outside = {"X-Forwarded-For": "203.0.113.9"}
        assert client.post("/api/chat", json=QUESTION, headers=outside).status_code == 401
        assert client.post("/api/chat", json=QUESTION).status_code == 200


def test_a_client_cannot_pass_for_another_without_a_trusted_proxy(small: SmallCorpus) -> None:
    with opened(small, "10.1.2.3", trusted_proxies=("10.9.9.9",)) as client:
        spoofed = {"X-Forwarded-For": "127.0.0.1"}
        assert client.post("/api/chat", json=QUESTION, headers=spoofed).status_code == 401


def test_anonymous_by_choice_may_ask_and_no_more(small: SmallCorpus) -> None:
    with opened(small, "10.1.2.3", host="0.0.0.0", allow_anonymous=True) as client:
        assert client.post("/api/chat", json=QUESTION).status_code == 200
        for path in ("/metrics", "/admin", "/api/admin/report"):
            assert client.get(path).status_code == 401, path


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ("ask", {"/api/documents": 200, "/metrics": 403, "/admin": 403, "/api/admin/report": 403}),
        ("metrics", {"/api/documents": 403, "/metrics": 200, "/admin": 403, "/api/admin/report": 403}),
        ("admin", {"/api/documents": 200, "/metrics": 200, "/admin": 200, "/api/admin/report": 200}),
    ],
)
def test_a_key_opens_what_its_scope_says(small: SmallCorpus, scope: str, codes: dict[str, int]) -> None:
    secret = KeyRing(small.root / "keys.json").make("a", scope)  # type: ignore[arg-type]
    with opened(small, "10.1.2.3", host="0.0.0.0") as client:
        for path, code in codes.items():
            assert client.get(path, headers=bearer(secret)).status_code == code, path


def test_even_this_machine_needs_the_admin_scope(small: SmallCorpus) -> None:
    with opened(small) as client:
        assert client.get("/admin").status_code == client.get("/api/admin/report").status_code == 401


def test_a_browser_is_asked_for_the_key_and_may_give_it_as_a_password(small: SmallCorpus) -> None:
    secret = KeyRing(small.root / "keys.json").make("a", "admin")
    with opened(small) as client:
        asked = client.get("/admin", headers={"Accept": "text/html"})
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        assert "<h1>" in asked.text
        assert client.get("/admin", auth=("hvem som helst", secret)).status_code == 200


def test_health_and_the_widget_are_for_all(small: SmallCorpus) -> None:
    KeyRing(small.root / "keys.json").make("a", "ask")
    with opened(small, "10.1.2.3", host="0.0.0.0") as client:
        for path in ("/healthz", "/readyz", "/widget.js", "/widget/page.css", "/tilgjengelighet"):
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer feil",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff").decode(),
        "Digest x",
        "",
    ],
)
def test_a_wrong_header_is_refused_even_where_none_is_needed(small: SmallCorpus, header: str) -> None:
    with opened(small, allow_anonymous=True) as client:
        sent = client.get("/api/documents", headers={"Authorization": header})
    assert sent.status_code == 401
    assert "feil" not in sent.text


def test_the_command_makes_lists_and_deletes_keys(
    small: SmallCorpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDRAAD_KEYS", str(small.root / "keys.json"))
    assert main(["key", "prometheus", "--scope", "metrics"]) == 0
    secret = capsys.readouterr().out.split()[0]
    found = KeyRing(small.root / "keys.json").find(secret)
    assert found is not None
    assert found.scope == "metrics"
    assert main(["key"]) == 0
    listed = capsys.readouterr().out
    assert "prometheus  metrics" in listed
    assert secret not in listed
    assert main(["key", "prometheus", "--delete"]) == 0
    assert main(["key", "prometheus", "--delete"]) == 1
    assert "ingen nøkkel som heter «prometheus»" in capsys.readouterr().err
