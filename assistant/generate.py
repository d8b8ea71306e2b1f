"""Writes an answer with a language model, and lets through only the sentences that the passages bear."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import Runnable, RunnableLambda

from assistant.bearing import Given
from assistant.breaker import Breaker
from assistant.chatmodel import PROVIDER_ERRORS, ModelFailure, translate
from assistant.checked import CheckedSentence, Tally
from assistant.contract import Language, Phase, Role
from assistant.fence import Cutter, Drafted, draw_marks, fenced, visible
from assistant.prompts import LANGUAGES, Prompts
from assistant.settings import ChatSettings
from assistant.verify import Checker

NO_ANSWER = "INGEN SVAR"
"""What the prompts ask for where the passages do not answer."""
_CHARACTERS_A_TOKEN = 8
"""More than Norwegian takes in any tokenizer, so that only a server which ignores max_tokens is cut off."""
_SHORTEST_WAIT = 0.5
"""Seconds to wait before a busy server is asked again when it does not say how long."""


class Writer:
    """Writes with one model; safe to use for several answers at once."""

    def __init__(
        self,
        model: BaseChatModel,
        settings: ChatSettings,
        prompts: Prompts,
        checker: Checker,
        breaker: Breaker | None = None,
        marks: Callable[[int], list[str]] = draw_marks,
    ) -> None:
        """Put the chain together: prompt | model | parser."""
        self._settings = settings
        self._prompts = prompts
        self._checker = checker
        self._marks = marks
        self.breaker = breaker or Breaker()
        self._chain: Runnable[dict[str, str], str] = (
            RunnableLambda(self._messages) | model | StrOutputParser()
        )

    async def write(
        self,
        question: str,
        passages: Sequence[Given],
        role: Role | None,
        phase: Phase | None,
        language: Language,
        tally: Tally | None = None,
        deadline: float = math.inf,
    ) -> AsyncGenerator[CheckedSentence, None]:
        """Yield the answer's sentences as they are whole and checked. Closing the iterator stops the model.

        Sentences already yielded stand, whatever happens after them. `deadline`, by the event loop's clock,
        holds besides the budget of the settings.

        Raises:
            ModelFailure: the model could not be used, or nothing that it wrote was borne by the passages.
        """
        tally = tally if tally is not None else Tally()
        marks = self._marks(len(passages))
        by_mark = dict(zip(marks, passages, strict=True))
        shown = fenced(passages, marks, self._settings.chat_passages)
        request = {
            "question": visible(question),
            "passages": shown,
            "marks": ", ".join(f"[{mark}]" for mark in marks if f"[{mark}]" in shown),
            "role": role or "ikke oppgitt",
            "phase": phase or "ikke oppgitt",
            "language": language,
        }
        said: set[str] = set()
        async with aclosing(self._drafted(request, tally, deadline)) as sentences:
            async for drafted in sentences:
                checked = await self._checked(drafted, by_mark, said, tally, language)
                if checked:
                    yield checked
        if not tally.kept and not tally.declined:
            raise ModelFailure("unsupported" if tally.dropped else "empty")

    async def _drafted(
        self, request: dict[str, str], tally: Tally, deadline: float
    ) -> AsyncGenerator[Drafted, None]:
        """Yield the model's sentences as they are whole."""
        cutter = Cutter()
        async with aclosing(self._guarded(request, tally, deadline)) as pieces:
            async for piece in pieces:
                for drafted in cutter.feed(piece):
                    yield drafted
        for drafted in cutter.rest():
            yield drafted

    async def _checked(
        self,
        drafted: Drafted,
        by_mark: dict[str, Given],
        said: set[str],
        tally: Tally,
        language: Language,
    ) -> CheckedSentence | None:
        """Return the sentence if it may be shown; count it either way."""
        if drafted.text.strip(" .!").upper() == NO_ANSWER:
            tally.declined = True
            return None
        if drafted.text in said:
            return None
        said.add(drafted.text)
        known = all(mark in by_mark for mark in drafted.marks)
        cited = [by_mark[mark] for mark in dict.fromkeys(drafted.marks)] if known else []
        clock = asyncio.get_running_loop().time
        begun = clock()
        verdict = await asyncio.to_thread(
            self._checker.check_sentence, drafted.text, cited, language, drafted.whole
        )
        tally.checking += clock() - begun
        if not verdict.ok:
            tally.dropped[verdict.reason] += 1
            tally.removed.append((drafted.text, verdict.reason))
            return None
        tally.kept += 1
        return CheckedSentence(drafted.text, verdict.quotes, drafted.item, drafted.opens_paragraph)

    async def _guarded(
        self, request: dict[str, str], tally: Tally, latest: float
    ) -> AsyncGenerator[str, None]:
        """Yield the model's text within the breaker and the budgets; busy servers are asked again."""
        if not self.breaker.allows():
            raise ModelFailure("resting")
        clock = asyncio.get_running_loop().time
        begun = clock()
        deadline = min(latest, begun + self._settings.chat_timeout)
        try:
            while True:
                try:
                    async with aclosing(self._pieces(request, deadline)) as pieces:
                        async for piece in pieces:
                            yield piece
                    break
                except ModelFailure as failure:
                    await self._wait(failure, deadline)
        except ModelFailure as failure:
            if failure.kind != "context":
                self.breaker.failed()
            raise
        finally:
            tally.writing = clock() - begun
        self.breaker.succeeded()

    @staticmethod
    async def _wait(failure: ModelFailure, deadline: float) -> None:
        """Wait as long as a busy server asks for, or raise again where the budget does not allow it."""
        left = deadline - asyncio.get_running_loop().time()
        wait = failure.retry_after if failure.retry_after is not None else _SHORTEST_WAIT
        if failure.kind != "busy" or wait >= left:
            raise failure
        await asyncio.sleep(max(wait, _SHORTEST_WAIT))

    async def _pieces(self, request: dict[str, str], deadline: float) -> AsyncGenerator[str, None]:
        """Yield the model's text; the first word has a budget of its own."""
        now = asyncio.get_running_loop().time()
        limit = min(deadline, now + self._settings.chat_first_token_timeout)
        written = 0
        most = self._settings.chat_max_tokens * _CHARACTERS_A_TOKEN
        stream = self._chain.astream(request)
        assert isinstance(stream, AsyncGenerator)
        try:
            async with aclosing(stream) as pieces:
                while True:
                    async with asyncio.timeout_at(limit):
                        piece = await anext(pieces, None)
                    if piece is None:
                        return
                    if not piece:
                        continue
                    limit = deadline
                    written += len(piece)
                    if written > most:
                        raise ModelFailure("endless")
                    yield piece
        except PROVIDER_ERRORS as error:
            raise translate(error, begun=written > 0) from error

    def _messages(self, request: dict[str, str]) -> list[BaseMessage]:
        language: Language = request["language"]  # type: ignore[assignment]
        spoken = LANGUAGES[language]
        user = {name: request[name] for name in ("passages", "marks", "question", "role", "phase")}
        system = self._prompts.fill("system", language, language=spoken)
        return [
            SystemMessage(system),
            HumanMessage(self._prompts.fill("answer", language, language=spoken, **user)),
        ]
