"""The events of an answer: what is being done, its text as it is ready, and at last the whole of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, Protocol

from starlette.concurrency import run_in_threadpool

from assistant.answer import Assistant
from assistant.checked import Tally
from assistant.cite import block_text
from assistant.contract import ChatRequest, ChatResponse

Stage = Literal["søker", "skriver", "erstatter"]
"""Searching, writing, and putting another answer in the place of what has been sent."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done now."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer's text. All of them, joined, are the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole answer, and how it came about. It holds whatever was sent before it."""

    answer: ChatResponse
    stages: Mapping[str, float]
    """Milliseconds of each stage."""
    failure: str | None = None
    """Why the answer is not, or not wholly, what a language model was asked to write."""
    tally: Tally | None = None
    """What became of a language model's sentences, where one was asked to write."""


Event = Status | Delta | Whole


class Responder(Protocol):
    """Answers a question, event by event; safe to use for several at once."""

    def events(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer, the whole of it last. Closing the iterator stops the work.

        Raises:
            IngestError: there is no index, or it cannot be read; before the first event, if at the start.
        """


class Quoting:
    """Answers with the sources' own sentences."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def events(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer, block by block."""
        found, answer = await run_in_threadpool(self._assistant.examined, request)
        yield Status("søker")
        for delta in spoken(answer):
            yield delta
        yield Whole(answer, found.stages)


def spoken(answer: ChatResponse) -> Iterator[Delta]:
    """Yield a finished answer's text, block by block."""
    for block in answer.blocks:
        yield Delta(f"{block_text(block)}\n\n")


async def whole(responder: Responder, request: ChatRequest) -> Whole:
    """Return the whole answer.

    Raises:
        IngestError: there is no index, or it cannot be read.
    """
    async with aclosing(responder.events(request)) as events:
        async for event in events:
            if isinstance(event, Whole):
                return event
    raise AssertionError("an answer ended without being whole")
