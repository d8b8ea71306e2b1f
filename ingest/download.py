"""One download over HTTP: bounded in time and size, tried again, and taken up where it broke off."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from ingest.errors import FetchError
from ingest.fetched import Copy


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one download: seconds, bytes and tries."""

    connect: float = 10.0
    read: float = 30.0
    """Longest silence while reading."""
    deadline: float = 300.0
    """Longest time for one document, all tries and pauses together."""
    tries: int = 4
    pause: float = 1.0
    """Before the second try; doubled for each one after it."""
    size: int = 50_000_000
    redirects: int = 5


class NotModified(Exception):
    """The server says that the copy we have is the newest."""


class _TryAgain(Exception):
    """One try failed, another may not. `pause`: seconds that the server asks for."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


def download(
    url: str,
    part: Path,
    known: Copy | None,
    limits: Limits,
    client: httpx.Client,
    wait: Callable[[float], None] = time.sleep,
) -> dict[str, str]:
    """Download `url` to `part`; a part that is there from an earlier, broken run is gone on with.

    Args:
        url: https; http only to this machine itself.
        part: where the bytes go.
        known: the copy that is here, so that an unchanged document need not be sent.
        limits: of time, size and tries.
        client: without redirects of its own.
        wait: called with seconds between tries.

    Returns:
        The headers of the answer with names in lower case.

    Raises:
        NotModified: the copy that `known` describes is the newest.
        FetchError: the document did not come; the message is Norwegian and says why.
    """
    end = time.monotonic() + limits.deadline
    for number in range(limits.tries):
        try:
            return _try(url, part, known, limits, client, end)
        except _TryAgain as failure:
            pause = failure.pause if failure.pause is not None else limits.pause * 2**number
            if number + 1 == limits.tries or time.monotonic() + pause > end:
                raise FetchError(str(failure)) from failure
            wait(pause)
    raise FetchError("Dokumentet ble ikke hentet: antall forsøk er satt til null.")


def _try(
    url: str, part: Path, known: Copy | None, limits: Limits, client: httpx.Client, end: float
) -> dict[str, str]:
    headers, have = _ask_for(part, known)
    try:
        with _open(url, headers, limits, client) as answer:
            _judge(answer, part)
            start = have if answer.status_code == 206 and _continues(answer, have) else 0
            _remember(part, answer)
            _save(answer, part, start, limits, end)
            return {name.lower(): value for name, value in answer.headers.items()}
    except httpx.TimeoutException as error:
        raise _TryAgain("Tjeneren svarte ikke i tide.") from error
    except httpx.TransportError as error:
        raise _TryAgain("Fikk ikke kontakt med tjeneren, eller forbindelsen ble brutt.") from error
    except (httpx.InvalidURL, httpx.DecodingError) as error:
        raise FetchError("Adressen eller svaret fra tjeneren er ugyldig.") from error


def _ask_for(part: Path, known: Copy | None) -> tuple[dict[str, str], int]:
    """Return the headers to send, and how many bytes are here from before."""
    # Compressed bytes cannot be gone on with in the middle.
    headers = {"Accept-Encoding": "identity", "User-Agent": "medraad"}
    have = part.stat().st_size if part.exists() else 0
    mark = _marks(part)
    if have and mark:
        return headers | {"Range": f"bytes={have}-", "If-Range": mark}, have
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers, 0


@contextmanager
def _open(
    url: str, headers: dict[str, str], limits: Limits, client: httpx.Client
) -> Iterator[httpx.Response]:
    """Open the address that `url` leads to in the end."""
    address = httpx.URL(url)
    _allow(address)
    for _ in range(limits.redirects + 1):
        with client.stream("GET", address, headers=headers, follow_redirects=False) as answer:
            if not answer.has_redirect_location:
                yield answer
                return
            target = address.join(answer.headers["location"])
        _allow(target)
        if _on_this_machine(target) and not _on_this_machine(address):
            raise FetchError("Tjeneren viste videre til en adresse på lokalnettet. Det tillates ikke.")
        address = target
    raise FetchError(f"Tjeneren viste videre mer enn {limits.redirects} ganger.")


def _allow(address: httpx.URL) -> None:
    if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.host)):
        raise FetchError(f"Adressen {address} er ikke https, og hentes ikke.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _on_this_machine(address: httpx.URL) -> bool:
    """Say whether an address is this machine or its local network, by what it says itself."""
    try:
        return not ipaddress.ip_address(address.host).is_global
    except ValueError:
        return address.host == "localhost" or "." not in address.host


def _judge(answer: httpx.Response, part: Path) -> None:
    """Raise unless the answer carries the document."""
    code = answer.status_code
    if code == 304 and not {"if-none-match", "if-modified-since"}.isdisjoint(answer.request.headers):
        raise NotModified
    if code in (429, 503):
        raise _TryAgain(f"Tjeneren ber oss vente (HTTP {code}).", _asked_pause(answer))
    if code in (408, 425) or code >= 500:
        raise _TryAgain(f"Tjeneren har en feil (HTTP {code}).")
    if code == 416:
        discard(part)
        raise _TryAgain("Tjeneren har fått en annen utgave av filen.", 0.0)
    if code in (404, 410):
        raise FetchError(f"Dokumentet finnes ikke på adressen lenger (HTTP {code}).")
    if code not in (200, 206):
        raise FetchError(f"Tjeneren gir oss ikke dokumentet (HTTP {code}).")


def _asked_pause(answer: httpx.Response) -> float | None:
    """Return the seconds of Retry-After, a number or a date."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    with suppress(ValueError):
        when = parsedate_to_datetime(text)
        return max(0.0, (when.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    return None


def _continues(answer: httpx.Response, have: int) -> bool:
    if answer.headers.get("content-range", "").startswith(f"bytes {have}-"):
        return True
    raise FetchError("Tjeneren sendte en annen del av filen enn vi ba om.")


def _save(answer: httpx.Response, part: Path, start: int, limits: Limits, end: float) -> None:
    size = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > limits.size:
                discard(part)
                raise FetchError(f"Filen er større enn grensen på {limits.size / 1e6:.0f} MB.")
            if time.monotonic() > end:
                raise FetchError(f"Filen kom ikke innen {limits.deadline:.0f} sekunder.")
            file.write(chunk)
    _drop_mark(part)


def _mark_file(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _remember(part: Path, answer: httpx.Response) -> None:
    """Note which edition the part is of, so that it is never gone on with from another."""
    etag = answer.headers.get("etag", "")
    encoded = answer.headers.get("content-encoding", "identity") != "identity"
    strong = etag if etag and not etag.startswith("W/") else answer.headers.get("last-modified")
    _mark_file(part).write_text(json.dumps(None if encoded else strong), encoding="utf-8")


def _marks(part: Path) -> str | None:
    try:
        mark = json.loads(_mark_file(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, str) else None


def _drop_mark(part: Path) -> None:
    _mark_file(part).unlink(missing_ok=True)


def discard(part: Path) -> None:
    """Delete what is left of a download; nothing at all is no error."""
    part.unlink(missing_ok=True)
    _drop_mark(part)
