"""The API's contract: what a question looks like and what an answer holds. Users rely on these names."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Role = Literal["tillitsvalgt", "verneombud", "prosjektleder", "leder", "politiker"]
Phase = Literal["starte", "forme", "levere"]
Language = Literal["nb", "nn", "en"]
Mode = Literal["extractive", "generated"]
Status = Literal["gjeldende", "utløpt", "ukjent"]

MAX_QUESTION = 2_000
"""Characters. A question to a colleague fits ten times over; a pasted document does not."""
MAX_TURN = 8_000
MAX_TURNS = 40

_NO_CONTROL = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Text = Annotated[str, StringConstraints(pattern=_NO_CONTROL)]


_SAYS = r"[^\x00-/:-@\[-`{-\xa9\xad\u2000-\u206f\ufeff]"
"""No space, sign or invisible character. Written out: classes such as \\w differ from engine to engine."""


def _says_something(value: str) -> str:
    if not re.search(_SAYS, value):
        raise PydanticCustomError("blank", "the question is blank")
    return value


Question = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_QUESTION, pattern=_NO_CONTROL),
    AfterValidator(_says_something),
    # The same in one expression, for whoever reads the API's description.
    Field(json_schema_extra={"pattern": f"{_NO_CONTROL[:-1]}{_SAYS}{_NO_CONTROL[1:]}"}),
]
"""What a person asks or searches for: not blank, no control characters."""


class Turn(BaseModel):
    """One earlier message of the conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TURN)


class ChatRequest(BaseModel):
    """A question, with the conversation before it and who asks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Question
    history: tuple[Turn, ...] = Field(default=(), max_length=MAX_TURNS)
    role: Role | None = None
    phase: Phase | None = None
    language: Language | None = None


class ReferenceLink(BaseModel):
    """A § reference that a quote makes, and where it can be read."""

    model_config = ConfigDict(frozen=True)

    text: str
    url: str | None


class Citation(BaseModel):
    """A verbatim span of a source. `quote` is a substring of the source's clean text."""

    model_config = ConfigDict(frozen=True)

    number: int
    document: str
    title: str
    publisher: str | None
    section: tuple[str, ...]
    page: int | None
    quote: str
    url: str
    external_url: str | None
    status: Status
    valid_to: date | None
    references: tuple[ReferenceLink, ...] = ()
    duty: Literal["plikt", "råd"] | None = None
    """Whether the quote lays down a duty («skal», «plikter») or gives advice («bør», «anbefaler»)."""


class AnswerBlock(BaseModel):
    """A piece of the answer: a paragraph, a list with its items, or a heading."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["paragraph", "list", "heading"]
    text: str
    items: tuple[str, ...] = ()
    citations: tuple[int, ...] = ()


class Passage(BaseModel):
    """A search hit: the passage as it would be quoted."""

    model_config = ConfigDict(frozen=True)

    document: str
    title: str
    section: tuple[str, ...]
    page: int | None
    text: str
    score: float
    url: str


class SearchResponse(BaseModel):
    """Hits, best first."""

    model_config = ConfigDict(frozen=True)

    results: tuple[Passage, ...]


class ChatResponse(BaseModel):
    """The answer. With `answered` false: no citations, and up to three passages in `nearest`."""

    model_config = ConfigDict(frozen=True)

    answered: bool
    mode: Mode
    answer: str
    blocks: tuple[AnswerBlock, ...]
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Passage, ...] = ()
    notices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    id: str


class DocumentInfo(BaseModel):
    """A document of the index, for the list of sources."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    publisher: str | None
    kind: str
    layer: str
    language: str
    published: date | None
    updated: date | None
    valid_from: date | None
    valid_to: date | None
    edition: str | None
    status: Status
    superseded_by: str | None = None
    external_url: str | None
    url: str
    passages: int


class DocumentsResponse(BaseModel):
    """All documents of the index."""

    model_config = ConfigDict(frozen=True)

    documents: tuple[DocumentInfo, ...]
