"""Files into text: pages of raw text (plain text, PDF) or blocks (HTML, DOCX, Markdown).

What a file is, its first bytes say; its ending only where they do not. Formats that a hostile file can
turn against their parser are read in a process of their own, see `ingest.readers.sandbox`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ingest.errors import DocumentEmpty, DocumentMissing, DocumentUnreadable
from ingest.readers.markdown import read_markdown
from ingest.readers.reading import MAX_BYTES, MAX_TEXT_BYTES, Reading, announced_items
from ingest.readers.sandbox import read_apart
from ingest.readers.text import read_text

__all__ = ["Reading", "read"]

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
"""Atomic: comments that no page follows would else be tried in every grouping."""
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "et eldre Office-dokument. Lagre det som .docx eller PDF"),
    (b"{\\rtf", "RTF. Lagre det som .docx eller PDF"),
    (b"\x89PNG", "et bilde. Kjør tekstgjenkjenning (OCR) og lagre som PDF"),
    (b"\xff\xd8\xff", "et bilde. Kjør tekstgjenkjenning (OCR) og lagre som PDF"),
    (b"GIF8", "et bilde. Kjør tekstgjenkjenning (OCR) og lagre som PDF"),
    (b"\x1f\x8b", "en komprimert fil. Pakk den ut først"),
    (b"7z\xbc\xaf", "en komprimert fil. Pakk den ut først"),
)


def read(path: Path) -> Reading:
    """Read one file.

    Raises:
        DocumentMissing: the file is not there or cannot be opened.
        DocumentEmpty: there is no text in it.
        DocumentUnreadable: wrong encoding or format, encrypted, scanned images only, or too large.
    """
    head, size = _look(path)
    if not head.strip(b"\x00 \t\r\n"):
        raise DocumentEmpty(f"{path.name} er tom.")
    kind = kind_of(path, head)
    limit = MAX_BYTES if kind in {"pdf", "docx"} else MAX_TEXT_BYTES
    if size > limit:
        raise DocumentUnreadable(
            f"{path.name} er for stor ({size / 1e6:.0f} MB). Grensen er {limit / 1e6:.0f} MB; del filen opp."
        )
    reading = _read(kind, path)
    if not reading.characters:
        raise DocumentEmpty(f"{path.name} inneholder ingen tekst.")
    if reading.blocks is not None:
        return replace(reading, blocks=tuple(announced_items(reading.blocks)))
    return reading


def kind_of(path: Path, head: bytes) -> str:
    """Return pdf, docx, html, markdown or text.

    Args:
        path: its ending decides where the content does not.
        head: the first bytes of the file, 1,024 or more if it has them.

    Raises:
        DocumentUnreadable: the content is of a kind that has no reader, or not what the ending says.
    """
    ending = path.suffix.lower()
    for magic, what in _REFUSED:
        if head.startswith(magic):
            raise DocumentUnreadable(f"{path.name} er {what}.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if ending in {".pdf", ".docx"}:
        raise DocumentUnreadable(
            f"{path.name} er ikke en gyldig {ending[1:].upper()}-fil, eller den er skadet."
        )
    if ending in {".html", ".htm", ".xhtml"} or _HTML.match(head):
        return "html"
    return "markdown" if ending in {".md", ".markdown"} else "text"


def _look(path: Path) -> tuple[bytes, int]:
    """Return the first bytes of a file and its size."""
    try:
        with path.open("rb") as file:
            return file.read(4096), path.stat().st_size
    except FileNotFoundError as error:
        raise DocumentMissing(f"Finner ikke {path}.") from error
    except OSError as error:
        raise DocumentMissing(f"Kan ikke åpne {path}: {error.strerror}.") from error


def _read(kind: str, path: Path) -> Reading:
    if kind == "text":
        return read_text(path)
    if kind == "markdown":
        return read_markdown(path)
    return read_apart(kind, path)
