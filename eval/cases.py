"""The questions: one JSON object a line, as eval/questions/README.md documents them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from assistant.contract import ChatRequest, Language, Phase, Role, Turn
from eval.errors import QuestionsError
from ingest.examples import Quote, Words
from ingest.jsonlines import explain, read_lines

QUESTIONS = Path(__file__).resolve().parent / "questions"
DEV = QUESTIONS / "dev.jsonl"
HELD_OUT = QUESTIONS / "heldout.jsonl"

FactKind = Literal[
    "fact", "howmany", "howoften", "howlong", "who", "when", "why", "definition", "yesno", "paragraph"
]
Kind = Literal[FactKind, "list", "phase", "role", "followup", "twodocs", "offtopic", "nearmiss"]
Style = Literal["plain", "rough"]
FACT_KINDS: frozenset[str] = frozenset(get_args(FactKind))
"""Kinds whose answer is a sentence or two; the length of the others depends on the list asked for."""


class Case(BaseModel):
    """One question with what is known about its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    role: Role | None = None
    phase: Phase | None = None
    language: Language = "nb"
    style: Style = "plain"
    kind: Kind
    answerable: bool
    evidence: tuple[Quote, ...] = ()
    """Verbatim spans of the sources that answer the question, or parts of the answer."""
    evidence_any: bool = False
    facts: tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Case:
        if self.answerable and not self.evidence:
            raise PydanticCustomError("evidence", "et spørsmål med «answerable»: true må ha «evidence»")
        if not self.answerable and (self.evidence or self.facts):
            raise PydanticCustomError(
                "answerable", "et spørsmål med «answerable»: false kan ikke ha «evidence» eller «facts»"
            )
        return self

    @property
    def request(self) -> ChatRequest:
        """The question as the API takes it; the language is left for the assistant to find."""
        return ChatRequest(question=self.question, history=self.history, role=self.role, phase=self.phase)

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that the evidence stands in, each once."""
        return tuple(dict.fromkeys(span.document for span in self.evidence))


@dataclass(frozen=True, slots=True)
class Split:
    """A file of questions. The cases of a held-out split are never listed one by one."""

    name: str
    cases: tuple[Case, ...]
    held_out: bool


def load_split(path: Path) -> Split:
    """Read a question file.

    Raises:
        QuestionsError: no such file, no question in it, a line that is not of the form, or an id
            that stands twice; names the line and the field.
    """
    cases: dict[str, Case] = {}
    for place, case in read_lines(path, Case, QuestionsError):
        try:
            _ = case.request  # the API has limits of its own, on the length of a question for one
        except ValidationError as error:
            raise QuestionsError(f"{place}, {explain(error)}") from error
        if case.id in cases:
            raise QuestionsError(f"{place}, felt «id»: {case.id!r} er brukt før i filen.")
        cases[case.id] = case
    if not cases:
        raise QuestionsError(f"{path} inneholder ingen spørsmål.")
    return Split(path.stem, tuple(cases.values()), held_out=path.resolve() == HELD_OUT)
