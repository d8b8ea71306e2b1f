"""The README cannot lie: its commands, settings, addresses, links and its answer are those of the program."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic_settings import BaseSettings

from assistant.__main__ import main
from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.settings import AssistantSettings, ChatSettings
from assistant.terminal import answer_with_sources
from ingest.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", README) + re.findall(r"```(?:sh|console|bash)\n(.*?)```", README, re.DOTALL)
READMES = sorted(
    path
    for path in PROJECT.rglob("README.md")
    if not {".venv", "var", "node_modules", "build"} & set(path.relative_to(PROJECT).parts)
)


def words_after(command: str) -> set[str]:
    return {word for code in CODE for word in re.findall(rf"(?:^|[\s$]){command} ([\w.-]+)", code)}


def rows(heading: str) -> dict[str, tuple[str, str]]:
    """The rows of a table with three columns: the first without its backticks → the other two."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in part.splitlines() if line.startswith("| `")]
    return {first.strip(" `"): (second.strip(), third.strip()) for first, second, third in cells}


def default(value: object) -> str:
    """A default as the table shows it."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.relative_to(PROJECT)) if isinstance(value, Path) else str(value)


def test_it_opens_with_the_two_commands() -> None:
    first = README.split("```")[1]
    assert "make serve" in first
    assert "make test" in first


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert words_after("make") >= {"serve", "test", "install", "ingest", "eval", "check"}
    assert words_after("make") <= targets


def test_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    named = words_after("medraad")
    assert named >= {"ingest", "status", "ask", "search", "serve"}
    for command in sorted(named):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command
    capsys.readouterr()


def test_options_of_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for command, options in re.findall(r"`medraad (\w+)([^`]*)`", README):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        said = capsys.readouterr().out
        for option in re.findall(r"(?<!\w)--?[a-z]+", options):
            assert option in said, f"{command} {option}"


def test_modules_that_are_run_exist() -> None:
    for name in words_after("python -m"):
        assert importlib.util.find_spec(name) is not None, name


def test_every_setting_is_in_the_table_with_its_default_and_meaning() -> None:
    classes: tuple[type[BaseSettings], ...] = (AssistantSettings, ChatSettings)
    expected = {
        f"MEDRAAD_{name.upper()}": (default(field.default), field.description or "")
        for kind in classes
        for name, field in kind.model_fields.items()
    }
    assert rows("Settings") == expected


def test_settings_named_elsewhere_exist() -> None:
    assert set(re.findall(r"MEDRAAD_[A-Z_]+", README)) <= set(rows("Settings"))


def test_the_answer_shown_is_the_answer_given(assistant: Assistant) -> None:
    shown = re.findall(r'^\$ medraad ask "([^"]+)"\n(.*?)^```', README, re.MULTILINE | re.DOTALL)
    assert shown
    for question, answer in shown:
        given = answer_with_sources(assistant.answer(ChatRequest(question=question)))
        assert answer.split() == given.split(), question


def test_addresses_of_the_api_exist(client: TestClient) -> None:
    known = set(client.get("/openapi.json").json()["paths"]) | {"/widget.js"}
    part = README.split("\n## API\n")[1].split("\n## ")[0]
    named = {path.split("?")[0] for path in re.findall(r"`(?:GET |POST )?(/[^`\s]+)`", part)}
    assert len(named) > 5
    assert named - {"/openapi.json"} <= known


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_files_that_are_linked_exist(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (readme.parent / target.split("#")[0]).exists(), target


def test_files_that_are_named_exist() -> None:
    named = {
        word
        for word in re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:lock|toml|md|py))`", README)
        if not word.startswith("/")
    }
    assert named
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_libraries_that_are_named_are_dependencies() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = chain.from_iterable(project["optional-dependencies"].values())
    declared = [*project["dependencies"], *extras]
    names = {re.split(r"[\[<>=~ ;]", name)[0].lower() for name in declared}
    part = README.split("\n## Libraries")[1].split("\n## ")[0]
    cells = [line.split("|")[2] for line in part.splitlines() if line.startswith("| ")][1:]
    shown = {name.strip().split(" ")[0] for cell in cells for name in cell.split(",")}
    assert shown <= names


def test_no_registry_and_no_machine_path_is_named() -> None:
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        assert not re.search(r"/work/|/root/|/home/\w|pypi\.org|index-url", text), readme
