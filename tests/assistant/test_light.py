"""What a start and the first answer must not pay for."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from assistant.settings import AssistantSettings
from ingest.settings import PROJECT

HEAVY = {
    "langchain_core",
    "openai",
    "chromadb",
    "httpx",
    "cryptography",
    "docx",
    "pypdf",
    "trafilatura",
    "lxml",
    "markdown_it",
    "bm25s",
    "simplemma",
    "wordfreq",
    "torch",
    "sentence_transformers",
    "scipy",
}
"""Packages that take a tenth of a second and more to import, and that answering a question does not use."""

LOADED = """
import asyncio, gc, json, sys
from assistant import __main__, collector
light = "fastapi" not in sys.modules and "numpy" not in sys.modules and "rich" not in sys.modules
assert light, "the command line itself must be light: the collector is held before the rest is imported"
collector.hold()
from assistant.contract import ChatRequest
from assistant.serving import application

async def answer():
    app = application()
    async with app.router.lifespan_context(app):
        assert gc.isenabled() and gc.get_freeze_count()
        app.state.services.catalogue.probe()
        return app.state.services.assistant.answer(ChatRequest(question="Hva gjør et verneombud?"))

assert asyncio.run(answer()).answered
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_server_imports_nothing_heavy_that_it_does_not_use(settings: AssistantSettings) -> None:
    places = {"MEDRAAD_INDEX": str(settings.index), "MEDRAAD_STORE": str(settings.store)}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        check=True,
        cwd=PROJECT,
        env=os.environ | places,
        text=True,
    )
    loaded = set(json.loads(done.stdout))
    assert {"fastapi", "uvicorn", "chromadb_rust_bindings"} <= loaded
    assert loaded & HEAVY == set()
