"""Møtenotat and sjekkliste: a conversation's answers with their sources, before they become a file.

Everything comes back from the reader's own page, so it is checked for shape and size here, and its links for
being web addresses; whether the quotes are verbatim was checked when the answers were given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from assistant.facts import MONTHS

MAX_TURNS = 60
MAX_TEXT = 20_000
MAX_QUOTED = 100_000
"""Characters that an answer quotes: several times as many as it may say."""
MAX_LINES = 3_000
"""Questions, blocks, items, sources and notices of a note: what MAX_TURNS lists of 40 points come to."""
LONGEST_TITLE = 255
"""Characters that a Word file's own properties can hold of a title."""
MADE_WITH = "Svarene er hentet fra kildene under. Kontroller dem før de brukes."

# What XML cannot hold, and a Word file therefore not either.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MARK = re.compile(r"(?<!\s)\s*\[\d+\]")
"""A citation's number, with the space before it."""
_NUMBER = re.compile(r"\[(\d+)\]")
_SPACE = re.compile(r"[\s•]+")

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]


def _written(value: object) -> object:
    """Refuse numbers, which pydantic would take as seconds since 1970."""
    if isinstance(value, int | float):
        raise PydanticCustomError("date_type", "a date is written as text")
    return value


Day = Annotated[date, BeforeValidator(_written)]


class NoteBlock(BaseModel):
    """A piece of an answer."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["paragraph", "list", "heading"]
    text: Text
    items: tuple[Text, ...] = Field(default=(), max_length=500)
    citations: tuple[StrictInt, ...] = Field(default=(), max_length=100)


class NoteCitation(BaseModel):
    """A source with the quote that the answer stands on."""

    model_config = ConfigDict(frozen=True)

    number: StrictInt
    title: Text
    publisher: Text | None = None
    section: tuple[Text, ...] = Field(default=(), max_length=20)
    page: StrictInt | None = None
    quote: Text
    url: Text = ""
    status: Text = "ukjent"
    valid_to: Day | None = None


class NoteAnswer(BaseModel):
    """What POST /api/chat gave; other fields of it are left aside."""

    model_config = ConfigDict(frozen=True)

    answered: StrictBool = True
    answer: Text
    blocks: tuple[NoteBlock, ...] = Field(default=(), max_length=500)
    citations: tuple[NoteCitation, ...] = Field(default=(), max_length=200)
    notices: tuple[Text, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _is_bounded(self) -> NoteAnswer:
        if sum(len(citation.quote) for citation in self.citations) > MAX_QUOTED:
            raise PydanticCustomError("string_too_long", "too much is quoted", {"max_length": MAX_QUOTED})
        return self


class NoteTurn(BaseModel):
    """A question and its answer."""

    model_config = ConfigDict(frozen=True)

    question: Text
    answer: NoteAnswer

    @property
    def lines(self) -> int:
        """How many paragraphs it becomes, about."""
        answer = self.answer
        items = sum(len(block.items) for block in answer.blocks)
        return 1 + len(answer.blocks) + items + len(answer.citations) + len(answer.notices)


class Note(BaseModel):
    """A meeting note, or with `kind` «sjekkliste» the points of the answers with boxes to tick."""

    model_config = ConfigDict(frozen=True)

    title: Annotated[str, StringConstraints(max_length=300)]
    turns: tuple[NoteTurn, ...] = Field(min_length=1, max_length=MAX_TURNS)
    kind: Literal["notat", "sjekkliste"] = "notat"
    made: Day | None = None
    format: Literal["md", "docx"] = "docx"

    @model_validator(mode="after")
    def _is_bounded(self) -> Note:
        if sum(turn.lines for turn in self.turns) > MAX_LINES:
            raise PydanticCustomError("too_long", "too many lines", {"max_length": MAX_LINES})
        return self


def long_date(day: date) -> str:
    """Write a date in the Norwegian way: «7. desember 2020»."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def made_line(note: Note) -> str:
    """Return the line under the title: when it was made, and how to use it."""
    return f"Laget {long_date(note.made)}. {MADE_WITH}" if note.made else MADE_WITH


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block's text and items, each with its numbers, and `rest`: the numbers of the block as a whole."""

    text: str
    items: tuple[str, ...]
    rest: str

    @property
    def bullets(self) -> tuple[str, ...]:
        """The items, the last one with `rest` where no text stands before them that has it."""
        return self.items if self.text or not self.items else (*self.items[:-1], self.items[-1] + self.rest)


