"""A question from the command line, checked by the same contract as one from the API."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from assistant.contract import ChatRequest
from assistant.errors import AssistantError
from assistant.validation import in_norwegian


def chat_request(question: str) -> ChatRequest:
    """Return the request for a question.

    Raises:
        AssistantError: the question is blank, too long or not text; says which.
    """
    try:
        return ChatRequest(question=question)
    except ValidationError as error:
        raise AssistantError(in_norwegian(RequestValidationError(error.errors()))) from error
