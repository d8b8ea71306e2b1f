"""axe finds nothing in any state, in both themes and at 320 px; nothing is lost, small or unreadable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.helpers import ask, button, field
from tests.browser.server import FakeServer

pytestmark = pytest.mark.browser

HOST = """<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Intranett</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<script type="module" src="/widget.js"></script></head>
<body><main><h1>Intranett</h1></main><medraad-chat></medraad-chat></body></html>"""
THEMES = ("light", "dark")
State = Callable[[Page, FakeServer], Page]


def closed(page: Page, server: FakeServer) -> Page:
    expect(button(page, "Spør Medråd")).to_be_visible()
    return page


def empty(page: Page, server: FakeServer) -> Page:
    button(page, "Spør Medråd").click()
    expect(field(page)).to_be_visible()
    return page


def streaming(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    server.orders.stream = "slow"
    field(page).fill("Når skal verneombud involveres?")
    field(page).press("Enter")
    expect(button(page, "Stopp")).to_be_visible()
    return page


def answered(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Når skal verneombud involveres?")
    return page


def written(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Gi meg det formulert med andre ord")
    return page


def source_card(page: Page, server: FakeServer) -> Page:
    answered(page, server)
    button(page, "kilde 1").click()
    return page


def card_in_list(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Hva bør avklares i en omstillingsavtale?")
    button(page, "kilde 2").click()
    return page


def expired(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Hvor lenge gjaldt avtalen?")
    button(page, "kilde 1").click()
    return page


def refusal(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Hva er minstelønna for sykepleiere?")
    return page


def unread(page: Page, server: FakeServer) -> Page:
    empty(page, server)
    ask(page, "Hva er ordlyden i § 4-2?")
    return page


def failed(page: Page, server: FakeServer) -> Page:
    server.orders.stream = "cut"
    empty(page, server)
    ask(page, "Når skal verneombud involveres?")
    return page


def feedback(page: Page, server: FakeServer) -> Page:
    answered(page, server)
    button(page, "Ikke nyttig").click()
    return page


def meeting_note(page: Page, server: FakeServer) -> Page:
    expired(page, server)
    button(page, "Møtenotat").click()
    return page


def checklist(page: Page, server: FakeServer) -> Page:
    card_in_list(page, server)
    button(page, "Sjekkliste").click()
    return page


def printable(page: Page, server: FakeServer) -> Page:
    checklist(page, server)
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    return popup.value


STATES: list[State] = [
    closed,
    empty,
    streaming,
    answered,
    written,
    source_card,
    card_in_list,
    expired,
    refusal,
    unread,
    failed,
    feedback,
    meeting_note,
    checklist,
    printable,
]


def violations(page: Page) -> list[str]:
    """What axe finds, after everything has come to rest."""
    page.wait_for_timeout(200)  # the panel rises for 160 ms, half transparent
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['html'][:160] for node in rule['nodes']]}" for rule in found]


def in_all_looks(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for width in (1100, 320):
        page.set_viewport_size({"width": width, "height": 760})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found[f"{width} {theme}"] = violations(page)
    return {look: rules for look, rules in found.items() if rules}


def no_sideways_scroll(page: Page) -> bool:
    fits: bool = page.evaluate(
        """() => {
          const wide = (element) => element.scrollWidth > element.clientWidth + 1;
          const inside = [...(document.querySelector('medraad-chat')?.shadowRoot.querySelectorAll(
            '.panel, .log, .note, .composer, .head') ?? [])].filter((e) => e.clientWidth > 1);
          return ![document.documentElement, ...inside].some(wide);
        }"""
    )
    return fits


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_violation_in_any_state(state: State, server: FakeServer, open_page: OpenPage) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = state(open_page(f"{server.origin}/host"), server)
    assert in_all_looks(page) == {}
    assert no_sideways_scroll(page)


@pytest.mark.parametrize(
    "path", ["/", "/?lang=nn", "/?lang=en", "/kilder/avtale", "/tilgjengelighet", "/feil"]
)
def test_no_violation_on_our_pages(path: str, server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin + path)
    assert in_all_looks(page) == {}
    assert no_sideways_scroll(page)


def test_no_violation_inline_with_an_answer(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin)
    ask(page, "Når skal verneombud involveres?")
    button(page, "kilde 2").click()
    assert in_all_looks(page) == {}


@pytest.mark.parametrize("state", [answered, source_card, feedback, checklist], ids=lambda s: s.__name__)
def test_targets_are_at_least_24_pixels(state: State, server: FakeServer, open_page: OpenPage) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = state(open_page(f"{server.origin}/host", viewport={"width": 320, "height": 640}), server)
    small = page.evaluate(
        """() => [...document.querySelector('medraad-chat').shadowRoot.querySelectorAll(
             'button, select, textarea, .links a, input:not([type=checkbox]), label:has(input)')]
          .map((element) => [element.textContent, element.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
          .map(([text, box]) => `${text} ${box.width}×${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize(
    "state", [empty, source_card, refusal, feedback, meeting_note, checklist], ids=lambda s: s.__name__
)
def test_twice_the_text_size_loses_nothing(
    state: State, server: FakeServer, open_page_large: OpenPage
) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = state(open_page_large(f"{server.origin}/host", viewport={"width": 640, "height": 700}), server)
    size = page.locator("medraad-chat .greeting").evaluate("(e) => getComputedStyle(e).fontSize")
    assert size == "34px"
    assert no_sideways_scroll(page)


def test_four_times_zoom_leaves_everything_reachable(server: FakeServer, open_page: OpenPage) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = source_card(open_page(f"{server.origin}/host", viewport={"width": 320, "height": 256}), server)
    for part in (button(page, "Lukk"), button(page, "kilde 1"), field(page), button(page, "Send")):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=1)
    assert no_sideways_scroll(page)


def test_forced_colours_keep_edges(server: FakeServer, open_page: OpenPage) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = open_page(f"{server.origin}/host", forced_colors="active")
    answered(page, server)
    for name in ("kilde 1", "Send"):
        width = button(page, name).evaluate(
            "(element) => parseFloat(getComputedStyle(element).borderTopWidth)"
        )
        assert width >= 1


def test_reduced_motion_stands_still(server: FakeServer, open_page: OpenPage) -> None:
    server.orders.pages["/host"] = (HOST, {})
    page = streaming(open_page(f"{server.origin}/host", reduced_motion="reduce"), server)
    still = page.locator("medraad-chat .dots").evaluate(
        "(element) => getComputedStyle(element).animationName"
    )
    assert still == "none"
