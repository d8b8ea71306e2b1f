"""A system made of a table: it finds and answers what the test says, for figures known by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.contract import AnswerBlock, ChatResponse, Citation, Passage
from eval.cases import Case
from eval.run import Reply
from ingest.examples import Quote

SOURCES = {"a": "Tillitsvalgte skal tas med på råd.\nAvtalen gjelder ut 2019."}


def case(id_: str, **given: object) -> Case:
    """An answerable fact question about the agreement's end, unless told otherwise."""
    usual: dict[str, object] = {
        "question": "Hvor lenge gjelder avtalen?",
        "kind": "fact",
        "answerable": True,
        "evidence": (Quote(document="a", quote="Avtalen gjelder ut 2019."),),
        "facts": (("ut 2019",),),
    }
    if given.get("answerable") is False:
        usual |= {"kind": "nearmiss", "evidence": (), "facts": ()}
    return Case.model_validate({"id": id_, **usual, **given})


def passage(text: str, score: float = 0.0) -> Passage:
    return Passage(document="a", title="A", section=(), page=None, text=text, score=score, url="")


def citation(number: int, quote: str) -> Citation:
    return Citation(
        number=number,
        document="a",
        title="A",
        publisher=None,
        section=(),
        page=None,
        quote=quote,
        url="",
        external_url=None,
        status="ukjent",
        valid_to=None,
    )


def paragraph(text: str, *citations: int) -> AnswerBlock:
    return AnswerBlock(kind="paragraph", text=text, citations=citations)


def answer(text: str, *quotes: str) -> ChatResponse:
    """One paragraph that stands on all the quotes."""
    numbers = tuple(range(1, len(quotes) + 1))
    return ChatResponse(
        answered=True,
        mode="extractive",
        answer=text + "".join(f" [{number}]" for number in numbers),
        blocks=(paragraph(text, *numbers),),
        citations=tuple(citation(number, quote) for number, quote in zip(numbers, quotes, strict=True)),
        id="x",
    )


def refusal() -> ChatResponse:
    return ChatResponse(answered=False, mode="extractive", answer="Det finner jeg ikke.", blocks=(), id="x")


RIGHT = answer("Avtalen gjelder ut 2019.", "Avtalen gjelder ut 2019.")


@dataclass(frozen=True)
class TableSystem:
    """Answers by the case's id; a case that is not in the table is refused and nothing found for it."""

    found: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answers: Mapping[str, ChatResponse] = field(default_factory=dict)
    certainties: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=lambda: {"embed": 10.0, "total": 12.0})
    name: str = "ours"

    def search(self, case: Case, k: int) -> Sequence[Passage]:
        return [passage(text) for text in self.found.get(case.id, ())][:k]

    def answer(self, case: Case) -> Reply:
        response = self.answers.get(case.id, refusal())
        return Reply(response, self.stages, self.certainties.get(case.id))

    def source_text(self, document: str) -> str:
        return SOURCES.get(document, "")
