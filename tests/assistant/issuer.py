"""A real OpenID Connect issuer on the loopback, whose tokens have the shape of Entra ID's (version 2.0)."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TENANT = "6f1a3e52-8d0c-4b6e-9a57-2f4c1d7e8b90"
AUDIENCE = "api://medraad"


class LocalIssuer:
    """Publishes its keys over HTTP and signs tokens; `published` counts how often the keys were fetched."""

    def __init__(self, origin: str) -> None:
        self.url = f"{origin}/{TENANT}/v2.0"
        self.published = 0
        self.down = False
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self.rotate()

    def rotate(self, keep: bool = False) -> str:
        """Sign with a new key from now on; the old one is withdrawn unless it is kept."""
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.kid = base64.urlsafe_b64encode(hashlib.sha1(der).digest()).rstrip(b"=").decode()
        self._keys = {**(self._keys if keep else {}), self.kid: key}
        return self.kid

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "aud": AUDIENCE,
            "iss": self.url,
            "iat": now,
            "nbf": now,
            "exp": now + 4_000,
            "aio": "AXQAi/8TAAAA",
            "azp": str(uuid.uuid4()),
            "azpacr": "0",
            "name": "Kari Nordmann",
            "oid": str(uuid.uuid4()),
            "preferred_username": "kari.nordmann@kommune.example",
            "rh": "0.AXoA",
            "scp": "access_as_user",
            "sub": "u3pZ0Dq1mZ0y",
            "tid": TENANT,
            "uti": "x1",
            "ver": "2.0",
        } | changed

    def token(self, without: tuple[str, ...] = (), **changed: Any) -> str:
        claims = {name: value for name, value in self.claims(**changed).items() if name not in without}
        return jwt.encode(claims, self._keys[self.kid], "RS256", {"kid": self.kid})

    def public_pem(self) -> bytes:
        return self._keys[self.kid].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def page(self, path: str) -> dict[str, Any] | None:
        """What Entra publishes: the keys carry no «alg»."""
        base = f"/{TENANT}/v2.0"
        origin = self.url.removesuffix(base)
        if path == f"{base}/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{origin}/{TENANT}/discovery/v2.0/keys"}
        if path == f"/{TENANT}/discovery/v2.0/keys":
            self.published += 1
            return {"keys": [self._jwk(kid, key) for kid, key in self._keys.items()]}
        return None

    @staticmethod
    def _jwk(kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {"kty": "RSA", "use": "sig", "kid": kid, "x5t": kid, "n": public["n"], "e": public["e"]}


@contextmanager
def local_issuer() -> Iterator[LocalIssuer]:
    """Run the issuer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = None if issuer.down else issuer.page(self.path)
            body = json.dumps(page).encode()
            self.send_response(503 if issuer.down else 200 if page else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = LocalIssuer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
