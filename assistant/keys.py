"""API keys: made here, kept as hashes in one file, looked up by hash."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from assistant.errors import ConfigurationError
from ingest.files import replace_with

KeyScope = Literal["ask", "metrics", "admin"]
SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)

PREFIX = "mr_"
"""Lets secret scanners know a key that has been pasted where it does not belong."""
_BYTES = 32
"""256 random bits, no password: one SHA-256 is as good as a slow hash, and costs a request nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the file knows it; the secret itself is nowhere."""

    name: str
    scope: KeyScope
    sha256: str
    created: str


class KeyRing:
    """The keys of a file; read again when the file has changed, so that a deleted key stops at once."""

    def __init__(self, path: Path) -> None:
        """Remember where the file is; an absent file has no keys."""
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, Key] = {}

    def find(self, secret: str) -> Key | None:
        """Return the key whose secret this is.

        Raises:
            ConfigurationError: the file cannot be read; nobody gets in then.
        """
        return self._current().get(_hash(secret))

    def all(self) -> Sequence[Key]:
        """Return all keys in the order they were made.

        Raises:
            ConfigurationError: the file cannot be read.
        """
        return tuple(self._current().values())

    def make(self, name: str, scope: KeyScope) -> str:
        """Make a key and return its secret, which is shown this once.

        Raises:
            ConfigurationError: the name is taken, or the file cannot be written.
        """
        if any(key.name == name for key in self.all()):
            raise ConfigurationError(f"Det finnes alt en nøkkel som heter «{name}».")
        secret = PREFIX + secrets.token_urlsafe(_BYTES)
        key = Key(name, scope, _hash(secret), date.today().isoformat())
        self._write([*self.all(), key])
        return secret

    def delete(self, name: str) -> None:
        """Delete a key.

        Raises:
            ConfigurationError: there is no such key, or the file cannot be written.
        """
        left = [key for key in self.all() if key.name != name]
        if len(left) == len(self.all()):
            raise ConfigurationError(f"Det finnes ingen nøkkel som heter «{name}».")
        self._write(left)

    def _current(self) -> dict[str, Key]:
        with self._lock:
            try:
                status = self._path.stat()
            except FileNotFoundError:
                self._seen, self._keys = None, {}
                return self._keys
            except OSError as error:
                raise self._unreadable(error) from error
            mark = (status.st_mtime_ns, status.st_size, status.st_ino)
            if mark != self._seen:
                self._keys = self._read()
                self._seen = mark
            return self._keys

    def _read(self) -> dict[str, Key]:
        try:
            keys = [Key(**entry) for entry in json.loads(self._path.read_text("utf-8"))["keys"]]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self._unreadable(error) from error
        if not all(key.scope in SCOPES and len(key.sha256) == 64 for key in keys):
            raise self._unreadable(ValueError("ukjent innhold"))
        return {key.sha256: key for key in keys}

    def _unreadable(self, error: Exception) -> ConfigurationError:
        return ConfigurationError(f"Nøkkelfilen {self._path} kan ikke leses ({type(error).__name__}).")

    def _write(self, keys: Sequence[Key]) -> None:
        text = json.dumps({"keys": [asdict(key) for key in keys]}, ensure_ascii=False, indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_with(self._path, text.encode(), mode=0o600)
        except OSError as error:
            raise ConfigurationError(f"Kan ikke skrive {self._path}: {error.strerror}") from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
