"""What a start must not pay for."""

from __future__ import annotations

import json
import subprocess
import sys

from ingest.settings import PROJECT

HEAVY = {
    "langchain_core",
    "openai",
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
import json, sys
from assistant.__main__ import main
from assistant.serving import application
application()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_server_imports_nothing_heavy_that_it_does_not_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, cwd=PROJECT, text=True
    )
    loaded = set(json.loads(done.stdout))
    assert {"fastapi", "uvicorn"} <= loaded
    assert loaded & HEAVY == set()
    assert "chromadb" not in loaded  # imported while the model loads
