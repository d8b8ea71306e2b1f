"""Question files: the project's own are whole, and a bad line is named with its field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import DEV, HELD_OUT, QUESTIONS, load_split
from eval.errors import QuestionsError
from ingest.normalise import letters

GOOD = {
    "id": "x-1",
    "question": "Hvor lenge gjelder avtalen?",
    "kind": "howlong",
    "answerable": True,
    "evidence": [{"document": "avtale", "quote": "ut 2019"}],
    "facts": [["2019"]],
}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "egne.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines), "utf-8")
    return path


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in GOOD.items() if name != key}


def test_a_line_with_only_the_needed_fields_is_a_question(tmp_path: Path) -> None:
    split = load_split(write(tmp_path, GOOD, "", {**GOOD, "id": "x-2", "language": "nn"}))
    assert (split.name, split.held_out) == ("egne", False)
    assert [(case.id, case.language, case.style) for case in split.cases] == [
        ("x-1", "nb", "plain"),
        ("x-2", "nn", "plain"),
    ]


def test_a_line_separator_inside_a_question_does_not_end_the_line(tmp_path: Path) -> None:
    line = json.dumps({**GOOD, "question": "Hva\u2028sier avtalen?"}, ensure_ascii=False)
    assert load_split(write(tmp_path, line)).cases[0].question == "Hva\u2028sier avtalen?"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (without("question"), ["«question»", "mangler"]),
        (without("answerable"), ["«answerable»", "mangler"]),
        ({**GOOD, "kind": "gåte"}, ["«kind»", "'gåte'", "nearmiss"]),
        ({**GOOD, "language": "sv"}, ["«language»", "'sv'"]),
        ({**GOOD, "fasit": "x"}, ["«fasit»", "finnes ikke"]),
        ({**GOOD, "question": ""}, ["«question»", "tomt"]),
        ({**GOOD, "question": "x" * 2_001}, ["«question»", "2000"]),
        ({**GOOD, "question": 7}, ["«question»", "tekst"]),
        ({**GOOD, "facts": ["2019"]}, ["«facts.0»", "liste"]),
        ({**GOOD, "facts": [[]]}, ["«facts.0»", "tomt"]),
        ({**GOOD, "facts": [["…"]]}, ["«facts.0.0»", "bokstaver"]),
        ({**GOOD, "evidence": [{"document": "avtale"}]}, ["«evidence.0.quote»", "mangler"]),
        ({**GOOD, "evidence": []}, ["«evidence»", "må ha"]),
        ({**GOOD, "answerable": False}, ["«answerable»", "kan ikke ha"]),
        ({**GOOD, "history": [{"role": "system", "content": "x"}]}, ["«history.0.role»", "'system'"]),
        (GOOD, ["«id»", "'x-1'", "før"]),
        ('{"id": "x-2",', ["JSON"]),
        ('["x"]', ["JSON-objekt"]),
    ],
)
def test_a_bad_line_is_named_with_its_field(tmp_path: Path, line: object, words: list[str]) -> None:
    with pytest.raises(QuestionsError) as caught:
        load_split(write(tmp_path, GOOD, line))
    for word in ["linje 2", *words]:
        assert word in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"finnes-ikke\.jsonl"):
        load_split(tmp_path / "finnes-ikke.jsonl")
    (tmp_path / "tom.jsonl").write_text("\n \n")
    with pytest.raises(QuestionsError, match="ingen spørsmål"):
        load_split(tmp_path / "tom.jsonl")
    (tmp_path / "latin.jsonl").write_bytes("{'id': 'ø'}".encode("latin-1"))
    with pytest.raises(QuestionsError, match="UTF-8"):
        load_split(tmp_path / "latin.jsonl")


@pytest.mark.parametrize("path", sorted(QUESTIONS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_evidence_of_the_projects_questions_stands_in_the_sources(path: Path, corpus: Path) -> None:
    split = load_split(path)
    texts: dict[str, str] = {}
    for case in split.cases:
        for span in case.evidence:
            if span.document not in texts:
                texts[span.document] = letters((corpus / f"{span.document}.txt").read_text("utf-8"))
            assert letters(span.quote) in texts[span.document], case.id
    assert split.held_out == (path == HELD_OUT)


def test_the_halves_share_no_question() -> None:
    dev, held_out = load_split(DEV).cases, load_split(HELD_OUT).cases
    assert len(dev) + len(held_out) >= 300
    assert not {case.id for case in dev} & {case.id for case in held_out}
    both = {(case.question, case.history) for case in dev} & {
        (case.question, case.history) for case in held_out
    }
    assert not both
