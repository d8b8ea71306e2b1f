"""Answers that a language model writes, each sentence checked; the sources' own sentences where it fails."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from assistant import messages
from assistant.answer import Assistant
from assistant.bearing import Given
from assistant.chatmodel import Failure, ModelFailure, leaves_machine
from assistant.checked import Tally
from assistant.cite import Citer
from assistant.condense import Helper
from assistant.contract import ChatRequest, ChatResponse, Citation, Language
from assistant.examine import Examination, timed
from assistant.followup import resolve
from assistant.generate import Writer
from assistant.library import Library, Shelf
from assistant.material import material
from assistant.notices import notices
from assistant.privacy import mask
from assistant.respond import Delta, Event, Status, Whole, spoken
from assistant.settings import ChatSettings
from assistant.smalltalk import small_talk
from assistant.written import Written, answers
from ingest.content import Stored

GATED = 12
"""Sentences, best first, of which the model is asked whether any answers."""
_ODD: frozenset[Failure] = frozenset({"empty", "garbage", "unsupported"})
"""Failures of a short task that do not say that the model cannot be reached."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it was put, as it stands alone, and as it is looked up."""

    request: ChatRequest
    question: str
    examined: ChatRequest
    leans: bool
    """Whether it needs the conversation in a way that the rules can only guess at."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, with the answer that the sources' own sentences give."""

    asked: _Asked
    shelf: Shelf
    examination: Examination
    quoted: ChatResponse

    @property
    def language(self) -> Language:
        return self.examination.query.language

    @property
    def stages(self) -> dict[str, float]:
        return self.examination.stages


