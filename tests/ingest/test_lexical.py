"""The BM25 index: what it scores, what it saves, what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.errors import IndexMissing, IndexStorage
from ingest.lexical import LexicalIndex

DOCS = [
    ["drøft", "plikt", "tillitsvalg"],
    ["verneombud", "innfør", "teknologi", "drøft"],
    [],
    ["plikt", "plikt", "informer"],
]
WORDS = [["drøfting", "plikter"], ["drøfting", "verneombudet", "drøfting"], [], ["plikter"]]


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(DOCS, WORDS)


def test_passages_with_the_term_score_and_others_do_not(index: LexicalIndex) -> None:
    scores = index.scores(["verneombud"])
    assert scores.dtype == np.float32 and scores.shape == (4,)
    assert scores[1] > 0 and not scores[[0, 2, 3]].any()
    assert not index.scores(["ukjent"]).any() and not index.scores([]).any()


def test_rare_terms_and_repeated_terms_count_more(index: LexicalIndex) -> None:
    assert index.idf("verneombud") > index.idf("drøft")
    assert index.idf("ukjent") > index.idf("verneombud")
    scores = index.scores(["plikt"])
    assert scores[3] > scores[0] > 0


def test_the_share_of_some_passages_that_hold_a_term_is_known(index: LexicalIndex) -> None:
    assert [index.share("plikt", range(*rows)) for rows in ((0, 4), (3, 4), (1, 3))] == [0.5, 1.0, 0.0]
    assert index.share("ukjent", range(4)) == index.share("plikt", range(0)) == 0.0


def test_weights_scale_single_terms(index: LexicalIndex) -> None:
    both = index.scores({"plikt": 1.0, "verneombud": 0.25})
    np.testing.assert_allclose(both, index.scores(["plikt"]) + 0.25 * index.scores(["verneombud"]), rtol=1e-6)
    np.testing.assert_allclose(index.scores(["plikt", "plikt"]), 2 * index.scores(["plikt"]), rtol=1e-6)


def test_the_scores_are_bm25s_own(index: LexicalIndex) -> None:
    from bm25s import BM25

    engine = BM25(method="lucene")
    engine.index(DOCS, show_progress=False)
    np.testing.assert_allclose(
        index.scores(["drøft", "plikt"]), engine.get_scores(["drøft", "plikt"]), rtol=1e-5
    )


def test_terms_and_surfaces_are_counted(index: LexicalIndex) -> None:
    assert dict(index.surfaces) == {"drøfting": 2, "plikter": 2, "verneombudet": 1}
    assert index.surfaces.get("ukjent") is None
    assert index.frequency("plikt") == 2 and index.frequency("plikter") == index.frequency("ukjent") == 0
    assert len(index) == 4


def test_saved_and_loaded_is_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    np.testing.assert_array_equal(loaded.scores(["drøft", "plikt"]), index.scores(["drøft", "plikt"]))
    assert len(loaded) == 4 and dict(loaded.surfaces) == dict(index.surfaces)
    assert loaded.idf("plikt") == index.idf("plikt")


@pytest.mark.parametrize("docs", [[], [[]], [[], []]])
def test_an_index_without_terms_answers_nothing(docs: list[list[str]], tmp_path: Path) -> None:
    LexicalIndex.build(docs).save(tmp_path)
    index = LexicalIndex.load(tmp_path)
    assert index.scores(["plikt"]).tolist() == [0.0] * len(docs)


def test_no_index_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="medraad ingest"):
        LexicalIndex.load(tmp_path)


@pytest.mark.parametrize("name", ["data.npy", "terms.trie", "lexical.json"])
def test_a_damaged_index_is_refused(index: LexicalIndex, tmp_path: Path, name: str) -> None:
    index.save(tmp_path)
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(IndexStorage, match="skadet"):
        LexicalIndex.load(tmp_path)


def test_arrays_of_another_index_are_refused(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    np.save(tmp_path / "data.npy", np.zeros(3, np.float32))
    with pytest.raises(IndexStorage, match="skadet"):
        LexicalIndex.load(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(index: LexicalIndex, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(IndexStorage, match="kan ikke skrives"):
        index.save(tmp_path / "file" / "lexical")
