"""Questions to ask next: from the owner's list, only those that the sources answer, nearest first."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
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
    except (KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f'{path} må ha en liste: questions = ["…"]. ({error})') from error
    return [str(question) for question in questions]


class Suggester:
    """Knows which questions can be asked next."""

    def __init__(self, questions: Sequence[str], embedder: Embedder, answers: Callable[[str], bool]) -> None:
        """Keep the questions for which `answers` says that the sources do."""
        self._questions = [question for question in questions if answers(question)]
        self._vectors: NDArray[np.float32] = (
            embedder.embed_queries(self._questions)
            if self._questions
            else np.zeros((0, embedder.dimension), np.float32)
        )

    def nearest(self, vector: NDArray[np.float32], asked: Sequence[str]) -> tuple[str, ...]:
        """Return up to SHOWN questions nearest to the (d,) vector of a question, none that was asked."""
        order = np.argsort(-(self._vectors @ vector))
        fresh = (
            self._questions[place]
            for place in order
            if not any(fuzz.token_set_ratio(self._questions[place], one) >= ALIKE for one in asked)
        )
        return tuple(question for question, _ in zip(fresh, range(SHOWN), strict=False))
