from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from ingest import generation
from ingest.analysis import Analyzer
from ingest.errors import IndexForeign, IndexMissing, IndexStorage
from ingest.index import Fingerprint, Index, Note
from ingest.sync import fingerprint
from tests.fakes import SmallCorpus

TEXT = "Drøfting\n\nPartene drøfter saken i god tid. Verneombudet deltar.\n"


@pytest.fixture
def built(small: SmallCorpus) -> tuple[Path, Fingerprint, SmallCorpus]:
    small.write("a.txt", TEXT)
    small.write("b.txt", "Opplæring\n\nArbeidsgiver gir opplæring i nye verktøy.\n")
    small.ingest()
    return generation.live(small.index), fingerprint(small.embedder.name, Analyzer(small.words)), small


Built = tuple[Path, Fingerprint, SmallCorpus]


def test_an_open_index_finds_by_meaning_and_by_word(built: Built) -> None:
    folder, mark, small = built
    with closing(Index(folder, mark)) as index:
        row, cosine = index.nearest(small.embedder.embed_queries(["Hvem gir opplæring?"])[0], 5)[0]
        assert index.passage(row).passage.document == "b"
        assert 0.7 < cosine <= 1.0
        scores = index.lexical.scores(Analyzer(small.words).terms("verneombud"))
        assert index.passage(int(np.argmax(scores))).passage.document == "a"


def test_every_passage_and_sentence_has_its_vector(built: Built) -> None:
    folder, mark, _ = built
    with closing(Index(folder, mark)) as index:
        stored = [index.passage(row) for row in range(index.content.size)]
        assert len(index.passage_vectors) == len(stored)
        last = stored[-1]
        assert len(index.sentence_vectors) == last.first + len(last.passage.sentences)
        lengths = np.linalg.norm(index.sentence_vectors, axis=1)
        assert lengths == pytest.approx(np.ones(len(lengths)), abs=1e-5)


def test_it_says_what_it_was_made_of(built: Built) -> None:
    folder, mark, _ = built
    note = Note.read(folder)
    assert note.fingerprint == mark
    assert list(note.documents) == ["a", "b"]


@pytest.mark.parametrize("part", ["embedder", "chunker", "analysis"])
def test_a_foreign_index_is_refused_with_the_command_that_mends_it(built: Built, part: str) -> None:
    folder, mark, _ = built
    with pytest.raises(IndexForeign, match=r"en annen .*«?annen»?.*Kjør: medraad ingest"):
        Index(folder, Fingerprint(**(asdict(mark) | {part: "annen"})))


def test_an_index_of_another_format_is_refused(built: Built) -> None:
    folder, mark, _ = built
    with pytest.raises(IndexForeign, match="medraad ingest"):
        Index(folder, replace(mark, format=mark.format + 1))


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"fingerprint": 3}'])
def test_a_note_of_another_version_is_refused(built: Built, note: str) -> None:
    folder, mark, _ = built
    (folder / "generation.json").write_text(note)
    with pytest.raises(IndexForeign, match="medraad ingest"):
        Index(folder, mark)


@pytest.mark.parametrize(
    "name",
    [
        *("passages.npy", "sentences.npy", "windows.npy", "examples.npy", "answers.npy"),
        *("content.sqlite", "lexical/data.npy", "chroma/chroma.sqlite3"),
    ],
)
@pytest.mark.parametrize("damage", ["gone", "garbage"])
def test_a_damaged_index_says_what_to_run(built: Built, name: str, damage: str) -> None:
    folder, mark, _ = built
    if damage == "gone":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"\x00 tull " * 40)
    with pytest.raises((IndexStorage, IndexMissing), match="medraad ingest"):
        Index(folder, mark)
