"""The API: questions, search, documents, notes and feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from assistant.cite import block_text
from assistant.contract import MAX_QUESTION, ChatRequest, ChatResponse, DocumentsResponse, SearchResponse
from assistant.feedback import Feedback
from assistant.notes import Note, to_docx, to_markdown
from assistant.problems import documented
from assistant.services import Opened, Services, Stored

MAX_HITS = 50

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MARKDOWN = "text/markdown; charset=utf-8"

router = APIRouter(prefix="/api", responses=documented(401, 403, 429, 503))
_TAKES_BODY = documented(408, 413, 422)


@router.post("/chat", responses=_TAKES_BODY)
def chat(question: ChatRequest, opened: Opened, stored: Stored) -> ChatResponse:
    """Answer a question, or say that the sources do not."""
    return _answer(question, opened, stored)


@router.post("/chat/stream", response_class=StreamingResponse, responses=_TAKES_BODY)
def stream(question: ChatRequest, opened: Opened, stored: Stored) -> StreamingResponse:
    """Answer as server-sent events: status, delta, citations, done (the whole answer)."""
    events = _events(_answer(question, opened, stored))
    return StreamingResponse(events, media_type="text/event-stream")


@router.get("/search", responses=documented(422))
def search(
    opened: Opened,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUESTION)],
    k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
) -> SearchResponse:
    """Return the best passages for a question, best first."""
    return opened.assistant.search(q, k)


@router.get("/documents")
def documents(opened: Opened) -> DocumentsResponse:
    """List the documents of the index."""
    return opened.catalogue.documents()


@router.post("/notes", response_class=Response, responses=_TAKES_BODY)
def notes(note: Note) -> Response:
    """Return a conversation as a Word or Markdown file."""
    if note.format == "docx":
        return Response(to_docx(note), media_type=_DOCX, headers=_download("notat.docx"))
    return Response(to_markdown(note), media_type=_MARKDOWN, headers=_download("notat.md"))


@router.post("/feedback", responses=_TAKES_BODY)
def feedback(feedback: Feedback, stored: Stored) -> dict[str, str]:
    """Keep a reader's vote on an answer, masked and without identity."""
    stored.add(feedback)
    return {"status": "lagret"}


def _answer(question: ChatRequest, opened: Services, stored: Stored) -> ChatResponse:
    answer = opened.assistant.answer(question)
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
