"""The command: what it prints and writes, its exit status, and that the held-out half stays unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.settings import AssistantSettings
from eval import __main__ as command
from eval.bench import Bench
from eval.cases import Split
from ingest.errors import IndexMissing
from tests.eval.systems import TableSystem
from tests.eval.test_summary import CASES, SYSTEM


@contextmanager
def bench(settings: AssistantSettings, baseline: bool) -> Iterator[Bench]:
    stock = TableSystem(name="stock")
    yield Bench((SYSTEM, stock) if baseline else (SYSTEM,), {"dense": TableSystem()})


@contextmanager
def no_index(settings: AssistantSettings, baseline: bool) -> Iterator[Bench]:
    raise IndexMissing("Det er ingen indeks. Kjør: medraad ingest")
    yield


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "egne.jsonl"
    path.write_text("\n".join(case.model_dump_json() for case in CASES), "utf-8")
    return path


def call(*arguments: str | Path) -> int:
    return command.main([str(argument) for argument in arguments], bench)


def test_both_systems_stand_side_by_side(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--questions", questions) == 0
    out = capsys.readouterr().out
    assert "egne: 6 spørsmål" in out and "ours" in out and "stock" in out
    assert "recall@1" in out and "0,333" in out


def test_the_baseline_can_be_left_out(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--questions", questions, "--no-baseline") == 0
    assert "stock" not in capsys.readouterr().out


def test_json_and_html_are_written_and_json_is_compared_with(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, page = tmp_path / "r.json", tmp_path / "r.html"
    assert call("--questions", questions, "--ablations", "--json", kept, "--html", page) == 0
    split = json.loads(kept.read_text())["splits"][0]
    assert [system["system"] for system in split["systems"]] == ["ours", "stock"]
    assert split["ablations"][0]["part"] == "dense"
    assert page.read_text().startswith("<!doctype html>")
    assert "Uten én del" in capsys.readouterr().out
    assert call("--questions", questions, "--compare", kept) == 0
    assert "endring siden sist" in capsys.readouterr().out


def test_questions_that_turned_are_named_in_a_comparison(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "r.json"
    assert call("--questions", questions, "--no-baseline", "--json", kept) == 0
    data = json.loads(kept.read_text())
    for line in data["splits"][0]["systems"][0]["cases"]:
        line["values"] = {key: 1 - value for key, value in line["values"].items()}
    kept.write_text(json.dumps(data))
    assert call("--questions", questions, "--no-baseline", "--compare", kept) == 0
    out = capsys.readouterr().out
    assert "3 spørsmål ble dårligere: second" in out and "5 spørsmål ble bedre: first" in out


def test_failures_show_the_question_what_was_expected_and_what_came(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--questions", questions, "--failures") == 0
    out = capsys.readouterr().out
    assert "missed" in out and "avvist, men kan besvares" in out
    assert "Ventet: ut 2019" in out and "Fikk: Det finner jeg ikke." in out
    assert "nestentreff som ble besvart" in out and "Ventet: et avslag" in out
    assert "3 spørsmål med feil." in out


def test_the_gate_names_each_figure_below_its_bound(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--questions", questions, "--gate") == 1
    out = capsys.readouterr().out
    assert "(recall_1) er 0,333, skal være minst 0,85" in out
    assert "(wrongly_refused) er 0,333, skal være høyst 0,04" in out
    assert "(quotes_verbatim)" not in out


def test_the_gate_lets_a_good_run_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "egne.jsonl"
    path.write_text(CASES[0].model_dump_json(), "utf-8")
    assert call("--questions", path, "--gate") == 0
    assert "Alle krav er nådd." in capsys.readouterr().out


def test_the_held_out_half_is_measured_but_its_questions_are_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "load_split", lambda path: Split(path.stem, CASES, path.stem == "heldout"))
    kept, page = tmp_path / "r.json", tmp_path / "r.html"
    shown: Sequence[str | Path] = ("--failures", "--ablations", "--json", kept, "--html", page)
    assert call("--split", "heldout", *shown) == 0
    text = capsys.readouterr().out + kept.read_text() + page.read_text()
    assert "recall_1" in text and "Den avholdte halvdelen" in text
    for case in CASES:
        assert case.question not in text and f'"{case.id}"' not in text
    assert "Uten én del" not in text


def test_a_bad_question_file_ends_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "egne.jsonl"
    path.write_text('{"id": "x"}')
    assert command.main(["--questions", str(path)], no_index) == 2
    err = capsys.readouterr().err
    assert "linje 1" in err and "«question»" in err


def test_a_missing_index_says_what_to_run(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--questions", str(questions)], no_index) == 2
    assert "medraad ingest" in capsys.readouterr().err


def test_a_report_that_is_not_one_ends_the_comparison(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--questions", questions, "--compare", questions) == 2
    assert "egne.jsonl" in capsys.readouterr().err
