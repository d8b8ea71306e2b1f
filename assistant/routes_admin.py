"""What the owner sees: what went unanswered or was voted down, and answers turned into test cases."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from assistant.contract import ChatRequest
from assistant.feedback import FeedbackStore
from assistant.guards import takes_place
from assistant.problems import documented
from assistant.regression import case_line
from assistant.report import FEWEST, Summary, summarise
from assistant.routes_pages import render
from assistant.services import Chosen, Opened, Stored
from assistant.settings import AssistantSettings
from ingest.analysis import Analyzer
from ingest.words import WordList

router = APIRouter(responses=documented(401, 403, 429, 503))


@router.get("/admin", response_class=HTMLResponse)
def page(request: Request, chosen: Chosen, stored: Stored) -> HTMLResponse:
    """Show the report as a page."""
    summary = _summary(chosen, stored)
    return render(request, "rapport.html", summary=summary, fewest=FEWEST, days=stored.retention_days)


@router.get("/api/admin/report")
def report(chosen: Chosen, stored: Stored) -> Summary:
    """Return the report."""
    return _summary(chosen, stored)


@router.post(
    "/api/admin/case",
    response_class=PlainTextResponse,
    responses=documented(400, 408, 413, 422),
    dependencies=[Depends(takes_place)],
)
def case(question: ChatRequest, opened: Opened) -> PlainTextResponse:
    """Answer a question and return it as one line of a question file of the evaluation."""
    return PlainTextResponse(case_line(question, opened.assistant.answer(question)) + "\n")


def _summary(settings: AssistantSettings, store: FeedbackStore) -> Summary:
    return summarise(store, Analyzer(WordList.open(settings.words)).terms)
