from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest import chunk, generation
from ingest.build import read_all
from ingest.errors import ExamplesError
from ingest.examples import Example, Quote, load_examples, place
from ingest.manifest import load_manifest
from ingest.nearness import MOST
from tests.fakes import SmallCorpus

DUTY = "Arbeidsgiver plikter å drøfte saken. Verneombudet deltar i arbeidet.\n"
ROBOTS = "Robotene på lageret testes av de ansatte.\n"


@pytest.fixture
def two(small: SmallCorpus) -> SmallCorpus:
    small.write("plikt.txt", f"Drøfting\n\n{DUTY}")
    small.write("roboter.txt", f"Roboter\n\n{ROBOTS}")
    return small


def test_a_folder_may_have_none(tmp_path: Path) -> None:
    assert load_examples(None) == ()
    assert load_examples(_file(tmp_path, "\n  \n")) == ()


def test_a_question_may_have_no_answer(tmp_path: Path) -> None:
    lines = '\ufeff{"question": "Hva koster det?"}\n\n{"question": "Hvem?", "evidence": []}\n'
    assert [one.evidence for one in load_examples(_file(tmp_path, lines))] == [(), ()]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "ikke gyldig JSON"),
        ('"Hvem?"', "linjen"),
        ('{"question": ""}', "question"),
        ('{"question": "?!"}', "question"),
        ('{"question": "Hvem?", "answer": "x"}', "answer"),
        ('{"question": "Hvem?", "evidence": [{"document": "a"}]}', "evidence.0.quote"),
        ('{"question": "Hvem?", "evidence": [{"document": "a", "quote": "…"}]}', "evidence.0.quote"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = _file(tmp_path, '{"question": "Hva er drøfting?"}\n' + line + "\n")
    with pytest.raises(ExamplesError, match=r"linje 2\b") as raised:
        load_examples(path)
    assert said in str(raised.value)


def test_a_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_bytes('{"question": "Hva er drøfting?"}'.encode("latin-1"))
    with pytest.raises(ExamplesError, match="UTF-8"):
        load_examples(path)


def test_answers_are_the_sentences_of_the_quotes(two: SmallCorpus) -> None:
    two.write_examples(
        ("Må sjefen snakke med oss?", {"plikt": "arbeidsgiver  PLIKTER å drøfte sa-\nken"}),
        ("Hvem prøver robotene?", {}),
        ("Hva gjør de to?", {"plikt": DUTY, "roboter": ROBOTS}),
    )
    two.ingest()
    with closing(two.open_index()) as index:
        texts = {
            stored.first + at: sentence.text
            for stored in map(index.passage, range(index.content.size))
            for at, sentence in enumerate(stored.passage.sentences)
        }
        near = index.examples.near(two.embedder.embed_queries(["Må sjefen snakke med oss?"])[0])
        answered = {text: near.of(np.array([row]))[0] for row, text in texts.items()}
        assert answered["Arbeidsgiver plikter å drøfte saken."] == pytest.approx(1.0, abs=1e-5)
        assert 0.5 < answered["Verneombudet deltar i arbeidet."] < 0.99
        assert answered["Roboter"] == 0.0
        assert 0.5 < near.unanswered < 0.99
        assert 0.0 < near.answered <= MOST
        assert near.passages == {0, 1}
        assert index.exemplified == {"plikt", "roboter"}


def test_a_quote_of_another_document_is_no_answer(two: SmallCorpus) -> None:
    two.ingest()
    with closing(two.open_index()) as index:
        passages = [index.passage(row).passage for row in range(index.content.size)]
    right, wrong = (
        Example(question="Hvem?", evidence=(Quote(document=id_, quote=ROBOTS),))
        for id_ in ("roboter", "plikt")
    )
    placed = place([wrong, right], passages)
    assert placed.lost == (wrong,)
    assert placed.examples == (right,)
    assert [passages[row].document for row in placed.answers[:, 1]] == ["roboter"]


def test_what_no_document_answers_any_more_is_left_out_and_told(two: SmallCorpus) -> None:
    two.write_examples(
        ("Hva koster det?", {"plikt": "Det koster 100 kroner."}), ("Hvem prøver robotene?", {})
    )
    assert two.ingest().lost == ("Hva koster det?",)
    with closing(two.open_index()) as index:
        near = index.examples.near(two.embedder.embed_queries(["Hva koster det?"])[0])
        assert near.unanswered < 0.99
        assert not near.passages


def test_an_index_without_examples_says_nothing(two: SmallCorpus) -> None:
    two.ingest()
    with closing(two.open_index()) as index:
        near = index.examples.near(two.embedder.embed_queries(["Hva koster det?"])[0])
        assert near.unanswered == near.answered == 0.0
        assert not near.of(np.arange(3)).any()
        assert not near.passages
        assert not index.exemplified


def test_new_examples_are_taken_up_and_nothing_else_is_embedded_again(two: SmallCorpus) -> None:
    two.ingest()
    before = len(two.embedder.embedded)
    two.write_examples(("Hvem prøver robotene?", {"roboter": ROBOTS}))
    assert not two.ingest().unchanged
    assert len(two.embedder.embedded) == before
    assert two.ingest().unchanged
    asked = list(two.embedder.asked)
    two.write_examples(("Hvem prøver robotene?", {"roboter": ROBOTS}), ("Hva koster det?", {}))
    two.ingest()
    assert two.embedder.asked[len(asked) :] == ["Hva koster det?"]
    (two.folder / "examples.jsonl").unlink()
    two.ingest()
    with closing(two.open_index()) as index:
        assert not index.exemplified


def test_a_question_that_is_also_a_sentence_has_a_vector_of_its_own(two: SmallCorpus) -> None:
    two.write_examples((ROBOTS.strip(), {"roboter": ROBOTS}))
    two.ingest()
    assert ROBOTS.strip() in two.embedder.asked
    assert ROBOTS.strip() in two.embedder.embedded


def test_broken_examples_leave_the_index_as_it_was(two: SmallCorpus) -> None:
    two.ingest()
    live = generation.live(two.index)
    two.write("examples.jsonl", "{")
    with pytest.raises(ExamplesError):
        two.ingest()
    assert generation.live(two.index) == live


def test_every_example_of_the_project_is_answered_by_its_documents(corpus: Path) -> None:
    manifest = load_manifest(corpus)
    documents, _ = read_all(manifest.documents)
    passages = [passage for document in documents for passage in chunk.passages(document)]
    examples = load_examples(manifest.examples)
    placed = place(examples, passages)
    assert placed.lost == ()
    questions = [example.question for example in examples]
    assert len(set(questions)) == len(questions) > 8000
    answered = {passages[row].document for row in placed.answers[:, 1]}
    assert answered == {source.id for source in manifest.documents}


def _file(folder: Path, text: str) -> Path:
    path = folder / "examples.jsonl"
    path.write_text(text, "utf-8")
    return path
