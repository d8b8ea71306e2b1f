"""Medråd itself, and Medråd without one of its parts, as systems to be measured."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.answer import Assistant
from assistant.contract import Passage
from assistant.library import Library
from eval.cases import Case
from eval.run import Reply
from eval.summary import TOTAL


class Medraad:
    """The assistant as a System."""

    def __init__(self, assistant: Assistant, library: Library, name: str = "Medråd") -> None:
        """Measure `assistant`, which answers from `library`; `name` is what reports call it."""
        self.name = name
        self._assistant = assistant
        self._library = library

    def search(self, case: Case, k: int) -> Sequence[Passage]:
        """Return up to `k` passages for the question as the assistant resolves it."""
        return self._assistant.search(case.request, k).results

    def answer(self, case: Case) -> Reply:
        """Answer or refuse, timing each stage."""
        started = time.perf_counter()
        found, response = self._assistant.examined(case.request)
        total = 1_000 * (time.perf_counter() - started)
        return Reply(response, {**found.stages, TOTAL: total}, found.confidence)

    def source_text(self, document: str) -> str:
        """Return the clean text that quotes are substrings of."""
        with self._library.reading() as shelf:
            found = shelf.index.content.document(document)
        return found.text if found else ""
