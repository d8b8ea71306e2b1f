"""Who may import whom, over the syntax trees; and that importing does nothing else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = ("ingest", "assistant", "eval")
"""From the bottom up: each may import from itself and from those before it."""

VOCABULARY = {
    "numpy": "arrays are what modules hand to each other",
    "pydantic": "data that comes from outside is declared where it is used",
    "pydantic_core": "pydantic's own errors",
    "pydantic_settings": "one settings object a room, and the model's own",
    "rich": "what people read in a terminal",
    "fastapi": "routes, dependencies and errors of the server",
    "starlette": "fastapi's own base: middleware and errors",
    "langchain_core": "the interface of models and retrievers",
}
"""Packages that are a language rather than a tool: any module of the right room may speak it."""

EXCEPTIONS = {
    "chromadb": {"ingest.vectors", "ingest.chromaerrors"},  # what it does, what it raises
    "docx": {"ingest.readers.docx", "assistant.wordnote"},  # read there, written here
    "httpx": {
        "ingest.download",
        "ingest.fetch",
        "ingest.transformer",  # translates what the hub's client raises
        "ingest.vectors",  # Chroma's client
        "ingest.chromaerrors",  # translates what Chroma's client raises
        "assistant.chatmodel",  # the same for the model's client
        "assistant.oidc",
        "eval.asking",
        "eval.clients",
    },
    "jinja2": {"assistant.api", "eval.page"},  # the pages, the report
    "lxml": {"ingest.readers.html", "ingest.readers.statute", "ingest.readers.walk"},
    "marisa_trie": {"ingest.words", "ingest.lexical", "ingest.tokens", "ingest.unigram"},
    "prometheus_client": {"assistant.metrics", "assistant.routes_operate"},
    "rapidfuzz": {
        "ingest.insets",
        "ingest.links",
        "assistant.evidence",
        "assistant.paragraphs",
        "assistant.spelling",
        "assistant.suggest",
    },
    "safetensors": {"ingest.export", "ingest.transformer"},  # written there, its errors met here
    "uvicorn": {"assistant.serving", "assistant.connection", "assistant.api"},
    "torch": {"eval.encoder", "eval.adapt"},  # the model that learns, what teaches it
}
"""Packages that more than one module imports; every other one is imported in one place."""

ONLY_IN = {"fastapi": "assistant", "starlette": "assistant", "uvicorn": "assistant", "chromadb": "ingest"}


def modules() -> dict[str, Path]:
    found = {}
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()


def imported(module: str) -> Iterator[str]:
    """Yield the full name of every module that `module` imports, wherever in it."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            base = node.module or ""
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in MODULES else base


def room(module: str) -> str:
    return module.partition(".")[0]


USED = {module: set(imported(module)) for module in MODULES}


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 80
    assert {room(module) for module in MODULES} == set(ROOMS)


def test_rooms_import_downwards_only() -> None:
    wrong = [
        f"{module} imports {other}"
        for module, others in USED.items()
        for other in others
        if room(other) in ROOMS and ROOMS.index(room(other)) > ROOMS.index(room(module))
    ]
    assert wrong == []


def test_nothing_imports_the_tests() -> None:
    assert [
        module for module, others in USED.items() if any(room(other) == "tests" for other in others)
    ] == []


@pytest.mark.parametrize("name", ROOMS)
def test_no_two_modules_of_a_room_need_each_other(name: str) -> None:
    graph = {
        module: {other for other in others if room(other) == name and other != module}
        for module, others in USED.items()
        if room(module) == name
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def foreign() -> dict[str, set[str]]:
    users = defaultdict(set)
    for module, others in USED.items():
        for other in others:
            top = room(other)
            if top not in sys.stdlib_module_names and top not in ROOMS:
                users[top].add(module)
    return users


def test_a_third_party_package_is_imported_in_one_module() -> None:
    allowed = {package: EXCEPTIONS.get(package, set()) for package in foreign()}
    scattered = {
        package: sorted(users)
        for package, users in foreign().items()
        if len(users) > 1 and package not in VOCABULARY and not users <= allowed[package]
    }
    assert scattered == {}


def test_every_exception_is_still_one() -> None:
    users = foreign()
    assert {package: sorted(names) for package, names in EXCEPTIONS.items()} == {
        package: sorted(users[package]) for package in EXCEPTIONS
    }
    assert set(VOCABULARY) <= set(users)


@pytest.mark.parametrize(("package", "only"), ONLY_IN.items())
def test_a_package_of_one_room_stays_there(package: str, only: str) -> None:
    assert {room(module) for module in foreign()[package]} == {only}


WATCH = """
import os, sys, threading
root, names = sys.argv[1], sys.argv[2:]
WATCHED = {"open", "socket.bind", "socket.connect", "subprocess.Popen", "os.mkdir", "os.remove", "os.fork"}
seen = []
def ours():
    # What a package does while it is itself imported (urllib3 tries IPv6) is not our module's doing.
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return frame is not None and "/site-packages/" not in frame.f_code.co_filename
def watch(event, args):
    if event not in WATCHED or not ours():
        return
    if event == "open" and isinstance(args[0], str):
        path, mode = args[0], args[1] or "r"
        flags = args[2] if isinstance(args[2], int) else 0
        if set(mode) & set("wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            if path != os.devnull: seen.append(f"writes {path}")
        elif os.path.abspath(path).startswith(root) and "/.venv/" not in path:
            if not path.endswith((".py", ".pyc")): seen.append(f"reads {path}")
    elif event != "open":
        seen.append(f"{event} {args[:1]}")
before = dict(os.environ)
sys.addaudithook(watch)
for name in names:
    seen.clear()
    __import__(name)
    for what in seen: print(name, what)
changed = {key for key in {*before, *os.environ} if before.get(key) != os.environ.get(key)}
if changed: print("environment", sorted(changed))
mine = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
if mine: print("threads", mine)
"""


def test_importing_a_module_does_nothing_else() -> None:
    """Nothing is read but code, nothing written, no socket, process or thread, no environment changed."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(PROJECT), *sorted(MODULES)],
        capture_output=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT)},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
