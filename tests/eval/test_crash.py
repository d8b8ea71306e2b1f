"""The shorter form of `python -m eval.crash`, over the made documents alone."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from eval.asking import Answers
from eval.crash import Outcome, Tally, Trial, _killed, run
from eval.errors import EvalError
from eval.smalldisk import small_disk


@pytest.mark.usefixtures("model_folder", "word_list")
def test_killed_and_refused_ingestions_never_show(tmp_path: Path) -> None:
    with small_disk(tmp_path / "indeks", 64 * 1024 * 1024) as disk:
        outcome = run(Trial(tmp_path / "prøve", None, disk), kills=3, shares=(0.1,))
    killed, full, two = outcome.tallies.values()
    assert outcome.answers.wrong == []
    assert killed.killed == 3
    assert full.refused == 1
    assert all("full" in line for line in full.said)
    assert two.done + two.refused == 2  # the second one is refused if it comes before the first has ended
    assert outcome.good


class Crashing(Trial):
    """Each ingestion ends at once, with something else than one of our errors."""

    def __init__(self) -> None:
        self.seconds = 60.0
        self.begun = 0

    def begin(self, largest: int | None = None) -> subprocess.Popen[str]:
        self.begun += 1
        return subprocess.Popen(["sh", "-c", "echo borte >&2; exit 3"], stderr=subprocess.PIPE, text=True)


def test_ingestions_that_all_crash_come_to_an_end() -> None:
    trial = Crashing()
    with pytest.raises(EvalError, match="borte"):
        _killed(trial, 2, Random(1))
    assert trial.begun == 6


@pytest.mark.parametrize(
    ("answers", "tally", "last"),
    [
        (Answers(0), Tally(done=1), True),
        (Answers(9, wrong=["utgaver [1, 2]"]), Tally(done=1), True),
        (Answers(9), Tally(done=1, crashed=1), True),
        (Answers(9), Tally(done=1), False),
    ],
)
def test_what_goes_wrong_is_told(answers: Answers, tally: Tally, last: bool) -> None:
    assert not Outcome({"drept": tally}, answers, last, mounted=True).good


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "utgave 4"),
        (200, "Det finner jeg ikke i kildene."),
        (200, "uker etter utgave 3 … uker etter utgave 4"),
        (200, "utgave 2"),
    ],
)
def test_a_failed_empty_mixed_or_outdated_answer_is_wrong(status: int, text: str) -> None:
    answers = Answers()
    answers.judge(200, "etter utgave 3")
    assert answers.wrong == []
    answers.judge(status, text)
    assert len(answers.wrong) == 1
