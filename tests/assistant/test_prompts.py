"""Prompt texts are checked when they are read, and filled with exactly what they name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.prompts import VARIABLES, load
from ingest.settings import PROJECT

OURS = PROJECT / "prompts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OURS, tmp_path / "prompts"))


def test_our_own_texts_are_whole() -> None:
    prompts = load(OURS)
    assert {name for name, _ in prompts.templates} == set(VARIABLES)
    assert "nynorsk" in prompts.fill("system", "nn", language="nynorsk")


def test_a_language_without_a_text_takes_the_bokmal_one(folder: Path) -> None:
    (folder / "gate.nn.md").unlink(missing_ok=True)
    prompts = load(folder)
    values = {"question": "Hva?", "sentences": "1. Slik."}
    assert prompts.fill("gate", "nn", **values) == prompts.fill("gate", "nb", **values)


def test_values_are_not_read_as_templates() -> None:
    filled = load(OURS).fill("gate", "nb", question="Hva er $sentences og {x}?", sentences="1. Slik.")
    assert "Hva er $sentences og {x}?" in filled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bare $question", "mangler $sentences"),
        ("$question $sentences $fasit", "ukjente variabler: $fasit"),
        ("$question $sentences 5$ til", "dollartegn"),
    ],
)
def test_wrong_variables_are_named(folder: Path, text: str, said: str) -> None:
    (folder / "gate.md").write_text(text, "utf-8")
    with pytest.raises(PromptError, match=r"gate\.md") as caught:
        load(folder)
    assert said in str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "answer.md").unlink()
    with pytest.raises(PromptError, match=r"answer\.md"):
        load(folder)


def test_filling_with_other_values_is_refused() -> None:
    with pytest.raises(PromptError, match="sentences"):
        load(OURS).fill("gate", "nb", question="Hva?")


def test_the_readme_names_every_file_and_variable() -> None:
    readme = (OURS / "README.md").read_text("utf-8")
    for name, variables in VARIABLES.items():
        assert f"`{name}.md`" in readme
        assert all(f"`${variable}`" in readme for variable in variables)
