"""The API's own description, tried by schemathesis; `make api` does it with many more examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from assistant.keys import KeyRing
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 8
"""Of each operation: enough to notice a response that is not described."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, word_list: object) -> Iterator[schemathesis.BaseSchema]:
    small = SmallCorpus(tmp_path_factory.mktemp("openapi"), word_list)  # type: ignore[arg-type]
    app = app_of(small)
    with TestClient(app):
        yield schemathesis.openapi.from_asgi(
            "/openapi.json", app, config=SchemathesisConfig.from_path(CONFIG)
        )


def test_every_response_is_as_described(served: schemathesis.BaseSchema) -> None:
    tried = []
    for found in served.get_all_operations():
        operation = found.ok()

        # Not by schemathesis' own decorator, which this pytest does not know.
        @settings(
            max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) | operation.as_strategy())
        def answers_as_described(case: schemathesis.Case) -> None:
            case.call_and_validate()

        answers_as_described()
        tried.append(operation.path)
    assert "/api/chat" in tried


CODES = {
    "/api/chat": {"200", "400", "401", "403", "408", "413", "422", "429", "503"},
    "/api/chat/stream": {"200", "400", "401", "403", "408", "413", "422", "429", "503"},
    "/api/feedback": {"200", "400", "401", "403", "408", "413", "422", "429", "503"},
    "/api/search": {"200", "401", "403", "422", "429", "503"},
    "/kilder/{id}": {"401", "403", "404", "429", "503"},
    "/readyz": {"200", "503"},
}


def test_every_way_to_fail_is_described(small: SmallCorpus) -> None:
    with TestClient(app_of(small)) as client:
        paths = client.get("/openapi.json").json()["paths"]
    for path, codes in CODES.items():
        (operation,) = paths[path].values()
        assert codes <= set(operation["responses"]), path


def test_the_key_is_described_where_one_is_needed(small: SmallCorpus) -> None:
    with TestClient(app_of(small)) as client:
        assert "security" not in client.get("/openapi.json").json()["paths"]["/api/chat"]["post"]
    KeyRing(small.root / "keys.json").make("a", "ask")
    with TestClient(app_of(small)) as client:
        operation = client.get("/openapi.json").json()["paths"]["/api/chat"]["post"]
    assert operation["security"] == [{"HTTPBearer": []}]
