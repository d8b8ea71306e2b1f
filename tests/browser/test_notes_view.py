"""Møtenotat and sjekkliste in the browser: on screen, on paper, as files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.answers import EXPIRED, PHASES, POINTS
from tests.browser.conftest import OpenPage, Watched
from tests.browser.helpers import ask, button, focused
from tests.browser.server import FakeServer

pytestmark = pytest.mark.browser


@pytest.fixture
def page(server: FakeServer, open_page: OpenPage) -> Page:
    page = open_page(server.origin)
    ask(page, "Hva bør avklares i en omstillingsavtale?")
    ask(page, "Hvor lenge gjaldt avtalen?")
    return page


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        button(page, name).click()
    return Path(download.value.path()).read_bytes()


def test_a_note_holds_the_whole_conversation(page: Page) -> None:
    button(page, "Møtenotat").click()
    assert focused(page) == "Møtenotat"
    note = page.locator("medraad-chat .note .paper")
    for text in ("Hva bør avklares i en omstillingsavtale?", *POINTS, EXPIRED, "Utløpt 31. desember 2019"):
        expect(note).to_contain_text(text)
    expect(page.get_by_label("Still et spørsmål")).to_be_hidden()
    button(page, "Tilbake til samtalen").click()
    expect(page.get_by_label("Still et spørsmål")).to_be_visible()
    assert focused(page) == "Møtenotat"


def test_a_quote_that_is_the_answer_is_not_written_twice(page: Page) -> None:
    button(page, "Møtenotat").click()
    note = page.locator("medraad-chat .note .paper")
    expect(note.get_by_role("heading", name="Kilder Sitert ordrett over")).to_have_count(1)
    expect(note.get_by_text(EXPIRED)).to_have_count(1)


def test_a_note_as_word_and_markdown(page: Page, server: FakeServer) -> None:
    button(page, "Møtenotat").click()
    page.get_by_label("Tittel").fill("Drøfting 3. desember")
    word = Document(io.BytesIO(download(page, "Last ned Word")))
    assert word.paragraphs[0].text == "Drøfting 3. desember"
    assert any(EXPIRED in paragraph.text for paragraph in word.paragraphs)
    markdown = download(page, "Last ned Markdown").decode()
    assert markdown.startswith("# Drøfting 3. desember\n")
    assert f"(<{server.origin}/kilder/veileder" in markdown


def test_a_long_question_gives_a_title_that_the_api_takes(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin)
    ask(page, "Hva bør avklares i en omstillingsavtale? " + "Vi skal ha møte neste uke. " * 20)
    button(page, "Sjekkliste").click()
    title = page.get_by_label("Tittel").input_value()
    assert len(title) <= 300
    assert title.endswith(" …")
    assert download(page, "Last ned Markdown").decode().startswith(f"# {title}\n")


def test_what_is_too_long_for_a_file_is_called_so(page: Page, server: FakeServer, watched: Watched) -> None:
    watched.expected.append("422")
    page.route("**/api/notes", lambda route: route.fulfill(status=422, json={"detail": "For langt."}))
    button(page, "Møtenotat").click()
    button(page, "Last ned Word").click()
    expect(page.locator("medraad-chat .note")).to_contain_text("for langt til å bli en fil")


def test_a_note_is_offered_once_something_is_answered(
    server: FakeServer, open_page: OpenPage, watched: Watched
) -> None:
    watched.expected.append("503")
    page = open_page(server.origin)
    server.orders.stream = "down"
    ask(page, "Når skal verneombud involveres?")
    expect(button(page, "Start på nytt")).to_be_visible()
    expect(button(page, "Møtenotat")).to_be_hidden()
    server.orders.stream = "ok"
    button(page, "Prøv igjen").click()
    expect(button(page, "Møtenotat")).to_be_visible()


def test_the_printable_page_stands_alone(page: Page) -> None:
    button(page, "Møtenotat").click()
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    sheet = popup.value
    expect(sheet.get_by_role("heading", level=1)).to_contain_text("Møtenotat")
    expect(sheet.locator("main")).to_contain_text(EXPIRED)
    assert sheet.locator("html").get_attribute("lang") == "nb"
    sheet.emulate_media(media="print")
    expect(button(sheet, "Skriv ut")).to_be_hidden()


def test_the_printable_page_fits_a_phone_and_offers_no_more_than_it_can_do(
    server: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(server.origin, viewport={"width": 390, "height": 800}, is_mobile=True)
    ask(page, "Hvor lenge gjaldt avtalen?")
    button(page, "Møtenotat").click()
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    expect(button(popup.value, "Skriv ut")).to_be_visible()
    assert popup.value.evaluate("() => document.documentElement.clientWidth") == 390
    page.reload()
    expect(button(popup.value, "Skriv ut")).to_be_hidden()
    expect(popup.value.locator("main")).to_contain_text(EXPIRED)


def test_what_is_ticked_stays_ticked(page: Page) -> None:
    button(page, "Sjekkliste").click()
    page.get_by_role("checkbox", name=POINTS[0]).check()
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    button(page, "Tilbake til samtalen").click()
    button(page, "Sjekkliste").click()
    for view in (page, popup.value):
        expect(view.get_by_role("checkbox", name=POINTS[0])).to_be_checked()
        expect(view.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_a_checklist_has_a_box_and_a_source_for_each_point(page: Page) -> None:
    button(page, "Sjekkliste").click()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(6)
    expect(page.get_by_role("checkbox", name="Formål eller hensikt [1]")).to_be_visible()
    markdown = download(page, "Last ned Markdown").decode()
    assert "- [ ] Formål eller hensikt [1]" in markdown


def test_prose_under_headings_becomes_a_checklist_of_its_quotes(page: Page) -> None:
    ask(page, "Hvilken drøftingsplikt har vi i hver fase?")
    button(page, "Sjekkliste").last.click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    expect(page.locator("medraad-chat .paper").get_by_role("heading", name="Forme sammen")).to_be_visible()
    expect(page.get_by_role("checkbox", name=f"{PHASES[1][1]} [2]")).to_be_visible()


def test_an_answer_without_points_offers_no_checklist(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin)
    ask(page, "Hvor lenge gjaldt avtalen?")
    expect(button(page, "Sjekkliste")).to_have_count(0)
