"""Somebody who asks a real server all along, and looks at what comes: no gap, no mixture, nothing older."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

EDITION = re.compile(r"utgave (\d+)")
"""What each made document says of itself."""

_PAUSE = 0.05
"""Seconds between questions, so that two cores have time for the ingestion too."""
_PATIENCE = 30.0


@dataclass
class Answers:
    """What was answered. `wrong` holds a line for each failed, empty, mixed or outdated answer."""

    given: int = 0
    newest: int = 0
    wrong: list[str] = field(default_factory=list)

    def judge(self, status: int, text: str) -> None:
        """Take one response: all editions in it must be the same one, and not older than the last."""
        self.given += 1
        editions = {int(number) for number in EDITION.findall(text)}
        if status != 200 or len(editions) != 1:
            self.wrong.append(f"status {status}, utgaver {sorted(editions)}")
        elif max(editions) < self.newest:
            self.wrong.append(f"utgave {max(editions)} etter utgave {self.newest}")
        self.newest = max(self.newest, *editions, 0)


@contextmanager
def asked_all_along(url: str, questions: tuple[str, ...]) -> Iterator[Answers]:
    """Ask one question after the other while the block runs, by turns for an answer and for passages."""
    answers = Answers()
    stopped = threading.Event()
    reader = threading.Thread(target=_ask, args=(url, questions, answers, stopped))
    reader.start()
    try:
        yield answers
    finally:
        stopped.set()
        reader.join()


def _ask(url: str, questions: tuple[str, ...], answers: Answers, stopped: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=_PATIENCE) as client:
        while not stopped.wait(_PAUSE):
            question = questions[answers.given % len(questions)]
            try:
                if answers.given % 2:
                    found = client.get("/api/search", params={"q": question, "k": 2 * len(questions)})
                else:
                    found = client.post("/api/chat", json={"question": question})
            except httpx.TransportError as error:
                answers.given += 1
                answers.wrong.append(f"{type(error).__name__}: {error}")
                continue
            answers.judge(found.status_code, found.text)
