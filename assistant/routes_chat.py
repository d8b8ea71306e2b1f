"""The API: questions, search, documents, notes and feedback."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.contract import ChatRequest, ChatResponse, DocumentsResponse, Question, SearchResponse
from assistant.errors import AssistantError, StoreUnavailable
from assistant.feedback import Feedback, FeedbackStore
from assistant.guards import takes_place
from assistant.logs import LOGGER
from assistant.marknote import to_markdown
from assistant.metrics import Metrics
from assistant.notes import Note
from assistant.problems import UNAVAILABLE, Responses, documented, typed
from assistant.respond import Delta, Event, Status, Whole, whole
from assistant.services import Counted, Kept, Opened, Services
from assistant.smalltalk import small_talk
from assistant.sse import EventStream, sse, unless_gone
from ingest.errors import IngestError

MAX_HITS = 50

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MARKDOWN = "text/markdown; charset=utf-8"

router = APIRouter(prefix="/api", responses=documented(401, 403, 429, 503))
_TAKES_BODY = documented(400, 408, 413, 422)
_STREAMS: Responses = {200: {"content": {"text/event-stream": {}}}}
_FILES = typed(_DOCX, "text/markdown")
_GONE = 499
"""nginx's status for a client that did not wait; nobody reads it but the log."""
_WORKS = [Depends(takes_place)]


@router.post("/chat", response_model=ChatResponse, responses=_TAKES_BODY, dependencies=_WORKS)
async def chat(
    question: ChatRequest, request: Request, opened: Opened, store: Kept, counted: Counted
) -> ChatResponse | Response:
    """Answer a question, or say that the sources do not."""
    done = await unless_gone(request, whole(opened.responder, question))
    if done is None:
        return Response(status_code=_GONE)
    await _note(question, done, store, counted)
    return done.answer


@router.post(
    "/chat/stream", response_class=StreamingResponse, responses=_TAKES_BODY | _STREAMS, dependencies=_WORKS
)
async def stream(question: ChatRequest, opened: Opened, store: Kept, counted: Counted) -> EventStream:
    """Answer as server-sent events: status, delta, citations, done (the whole answer), error."""
    events = _told(question, opened, store, counted)
    # What stops an answer from being begun is an error of the whole request.
    first = await anext(events)
    return EventStream(_led(first, events))


@router.get("/search", responses=documented(422), dependencies=_WORKS)
def search(
    opened: Opened,
    q: Annotated[Question, Query()],
    k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
) -> SearchResponse:
    """Return the best passages for a question, best first."""
    return opened.assistant.search(ChatRequest(question=q), k)


@router.get("/documents")
def documents(opened: Opened) -> DocumentsResponse:
    """List the documents of the index."""
    return opened.catalogue.documents()


@router.post("/notes", response_class=Response, responses=_TAKES_BODY | _FILES, dependencies=_WORKS)
def notes(note: Note) -> Response:
    """Return a conversation as a Word or Markdown file."""
    if note.format == "docx":
        from assistant.wordnote import to_docx  # takes as long to import as an answer takes

        return Response(to_docx(note), media_type=_DOCX, headers=_download("notat.docx"))
    return Response(to_markdown(note), media_type=_MARKDOWN, headers=_download("notat.md"))


@router.post("/feedback", responses=_TAKES_BODY)
def feedback(feedback: Feedback, store: Kept, counted: Counted) -> dict[str, str]:
    """Keep a reader's vote on an answer, masked and without identity."""
    store.add(feedback)
    counted.voted(feedback.vote)
    return {"status": "lagret"}


async def _note(question: ChatRequest, done: Whole, store: FeedbackStore, counted: Metrics) -> None:
    counted.answered(done.stages, done.answer)
    if done.tally is not None:
        counted.wrote(done.tally.counts)
    if done.failure is not None:
        counted.failed(done.failure)
    if small_talk(question.question) is None:
        try:
            await run_in_threadpool(store.asked, done.answer.id, question.question, done.answer.answered)
        except StoreUnavailable as error:  # whoever asked has nothing to do with that
            counted.failed(type(error).__name__)
            LOGGER.error("spørsmålet ble ikke lagret", exc_info=error)


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="medraad-{name}"'}


async def _told(
    question: ChatRequest, opened: Services, store: FeedbackStore, counted: Metrics
) -> AsyncGenerator[str, None]:
    """Yield an answer as server-sent events. An error before the first is raised, one after it is told."""
    begun = False
    try:
        async with aclosing(opened.responder.events(question)) as events:
            async for event in events:
                if isinstance(event, Whole):
                    await _note(question, event, store, counted)
                for text in _sse(event):
                    begun = True
                    yield text
    except (AssistantError, IngestError) as error:
        if not begun:
            raise
        counted.failed(type(error).__name__)
        yield sse("error", {"detail": UNAVAILABLE})


def _sse(event: Event) -> Iterator[str]:
    match event:
        case Status(stage):
            yield sse("status", {"stage": stage})
        case Delta(text):
            yield sse("delta", {"text": text})
        case Whole(answer):
            yield sse("citations", [citation.model_dump(mode="json") for citation in answer.citations])
            yield sse("done", answer.model_dump(mode="json"))


async def _led(first: str, rest: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    async with aclosing(rest):
        yield first
        async for text in rest:
            yield text
