"""Questions to practise on: what the adapter is taught with, and what the weights are fitted on.

Weights fitted on one set of documents take on its habits: how near its sentences lie to a question, say.
Each folder has made-up documents of its own, so that what is fitted on the others can be tried on documents
it has never seen; one of the lessons, and the trial `hverdag`, ask about the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Assistant
from assistant.library import Shelf
from assistant.opening import open_assistant
from assistant.settings import AssistantSettings
from eval.cases import DEV, Case, load_split
from eval.errors import EvalError
from ingest.__main__ import run as ingest
from ingest.settings import PROJECT, load

PRACTICE = Path(__file__).with_name("practice")
INDEXES = PROJECT / "var" / "practice"
"""Where the indexes of the practice documents lie."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A corpus with questions about it; `settings` tell where its index lies."""

    name: str
    settings: AssistantSettings
    cases: tuple[Case, ...]

    @contextmanager
    def opened(self) -> Iterator[tuple[Assistant, Shelf]]:
        """Open an assistant over the index; closed when the block ends.

        Raises:
            IngestError: there is no index.
        """
        assistant, library = open_assistant(self.settings)
        try:
            with library.reading() as shelf:
                yield assistant, shelf
        finally:
            library.close()


def trials() -> Iterator[Trial]:
    """Yield the tuning half of the real questions, then the corpora that weights are fitted on.

    Raises:
        EvalError: a document or a question file cannot be used.
        IngestError: an index cannot be made.
    """
    yield Trial("dev", load(AssistantSettings), load_split(DEV).cases)
    yield from _corpora(PRACTICE / "trials")


def courses() -> Iterator[Trial]:
    """Yield the corpora that the embedding model's adapter is taught with.

    Raises:
        EvalError: a document or a question file cannot be used.
        IngestError: an index cannot be made.
    """
    return _corpora(PRACTICE / "lessons")


def settings_of(folder: Path) -> AssistantSettings:
    """Return where a practice folder's documents and index lie: those of the project where it has none."""
    own = folder / "docs"
    if not own.exists():
        return load(AssistantSettings)
    return load(AssistantSettings, corpus=own, index=INDEXES / folder.name)


def _corpora(root: Path) -> Iterator[Trial]:
    for folder in sorted(root.iterdir()):
        settings = settings_of(folder)
        if ingest(settings) != 0:
            raise EvalError(f"Ikke alle dokumentene i {settings.corpus} kunne leses.")
        yield Trial(folder.name, settings, load_split(folder / "questions.jsonl").cases)
