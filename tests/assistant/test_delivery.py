"""Bytes as they go over the wire: compressed, kept by the browser, and never a stream."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.bundle import widget_script
from ingest.words import WordList
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus

MOST = 25_000
"""Bytes of the widget, compressed: what an intranet page pays for it."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, word_list: WordList) -> Iterator[TestClient]:
    small = SmallCorpus(tmp_path_factory.mktemp("sendt"), word_list)
    with TestClient(app_of(small)) as client:
        yield client


def sent(client: TestClient, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """What came over the wire, before anything is unpacked."""
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"} | headers) as response:
        return response.status_code, b"".join(response.iter_raw()), dict(response.headers)


def test_the_widget_is_small_and_whole(client: TestClient) -> None:
    _, body, headers = sent(client, "/widget.js")
    assert headers["content-encoding"] == "gzip"
    assert len(body) <= MOST
    assert gzip.decompress(body).decode() == widget_script()
    assert headers["access-control-allow-origin"] == "*"


PATHS = ("/widget.js", "/widget/page.css", "/", "/kilder/rad", "/tilgjengelighet")


@pytest.mark.parametrize("path", PATHS)
def test_what_the_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    code, body, headers = sent(client, path)
    assert (code, headers["content-encoding"]) == (200, "gzip")
    assert "Accept-Encoding" in headers["vary"]
    assert "no-cache" in headers["cache-control"]
    assert gzip.decompress(body)
    code, body, again = sent(client, path, **{"If-None-Match": f'"annet", {headers["etag"]}'})
    assert (code, body, again["etag"]) == (304, b"", headers["etag"])
    assert sent(client, path, **{"If-None-Match": 'W/"annet"'})[0] == 200


@pytest.mark.parametrize("taken", ["identity", "gzip;q=0, br", "gzip; q=0.0"])
def test_a_browser_that_takes_no_gzip_gets_none(client: TestClient, taken: str) -> None:
    _, body, headers = sent(client, "/widget.js", **{"Accept-Encoding": taken})
    assert "content-encoding" not in headers
    assert body.decode() == widget_script()


def test_another_page_has_another_tag(client: TestClient) -> None:
    assert sent(client, "/?lang=nb")[2]["etag"] != sent(client, "/?lang=nn")[2]["etag"]


def test_answers_are_neither_compressed_nor_kept(client: TestClient) -> None:
    question = {"question": "Når skal verneombudet tas med på råd?"}
    for path in ("/api/chat", "/api/chat/stream"):
        headers = client.post(path, json=question, headers={"Accept-Encoding": "gzip"}).headers
        assert "content-encoding" not in headers
        assert headers["cache-control"] in ("no-store", "no-cache")


def test_an_unknown_address_is_a_page_for_a_browser(client: TestClient) -> None:
    response = client.get("/widget/finnes-ikke.js", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "<h1>Siden kan ikke vises</h1>" in response.text


def test_an_unknown_source_is_a_page_for_a_browser_and_json_for_a_program(client: TestClient) -> None:
    page = client.get("/kilder/finnes-ikke", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Kilden finnes ikke." in page.text
    assert 'href="/"' in page.text
    assert client.get("/kilder/finnes-ikke").json()["detail"].startswith("Kilden finnes ikke.")


def test_the_widget_is_served_as_one_file_only(client: TestClient) -> None:
    assert client.get("/widget/page.css").status_code == 200
    assert client.get("/widget/medraad.js").status_code == 404
