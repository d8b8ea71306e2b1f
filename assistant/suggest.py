"""Questions to ask next: from the owner's list, only those that the sources answer, nearest first."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from ingest.embed import Embedder
from ingest.errors import SettingsError

SHOWN = 3
ALIKE = 80.0
"""Similarity in percent (rapidfuzz) from which a suggestion repeats what was asked."""


def load_questions(path: Path) -> list[str]:
    """Read the questions of a TOML file (`questions = ["…"]`); an absent file has none.

    Raises:
        SettingsError: the file is not of that form.
    """
    if not path.exists():
        return []
    try:
        questions = tomllib.loads(path.read_text("utf-8"))["questions"]
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f'{path} må ha en liste: questions = ["…"]. ({error})') from error
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise SettingsError(f'{path} må ha en liste: questions = ["…"].')
    return questions


class Suggester:
    """Knows which questions can be asked next; safe to use from several threads."""

    def __init__(
        self,
        questions: Sequence[str],
        embedder: Embedder,
        answers: Callable[[str], bool],
        version: Callable[[], str],
    ) -> None:
        """Keep the questions.

        Args:
            questions: the owner's list.
            embedder: the one that the questions put to the assistant are embedded with.
            answers: says whether the sources answer a question; asked only when it would be shown.
            version: of the sources; what `answers` said holds as long as it is the same.
        """
        self._questions = list(questions)
        self._answers = answers
        self._version = version
        self._known: dict[tuple[str, str], bool] = {}
        # Beside whatever else starts: nobody needs them before the first answer.
        apart = ThreadPoolExecutor(1)
        self._vectors = apart.submit(_vectors, self._questions, embedder)
        apart.shutdown(wait=False)

    def nearest(self, vector: NDArray[np.float32], asked: Sequence[str]) -> tuple[str, ...]:
        """Return up to SHOWN questions nearest to the (d,) vector of a question, none that was asked."""
        version = self._version()
        order = np.argsort(-(self._vectors.result() @ vector))
        fresh = (
            self._questions[place]
            for place in order
            if not any(fuzz.token_set_ratio(self._questions[place], one) >= ALIKE for one in asked)
        )
        return tuple(islice((question for question in fresh if self._is_answered(question, version)), SHOWN))

    def _is_answered(self, question: str, version: str) -> bool:
        key = version, question
        if key not in self._known:
            self._known[key] = self._answers(question)
        return self._known[key]


def _vectors(questions: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """Return one vector for each question, (questions, d)."""
    if not questions:
        return np.zeros((0, embedder.dimension), np.float32)
    return embedder.embed_queries(questions)
