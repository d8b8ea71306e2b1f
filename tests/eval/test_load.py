from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import AssistantSettings
from eval.load import Built, Measured, Row, build_one, growth, main, measure_one, quietest
from eval.synthetic import PASSAGES, SENTENCES, Material, Passages, build
from ingest import generation
from ingest.index import Index, Note

SIZE = 250


@pytest.fixture(scope="module")
def material(settings: AssistantSettings) -> Material:
    return Material.of(generation.live(settings.index))


def test_a_made_up_index_is_one_that_the_assistant_opens(
    material: Material, settings: AssistantSettings, tmp_path: Path
) -> None:
    mark = Note.read(generation.live(settings.index)).fingerprint
    build(tmp_path, SIZE, material, mark)
    index = Index(generation.live(tmp_path), mark)
    try:
        assert index.content.size == len(index.lexical) == len(index.passage_vectors) == SIZE
        assert len(index.sentence_vectors) == len(index.window_vectors) == SIZE * SENTENCES
        assert len(index.content.sources) == -(-SIZE // PASSAGES)
        assert index.nearest(index.passage_vectors[17], 1)[0][0] == 17
        stored = index.passage(SIZE - 1)
        assert stored.first == (SIZE - 1) * SENTENCES
        text = index.content.document(stored.passage.document).text  # type: ignore[union-attr]
        assert stored.passage.text in text
        np.testing.assert_allclose(np.linalg.norm(index.sentence_vectors, axis=1), 1, rtol=1e-5)
    finally:
        index.close()
    assert not list(generation.live(tmp_path).glob("draft-*"))


def test_the_same_size_gives_the_same_passages(material: Material) -> None:
    one, other = Passages(material, 50), Passages(material, 50)
    assert [entry.passage for entry in one] == [entry.passage for entry in other]
    assert len({entry.passage.text for entry in one}) == 50


def test_the_vocabulary_grows_with_the_size(material: Material) -> None:
    passages = Passages(material, 400)
    small = {word for row in range(40) for word in passages.words(row)}
    large = {word for row in range(400) for word in passages.words(row)}
    known = {word for text in material.texts for word in text.lower().split()}
    assert len(large - known) > 2 * len(small - known) > 0


def test_building_and_measuring_give_their_figures(settings: AssistantSettings, tmp_path: Path) -> None:
    built = build_one(tmp_path, SIZE, settings)
    measured = measure_one(tmp_path, 3, settings)
    assert built.disk > SIZE * SENTENCES * 384 * 4
    assert 0 < measured.own < measured.resident
    assert all(0 < middle <= slow for middle, slow in measured.stages.values())


def test_growth_is_the_ratio_of_median_searches() -> None:
    rows = [
        Row(size, Built(1, 1, 1), Measured(1, {"search": (middle, 9)}, 1, 1))
        for size, middle in ((1_000, 4.0), (10_000, 6.0))
    ]
    assert growth(rows) == 1.5


def measured(search: float) -> Measured:
    return Measured(1, {"search": (search, 9)}, 1, 1)


def test_the_quietest_round_counts() -> None:
    assert quietest([measured(7), measured(3), measured(5)]) == measured(3)


def test_the_command_prints_and_writes_its_table_and_leaves_nothing_else(
    settings: AssistantSettings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written = tmp_path / "load.json"
    arguments = ["--sizes", "100", "--questions", "2", "--rounds", "1", "--index", str(settings.index)]
    assert main([*arguments, "--json", str(written)]) == 0
    assert "Passasjer" in capsys.readouterr().out
    assert json.loads(written.read_text())[0]["size"] == 100
    assert [path.name for path in tmp_path.iterdir()] == ["load.json"]


def test_an_index_that_is_kept_is_not_built_again(
    settings: AssistantSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--sizes", "100", "--questions", "2", "--rounds", "1", "--index", str(settings.index)]
    for _ in range(2):
        assert main([*arguments, "--folder", str(tmp_path / "ny")]) == 0
    assert capsys.readouterr().out.count("Bygger") == 1


def test_without_an_index_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sizes", "100", "--index", str(tmp_path)]) == 2
    assert "medraad ingest" in capsys.readouterr().err
