from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from fastapi.testclient import TestClient

from assistant.errors import ConfigurationError, Refused
from assistant.oidc import PAUSE, STALE, Issuer, IssuerUnavailable
from tests.assistant.issuer import AUDIENCE, LocalIssuer, local_issuer
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def entra() -> Iterator[LocalIssuer]:
    with local_issuer() as issuer:
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(entra: LocalIssuer, clock: Clock) -> Issuer:
    return Issuer(entra.url, AUDIENCE, clock=clock)


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand, as no library would."""
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_token_of_entras_shape_is_accepted(entra: LocalIssuer, issuer: Issuer) -> None:
    assert issuer.verify(entra.token()).roles == frozenset()
    assert issuer.verify(entra.token(roles=["medraad.admin"])).roles == {"medraad.admin"}
    assert entra.published == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "api://annen-tjeneste"},
        {"iss": "https://login.microsoftonline.com/en-annen/v2.0"},
        {"exp": int(time.time()) - 120},
        {"nbf": int(time.time()) + 3_600},
        {"exp": "aldri"},
        {"aud": []},
    ],
)
def test_other_audiences_issuers_and_times_are_refused(
    entra: LocalIssuer, issuer: Issuer, changed: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        issuer.verify(entra.token(**changed))


@pytest.mark.parametrize("claim", ["exp", "aud", "iss", "sub"])
def test_a_token_that_lacks_a_claim_is_refused(entra: LocalIssuer, issuer: Issuer, claim: str) -> None:
    with pytest.raises(Refused):
        issuer.verify(entra.token(without=(claim,)))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_unsigned_tokens_are_refused(entra: LocalIssuer, issuer: Issuer, algorithm: str) -> None:
    with pytest.raises(Refused):
        issuer.verify(unsigned({"alg": algorithm, "typ": "JWT", "kid": entra.kid}, entra.claims()))


def test_the_public_key_is_no_shared_secret(entra: LocalIssuer, issuer: Issuer) -> None:
    token = unsigned({"alg": "HS256", "typ": "JWT", "kid": entra.kid}, entra.claims())
    body = token.rpartition(".")[0]
    signature = hmac.new(entra.public_pem(), body.encode(), hashlib.sha256).digest()
    with pytest.raises(Refused):
        issuer.verify(unsigned({"alg": "HS256", "typ": "JWT", "kid": entra.kid}, entra.claims(), signature))


def test_a_key_that_a_token_brings_along_is_not_used(entra: LocalIssuer, issuer: Issuer) -> None:
    with local_issuer() as attacker:
        own = jwt.encode(
            entra.claims(),
            attacker._keys[attacker.kid],
            "RS256",
            {"kid": entra.kid, "jku": attacker.url, "jwk": {"kty": "RSA"}, "x5u": attacker.url},
        )
        with pytest.raises(Refused):
            issuer.verify(own)
        assert attacker.published == 0


def test_a_changed_token_is_refused(entra: LocalIssuer, issuer: Issuer) -> None:
    header, _, signature = entra.token().split(".")
    claims = base64.urlsafe_b64encode(json.dumps(entra.claims(roles=["medraad.admin"])).encode()).decode()
    with pytest.raises(Refused):
        issuer.verify(f"{header}.{claims.rstrip('=')}.{signature}")


@pytest.mark.parametrize(
    "token", ["", "..", "a.b.c", "x" * 20_000, "\ud800.b.c", "é.è.ü", "eyJhbGciOiJSUzI1NiJ9.e30."]
)
def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    with pytest.raises(Refused):
        issuer.verify(token)


def test_a_new_key_is_fetched_when_it_is_used_and_a_withdrawn_one_stops(
    entra: LocalIssuer, issuer: Issuer, clock: Clock
) -> None:
    old = entra.token()
    issuer.verify(old)
    entra.rotate()
    clock.now += PAUSE + 1
    issuer.verify(entra.token())
    with pytest.raises(Refused):
        issuer.verify(old)


def test_made_up_key_ids_do_not_make_the_server_ask_again_and_again(
    entra: LocalIssuer, issuer: Issuer, clock: Clock
) -> None:
    issuer.verify(entra.token())
    for number in range(50):
        with pytest.raises(Refused):
            issuer.verify(unsigned({"alg": "RS256", "kid": f"k{number}"}, entra.claims(), b"x" * 256))
    assert entra.published == 1
    clock.now += PAUSE + 1
    with pytest.raises(Refused):
        issuer.verify(unsigned({"alg": "RS256", "kid": "k"}, entra.claims(), b"x" * 256))
    assert entra.published == 2


def test_known_keys_serve_for_a_day_while_the_issuer_is_down(
    entra: LocalIssuer, issuer: Issuer, clock: Clock
) -> None:
    token = entra.token()
    issuer.verify(token)
    entra.down = True
    clock.now += STALE - 1
    assert issuer.verify(token).subject
    clock.now += PAUSE + 2
    with pytest.raises(IssuerUnavailable):
        issuer.verify(token)


def test_an_issuer_that_is_down_from_the_start_is_said_so(
    entra: LocalIssuer, issuer: Issuer, clock: Clock
) -> None:
    entra.down = True
    for _ in range(2):
        with pytest.raises(IssuerUnavailable, match="svarer ikke"):
            issuer.verify(entra.token())
    entra.down = False
    clock.now += PAUSE + 1
    assert issuer.verify(entra.token()).subject


def test_an_issuer_must_be_reached_encrypted() -> None:
    with pytest.raises(ConfigurationError, match="https"):
        Issuer("http://login.example/v2.0", AUDIENCE)


def test_a_signed_in_reader_may_ask_and_an_administrator_may_more(
    small: SmallCorpus, entra: LocalIssuer
) -> None:
    app = app_of(small, host="0.0.0.0", oidc_issuer=entra.url, oidc_audience=AUDIENCE)
    reader = {"Authorization": f"Bearer {entra.token()}"}
    administrator = {"Authorization": f"Bearer {entra.token(roles=['medraad.admin'])}"}
    with TestClient(app, client=("10.1.2.3", 50_000)) as client:
        assert client.get("/api/documents").status_code == 401
        assert client.get("/api/documents", headers=reader).status_code == 200
        assert client.get("/admin", headers=reader).status_code == 403
        assert client.get("/admin", headers=administrator).status_code == 200
        expired = {"Authorization": f"Bearer {entra.token(exp=int(time.time()) - 120)}"}
        assert client.get("/api/documents", headers=expired).status_code == 401
