"""From a quote to the page of the PDF it stands on, and to what may be given out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from assistant.contract import ChatRequest
from tests.assistant.serverkit import app_of
from tests.fakes import SmallCorpus
from tests.ingest import pdfs


@pytest.fixture
def filled(small: SmallCorpus, tmp_path: Path) -> SmallCorpus:
    pdfs.agreement(small.folder / "lokal avtale.pdf", pages=3)
    small.write("falsk.txt", "Heimekontor\n\nAvtale om heimekontor skal være skriftlig og gjelder ett år.\n")
    small.write("hemmelig.key", "noe som ikke er en kilde")
    (small.folder / "undermappe").mkdir()
    pdfs.agreement(small.folder / "undermappe" / "utenfor.pdf", pages=2)
    small.ingest()
    return small


@pytest.fixture
def client(filled: SmallCorpus) -> Iterator[TestClient]:
    with TestClient(app_of(filled)) as opened:
        yield opened


def test_a_citation_opens_the_page_on_which_its_quote_stands(client: TestClient, filled: SmallCorpus) -> None:
    pages = PdfReader(filled.folder / "lokal avtale.pdf").pages
    question = {"question": "Hvilke plikter har arbeidsgiver om oppgavefordelingen?"}
    answer = client.post("/api/chat", json=question).json()
    cited = [one for one in answer["citations"] if one["document"] == "lokal avtale"]
    assert cited
    for one in cited:
        assert one["url"].startswith("/kilder/lokal%20avtale?s=")
        address, _, fragment = one["external_url"].partition("#page=")
        file = client.get(address)
        assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
        assert file.content == (filled.folder / "lokal avtale.pdf").read_bytes()
        assert squeezed(one["quote"])[:30] in squeezed(pages[int(fragment) - 1].extract_text())


def test_every_citation_of_a_long_pdf_opens_the_page_of_its_quote(small: SmallCorpus) -> None:
    made = pdfs.agreement(small.folder / "avtale.pdf", pages=44)
    small.ingest()
    pages = [squeezed(page.extract_text()) for page in PdfReader(small.folder / "avtale.pdf").pages]
    library = small.library()
    assistant = small.assistant(library)
    cited = 0
    for section in made:
        by_number = assistant.answer(ChatRequest(question=f"Hva sier {section.part} § {section.number}?"))
        assert {one.page for one in by_number.citations} == {section.page}
        by_words = assistant.answer(ChatRequest(question=f"Når må {section.sentences[1].lower()[:60]}?"))
        for one in (*by_number.citations, *by_words.citations):
            page = int((one.external_url or "").partition("#page=")[2])
            assert page == one.page
            assert all(squeezed(line) in pages[page - 1] for line in one.quote.split("\n"))
            cited += 1
    library.close()
    assert cited > 3 * len(made)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\-\u00ad]", "", text)


def test_a_file_is_given_out_so_that_nothing_in_it_runs(client: TestClient) -> None:
    given = client.get("/kilder/lokal avtale/fil", headers={"Range": "bytes=0-4"})
    assert (given.status_code, given.content) == (206, b"%PDF-")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in given.headers["content-security-policy"]
    assert given.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize(
    "name", ["falsk", "hemmelig", "hemmelig.key", "utenfor", "undermappe%2Futenfor", "..%2Fx", "finnes-ikke"]
)
def test_nothing_else_of_the_folder_is_given_out(client: TestClient, name: str) -> None:
    assert client.get(f"/kilder/{name}/fil").status_code == 404


def test_a_file_that_is_gone_or_no_pdf_any_more_is_not_given_out(
    client: TestClient, filled: SmallCorpus
) -> None:
    file = filled.folder / "lokal avtale.pdf"
    file.write_bytes(b"<script>alert(1)</script>")
    assert client.get("/kilder/lokal avtale/fil").status_code == 404
    file.unlink()
    assert client.get("/kilder/lokal avtale/fil").status_code == 404
