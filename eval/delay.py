"""How soon a sentence that a model has finished is on its way to the reader: `python -m eval.delay`.

The real app over the live index, with a model that copies sentences of its passages at 20 tokens a second,
every other one shortened so that the check has to look. Measured from a sentence's last token to its event.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import ParrotFakeChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from pydantic import PrivateAttr
from rich.console import Console

from assistant.api import create_app
from assistant.authoring import open_author
from assistant.catalogue import Catalogue
from assistant.opening import assistant_over, open_library, quiet
from assistant.services import Services
from assistant.settings import AssistantSettings, ChatSettings
from eval.command import told
from eval.errors import EvalError
from eval.transcript import chosen
from ingest.settings import load

SPEED = 20
"""Tokens a second."""
QUESTIONS = 40
AT_ONCE = 4
SENTENCES = 8
MOST = 50.0
"""Milliseconds that 95 of 100 sentences may take."""
_LINE = re.compile(r"^\[(\w{6})\] (\S.*[.!?])$", re.MULTILINE)
_TOKEN = re.compile(r"\s?\S{1,4}")
_END = ".\n"
"""One token in the vocabularies of common models."""
_MARKED = re.compile(r"(?: \[\d+\])+\s*$")


class Copyist(ParrotFakeChatModel):
    """Copies sentences of the passages with their marks, streamed; notes when each is finished."""

    _finished: dict[str, list[float]] = PrivateAttr(default_factory=dict)

    @property
    def finished(self) -> dict[str, list[float]]:
        """When each sentence was finished, in seconds of time.perf_counter."""
        return self._finished

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 — LangChain's own
    ) -> AsyncIterator[ChatGenerationChunk]:
        for mark, text in copied(str(messages[-1].content)):
            for token in (f"[{mark}] ", *_TOKEN.findall(text.rstrip(".!?")), _END):
                await asyncio.sleep(1 / SPEED)
                if token == _END:
                    self._finished.setdefault(text, []).append(time.perf_counter())
                yield ChatGenerationChunk(message=AIMessageChunk(content=token))


def copied(prompt: str) -> Iterator[tuple[str, str]]:
    """Yield a prompt's sentences behind their marks, every other one without its last clause."""
    for number, (mark, text) in enumerate(_LINE.findall(prompt)[:SENTENCES]):
        short = text.rpartition(", ")[0] if number % 2 else ""
        yield mark, f"{short}." if short else text


async def ask(app: Any, question: str) -> list[tuple[str, float]]:  # noqa: ANN401 — ASGI
    """Return the sentences of an answer's events, and when each was handed to the server."""
    body = json.dumps({"question": question}).encode()
    scope = {
        "type": "http", "method": "POST", "path": "/api/chat/stream", "query_string": b"", "scheme": "http",
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 80), "asgi": {"version": "3.0"},
    }  # fmt: skip
    given = asyncio.Event()
    sent: list[tuple[str, float]] = []

    async def receive() -> dict[str, Any]:
        if given.is_set():
            await asyncio.Future()
        given.set()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        now = time.perf_counter()
        for event in message.get("body", b"").decode().split("\n\n"):
            if event.startswith("event: delta"):
                text = json.loads(event.partition("data: ")[2])["text"]
                sent.append((_MARKED.sub("", text).strip(), now))

    await app(scope, receive, send)
    return sent


def waits(finished: dict[str, list[float]], sent: Sequence[tuple[str, float]]) -> Iterator[float]:
    """Yield the milliseconds from each sentence's end to its event; the quoted answer's are left out."""
    for text, at in sent:
        ends = [end for end in finished.get(text, ()) if end <= at]
        if ends:
            yield 1_000 * (at - max(ends))


async def measure(settings: AssistantSettings, questions: Sequence[str]) -> list[float]:
    """Ask all questions, AT_ONCE at a time; return the milliseconds that the sentences took."""
    model = Copyist()

    def open_services() -> Services:
        library, embedder = open_library(settings)
        assistant = assistant_over(settings, library, embedder)
        chat = load(ChatSettings, chat_model="copyist", chat_timeout=120.0)
        author = open_author(settings, chat, assistant, library, model)
        return Services(assistant, Catalogue(library), library.close, author)

    app = create_app(settings, open_services)
    left = list(questions)
    taken: list[float] = []

    async def reader() -> None:
        while left:
            taken.extend(waits(model.finished, await ask(app, left.pop())))

    async with app.router.lifespan_context(app):
        await asyncio.gather(*(reader() for _ in range(AT_ONCE)))
    return taken


@told
def main() -> int:
    """Print how long the sentences took; 1 if that is too long."""
    quiet()
    questions = [case.question for case in chosen(QUESTIONS)]
    taken = asyncio.run(measure(load(AssistantSettings), questions))
    if not taken:
        raise EvalError("Ingen setninger ble skrevet.")
    p50, p95 = np.percentile(taken, [50, 95])
    Console().print(
        f"{len(taken)} setninger, {AT_ONCE} svar om gangen: fra hel setning til hendelse p50 {p50:.1f} ms, "
        f"p95 {p95:.1f} ms (høyst {MOST:.0f})",
        soft_wrap=True,
    )
    return int(p95 > MOST)


if __name__ == "__main__":
    raise SystemExit(main())
