"""The shorter form of `python -m eval.crash`, over a corpus of one text."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.crash import DONE, REFUSED, Answers, Outcome, Trial, run
from ingest.settings import IngestSettings, load


@pytest.mark.usefixtures("word_list")
def test_killed_and_refused_ingestions_never_show(tmp_path: Path) -> None:
    corpus = tmp_path / "tekster"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Drøfting\n\nPartene drøfter saken i god tid.\n", encoding="utf-8")
    outcome = run(Trial(tmp_path / "prøve", corpus, load(IngestSettings).words), kills=6, shares=(0.1, 0.6))
    assert outcome.answers.wrong == []
    assert outcome.kills == 6
    assert outcome.ended.keys() <= {DONE, REFUSED}
    assert outcome.ended[REFUSED] > 0
    assert outcome.good


@pytest.mark.parametrize(
    ("answers", "ended", "last"),
    [
        (Answers(0), {DONE: 1}, True),
        (Answers(9, ["utgaver ['1', '2']"]), {DONE: 1}, True),
        (Answers(9), {DONE: 1, 1: 1}, True),
        (Answers(9), {DONE: 1}, False),
    ],
)
def test_what_goes_wrong_is_told(answers: Answers, ended: dict[int, int], last: bool) -> None:
    assert not Outcome(6, answers, ended, last).good
