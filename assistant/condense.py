"""Short tasks for the model before an answer: make a follow-up stand alone, tell whether anything answers."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.output_parsers import StrOutputParser

from assistant.bearing import name_keys
from assistant.breaker import Breaker
from assistant.chatmodel import PROVIDER_ERRORS, ModelFailure, limited, translate
from assistant.contract import Language, Turn
from assistant.facts import facts, implied, same_fact
from assistant.fence import visible
from assistant.prompts import Prompts
from assistant.settings import ChatSettings

_TURNS = 6
_TURN_CHARACTERS = 600
_LONGEST_QUESTION = 300
_GATE_TOKENS = 24
_CONDENSE_TOKENS = 120
_NUMBERS = re.compile(r"\s*(?:\d{1,2}(?:\s*(?:,|og|and|\s)\s*)?)+\.?\s*")


class Helper:
    """Asks the model short questions; safe to use for several at once."""

    def __init__(
        self, model: BaseChatModel, settings: ChatSettings, prompts: Prompts, breaker: Breaker
    ) -> None:
        """Share the breaker of the writer, as it is the same server."""
        self._settings = settings
        self._prompts = prompts
        self._breaker = breaker
        self._model = model

    async def condense(
        self, question: str, history: Sequence[Turn], language: Language, deadline: float = math.inf
    ) -> str:
        """Return `question` so that it stands alone; `deadline` is by the event loop's clock.

        Raises:
            ModelFailure: the model could not be used, or brought in a name or number of its own.
        """
        turns = "\n".join(
            f"{'Spørsmål' if turn.role == 'user' else 'Svar'}: {turn.content[:_TURN_CHARACTERS]}"
            for turn in history[-_TURNS:]
        )
        values = {"history": visible(turns), "question": visible(question)}
        text = await self._ask(self._prompts.fill("condense", language, **values), _CONDENSE_TOKENS, deadline)
        condensed = text.strip().strip('«»"').strip()
        if not condensed:
            raise ModelFailure("empty")
        if (
            len(condensed) > _LONGEST_QUESTION
            or "\n" in condensed
            or _adds(condensed, f"{turns}\n{question}")
        ):
            raise ModelFailure("unsupported")
        return condensed

    async def answers(
        self, question: str, sentences: Sequence[str], language: Language, deadline: float = math.inf
    ) -> bool:
        """Tell whether the model finds one of `sentences` to answer `question`.

        Raises:
            ModelFailure: the model could not be used, or wrote something else than numbers.
        """
        numbered = "\n".join(f"{number}. {visible(text)}" for number, text in enumerate(sentences, 1))
        values = {"question": visible(question), "sentences": numbered}
        text = await self._ask(self._prompts.fill("gate", language, **values), _GATE_TOKENS, deadline)
        if not _NUMBERS.fullmatch(text):
            raise ModelFailure("garbage" if text.strip() else "empty")
        return any(1 <= int(number) <= len(sentences) for number in re.findall(r"\d+", text))

    async def _ask(self, prompt: str, tokens: int, deadline: float) -> str:
        if not self._breaker.allows():
            raise ModelFailure("resting")
        chain = limited(self._model, tokens) | StrOutputParser()
        limit = asyncio.get_running_loop().time() + self._settings.chat_first_token_timeout
        try:
            async with asyncio.timeout_at(min(limit, deadline)):
                text = await chain.ainvoke([HumanMessage(prompt)])
        except PROVIDER_ERRORS as error:
            self._breaker.failed()
            raise translate(error, begun=False) from error
        self._breaker.succeeded()
        return text


def _adds(text: str, source: str) -> bool:
    """Tell whether `text` has a name, number or § that `source` has not."""
    there = tuple(implied(facts(source)))
    names = name_keys(source)
    return any(
        fact.value not in names if fact.kind == "name" else not any(same_fact(fact, one) for one in there)
        for fact in facts(text)
    )