class Author:
    """Answers with a language model; safe to use for several questions at once."""

    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        writer: Writer,
        helper: Helper,
        settings: ChatSettings,
    ) -> None:
        """Put the parts together; `settings` are those that the writer and the helper were made with."""
        self._assistant = assistant
        self._library = library
        self._writer = writer
        self._helper = helper
        self._settings = settings
        self._shown: Callable[[str], str] = mask if leaves_machine(settings) else str

    async def events(self, request: ChatRequest) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer, sentence by sentence.

        Raises:
            IngestError: there is no index, or it cannot be read.
        """
        # One index from the question to the last word: a new one may come while the model writes.
        with ExitStack() as held:
            shelf = await run_in_threadpool(held.enter_context, self._library.reading())
            async with aclosing(self._answered(shelf, request)) as events:
                async for event in events:
                    yield event

    async def _answered(self, shelf: Shelf, request: ChatRequest) -> AsyncGenerator[Event, None]:
        deadline = asyncio.get_running_loop().time() + self._settings.chat_timeout
        stages: dict[str, float] = {}
        asked = _resolved(shelf, request)
        yield Status("søker")
        asked, failure = await self._condensed(asked, deadline, stages)
        found = await run_in_threadpool(self._find, shelf, asked)
        found.stages.update(stages)
        if not found.quoted.answered or not found.examination.ranked:
            yield Whole(found.quoted, found.stages, failure)
            return
        if failure is None and self._settings.chat_gate:
            passes, failure = await self._passes(found, deadline)
            if not passes:
                refusal = self._assistant.refusal(found.shelf, request, found.examination)
                yield Whole(refusal, found.stages)
                return
        async with aclosing(self._written(found, failure, deadline)) as events:
            async for event in events:
                yield event

    async def _condensed(
        self, asked: _Asked, deadline: float, stages: dict[str, float]
    ) -> tuple[_Asked, Failure | None]:
        """Let the model make a follow-up stand alone; the rules' own version stays where it cannot.

        The failure is given only if there is no use in asking the model for more.
        """
        if not asked.leans:
            return asked, None
        request = asked.request
        turns = [turn.model_copy(update={"content": self._shown(turn.content)}) for turn in request.history]
        try:
            with timed(stages, "condense"):
                alone = await self._helper.condense(
                    self._shown(request.question), turns, request.language or "nb", deadline
                )
        except ModelFailure as failure:
            return asked, None if failure.kind in _ODD else failure.kind
        examined = request.model_copy(update={"question": alone, "history": ()})
        return _Asked(request, alone, examined, leans=False), None

    def _find(self, shelf: Shelf, asked: _Asked) -> _Found:
        examination = self._assistant.examine(shelf, asked.examined)
        quoted = self._assistant.respond(shelf, asked.request, examination)
        return _Found(asked, shelf, examination, quoted)

    async def _passes(self, found: _Found, deadline: float) -> tuple[bool, Failure | None]:
        """Let the model say whether anything answers; it passes where the model says nothing of use."""
        sentences = [item.sentence.text for item in found.examination.ranked[:GATED]]
        question = self._shown(found.asked.question)
        try:
            with timed(found.stages, "gate"):
                return await self._helper.answers(question, sentences, found.language, deadline), None
        except ModelFailure as failure:
            return True, None if failure.kind in _ODD else failure.kind

    async def _written(
        self, found: _Found, failure: Failure | None, deadline: float
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of an answer that the model writes, unless it is known to fail."""
        if failure is not None:
            for event in _stand_in(found, failure, None):
                yield event
            return
        yield Status("skriver")
        shelf, tally = found.shelf, Tally()
        passages = self._material(found)
        citer = self._assistant.citer(shelf)
        written = Written(citer, [stored for stored, _ in passages])
        sentences = self._writer.write(
            self._shown(found.asked.question),
            [given for _, given in passages],
            found.asked.request.role,
            found.asked.request.phase,
            found.language,
            tally,
            deadline,
        )
        try:
            async with aclosing(sentences):
                async for sentence in sentences:
                    yield Delta(written.add(sentence))
        except ModelFailure as error:
            failure = error.kind
        found.stages.update(write=1_000 * tally.writing, check=1_000 * tally.checking)
        if all(answers(part, written.sentences) for part in self._assistant.answered(found.examination)):
            answer = self._generated(found, written, citer, failure)
            yield Whole(answer, found.stages, failure, tally)
            return
        for event in _stand_in(found, failure or ("declined" if tally.declined else "beside"), tally):
            yield event

    def _generated(
        self, found: _Found, written: Written, citer: Citer, failure: Failure | None
    ) -> ChatResponse:
        return ChatResponse(
            answered=True,
            mode="generated",
            answer=written.text,
            blocks=written.blocks,
            citations=tuple(citer.citations),
            notices=tuple(self._notices(found, citer.citations, failure)),
            suggestions=found.quoted.suggestions,
            id=secrets.token_urlsafe(9),
        )

    def _material(self, found: _Found) -> list[tuple[Stored, Given]]:
        each, shelf = found.examination.query.each, found.shelf
        phases = [f"{each}:{value}" for value in shelf.manifest.facets.values(each)] if each else []
        room = self._settings.chat_passages
        return material(found.examination, phases, shelf.index.content.sources, room)

    def _notices(
        self, found: _Found, citations: Sequence[Citation], failure: Failure | None
    ) -> Iterator[str]:
        if failure is not None:
            yield messages.say("model_cut_short", found.language)
        yield from self._assistant.left_out(found.shelf, found.examination)
        yield from notices(found.shelf, found.examination.query, citations, quoted=False)


def _resolved(shelf: Shelf, request: ChatRequest) -> _Asked:
    alone = resolve(request.question, request.history, shelf.manifest.facets)
    # The next phase, the last one: the rules count them, a model would guess.
    leans = alone.follows and not alone.facets and small_talk(request.question) is None
    return _Asked(request, alone.text, request, leans=leans)


def _stand_in(found: _Found, failure: Failure, tally: Tally | None) -> Iterator[Event]:
    """Yield the answer in the sources' own sentences, with a notice of why it is not the model's."""
    key = f"model_{failure}" if failure in ("declined", "unsupported", "beside") else "model_failed"
    notice = messages.say(key, found.language)
    answer = found.quoted.model_copy(update={"notices": (notice, *found.quoted.notices)})
    if tally and tally.kept:
        yield Status("erstatter")
    else:
        yield from spoken(answer)
    yield Whole(answer, found.stages, failure, tally)
