"""PDF, page by page: numbered from 1 as a viewer counts, columns in reading order."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PdfReadError

from ingest.clean import normalise, one_line
from ingest.document import Page
from ingest.errors import DocumentEmpty, DocumentUnreadable
from ingest.readers.columns import in_reading_order
from ingest.readers.drawn import mark_drawn
from ingest.readers.reading import MAX_CHARACTERS, Reading

MAX_PAGES = 2_000

_SOFT_BREAK = re.compile(r"\u00ad[ ]*\n[ ]*(\S+)[ ]?")
_CUT_OFF = re.compile(r"\b[A-ZÆØÅ] [a-zæøå]")
"""A capital that was set close to its word («V ersjon»)."""
_MADE_BY_A_TOOL = re.compile(
    r"^(microsoft word|untitled|uten navn|document\d*$|dokument\d*$)|\.\w{3,4}$", re.I
)


def read(path: Path) -> Reading:
    """Read a PDF.

    Raises:
        DocumentEmpty: no page has text or an image.
        DocumentUnreadable: not a PDF, damaged, encrypted, only images of text, or too many pages.
    """
    try:
        return _read(_open(path))
    except LimitReachedError as error:
        raise DocumentUnreadable(
            "pakker seg ut til mer enn det er rimelig å lese, og er hoppet over."
        ) from error


def _read(reader: PdfReader) -> Reading:
    if len(reader.pages) > MAX_PAGES:
        raise DocumentUnreadable(f"har {len(reader.pages)} sider. Grensen er {MAX_PAGES}; del filen opp.")
    texts: list[tuple[str, str]] = []
    for page in reader.pages:
        texts.append(page_text(page))
        if sum(len(text) for text, _ in texts) > MAX_CHARACTERS:
            raise DocumentUnreadable("inneholder for mye tekst. Del filen opp.")
    words = Counter(word for pair in texts for text in pair for word in text.split())
    pages = [Page(respaced(*pair, words), number) for number, pair in enumerate(texts, start=1)]
    if not any(character.isalnum() for page in pages for character in page.text):
        _refuse(reader)
    return Reading(pages=tuple(pages), title=_title(reader))


def page_text(page: PageObject) -> tuple[str, str]:
    """Return the text of one page, a line a line, an empty line where there is a gap; and a second reading.

    pypdf's layout mode knows where each line stands; it misses what is drawn inside forms, and there its
    plain mode takes over. The second reading is the plain one, whose spaces are found in another way.
    """
    plain = page.extract_text()
    placed = page.extract_text(
        extraction_mode="layout", layout_mode_scale_weight=1.6, layout_mode_strip_rotated=True
    )
    whole = _letters(placed) >= 0.97 * _letters(plain)
    return tidy(in_reading_order(mark_drawn(placed)) if whole else plain), tidy(plain)


def respaced(text: str, plain: str, words: Counter[str]) -> str:
    """Return `text` with the spaces of `plain` where those give words that the document knows better.

    Args:
        text: lines of a page.
        plain: the same page read in another way; only lines of the same letters are compared.
        words: how often each word stands in the document, in both readings.
    """
    others = {line.replace(" ", ""): line for line in plain.split("\n")}
    return "\n".join(
        _better(line, others.get(line.replace(" ", ""), line), words) for line in text.split("\n")
    )


def _better(line: str, other: str, words: Counter[str]) -> str:
    mine, theirs = set(line.split()), set(other.split())
    if mine == theirs:
        return line
    known = min((words[word] for word in mine - theirs), default=0)
    better = min((words[word] for word in theirs - mine), default=0) - known
    whole = len(_CUT_OFF.findall(other)) < len(_CUT_OFF.findall(line))
    return other if better > 0 or (better == 0 and whole) else line


def tidy(text: str) -> str:
    """Return `text` normalised, with single spaces and at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in normalise(_SOFT_BREAK.sub(r"\1\n", text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _letters(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _open(path: Path) -> PdfReader:
    try:
        reader = PdfReader(path)
        # Many files are locked against changes only: the empty password opens them.
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentUnreadable("er kryptert med passord. Lagre en kopi uten passord.")
        len(reader.pages)
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentUnreadable("er kryptert. Lagre en kopi uten passord.") from error
    except PdfReadError as error:
        raise DocumentUnreadable(
            "er skadet og kan ikke leses som PDF. Lagre den på nytt fra kilden."
        ) from error
    return reader


def _refuse(reader: PdfReader) -> None:
    if any(_has_image(page) for page in reader.pages):
        raise DocumentUnreadable(
            "inneholder bare bilder av tekst. Kjør tekstgjenkjenning (OCR) og legg den inn på nytt."
        )
    raise DocumentEmpty("inneholder ingen tekst.")


def _has_image(page: PageObject) -> bool:
    resources: Any = page.get("/Resources", {})
    objects = resources.get_object().get("/XObject", {}) if resources else {}
    objects = objects.get_object() if hasattr(objects, "get_object") else objects
    return any(item.get_object().get("/Subtype") == "/Image" for item in objects.values())


def _title(reader: PdfReader) -> str | None:
    """Return the title in the file's metadata, unless a program made it up from a file name."""
    title = one_line(reader.metadata.title or "") if reader.metadata else ""
    return None if not title or _MADE_BY_A_TOOL.search(title) else title
