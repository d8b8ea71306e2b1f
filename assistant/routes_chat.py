"""The API: questions, search, documents, notes and feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from assistant.cite import block_text
from assistant.contract import ChatRequest, ChatResponse, DocumentsResponse, Question, SearchResponse
from assistant.feedback import Feedback, FeedbackStore
from assistant.guards import takes_place
from assistant.metrics import Metrics
from assistant.notes import Note, to_markdown
from assistant.problems import Responses, documented, typed
from assistant.services import Counted, Opened, Services, Stored

MAX_HITS = 50

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MARKDOWN = "text/markdown; charset=utf-8"

router = APIRouter(prefix="/api", responses=documented(401, 403, 429, 503))
_TAKES_BODY = documented(400, 408, 413, 422)
_STREAMS: Responses = {200: {"content": {"text/event-stream": {}}}}
_FILES = typed(_DOCX, "text/markdown")
_WORKS = [Depends(takes_place)]


@router.post("/chat", responses=_TAKES_BODY, dependencies=_WORKS)
def chat(question: ChatRequest, opened: Opened, stored: Stored, counted: Counted) -> ChatResponse:
    """Answer a question, or say that the sources do not."""
    return _answer(question, opened, stored, counted)


@router.post(
    "/chat/stream", response_class=StreamingResponse, responses=_TAKES_BODY | _STREAMS, dependencies=_WORKS
)
def stream(question: ChatRequest, opened: Opened, stored: Stored, counted: Counted) -> StreamingResponse:
    """Answer as server-sent events: status, delta, citations, done (the whole answer)."""
    events = _events(_answer(question, opened, stored, counted))
    return StreamingResponse(events, media_type="text/event-stream")


@router.get("/search", responses=documented(422), dependencies=_WORKS)
def search(
    opened: Opened,
    q: Annotated[Question, Query()],
    k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
) -> SearchResponse:
    """Return the best passages for a question, best first."""
    return opened.assistant.search(q, k)


@router.get("/documents")
def documents(opened: Opened) -> DocumentsResponse:
    """List the documents of the index."""
    return opened.catalogue.documents()


@router.post("/notes", response_class=Response, responses=_TAKES_BODY | _FILES)
def notes(note: Note) -> Response:
    """Return a conversation as a Word or Markdown file."""
    if note.format == "docx":
        from assistant.wordnote import to_docx  # takes as long to import as an answer takes

        return Response(to_docx(note), media_type=_DOCX, headers=_download("notat.docx"))
    return Response(to_markdown(note), media_type=_MARKDOWN, headers=_download("notat.md"))


@router.post("/feedback", responses=_TAKES_BODY)
def feedback(feedback: Feedback, stored: Stored, counted: Counted) -> dict[str, str]:
    """Keep a reader's vote on an answer, masked and without identity."""
    stored.add(feedback)
    counted.voted(feedback.vote)
    return {"status": "lagret"}


def _answer(question: ChatRequest, opened: Services, stored: FeedbackStore, counted: Metrics) -> ChatResponse:
    found, answer = opened.assistant.examined(question)
    counted.answered(found.stages, answer)
    stored.asked(answer.id, question.question, answer.answered)
    return answer


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="medraad-{name}"'}


def _events(answer: ChatResponse) -> Iterator[str]:
    """Yield an extractive answer as server-sent events, block by block."""
    yield _event("status", {"stage": "søker"})
    for block in answer.blocks:
        yield _event("delta", {"text": block_text(block)})
    yield _event("citations", [citation.model_dump(mode="json") for citation in answer.citations])
    yield _event("done", answer.model_dump(mode="json"))


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
