from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import Request
from starlette.types import Message

from assistant.sse import beating, sse, unless_gone


def test_an_event_is_a_name_and_json_on_one_line() -> None:
    assert sse("delta", {"text": "Én\nto"}) == 'event: delta\ndata: {"text": "Én\\nto"}\n\n'


async def slow(stopped: asyncio.Event) -> AsyncGenerator[str, None]:
    try:
        yield "først"
        await asyncio.sleep(0.1)
        yield "sist"
    finally:
        stopped.set()


def test_silence_is_filled_with_comments_and_nothing_is_lost() -> None:
    async def go() -> list[str]:
        return [text async for text in beating(slow(asyncio.Event()), 0.02)]

    said = asyncio.run(go())
    assert [text for text in said if not text.startswith(":")] == ["først", "sist"]
    assert said[0] == "først"
    assert said[1] == ": \n\n"


def test_closing_stops_the_source() -> None:
    async def go() -> None:
        stopped = asyncio.Event()
        events = beating(slow(stopped), 1)
        assert await anext(events) == "først"
        await events.aclose()
        await asyncio.wait_for(stopped.wait(), 5)

    asyncio.run(go())


def test_what_the_source_raises_is_raised() -> None:
    async def broken() -> AsyncGenerator[str, None]:
        yield "først"
        raise OSError("disk")

    async def go() -> None:
        events = beating(broken(), 1)
        assert await anext(events) == "først"
        with pytest.raises(OSError, match="disk"):
            await anext(events)

    asyncio.run(go())


def request_of(*messages: Message) -> Request:
    left = list(messages)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await asyncio.Future()
        raise AssertionError

    return Request({"type": "http"}, receive)


def test_work_is_done_for_whoever_waits_and_stopped_for_whoever_leaves() -> None:
    async def go() -> None:
        stopped = asyncio.Event()

        async def work(seconds: float) -> str:
            try:
                await asyncio.sleep(seconds)
            finally:
                stopped.set()
            return "ferdig"

        assert await unless_gone(request_of(), work(0.01)) == "ferdig"
        stopped.clear()
        assert await unless_gone(request_of({"type": "http.disconnect"}), work(60)) is None
        await asyncio.wait_for(stopped.wait(), 5)

    asyncio.run(go())
