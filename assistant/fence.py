"""Passages as a model is shown them, and a model's text as sentences with their marks.

Both have a sentence a line with the mark of its passage in front, so that a model which copies a sentence
has copied the mark first; an answer may also have its marks behind, as other models write them. A mark is six
characters drawn anew for each question, so that no document can know one in advance.
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
_MARK = r"\[[^\]\[\n]{1,60}\](?!\()"
"""In brackets that are no Markdown link."""
_MARKS = re.compile(rf"\s*{_MARK}")
_IN_FRONT = re.compile(rf"\s*(?:[#>]+\s*)?(?:[-*•–]\s+|\d{{1,2}}[.)]\s+)?(?:\*\*)?{_MARK}")
_CLOSED = re.compile(rf"{_MARK}\s*[.!?]$")
"""A mark and then a full stop: nothing that follows belongs to the sentence."""
_MARK_LAST = re.compile(rf"{_MARK}\s*$")
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
"""May be a full stop or the beginning of a date."""
_BEGUN = r"\[[^\]\[\n]{0,60}$"
"""The beginning of a mark that is still being written."""
_HIDDEN = re.compile(rf"{_MARK}|{_BEGUN}")
_LEADING = re.compile(r"^\s*(?:[#>]+\s*)?([-*•–]\s+|\d{1,2}[.)]\s+)?")
_FENCE = re.compile(r"</?\s*(?:passasje|spørsmål|samtale)\b[^>]*>?", re.I)
_LONGEST_SENTENCE = 900
"""Characters after which something that never ends in a full stop is cut off."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, without its marks. `item` if it is one of a list."""

    text: str
    marks: tuple[str, ...]
    item: bool = False
    opens_paragraph: bool = False
    whole: bool = True
    """The model came to its end; not if it was stopped before."""


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

    Where it is from stands last and without a mark: a small model copies what the text begins with.
    """
    shown: list[str] = []
    for passage, mark in zip(passages, marks, strict=True):
        origin = " › ".join((passage.title, *passage.section))
        foot = f"Hentet fra: {_line(origin)}. Gyldighet: {_line(passage.status)}.\n</passasje>"
        text = f"<passasje>\n{_marked(passage, mark)}\n"
        if shown and sum(map(len, shown)) + len(text) + len(foot) > most:
            break
        shown.append((text if shown or len(text) <= most else _begun(text, most)) + foot)
    return "\n\n".join(shown)


def _marked(passage: Given, mark: str) -> str:
    sentences = passage.sentences or tuple(passage.text.split("\n"))
    return "\n".join(f"[{mark}] {_line(text)}" for text in sentences if text.strip())


def _begun(text: str, most: int) -> str:
    """Return the first `most` characters of `text`, at the end of a line if a sentence fits."""
    end = text.rfind("\n", text.index("\n") + 1, most)
    return f"{text[: end if end > 0 else most]}\n"


def _line(text: str) -> str:
    return " ".join(visible(text).split())


class Cutter:
    """Cuts a growing text into sentences; each comes out once it and its marks are whole."""

    def __init__(self) -> None:
        self._buffer = ""
        self._breaks = 2
        """Line breaks since the last sentence; the text begins as a paragraph does."""

    def feed(self, piece: str) -> Iterator[Drafted]:
        """Add what has come and yield the sentences that it completes."""
        self._buffer += piece
        while (end := self._end()) is not None:
            yield from self._drafted(self._taken(end))
        if len(self._buffer) > _LONGEST_SENTENCE:
            yield from self._drafted(self._taken(len(self._buffer)), whole=False)

    def rest(self) -> Iterator[Drafted]:
        """Yield what is left when the model has stopped; it may have been stopped in the middle."""
        if self._buffer.strip():
            text = re.sub(_BEGUN, "", self._taken(len(self._buffer)))
            yield from self._drafted(text, whole=_is_ended(text))

    def _taken(self, end: int) -> str:
        text, self._buffer = self._buffer[:end], self._buffer[end:]
        return text

    def _end(self) -> int | None:
        """Return where the first whole sentence ends: at a line break, or before the sentence after it.

        Marks between two sentences belong to the second if the first has its own in front.
        """
        line = self._buffer.find("\n")
        text = self._buffer if line < 0 else self._buffer[:line]
        found = list(spans(_HIDDEN.sub(lambda mark: " " * len(mark.group()), text)))
        if len(found) > 1:
            (_, end), (following, _) = found[:2]
            return end if _IN_FRONT.match(text) else following
        if line >= 0:
            return line + 1
        return len(text) if _CLOSED.search(text) else None

    def _drafted(self, text: str, whole: bool = True) -> Iterator[Drafted]:
        # A small model may copy the fence of a passage before it writes; that says nothing.
        text = _FENCE.sub("", text)
        if not text.strip():
            self._breaks += text.count("\n")
            return
        in_front = bool(_IN_FRONT.match(text))
        marks = tuple(
            mark.lower()
            for found in _MARKS.findall(text)
            for mark in re.split(r"[,;\s]+", found.strip().strip("[]"))
            if mark
        )
        bare = _MARKS.sub("", text).replace("**", "").replace("__", "")
        lead = _LEADING.match(bare)
        body = bare[lead.end() :].strip() if lead else bare.strip()
        item = bool(lead and lead[1])
        opens = not item and self._breaks > in_front
        if body.strip(".!? "):
            yield Drafted(re.sub(r"\s+([.,;:!?])", r"\1", body), marks, item, opens, whole)
        self._breaks = text.count("\n")


def _is_ended(text: str) -> bool:
    """Tell whether the last sentence that a model wrote has an end: its marks behind it, or a full stop."""
    if _MARK_LAST.search(text):
        return True
    said = _HIDDEN.sub("", text).strip()
    return len(list(spans(f"{said} Og"))) > 1 and not _ORDINAL.search(said)
