"""Put every question to a system and measure what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.contract import ChatResponse, Passage
from eval.cases import Case
from eval.metrics import DEPTH, measure
from eval.record import Ablation
from eval.summary import TOTAL, Result, changes, summarize

Progress = Callable[[], None]
"""Called after each question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system answered, and what it knows of how it got there.

    `stages` are milliseconds by stage: «total» is the whole answer, «embed» the embedding of the
    question. `certainty` is what the refusal was decided on, higher for more certain; None if unknown.
    """

    response: ChatResponse
    stages: Mapping[str, float]
    certainty: float | None = None


class System(Protocol):
    """Anything that answers questions over the documents: ours, the stock pipeline, a variant of ours."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def search(self, case: Case, k: int) -> Sequence[Passage]:
        """Return up to `k` passages, best first. Systems that resolve follow-ups do so here too."""

    def answer(self, case: Case) -> Reply:
        """Answer or refuse."""

    def source_text(self, document: str) -> str:
        """Return the text that quotes of a document are substrings of; empty if there is no such document."""


def run(system: System, cases: Sequence[Case], progress: Progress = lambda: None) -> tuple[Result, ...]:
    """Ask every question once. One question is asked before, so that no model is loaded on the clock."""
    system.answer(cases[0])
    results = []
    for case in cases:
        results.append(ask(system, case))
        progress()
    return tuple(results)


def ask(system: System, case: Case) -> Result:
    """Put one question to a system and measure it."""
    passages = system.search(case, DEPTH)
    reply = system.answer(case)
    return Result(
        case=case,
        values=measure(case, passages, reply.response, system.source_text),
        stages=reply.stages,
        certainty=reply.certainty,
        got=reply.response.answer,
    )


def ablate(
    whole: Sequence[Result],
    variants: Mapping[str, System],
    cases: Sequence[Case],
    progress: Progress,
) -> tuple[Ablation, ...]:
    """Measure each variant against the whole system on the same questions.

    Args:
        whole: results of the system with all its parts.
        variants: the system without a part, by the part's name.
        cases: the questions.
        progress: called after each question of each variant.
    """
    # The single questions are needed for pairing here; only the differences leave this function.
    before = summarize("", whole, held_out=False)
    found = []
    for part, system in variants.items():
        after = summarize("", run(system, cases, progress), held_out=False)
        p50 = next((stage.p50 for stage in after.stages if stage.stage == TOTAL), 0.0)
        found.append(Ablation(part=part, changes=changes(after, before), p50=p50))
    return tuple(found)
