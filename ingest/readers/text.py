"""Plain text: UTF-8, or UTF-16 that says so with a byte order mark."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.clean import split_pages
from ingest.errors import DocumentMissing, DocumentUnreadable
from ingest.readers.reading import Reading


def read_text(path: Path) -> Reading:
    """Read a text file; its pages are known where it still shows where they were cut, their numbers not.

    Raises:
        DocumentMissing, DocumentUnreadable: see `decode`.
    """
    return Reading(pages=tuple(split_pages(decode(path))))


def decode(path: Path) -> str:
    r"""Return the text of a file with line ends as \n.

    Raises:
        DocumentMissing: the file cannot be opened.
        DocumentUnreadable: it is not UTF-8 (or UTF-16 with a mark), or not text at all.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentMissing(f"Kan ikke åpne {path}: {error.strerror}.") from error
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable(_why(path, data)) from error
    if text.count("\x00") + text.count("\ufffd") > len(text) // 100:
        raise DocumentUnreadable(f"{path.name} er ikke en tekstfil (den inneholder binære data).")
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _why(path: Path, data: bytes) -> str:
    control = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    if control > len(data[:4096]) // 20:
        return f"{path.name} er ikke en tekstfil (den inneholder binære data)."
    return (
        f"{path.name} er ikke lagret som UTF-8. Åpne filen i et tekstprogram og lagre den på nytt som UTF-8."
    )
