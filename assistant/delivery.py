"""What browsers keep: pages and scripts, with an ETag, compressed where the browser takes it."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fastapi import Request
from fastapi.responses import Response

_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")

SMALLEST = 1_000
"""Bytes under which compressing saves no packet."""


@dataclass(frozen=True)
class Content:
    """Bytes to send. Without slots: what is made of them is made once, when it is first asked for."""

    body: bytes
    media_type: str
    effort: int = 6
    """Gzip's level; 9 for what is compressed once and sent often."""

    @cached_property
    def etag(self) -> str:
        """A weak tag: the compressed and the plain bytes are the same content."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:24]}"'

    @cached_property
    def zipped(self) -> bytes:
        """The body compressed, the same bytes each time."""
        return gzip.compress(self.body, self.effort, mtime=0)


def deliver(request: Request, content: Content, headers: Mapping[str, str]) -> Response:
    """Send `content`, or say that the browser has it already.

    Args:
        request: whose If-None-Match and Accept-Encoding are heeded.
        content: what to send.
        headers: further headers; the browser asks each time whether what it keeps still holds.
    """
    common = {"Cache-Control": "no-cache", **headers, "ETag": content.etag, "Vary": "Accept-Encoding"}
    if content.etag in _listed(request, "if-none-match"):
        return Response(status_code=304, headers=common)
    if len(content.body) < SMALLEST or "gzip" not in _listed(request, "accept-encoding"):
        return Response(content.body, media_type=content.media_type, headers=common)
    return Response(
        content.zipped, media_type=content.media_type, headers=common | {"Content-Encoding": "gzip"}
    )


def _listed(request: Request, name: str) -> set[str]:
    """Return the entries of a list header, without those that the browser refuses («gzip;q=0»)."""
    entries = (entry.strip() for entry in request.headers.get(name, "").split(","))
    return {entry.split(";")[0].strip() for entry in entries if not _REFUSED.search(entry)}
