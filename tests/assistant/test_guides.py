"""docs/ cannot lie: the tests, settings, commands and files that it names are there."""

from __future__ import annotations

import re

import pytest

from assistant.__main__ import main
from assistant.settings import AssistantSettings, ChatSettings
from ingest.settings import PROJECT

GUIDES = {path.name: path.read_text("utf-8") for path in sorted((PROJECT / "docs").glob("*.md"))}
FILES = [*(PROJECT / "deploy").iterdir()]
TESTS = "\n".join(path.read_text("utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))
SETTINGS = {
    f"MEDRAAD_{name.upper()}" for kind in (AssistantSettings, ChatSettings) for name in kind.model_fields
}


def test_each_threat_is_answered_by_a_test_that_exists() -> None:
    named = re.findall(r"`(test_\w+)`", GUIDES["trusler.md"])
    assert len(named) == len(set(named)) > 20
    assert [name for name in named if f"def {name}(" not in TESTS] == []


@pytest.mark.parametrize("name", GUIDES)
def test_settings_and_files_that_are_named_exist(name: str) -> None:
    assert set(re.findall(r"MEDRAAD_[A-Z_]+", GUIDES[name])) <= SETTINGS
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", GUIDES[name]):
        assert (PROJECT / "docs" / target).exists(), target


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_settings_in_the_files_for_operation_exist(path: object) -> None:
    assert set(re.findall(r"MEDRAAD_[A-Z_]+", path.read_text("utf-8"))) <= SETTINGS  # type: ignore[attr-defined]


def test_commands_that_are_named_exist(capsys: pytest.CaptureFixture[str]) -> None:
    named = {word for text in GUIDES.values() for word in re.findall(r"(?:`|bin/)medraad (\w+)", text)}
    assert named >= {"key", "serve", "report", "privacy", "case"}
    for command in named:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command
    capsys.readouterr()
