from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.contract import ChatResponse, DocumentsResponse, SearchResponse
from assistant.settings import AssistantSettings
from tests.conftest import local_client

QUESTION = "Hva er en representativ ordning?"
DEEP = b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BAD_BODIES: list[tuple[bytes, str]] = [
    (b"", "mangler"),
    (b"{", "ikke gyldig JSON"),
    (b"hei", "ikke gyldig JSON"),
    (b'{"question": "hei",}', "ikke gyldig JSON"),
    (b'{"question": "\xe6"}', "ikke gyldig JSON"),
    (DEEP, "ikke gyldig JSON"),
    (b"[]", "feil form"),
    (b'"hei"', "feil form"),
    (b"null", "feil form"),
    (b"{}", "Spørsmålet (question) mangler"),
]
BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"question": ""}, "er tomt"),
    ({"question": "  \n\t "}, "er tomt"),
    ({"question": "???"}, "er tomt"),
    ({"question": "\u200b\u00ad"}, "er tomt"),
    ({"question": "a" * 10_000}, "for langt. Grensen er 2000 tegn"),
    ({"question": "hei\x00du"}, "kontrolltegn"),
    ({"question": "hei\x1b[31m"}, "kontrolltegn"),
    ({"question": "hei \ud83d"}, "kontrolltegn"),
    ({"question": None}, "må være tekst"),
    ({"question": 42}, "må være tekst"),
    ({"question": True}, "må være tekst"),
    ({"question": ["hei"]}, "må være tekst"),
    ({"question": {"tekst": "hei"}}, "må være tekst"),
    ({"question": QUESTION, "spraak": "nb"}, "Feltet «spraak» er ukjent"),
    ({"question": QUESTION, "history": "hei"}, "Samtalen (history)"),
    ({"question": QUESTION, "history": {}}, "Samtalen (history)"),
    ({"question": QUESTION, "history": [3]}, "Samtalen (history)"),
    ({"question": QUESTION, "history": [{"role": "user"}]}, "Samtalen (history) mangler"),
    ({"question": QUESTION, "history": [{"role": "system", "content": "x"}]}, "ukjent verdi"),
    ({"question": QUESTION, "history": [{"role": "user", "content": "x", "y": 1}]}, "er ukjent"),
    ({"question": QUESTION, "history": [{"role": "user", "content": "x" * 9_000}]}, "8000"),
    ({"question": QUESTION, "history": [{"role": "user", "content": "x"}] * 41}, "40 innslag"),
    ({"question": QUESTION, "role": "direktør"}, "Rollen (role) har en ukjent verdi"),
    ({"question": QUESTION, "role": 3}, "Rollen (role)"),
    ({"question": QUESTION, "phase": "slutten"}, "Fasen (phase) har en ukjent verdi"),
    ({"question": QUESTION, "language": "da"}, "Språket (language) har en ukjent verdi"),
]


def post(client: TestClient, body: bytes, path: str = "/api/chat") -> Any:
    return client.post(path, content=body, headers={"Content-Type": "application/json"})


def is_a_norwegian_sentence(response: Any) -> str:
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"detail"}
    detail: str = response.json()["detail"]
    assert detail[0].isupper()
    assert detail.endswith((".", "Kjør: medraad ingest"))
    assert "\n" not in detail
    assert len(detail) < 300
    return detail


@pytest.mark.parametrize("path", ["/api/chat", "/api/chat/stream"])
@pytest.mark.parametrize(("body", "says"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_question_is_refused(client: TestClient, path: str, body: bytes, says: str) -> None:
    response = post(client, body, path)
    assert response.status_code == 422
    assert says in is_a_norwegian_sentence(response)


@pytest.mark.parametrize(("body", "says"), BAD_FIELDS, ids=range(len(BAD_FIELDS)))
def test_a_field_that_does_not_fit_is_named(client: TestClient, body: dict[str, Any], says: str) -> None:
    response = post(client, json.dumps(body).encode())
    assert response.status_code == 422
    assert says in is_a_norwegian_sentence(response)


@pytest.mark.parametrize("name", ["\ud800", "{name}", "x" * 5_000, "<script>", "a\nb", ""])
def test_an_unknown_field_of_any_name_is_refused(client: TestClient, name: str) -> None:
    response = post(client, json.dumps({"question": QUESTION, name: 1}).encode())
    assert response.status_code == 422
    is_a_norwegian_sentence(response)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png"])
def test_a_body_of_another_kind_is_refused(client: TestClient, kind: str) -> None:
    body = json.dumps({"question": QUESTION})
    response = client.post("/api/chat", content=body, headers={"Content-Type": kind})
    assert response.status_code == 422
    is_a_norwegian_sentence(response)


def test_what_was_asked_is_not_repeated_in_the_refusal(client: TestClient) -> None:
    response = client.post("/api/chat", json={"question": "hemmelig\x00spørsmål"})
    assert "hemmelig" not in response.text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Søket (q) mangler"),
        ("q=", "er tomt"),
        ("q=%20%20", "er tomt"),
        ("q=%3F", "er tomt"),
        ("q=hei%00", "kontrolltegn"),
        (f"q={'a' * 10_000}", "for langt"),
        ("q=hei&k=0", "må være minst 1"),
        ("q=hei&k=51", "kan være høyst 50"),
        ("q=hei&k=mange", "må være et helt tall"),
    ],
)
def test_a_search_that_does_not_fit_is_refused(client: TestClient, query: str, says: str) -> None:
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 422
    assert says in is_a_norwegian_sentence(response)


