"""Turns an answer that was found right into a case of the evaluation (eval/questions/README.md)."""

from __future__ import annotations

import hashlib
import json

from assistant.answer import Assistant
from assistant.contract import ChatRequest, ChatResponse, Language
from assistant.privacy import mask


def case_of(assistant: Assistant, request: ChatRequest) -> tuple[ChatResponse, str]:
    """Return the answer to a question, and the line of a question file that it becomes."""
    found, answer = assistant.examined(request)
    return answer, case_line(request, answer, found.query.language)


def case_line(request: ChatRequest, answer: ChatResponse, language: Language) -> str:
    """Return one line of a question file that says: this question has this answer, or none.

    The quotes become the evidence; `facts` is left for a person, who knows what must be said. `language` is
    the one that the question was found to be in.
    """
    question = mask(request.question)
    return json.dumps(
        {
            "id": f"stjerne-{hashlib.blake2b(question.encode(), digest_size=4).hexdigest()}",
            "question": question,
            "role": request.role,
            "phase": request.phase,
            "language": language,
            "kind": "fact" if answer.answered else "nearmiss",
            "answerable": answer.answered,
            "evidence": [
                {"document": citation.document, "quote": citation.quote} for citation in answer.citations
            ],
        },
        ensure_ascii=False,
    )
