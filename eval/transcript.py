"""Lets the configured model answer questions and shows what the check removed: `python -m eval.transcript`.

Takes the model from MEDRAAD_CHAT_* and asks as the server does. Prints figures; `--out FILE` writes the
answers as Markdown: the question, what was shown with its quotes, and what was removed and why. `--skip N`
goes on where a run was cut short.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console

from assistant.authoring import open_author
from assistant.breaker import Breaker
from assistant.contract import ChatRequest
from assistant.opening import assistant_over, open_library, quiet
from assistant.respond import Whole, whole
from assistant.settings import AssistantSettings, ChatSettings
from eval.cases import DEV, Case, load_split
from eval.command import told
from eval.record import writable, write_text
from ingest.settings import load

NAMES = {
    "citation": "ingen gyldig kilde",
    "unfinished": "avbrutt før den var ferdig",
    "empty": "sier ikke noe som kan kontrolleres",
    "prompt": "gjentar instruksjonene",
    "section": "§ som ikke står i kilden",
    "number": "tall eller dato som ikke står i kilden",
    "name": "navn som ikke står i kilden",
    "link": "lenke som ikke står i kilden",
    "negation": "nektelse som ikke stemmer",
    "opposite": "det motsatte av kilden",
    "modality": "plikt eller råd som ikke stemmer",
    "quantity": "mengde som ikke stemmer",
    "roles": "en annen som gjør det",
    "cause": "årsak som ikke står i kilden",
    "coverage": "ord som kilden ikke har",
    "language": "et annet språk",
}
"""The check's reasons, for a person."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question, and the seconds it took."""

    case: Case
    done: Whole
    seconds: float

    @property
    def outcome(self) -> str:
        """What the reader got, in a word."""
        if not self.done.answer.answered:
            return "avslag"
        return "generert" if self.done.answer.mode == "generated" else f"ekstraktivt ({self.done.failure})"


def chosen(count: int) -> list[Case]:
    """Return `count` questions of the tuning half, every third one without an answer in the sources."""
    plain = [case for case in load_split(DEV).cases if not case.history]
    answerable = [case for case in plain if case.answerable]
    others = [case for case in plain if not case.answerable]
    return _mixed(spread(answerable, count - count // 3), spread(others, count // 3))


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """Return `count` of the questions, from the whole of the file."""
    step = max(1, len(cases) // max(1, count))
    return list(cases[::step][:count])


def _mixed(most: list[Case], few: list[Case]) -> list[Case]:
    """Put one of `few` after every two of `most`, so that a run cut short says something about both."""
    mixed: list[Case] = []
    for index, case in enumerate(most):
        mixed += [case, *few[index // 2 : index // 2 + index % 2]]
    return mixed


def report(answered: Sequence[Answered]) -> Iterator[str]:
    """Yield what came of the questions, line by line."""
    for group, wanted in (("med svar i kildene", True), ("uten svar i kildene", False)):
        outcomes = Counter(one.outcome for one in answered if one.case.answerable is wanted)
        told = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
        yield f"{outcomes.total()} spørsmål {group}: {told}"
    tallies = [one.done.tally for one in answered if one.done.tally is not None]
    dropped: Counter[str] = Counter()
    for tally in tallies:
        dropped.update(map(str, tally.dropped.elements()))
    reasons = ", ".join(f"{number} {NAMES[reason]}" for reason, number in dropped.most_common())
    yield f"Setninger: {sum(t.kept for t in tallies)} beholdt, {dropped.total()} fjernet ({reasons})"
    writing, checking = sum(t.writing for t in tallies), sum(t.checking for t in tallies)
    if writing:
        seconds = [one.seconds for one in answered if one.done.tally is not None]
        yield (
            f"Tid: {np.median(seconds):.0f} s for et svar (median), {max(seconds):.0f} s på det meste; "
            f"kontrollen {checking:.2f} s av {writing:.0f} s ({checking / writing:.2%})"
        )


def markdown(answered: Sequence[Answered], first: int = 1) -> str:
    """Return answers as a transcript, numbered from `first`."""
    lines: list[str] = []
    for number, one in enumerate(answered, first):
        lines += [f"### {number}. {one.case.question}", ""]
        lines += [f"*{one.outcome}, {one.seconds:.0f} s*", "", *_told(one.done), ""]
        tally = one.done.tally
        if tally and tally.removed:
            lines += [
                "Fjernet:",
                "",
                *(f"- ~~{text}~~ ({NAMES[reason]})" for text, reason in tally.removed),
                "",
            ]
        if tally and tally.declined:
            lines += ["Modellen skrev INGEN SVAR.", ""]
    return "\n".join(lines)


def _told(done: Whole) -> Iterator[str]:
    yield from (f"> {line}".rstrip() for line in done.answer.answer.split("\n"))
    if done.answer.mode == "generated":
        yield ""
        for citation in done.answer.citations:
            yield f"{citation.number}. «{' '.join(citation.quote.split())}»"
    for notice in done.answer.notices:
        yield f"\nMerk: {notice}"


def run(settings: AssistantSettings, chat: ChatSettings, cases: Sequence[Case]) -> Iterator[Answered]:
    """Ask the questions one after the other, each whatever came of the ones before it."""
    library, embedder = open_library(settings)
    assistant = assistant_over(settings, library, embedder)
    try:
        # Without rest: what one question has met does not spare the next the model.
        author = open_author(settings, chat, assistant, library, breaker=Breaker(seconds=0.0))
        for case in cases:
            request = ChatRequest(
                question=case.question, role=case.role, phase=case.phase, language=case.language
            )
            begun = time.perf_counter()
            done = asyncio.run(whole(author, request))
            yield Answered(case, done, time.perf_counter() - begun)
    finally:
        library.close()


@told
def main() -> int:
    """Run the questions; 2 when no model is configured or nothing can be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--skip", type=int, default=0, help="spørsmål som er stilt i en avbrutt kjøring")
    parser.add_argument("--out", type=writable, help="fil for utskrift av svarene")
    given = parser.parse_args()
    console = Console()
    quiet()
    answered: list[Answered] = []
    for one in run(load(AssistantSettings), load(ChatSettings), chosen(given.questions)[given.skip :]):
        answered.append(one)
        console.print(
            f"{given.skip + len(answered)}: {one.case.question} – {one.outcome}, {one.seconds:.0f} s",
            markup=False,
        )
        if given.out:
            write_text(markdown(answered, given.skip + 1), given.out)
    for line in report(answered):
        console.print(line, markup=False, soft_wrap=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
