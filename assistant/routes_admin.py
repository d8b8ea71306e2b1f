"""What the owner sees: what went unanswered or was voted down, and answers turned into test cases."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import ValidationError

from assistant.contract import ChatRequest
from assistant.errors import Refused
from assistant.guards import takes_place
from assistant.problems import documented
from assistant.regression import case_of
from assistant.rendering import render
from assistant.report import FEWEST, Summary, summary_of
from assistant.services import Chosen, Kept, Opened

router = APIRouter(responses=documented(401, 403, 429, 503))
_TAKES_BODY = documented(400, 408, 413, 422)
_WORKS = [Depends(takes_place)]


@router.get("/admin", response_class=HTMLResponse)
def page(request: Request, chosen: Chosen, store: Kept) -> HTMLResponse:
    """Show the report as a page."""
    shown = {"summary": summary_of(store, chosen), "fewest": FEWEST, "days": store.retention_days}
    return render(request, "rapport.html", shown)


async def _sent(request: Request) -> ChatRequest:
    """Return the question of a form that one of our own pages sent; FastAPI's forms need one more package."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused("Skjemaet må sendes fra siden /admin.", forbidden=True)
    given = parse_qs((await request.body()).decode("utf-8", "replace"))
    try:
        return ChatRequest(question=given.get("question", [""])[0])
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


# Not part of the API's description: it is the page's own form, and /api/admin/case is the same for programs.
@router.post("/admin/case", response_class=HTMLResponse, dependencies=_WORKS, include_in_schema=False)
def starred(
    request: Request, question: Annotated[ChatRequest, Depends(_sent)], opened: Opened
) -> HTMLResponse:
    """Show the answer to a question, and the line of a question file that it becomes."""
    answer, case = case_of(opened.assistant, question)
    return render(request, "stjerne.html", {"answer": answer, "case": case})


@router.get("/api/admin/report")
def report(chosen: Chosen, store: Kept) -> Summary:
    """Return the report."""
    return summary_of(store, chosen)


@router.post("/api/admin/case", response_class=PlainTextResponse, responses=_TAKES_BODY, dependencies=_WORKS)
def case(question: ChatRequest, opened: Opened) -> PlainTextResponse:
    """Answer a question and return it as one line of a question file of the evaluation."""
    return PlainTextResponse(case_of(opened.assistant, question)[1] + "\n")
