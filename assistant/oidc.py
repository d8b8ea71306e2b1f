"""Single sign-on: checks tokens of one OpenID Connect issuer (Entra ID, Keycloak, …) for one audience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from assistant.errors import AssistantError, ConfigurationError, Refused

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Signatures with a public key only: with HS… the public key would be the secret, and «none» has none."""
LEEWAY = 60
"""Seconds that clocks may differ."""
FRESH = 3_600.0
"""Seconds after which the issuer's keys are fetched again; Entra asks for at least daily."""
PAUSE = 30.0
"""Seconds between fetches for unknown key ids, so that made-up ids cannot make us hammer the issuer."""
STALE = 86_400.0
"""Seconds that known keys serve while the issuer does not answer."""
LONGEST = 16_384
"""Characters of a token; Entra's with 200 groups has about 10,000."""

_TIMEOUT = 5.0
_DOWN = "Innloggingstjenesten svarer ikke. Prøv igjen om litt."
_WRONG = "Tokenet gjelder ikke her. Logg inn på nytt."

Fetch = Callable[[str], Any]
"""Returns the JSON at an address; raises httpx.HTTPError or ValueError."""


class IssuerUnavailable(AssistantError):
    """The issuer's keys cannot be fetched."""


@dataclass(frozen=True, slots=True)
class Token:
    """Who a valid token is about (an opaque id) and the roles it gives."""

    subject: str
    roles: frozenset[str]


def fetch_json(url: str) -> Any:  # noqa: ANN401 — JSON
    """Fetch JSON over the network; no redirects, which an issuer's addresses do not have."""
    response = httpx.get(url, timeout=_TIMEOUT, follow_redirects=False)
    response.raise_for_status()
    return response.json()


class Issuer:
    """One issuer with its keys, fetched when first needed; safe to use from several threads."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        fetch: Fetch = fetch_json,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep whom to trust.

        Raises:
            ConfigurationError: the issuer's address is not encrypted (and not on this machine).
        """
        _refuse_plain(issuer)
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")

    def verify(self, token: str) -> Token:
        """Return whom a token is about.

        Raises:
            Refused: it is malformed, unsigned, expired, or of another issuer or audience.
            IssuerUnavailable: the keys cannot be fetched.
        """
        if len(token) > LONGEST:
            raise Refused(_WRONG)
        try:
            key = self._key(jwt.get_unverified_header(token))
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Refused(_WRONG) from error
        roles = claims.get("roles")
        names = roles if isinstance(roles, list) else []
        return Token(str(claims["sub"]), frozenset(name for name in names if isinstance(name, str)))

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or algorithm not in ALGORITHMS:
            raise Refused(_WRONG)
        with self._lock:
            now = self._clock()
            if now - self._fetched > FRESH or (kid not in self._keys and now - self._tried > PAUSE):
                self._renew(now)
            key = self._keys.get(kid)
        if key is None or key.algorithm_name != algorithm:
            raise Refused(_WRONG)
        return key

    def _renew(self, now: float) -> None:
        """Fetch the keys; if that fails, known ones serve on for a day."""
        if now - self._tried <= PAUSE:
            if self._keys:
                return
            raise IssuerUnavailable(_DOWN)
        self._tried = now
        try:
            self._keys = self._published()
            self._fetched = now
        except (httpx.HTTPError, jwt.PyJWTError, ValueError, KeyError, TypeError) as error:
            if now - self._fetched > STALE:
                self._keys = {}
                raise IssuerUnavailable(_DOWN) from error

    def _published(self) -> dict[str, jwt.PyJWK]:
        described = self._fetch(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if described["issuer"] != self._issuer:
            raise ValueError("another issuer")
        _refuse_plain(described["jwks_uri"])
        keys = [
            jwt.PyJWK(entry)
            for entry in self._fetch(described["jwks_uri"])["keys"]
            if entry.get("kty") in ("RSA", "EC") and entry.get("use", "sig") == "sig" and "kid" in entry
        ]
        return {str(key.key_id): key for key in keys if key.algorithm_name in ALGORITHMS}


def _refuse_plain(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigurationError(f"MEDRAAD_OIDC_ISSUER: {url} må begynne med https://.")
