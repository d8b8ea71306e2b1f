"""The page and the widget against the real server: its headers, its CORS, its store, its source pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.feedback import FeedbackStore
from ingest.words import WordList
from tests.assistant.serverkit import TEXT, app_of, running, settings_of
from tests.browser.conftest import OpenPage, Watched
from tests.browser.helpers import ask, button
from tests.browser.server import FakeServer
from tests.browser.test_embedding import embed, host_page
from tests.fakes import SmallCorpus

pytestmark = pytest.mark.browser
QUESTION = "Når skal verneombudet tas med på råd?"
QUOTE = TEXT.strip().split("\n")[-1]
POLICY = (
    "default-src 'none'; script-src {0}; connect-src {0}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture
def small(tmp_path: Path, word_list: WordList) -> SmallCorpus:
    return SmallCorpus(tmp_path, word_list)


@pytest.fixture
def origin(small: SmallCorpus, host: FakeServer) -> Iterator[str]:
    """A real server that lets the other origin ask."""
    app = app_of(small, cors=(host.origin,))
    with running(app, settings_of(small)) as (address, port):
        yield f"http://{address}:{port}"


def test_asked_checked_and_voted_on_under_our_own_policy(
    origin: str, small: SmallCorpus, open_page: OpenPage
) -> None:
    page = open_page(origin)
    ask(page, QUESTION)
    button(page, "kilde 1").click()
    card = page.get_by_role("group", name="Kilde 1")
    expect(card.locator("blockquote")).to_have_text(QUOTE)
    with page.expect_popup() as popup:
        card.get_by_role("link", name="Åpne kilden").click()
    expect(popup.value.locator("#sitat")).to_have_text(QUOTE)
    expect(popup.value.locator("#sitat")).to_be_in_viewport()

    button(page, "Ikke nyttig").click()
    page.get_by_label("Finner ikke sitatet").check()
    page.get_by_label("Kommentar (valgfritt)").fill("Ring Kari på 22334455")
    button(page, "Send tilbakemelding").click()
    expect(page.locator("medraad-chat .after").get_by_text("Takk for tilbakemeldingen.")).to_be_visible()
    (vote,) = FeedbackStore(small.root / "f.sqlite", 90).votes()
    assert (vote.vote, vote.reasons) == ("ned", ("finner ikke sitatet",))
    assert vote.comment == "Ring Kari på [telefonnummer]"


def test_the_source_is_read_without_javascript(origin: str, open_page: OpenPage) -> None:
    page = open_page(f"{origin}/kilder/rad", java_script_enabled=False)
    asked = page.request.post(f"{origin}/api/chat", data={"question": QUESTION})
    page.goto(origin + asked.json()["citations"][0]["url"])
    expect(page.locator("#sitat")).to_have_text(QUOTE)
    expect(page.get_by_role("link", name="Gå til sitatet")).to_be_visible()


def test_our_own_pages_keep_the_readers_language(origin: str, open_page: OpenPage) -> None:
    page = open_page(f"{origin}/?lang=en", java_script_enabled=False)
    page.locator(".documents a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Accessibility").click()
    page.get_by_role("link", name="Ask").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ask about social partnership and digital change"
    )


def test_an_unknown_source_is_a_page_to_read(origin: str, open_page: OpenPage, watched: Watched) -> None:
    watched.expected.append("404")
    page = open_page(f"{origin}/kilder/finnes-ikke")
    expect(page.get_by_role("heading", name="Siden kan ikke vises")).to_be_visible()
    expect(page.get_by_text("Kilden finnes ikke.")).to_be_visible()
    page.get_by_role("link", name="Gå til forsiden").click()
    expect(page.get_by_label("Still et spørsmål")).to_be_visible()


def test_a_page_that_is_let_in_asks_from_its_own_origin(
    origin: str, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat open></medraad-chat>", origin)
    page = open_page(host_page(host, html, POLICY.format(origin)))
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .text")).to_contain_text(QUOTE)
    button(page, "Møtenotat").click()
    with page.expect_download() as download:
        button(page, "Last ned Word").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def test_the_printable_page_is_made_under_our_own_policy(origin: str, open_page: OpenPage) -> None:
    page = open_page(origin)
    ask(page, QUESTION)
    button(page, "Møtenotat").click()
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    expect(popup.value.locator("main")).to_contain_text(QUOTE)
    width = popup.value.locator("main").evaluate("(e) => getComputedStyle(e).maxInlineSize")
    assert width == "704px"


def test_too_many_questions_are_told_when_to_try_again(
    small: SmallCorpus, open_page: OpenPage, watched: Watched
) -> None:
    watched.expected.append("429")
    app = app_of(small, rate="1/hour")  # the page itself is one
    with running(app, settings_of(small)) as (address, port):
        page = open_page(f"http://{address}:{port}")
        ask(page, QUESTION)
        expect(page.locator("medraad-chat .problem")).to_contain_text(re.compile("om \\d+ (minutt|sekund)"))
        expect(button(page, "Prøv igjen")).to_be_visible()


def test_a_page_that_is_not_let_in_is_told_so_as_a_person_wants_it(
    origin: str, server: FakeServer, open_page: OpenPage, watched: Watched
) -> None:
    watched.expected += ["CORS", "Failed to load resource"]
    page = open_page(host_page(server, embed("<medraad-chat open></medraad-chat>", origin)))
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .problem")).to_contain_text("Får ikke kontakt")


def test_the_script_is_fetched_again_only_when_it_has_changed(origin: str, open_page: OpenPage) -> None:
    page = open_page(origin)
    with page.expect_response("**/widget.js") as first:
        page.reload()
    assert first.value.request.headers.get("cache-control") != "no-store"
    sizes = page.evaluate(
        """() => performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/widget.js'))
          .map((entry) => [entry.transferSize, entry.encodedBodySize])"""
    )
    assert sizes[0][1] <= 25_000
    assert sizes[0][0] < 1_000  # the headers of a 304