@pytest.mark.parametrize(
    "question",
    [
        "a" * 2_000,
        "§",
        "å" * 50,
        "' OR 1=1; --",
        "verneombud\n\tog\r\ntillitsvalgt",
        "\ufdfa" * 100,
        "\u0928\u093f \U0001f600 \u202ehva er tillit",
        "../../etc/passwd",
        "{{ 7*7 }} ${x} %s <b>hva</b>",
        "42",
    ],
    ids=range(10),
)
def test_odd_text_gets_an_answer_or_a_refusal(client: TestClient, question: str) -> None:
    if question == "§":
        assert client.post("/api/chat", json={"question": question}).status_code == 422
        return
    response = client.post("/api/chat", json={"question": question})
    assert response.status_code == 200
    ChatResponse.model_validate(response.json())
    assert client.get("/api/search", params={"q": question}).status_code == 200


def test_an_answer_follows_the_contract(client: TestClient) -> None:
    response = client.post("/api/chat", json={"question": QUESTION, "role": "verneombud", "phase": "starte"})
    assert response.status_code == 200
    answer = ChatResponse.model_validate(response.json())
    assert answer.answered
    assert answer.mode == "extractive"
    assert set(response.json()) == set(ChatResponse.model_fields)
    assert answer.id


def test_the_stream_ends_with_the_whole_answer(client: TestClient) -> None:
    whole = client.post("/api/chat", json={"question": QUESTION}).json()
    response = client.post("/api/chat/stream", json={"question": QUESTION})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = dict(_events(response.text))
    assert next(iter(events)) == "status"
    assert list(events)[-1] == "done"
    assert events["done"] | {"id": ""} == whole | {"id": ""}
    assert events["citations"] == whole["citations"]
    deltas = [data["text"] for name, data in _events(response.text) if name == "delta"]
    assert "".join(deltas).rstrip() == whole["answer"]


def _events(text: str) -> Iterator[tuple[str, Any]]:
    for event in text.split("\n\n"):
        if event.strip():
            name, data = event.split("\n", 1)
            yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_search_gives_the_best_first(client: TestClient) -> None:
    response = client.get("/api/search", params={"q": "representativ ordning", "k": 7})
    found = SearchResponse.model_validate(response.json()).results
    assert len(found) == 7
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert "representativ" in found[0].text.lower()


def test_the_documents_are_those_of_the_manifest(client: TestClient) -> None:
    found = DocumentsResponse.model_validate(client.get("/api/documents").json()).documents
    assert [document.id for document in found] == [
        "veileder",
        "fagforbundet",
        "handbok",
        "avtale",
        "ks-rapport",
    ]
    assert {document.id: document.status for document in found}["avtale"] == "utløpt"
    assert all(document.passages > 0 for document in found)


def test_health_and_readiness(client: TestClient, settings: AssistantSettings) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["documents"] == 5


def test_the_chat_page_and_its_script_are_served(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "<medraad-chat" in page.text
    assert "Håndbok i kommunalt trepartssamarbeid" in page.text
    script = client.get("/widget.js")
    assert "javascript" in script.headers["content-type"]
    assert "medraad-chat" in script.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/finnes-ikke", "/kilder/finnes-ikke", "/kilder/..%2f..%2fetc%2fpasswd"])
def test_what_is_not_there_is_said_in_norwegian(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    is_a_norwegian_sentence(response)


def test_the_wrong_method_is_said_in_norwegian(client: TestClient) -> None:
    response = client.get("/api/chat")
    assert response.status_code == 405
    is_a_norwegian_sentence(response)


@pytest.mark.parametrize(
    "span", ["", "0", "5-3", "0-999999999", "-1-5", "a-b", "1-2-3", "٣-٥", "0-" + "9" * 40]
)
def test_a_source_is_shown_whole_whatever_span_is_asked_for(client: TestClient, span: str) -> None:
    response = client.get("/kilder/veileder", params={"s": span})
    assert response.status_code == 200
    assert "<mark" not in response.text
    assert "Starte sammen" in response.text


@pytest.fixture(scope="module")
def bare(settings: AssistantSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("tom")
    questions = folder / "questions.toml"
    questions.write_text('questions = ["Hva er en representativ ordning?"]', encoding="utf-8")
    chosen = settings.model_copy(update={"index": folder / "ingen", "questions": questions})
    with local_client(chosen) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/api/search?q=hei", "/readyz", "/api/documents", "/kilder/veileder"])
def test_without_index_everything_that_needs_it_says_what_to_run(bare: TestClient, path: str) -> None:
    response = bare.get(path)
    assert response.status_code == 503
    assert "medraad ingest" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/api/chat", "/api/chat/stream"])
def test_without_index_a_question_is_told_what_to_run(bare: TestClient, path: str) -> None:
    response = bare.post(path, json={"question": QUESTION})
    assert response.status_code == 503
    assert "medraad ingest" in is_a_norwegian_sentence(response)


def test_a_server_without_index_is_alive_all_the_same(bare: TestClient) -> None:
    assert bare.get("/healthz").status_code == 200


def test_without_index_a_bad_question_is_still_a_bad_question(bare: TestClient) -> None:
    assert bare.post("/api/chat", json={"question": " "}).status_code == 422
