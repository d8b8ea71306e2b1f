"""The pages around the widget, also without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.server import QUOTE, FakeServer

pytestmark = pytest.mark.browser


def test_the_quote_is_marked_and_in_view_without_javascript(server: FakeServer, open_page: OpenPage) -> None:
    url = f"{server.origin}/kilder/veileder?p=v1&s=0-10#sitat"
    page = open_page(url, java_script_enabled=False, viewport={"width": 800, "height": 500})
    mark = page.locator("#sitat")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_in_viewport()
    expect(page.locator("mark")).to_have_count(2)


def test_contents_lead_to_their_headings(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.origin}/kilder/veileder", java_script_enabled=False)
    page.get_by_role("link", name="Representativ ordning").click()
    # A heading of level 3 right below one of level 1 is shown one step down, not two.
    expect(page.get_by_role("heading", name="Representativ ordning", level=3)).to_be_in_viewport()


def test_only_web_addresses_become_links(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.origin}/kilder/veileder")
    expect(page.get_by_text("ond lenke")).to_be_visible()
    expect(page.get_by_role("link", name="ond lenke")).to_have_count(0)
    expect(page.get_by_role("link", name="Hovedavtalen del B § 3-1 c")).to_be_visible()


def test_an_expired_source_says_so(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.origin}/kilder/avtale")
    expect(page.get_by_text("Utløpt 31. desember 2019")).to_be_visible()
    expect(page.get_by_text("gjelder ikke lenger")).to_be_visible()


def test_the_chat_page_without_javascript_shows_the_sources(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin, java_script_enabled=False)
    expect(page.get_by_role("link", name="Avtale: Samarbeid om digital kompetanse")).to_be_visible()


def test_the_statement_shows_what_its_owner_must_fill_in(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(f"{server.origin}/tilgjengelighet")
    expect(page.get_by_text("[virksomhetens navn]")).to_be_visible()
