from __future__ import annotations

from eval.cases import Case
from eval.ours import Medraad
from eval.summary import EMBED, TOTAL
from tests.fakes import SmallCorpus

ASKED = Case(id="x", question="Hva skal skrives etter drøftingsmøter?", kind="offtopic", answerable=False)


def test_an_answer_is_timed_stage_by_stage_and_as_a_whole(small: SmallCorpus) -> None:
    small.write("referat.txt", "Drøfting\n\nDet skal skrives referat etter drøftingsmøter.\n")
    small.ingest()
    library = small.library()
    try:
        ours = Medraad(small.assistant(library), library)
        reply = ours.answer(ASKED)
        (citation,) = reply.response.citations
        assert citation.quote in ours.source_text("referat")
    finally:
        library.close()
    assert {EMBED, "understand", "retrieve", "rank", "compose", TOTAL} <= reply.stages.keys()
    assert reply.stages[TOTAL] >= max(reply.stages.values())
