"""What Chroma raises, as an error of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.errors import IndexStorage


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what Chroma raises into IndexStorage, its text after `what`."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _raised()):
            raise
        raise IndexStorage(f"{what}: {error}") from error


def _raised() -> tuple[type[Exception], ...]:
    """Return Chroma's own errors, its HTTP client's, and what else comes through it.

    ValueError is for a server that is not there, KeyError and TypeError for one that answers something else
    than Chroma does.
    """
    # Only when something has failed: Chroma's package takes most of a second to import.
    import httpx
    from chromadb.errors import ChromaError

    return ChromaError, httpx.HTTPError, OSError, ValueError, KeyError, TypeError