def placed(block: NoteBlock, answer: NoteAnswer) -> PlacedBlock:
    """Put a block's citations where they belong, as the widget does (widget/marks.js).

    What the text places itself stays; of several sources, one whose quote holds a single item of a list
    belongs to that item.
    """
    items = list(block.items)
    there = set(_NUMBER.findall(" ".join((block.text, *items))))
    missing = [number for number in dict.fromkeys(block.citations) if str(number) not in there]
    quotes = {citation.number: _plain(citation.quote) for citation in answer.citations}
    plain = [_plain(item) for item in items]
    rest = ""
    for number in missing:
        held = [at for at, item in enumerate(plain) if item in quotes.get(number, "")]
        if len(missing) > 1 and len(held) == 1:
            items[held[0]] += f" [{number}]"
        else:
            rest += f" [{number}]"
    return PlacedBlock(block.text, tuple(items), rest)


def described(citation: NoteCitation) -> str:
    """Return title, publisher, section and page."""
    page = f"side {citation.page}" if citation.page else None
    parts = (citation.title, citation.publisher, " › ".join(citation.section), page)
    return ", ".join(part for part in parts if part)


def expiry(citation: NoteCitation) -> str:
    """Return « (utløpt …)» for a source that has expired, else nothing."""
    if citation.status != "utløpt":
        return ""
    return f" (utløpt {long_date(citation.valid_to)})" if citation.valid_to else " (utløpt)"


def safe_link(url: str) -> str | None:
    """Return `url` where it is a web address without anything that could end it early."""
    return url if re.fullmatch(r"https?://[^\s<>()\"\\]+", url) else None


def blocks_of(answer: NoteAnswer) -> tuple[NoteBlock, ...]:
    """Return the blocks of an answer; one that has none is a paragraph."""
    return answer.blocks or (NoteBlock(kind="paragraph", text=answer.answer),)


def checklist(answer: NoteAnswer) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Yield points by heading: list items, or what an answer without a list quotes; each with its numbers."""
    lists = any(block.kind == "list" for block in answer.blocks)
    quotes = {citation.number: citation.quote for citation in answer.citations}
    heading: str | None = None
    for block in answer.blocks:
        if block.kind == "heading":
            heading = block.text
        elif block.kind == "list":
            yield block.text or heading, _points(block, answer)
            heading = None
        elif not lists:
            known = tuple(number for number in block.citations if number in quotes)
            if known:
                yield heading, tuple(f"{quotes[number]} [{number}]" for number in known)
                heading = None


def _points(given: NoteBlock, answer: NoteAnswer) -> tuple[str, ...]:
    """Each item with its own numbers, else with those of the whole list."""
    block = placed(given, answer)
    common = block.rest or "".join(f" [{number}]" for number in given.citations)
    return tuple(item if _NUMBER.search(item) else item + common for item in block.items)


def shown_sources(note: Note, turn: NoteTurn) -> tuple[tuple[NoteCitation, bool], ...]:
    """Return the sources to list, each with whether its quote stands word for word in what the note shows.

    Such a quote is not written twice. A checklist lists the sources of its points only.
    """
    answer = turn.answer
    if note.kind == "sjekkliste":
        text = "\n".join(part for heading, points in checklist(answer) for part in (heading or "", *points))
        used = {int(number) for number in _NUMBER.findall(text)}
        citations = tuple(citation for citation in answer.citations if citation.number in used)
    else:
        text = "\n".join(part for block in blocks_of(answer) for part in (block.text, *block.items))
        citations = answer.citations
    said = _plain(text)
    return tuple((citation, _plain(citation.quote) in said) for citation in citations)


def sources_heading(sources: tuple[tuple[NoteCitation, bool], ...]) -> str:
    """Return the heading over a list of sources."""
    return "Kilder (sitert ordrett over)" if all(quoted for _, quoted in sources) else "Kilder"


def _plain(text: str) -> str:
    """`text` without numbers, bullets and line breaks, to find one in another."""
    return _SPACE.sub(" ", MARK.sub("", text)).strip()


def cleaned(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return _CONTROL.sub("", text)
