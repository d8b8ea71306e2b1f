"""What readers thought of answers and, if the owner so chooses, questions: masked, dated by day, nameless."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.contract import MAX_QUESTION, Text
from assistant.errors import StoreUnavailable
from assistant.privacy import mask
from assistant.settings import AssistantSettings

Vote = Literal["opp", "ned"]
Reason = Literal["feil svar", "finner ikke sitatet", "mangler kilde", "utdatert", "annet"]

# Keyed by random ids and without row numbers: the file does not tell in which order people asked.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vote (id TEXT PRIMARY KEY, day TEXT, vote TEXT, reasons TEXT, comment TEXT)
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS question (id TEXT PRIMARY KEY, day TEXT, text TEXT, answered INTEGER)
WITHOUT ROWID;
"""
_BUSY_SECONDS = 5.0


class Feedback(BaseModel):
    """What a reader sends: the answer's id, the vote, and for «ned» why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    vote: Vote
    reasons: tuple[Reason, ...] = Field(default=(), max_length=5)
    comment: Annotated[Text, StringConstraints(max_length=1_000)] = ""


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A vote as it lies in the file."""

    id: str
    day: date
    vote: Vote
    reasons: tuple[str, ...]
    comment: str


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A masked question as it lies in the file; `vote` is what its reader thought of the answer."""

    id: str
    day: date
    text: str
    answered: bool
    vote: Vote | None


class FeedbackStore:
    """One SQLite file, made when there is first something to keep; safe for several threads and processes."""

    def __init__(
        self, path: Path, retention_days: int, questions: bool = False, today: Callable[[], date] = date.today
    ) -> None:
        """Remember where the file is.

        Args:
            path: of the file.
            retention_days: after this many days a row is deleted, at the next write, start or reading.
            questions: whether questions are kept too.
            today: the calendar.
        """
        self.path = path
        self.retention_days = retention_days
        self.keeps_questions = questions
        self._today = today

    @classmethod
    def of(cls, settings: AssistantSettings) -> FeedbackStore:
        """Return the store that the settings name."""
        return cls(settings.store, settings.retention_days, settings.store_questions)

    def add(self, feedback: Feedback) -> None:
        """Keep a vote; a second one on the same answer takes the place of the first.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        reasons = json.dumps(sorted(set(feedback.reasons)), ensure_ascii=False)
        row = (feedback.id, self._today().isoformat(), feedback.vote, reasons, mask(feedback.comment.strip()))
        with self._opened() as connection:
            connection.execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?, ?, ?)", row)

    def asked(self, id_: str, question: str, answered: bool) -> None:
        """Keep a question, masked, if questions are kept at all.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        if not self.keeps_questions:
            return
        row = (id_, self._today().isoformat(), mask(question)[:MAX_QUESTION], answered)
        with self._opened() as connection:
            connection.execute("INSERT OR REPLACE INTO question VALUES (?, ?, ?, ?)", row)

    def votes(self) -> list[StoredVote]:
        """Return all votes, in no telling order."""
        if not self.path.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute("SELECT id, day, vote, reasons, comment FROM vote").fetchall()
        return [
            StoredVote(id_, date.fromisoformat(day), vote, tuple(json.loads(reasons)), comment)
            for id_, day, vote, reasons, comment in rows
        ]

    def questions(self) -> list[StoredQuestion]:
        """Return all questions with their votes, in no telling order."""
        if not self.path.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT q.id, q.day, q.text, q.answered, v.vote FROM question q LEFT JOIN vote v USING (id)"
            ).fetchall()
        return [
            StoredQuestion(id_, date.fromisoformat(day), text, bool(answered), vote)
            for id_, day, text, answered, vote in rows
        ]

    def purge(self) -> None:
        """Delete what is past its time.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        if self.path.exists():
            with self._opened():
                pass

    def delete(self) -> None:
        """Delete everything, and the file.

        Raises:
            StoreUnavailable: the file cannot be deleted.
        """
        if not self.path.exists():
            return
        with self._opened() as connection:
            connection.execute("DELETE FROM vote")
            connection.execute("DELETE FROM question")
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"Kan ikke slette {self.path}: {error.strerror}") from error

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Yield the file within a transaction, free of what is past its time."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Made with the owner's rights only; sqlite3 would leave it to the umask.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as connection, connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.executescript(_SCHEMA)
                self._purge(connection)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"Tilbakemeldingene i {self.path} kan ikke brukes: {error}") from error

    def _purge(self, connection: sqlite3.Connection) -> None:
        today = self._today()
        oldest = (today - timedelta(days=self.retention_days)).isoformat()
        connection.execute("DELETE FROM vote WHERE day <= ?", (oldest,))
        connection.execute("DELETE FROM question WHERE day <= ?", (oldest,))
        # An answered question waits for a vote until the day is over; only a «ned» makes it worth keeping.
        connection.execute(
            "DELETE FROM question WHERE answered AND day < ? "
            "AND id NOT IN (SELECT id FROM vote WHERE vote = 'ned')",
            (today.isoformat(),),
        )
