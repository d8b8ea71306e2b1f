"""Passages as a model is shown them, and a model's text as sentences with their marks.

A mark is six characters drawn anew for each question, so that no document can know one in advance.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.bearing import Given
from ingest.sentences import spans

MARK_LENGTH = 6
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
"""No vowels, so that no mark is a word; no characters that look alike."""
_MARKS = re.compile(r"\s*\[([^\]\[\n]{1,60})\](?!\()")
_TRAILING_MARKS = re.compile(r"(?:\s*\[[^\]\[\n]{1,60}\](?!\())+[.!?]?")
_CLOSED = re.compile(r"\[[^\]\[\n]{1,60}\]\s*[.!?]$")
"""A mark and then a full stop: nothing that follows belongs to the sentence."""
_UNFINISHED_MARK = re.compile(r"\s*\[[^\]\[\n]{0,60}$")
_LEADING = re.compile(r"^\s*(?:[#>]+\s*)?([-*•–]\s+|\d{1,2}[.)]\s+)?")
_FENCE = re.compile(r"</?\s*(?:passasje|spørsmål|samtale)\b[^>]*>?", re.I)
_LONGEST_SENTENCE = 900
"""Characters after which something that never ends in a full stop is cut off and judged as it is."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, without its marks. `item` if it is one of a list."""

    text: str
    marks: tuple[str, ...]
    item: bool = False
    opens_paragraph: bool = False


def draw_marks(count: int) -> list[str]:
    """Return `count` different marks."""
    marks: dict[str, None] = {}
    while len(marks) < count:
        marks["".join(secrets.choice(_LETTERS) for _ in range(MARK_LENGTH))] = None
    return list(marks)


def visible(text: str) -> str:
    """Return `text` without fences and without the characters that can hide instructions in it."""
    shown = "".join(
        character for character in text if character == "\n" or unicodedata.category(character)[0] != "C"
    )
    return _FENCE.sub("", shown)


def fenced(passages: Sequence[Given], marks: Sequence[str], most: int) -> str:
    """Return the passages as the prompt shows them: as many as `most` characters hold, the first in part.

    Each sentence carries its mark, so that a small model which copies a sentence copies the mark too.
    """
    shown: list[str] = []
    for passage, mark in zip(passages, marks, strict=True):
        section = " › ".join(passage.section)
        head = f'<passasje merke="{mark}" tittel="{_attribute(passage.title)}" del="{_attribute(section)}"'
        text = f'{head} gyldighet="{_attribute(passage.status)}">\n{_marked(passage, mark)}\n</passasje>'
        if shown and sum(map(len, shown)) + len(text) > most:
            break
        shown.append(text if shown or len(text) <= most else f"{text[:most]}\n</passasje>")
    return "\n\n".join(shown)


def _marked(passage: Given, mark: str) -> str:
    sentences = passage.sentences or tuple(passage.text.split("\n"))
    return "\n".join(f"{visible(text)} [{mark}]" for text in sentences if text.strip())


def _attribute(text: str) -> str:
    return visible(text).replace('"', "”").replace("\n", " ")


class Cutter:
    """Cuts a growing text into sentences; each comes out once it and its marks are whole."""

    def __init__(self) -> None:
        self._buffer = ""
        self._paragraph = True

    def feed(self, piece: str) -> Iterator[Drafted]:
        """Add what has come and yield the sentences that it completes."""
        self._buffer += piece
        while (end := self._end()) is not None:
            text, self._buffer = self._buffer[:end], self._buffer[end:]
            yield from self._drafted(text)

    def rest(self) -> Iterator[Drafted]:
        """Yield what is left when the model has stopped."""
        text, self._buffer = self._buffer, ""
        for line in text.splitlines(keepends=True):
            yield from self._drafted(line)

    def _end(self) -> int | None:
        """Return where the first whole sentence ends: at a line break, or before the sentence after it."""
        line = self._buffer.find("\n")
        text = self._buffer if line < 0 else self._buffer[:line]
        for _, end in list(spans(text))[:-1]:
            marks = _TRAILING_MARKS.match(text, end)
            if marks:
                return marks.end()
            if not _UNFINISHED_MARK.match(text, end):
                return end
        if line >= 0:
            return line + 1
        if _CLOSED.search(text):
            return len(text)
        return _LONGEST_SENTENCE if len(text) > _LONGEST_SENTENCE else None

    def _drafted(self, text: str) -> Iterator[Drafted]:
        # A small model may copy the fence of a passage before it writes; that says nothing.
        text = _FENCE.sub("", text)
        if not text.strip():
            self._paragraph = self._paragraph or "\n" in text
            return
        marks = tuple(
            mark.strip().lower()
            for found in _MARKS.findall(text)
            for mark in re.split(r"[,;\s]+", found)
            if mark
        )
        bare = _MARKS.sub("", text).replace("**", "").replace("__", "")
        lead = _LEADING.match(bare)
        body = bare[lead.end() :].strip() if lead else bare.strip()
        item = bool(lead and lead[1])
        if body.strip(".!? "):
            yield Drafted(re.sub(r"\s+([.,;:!?])", r"\1", body), marks, item, self._paragraph and not item)
        self._paragraph = "\n" in text
