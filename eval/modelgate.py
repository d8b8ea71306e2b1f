"""What the model's gate adds to the refusal: `python -m eval.modelgate` (the model from MEDRAAD_CHAT_*).

Questions of the tuning half, with and without an answer in the sources. Those that the refusal without a
model lets through are put to the gate, as the server does with MEDRAAD_CHAT_GATE=true; `--let-through` takes
only such questions, as the others say nothing about the gate.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rich.console import Console
from rich.table import Table

from assistant.answer import Assistant
from assistant.author import GATED
from assistant.authoring import check_model
from assistant.breaker import Breaker
from assistant.chatmodel import ModelFailure
from assistant.condense import Helper
from assistant.examine import Examination
from assistant.library import Library
from assistant.opening import open_assistant, quiet
from assistant.settings import AssistantSettings, ChatSettings
from eval.cases import DEV, Case, load_split
from eval.command import told
from eval.transcript import spread
from ingest.settings import load

Outcome = Literal["refused", "stopped", "passed", "failed"]
"""Refused without the model, stopped by the gate, let through by both; or the gate could not be asked."""


@dataclass(frozen=True, slots=True)
class Gated:
    """What became of one question."""

    case: Case
    outcome: Outcome


def chosen(count: int, wanted: Callable[[Case], bool] = lambda _: True) -> list[Case]:
    """Return `count` questions with an answer and as many without, in turns; only those that are `wanted`."""
    plain = [case for case in load_split(DEV).cases if not case.history and wanted(case)]
    yes = spread([case for case in plain if case.answerable], count)
    no = spread([case for case in plain if not case.answerable], count)
    return [case for pair in zip(yes, no, strict=False) for case in pair]


def is_let_through(assistant: Assistant, library: Library, case: Case) -> bool:
    """Tell whether the refusal without a model lets a question through."""
    return not assistant.refuses(_examined(assistant, library, case))


def _examined(assistant: Assistant, library: Library, case: Case) -> Examination:
    with library.reading() as shelf:
        return assistant.examine(shelf, case.request)


def run(assistant: Assistant, library: Library, helper: Helper, cases: Sequence[Case]) -> Iterator[Gated]:
    """Put the questions to the refusal, and those that pass to the gate."""
    for case in cases:
        found = _examined(assistant, library, case)
        if assistant.refuses(found):
            yield Gated(case, "refused")
            continue
        sentences = [item.sentence.text for item in found.ranked[:GATED]]
        try:
            passes = asyncio.run(helper.answers(case.question, sentences, found.query.language))
            yield Gated(case, "passed" if passes else "stopped")
        except ModelFailure:
            yield Gated(case, "failed")


def table(done: Sequence[Gated]) -> Table:
    """Return the counts, questions with an answer and without apart."""
    shown = Table(
        "spørsmål", "antall", "avslått uten modell", "stoppet av porten", "avslått i alt", "port feilet"
    )
    for label, wanted in (("med svar i kildene", True), ("uten svar", False)):
        count: Counter[Outcome] = Counter(one.outcome for one in done if one.case.answerable is wanted)
        both = count["refused"] + count["stopped"]
        cells = (count.total(), count["refused"], count["stopped"], both, count["failed"])
        shown.add_row(label, *map(str, cells))
    return shown


@told
def main() -> int:
    """Print the counts; 2 when no model is configured or nothing can be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=30, help="hvor mange av hver sort")
    parser.add_argument("--let-through", action="store_true", help="bare de som slipper gjennom uten modell")
    given = parser.parse_args()
    console = Console()
    quiet()
    chat = load(ChatSettings)
    model, prompts = check_model(chat)
    # Without rest: every question is asked, however the ones before it went.
    helper = Helper(model, chat, prompts, Breaker(seconds=0.0))
    assistant, library = open_assistant(load(AssistantSettings))
    done: list[Gated] = []
    with closing(library):
        through = partial(is_let_through, assistant, library)
        cases = chosen(given.questions, through) if given.let_through else chosen(given.questions)
        for one in run(assistant, library, helper, cases):
            done.append(one)
            console.print(f"{len(done)}: {one.outcome}: {one.case.question}", markup=False)
    console.print(table(done))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
