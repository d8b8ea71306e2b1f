"""Who may use the server, and for what."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from assistant.errors import ConfigurationError, Refused
from assistant.keys import KeyRing, KeyScope
from assistant.settings import AssistantSettings

if TYPE_CHECKING:
    from assistant.oidc import Issuer

_GRANTED: dict[KeyScope, frozenset[KeyScope]] = {
    "ask": frozenset({"ask"}),
    "metrics": frozenset({"metrics"}),
    "admin": frozenset({"ask", "metrics", "admin"}),
}
_MISSING = "Oppgi en nøkkel: Authorization: Bearer <nøkkel>."
_OUTSIDE = (
    "Tjeneren er bare åpen for denne maskinen. Oppgi en nøkkel (Authorization: Bearer <nøkkel>); "
    "den som driver tjeneren, kan også sette MEDRAAD_ALLOW_ANONYMOUS=true."
)
_WRONG = "Nøkkelen gjelder ikke."
_FORBIDDEN = "Nøkkelen gir ikke adgang til dette."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an opaque name to count requests by, and what they may."""

    name: str
    scopes: frozenset[KeyScope]
    local: bool = False
    """Whether somebody without a key asks from this machine."""


def is_loopback(host: str) -> bool:
    """Say whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Gate:
    """Decides about each request. Keys and tokens count everywhere; without, what the settings allow."""

    def __init__(self, settings: AssistantSettings, keys: KeyRing, issuer: Issuer | None) -> None:
        self._settings = settings
        self._keys = keys
        self._issuer = issuer

    @classmethod
    def open(cls, settings: AssistantSettings) -> Gate:
        """Return the gate that the settings describe.

        Raises:
            ConfigurationError: the server would be open to the network without anybody having said so, or
                the settings contradict each other.
        """
        keys = KeyRing(settings.keys)
        gate = cls(settings, keys, _issuer(settings))
        if not (is_loopback(settings.host) or settings.allow_anonymous or gate.closed):
            raise ConfigurationError(
                f"MEDRAAD_HOST={settings.host} kan nås fra nettet, og ingen nøkler er laget. Lag en med "
                "«medraad key NAVN», sett MEDRAAD_OIDC_ISSUER og MEDRAAD_OIDC_AUDIENCE, eller si med "
                "MEDRAAD_ALLOW_ANONYMOUS=true at alle kan spørre."
            )
        return gate

    async def admit(self, connection: HTTPConnection, scope: KeyScope) -> Caller:
        """Return who asks, if they may.

        Raises:
            Refused: they may not.
            AssistantError: keys or tokens cannot be checked now.
        """
        secret = _secret(connection.headers.get("authorization"))
        caller = self._anonymous(connection) if secret is None else await self._known(secret)
        if scope in caller.scopes:
            return caller
        if secret is not None:
            raise Refused(_FORBIDDEN, forbidden=True)
        raise Refused(_MISSING if self.closed or caller.scopes else _OUTSIDE)

    @property
    def local(self) -> bool:
        """Whether only this machine is served, and needs nothing for it."""
        return not (self.closed or self._settings.allow_anonymous)

    @property
    def closed(self) -> bool:
        """Whether a key or a token is needed to ask."""
        return not self._settings.allow_anonymous and (bool(self._keys.all()) or self._issuer is not None)

    async def _known(self, secret: str) -> Caller:
        key = self._keys.find(secret)
        if key is not None:
            return Caller(f"key:{key.name}", _GRANTED[key.scope])
        if self._issuer is None or secret.count(".") != 2:
            raise Refused(_WRONG)
        token = await asyncio.to_thread(self._issuer.verify, secret)
        granted = _GRANTED["admin" if self._settings.oidc_admin_role in token.roles else "ask"]
        # Only for counting, in memory: who it is stays unknown to logs and metrics.
        return Caller(f"token:{hashlib.sha256(token.subject.encode()).hexdigest()}", granted)

    def _anonymous(self, connection: HTTPConnection) -> Caller:
        address = client_address(connection)
        return Caller(f"address:{address}", self._scopes_without_key(connection), is_loopback(address))

    def _scopes_without_key(self, connection: HTTPConnection) -> frozenset[KeyScope]:
        if self._settings.allow_anonymous:
            return _GRANTED["ask"]
        if self.closed or not self._is_local(connection):
            return frozenset()
        return frozenset({"ask", "metrics"})

    def _is_local(self, connection: HTTPConnection) -> bool:
        """Say whether a request was made on this machine, not through a proxy or another address of it."""
        addresses = [end[0] for end in (connection.client, connection.scope.get("server")) if end]
        proxied = "x-forwarded-for" in connection.headers or "forwarded" in connection.headers
        return (
            is_loopback(self._settings.host)
            and all(is_loopback(address) or not _is_address(address) for address in addresses)
            and (bool(self._settings.trusted_proxies) or not proxied)
        )


def client_address(connection: HTTPConnection) -> str:
    """Return what a client's address counts as: an IPv6 client commands a whole /64."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address.is_loopback:
            return str(address)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _is_address(host: str) -> bool:
    """Say whether `host` is an IP address, as that of every network client is (a socket file has none)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _secret(header: str | None) -> str | None:
    """Return what an Authorization header carries: a bearer's token, or the password of Basic."""
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refused(_WRONG) from error
    raise Refused(_MISSING)


def _issuer(settings: AssistantSettings) -> Issuer | None:
    if settings.oidc_issuer is None and settings.oidc_audience is None:
        return None
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        raise ConfigurationError("MEDRAAD_OIDC_ISSUER og MEDRAAD_OIDC_AUDIENCE må settes sammen.")
    from assistant.oidc import Issuer  # its cryptography takes a while to import

    return Issuer(settings.oidc_issuer, settings.oidc_audience)
