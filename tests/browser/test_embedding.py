"""The widget on other people's pages: foreign origin, hostile styles, strict policies, two at a time."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page, expect

from assistant.bundle import widget_script
from tests.browser.answers import SAFETY
from tests.browser.conftest import OpenPage
from tests.browser.helpers import ask, button, field, settled
from tests.browser.server import FakeServer

pytestmark = pytest.mark.browser

HOSTILE = """
* { all: unset !important; font: 3px/0.5 fantasy !important; color: red !important; display: none !important;
    direction: rtl !important; visibility: hidden !important; opacity: 0 !important; }
html, body, main, p { display: block !important; visibility: visible !important; opacity: 1 !important; }
html { font-size: 4px !important; }
button, textarea { position: absolute !important; inset: 0 !important; pointer-events: none !important; }
body { transform: none; overflow-x: hidden; }
"""


def embed(tag: str, origin: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Intranett</title>{head}'
        f'<script type="module" src="{origin}/widget.js"></script></head>'
        f"<body><main><p>Intranett</p></main>{tag}</body></html>"
    )


def host_page(host: FakeServer, html: str, policy: str | None = None) -> str:
    host.orders.pages["/side"] = (html, {"Content-Security-Policy": policy} if policy else {})
    return f"{host.origin}/side"


def test_another_origin_with_hostile_styles(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat></medraad-chat>", server.origin, f"<style>{HOSTILE}</style>")
    page = open_page(host_page(host, html))
    button(page, "Spør Medråd").click()
    ask(page, "Når skal verneombud involveres?")
    text = page.locator("medraad-chat .text p").first
    expect(text).to_be_visible()
    style = text.evaluate(
        "(e) => { const s = getComputedStyle(e); return [s.fontSize, s.color, s.direction, s.opacity] }"
    )
    assert style == ["16px", "rgb(27, 38, 44)", "ltr", "1"]
    assert [path for path, _ in host.orders.requests] == []
    assert server.orders.requests[-1][0] == "/api/chat/stream"


def test_a_strict_policy_on_the_host_page(server: FakeServer, host: FakeServer, open_page: OpenPage) -> None:
    policy = (
        f"default-src 'none'; script-src {server.origin}; connect-src {server.origin}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = open_page(host_page(host, embed("<medraad-chat open></medraad-chat>", server.origin), policy))
    ask(page, "Hva bør avklares i en omstillingsavtale?")
    button(page, "kilde 2").click()
    colour = page.locator("medraad-chat .card").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(241, 245, 245)"
    button(page, "Sjekkliste").click()
    with page.expect_popup() as popup:
        button(page, "Åpne utskriftsside").click()
    expect(popup.value.get_by_role("checkbox")).to_have_count(6)
    width = popup.value.locator("main").evaluate("(e) => getComputedStyle(e).maxInlineSize")
    assert width != "none"


def test_two_on_a_page_do_not_mix(server: FakeServer, host: FakeServer, open_page: OpenPage) -> None:
    tags = '<medraad-chat inline name="Ene"></medraad-chat><medraad-chat inline name="Andre"></medraad-chat>'
    page = open_page(host_page(host, embed(tags, server.origin)))
    first, second = (page.get_by_role("region", name=name, exact=True) for name in ("Ene", "Andre"))
    for widget, question in ((first, "verneombud"), (second, "omstillingsavtale")):
        widget.get_by_label("Still et spørsmål").fill(question)
        widget.get_by_label("Still et spørsmål").press("Enter")
        expect(widget.get_by_role("button", name="kilde 2", exact=True)).to_be_visible()
    expect(first).to_contain_text(SAFETY)
    expect(second).not_to_contain_text(SAFETY)
    first.get_by_role("button", name="kilde 1", exact=True).click()
    expect(second.get_by_role("group", name="Kilde 1")).to_have_count(0)


def test_attributes(server: FakeServer, host: FakeServer, open_page: OpenPage) -> None:
    tag = (
        f'<medraad-chat open api="{server.origin}" name="Fjordhjelp" greeting="Velkommen!" language="nn" '
        'role="verneombud" phase="forme" start-questions="Ein? | To om verneombud?"></medraad-chat>'
    )
    page = open_page(host_page(host, embed(tag, server.origin)))
    expect(page.get_by_role("dialog", name="Fjordhjelp")).to_be_visible()
    expect(page.get_by_text("Velkommen!")).to_be_visible()
    expect(page.get_by_label("Eg er")).to_have_value("verneombud")
    # `role` is ARIA's word: ours is moved out of its way.
    assert page.locator("medraad-chat").get_attribute("role") is None
    button(page, "To om verneombud?").click()
    settled(page)
    _, body = server.orders.requests[-1]
    assert (body["role"], body["phase"], body["language"]) == ("verneombud", "forme", "nn")


def test_not_chosen_is_remembered_over_the_pages_choice(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    tag = '<medraad-chat open user-role="verneombud"></medraad-chat>'
    page = open_page(host_page(host, embed(tag, server.origin)))
    page.get_by_label("Jeg er").select_option("Ikke valgt")
    page.reload()
    expect(page.get_by_label("Jeg er")).to_have_value("")


def test_speaks_the_pages_language_also_inside_another_component(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<div></div>", server.origin).replace('lang="nb"', 'lang="nn-NO"')
    page = open_page(host_page(host, html))
    page.locator("div").evaluate(
        "(e) => e.attachShadow({ mode: 'open' }).append(document.createElement('medraad-chat'))"
    )
    button(page, "Spør Medråd").click()
    expect(page.get_by_label("Still eit spørsmål")).to_be_visible()


def test_events_tell_what_happens_but_not_what_was_asked(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("<medraad-chat></medraad-chat>", server.origin)))
    page.evaluate(
        """() => {
          window.seen = [];
          for (const name of ['open', 'close', 'question', 'answer', 'feedback'])
            document.addEventListener(`medraad-${name}`, (event) => window.seen.push([name, event.detail]));
        }"""
    )
    button(page, "Spør Medråd").click()
    ask(page, "Når skal verneombud involveres?")
    button(page, "Nyttig").click()
    expect(button(page, "Nyttig")).to_have_attribute("aria-pressed", "true")
    button(page, "Lukk").click()
    seen = page.evaluate("() => window.seen")
    assert [name for name, _ in seen] == ["open", "question", "answer", "feedback", "close"]
    assert seen[2][1] | {"milliseconds": 0} == {
        "turn": 1,
        "id": "a1",
        "answered": True,
        "mode": "extractive",
        "milliseconds": 0,
    }
    assert "verneombud" not in str(seen)


def test_open_attribute_and_methods(server: FakeServer, host: FakeServer, open_page: OpenPage) -> None:
    page = open_page(host_page(host, embed("<medraad-chat></medraad-chat>", server.origin)))
    widget = page.locator("medraad-chat")
    widget.evaluate("(e) => e.toggleAttribute('open', true)")
    expect(field(page)).to_be_visible()
    widget.evaluate("(e) => e.hide()")
    expect(field(page)).to_be_hidden()
    widget.evaluate("(e) => e.ask('Når skal verneombud involveres?')")
    expect(button(page, "kilde 1")).to_be_visible()
    assert widget.get_attribute("open") is not None


def test_asked_by_script_while_a_note_is_open(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("<medraad-chat open></medraad-chat>", server.origin)))
    ask(page, "Hvor lenge gjaldt avtalen?")
    button(page, "Møtenotat").click()
    page.locator("medraad-chat").evaluate("(e) => e.ask('Når skal verneombud involveres?')")
    settled(page, 2)
    expect(page.locator("medraad-chat .question").last).to_be_visible()


def test_a_bubble_opened_again_at_once_stays_open(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("<medraad-chat open></medraad-chat>", server.origin)))
    page.evaluate(
        """() => {
          window.seen = [];
          for (const name of ['open', 'close'])
            document.addEventListener(`medraad-${name}`, () => window.seen.push(name));
        }"""
    )
    widget = page.locator("medraad-chat")
    widget.evaluate("(e) => { e.hide(); e.ask('Når skal verneombud involveres?'); }")
    expect(button(page, "kilde 1")).to_be_visible()
    assert widget.get_attribute("open") is not None
    assert page.evaluate("() => window.seen") == ["close", "open"]


def test_a_bubble_shown_outside_the_page_opens_when_it_is_put_in(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat></medraad-chat>", server.origin)
    page = open_page(host_page(host, html), viewport={"width": 320, "height": 640})
    expect(button(page, "Spør Medråd")).to_be_visible()
    page.locator("medraad-chat").evaluate("(e) => { e.remove(); e.show(); document.body.append(e); }")
    expect(field(page)).to_be_visible()


def test_a_modal_bubble_that_is_moved_stays_modal(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat open></medraad-chat>", server.origin)
    page = open_page(host_page(host, html), viewport={"width": 320, "height": 640})
    expect(field(page)).to_be_visible()
    page.locator("medraad-chat").evaluate("(e) => document.body.prepend(e)")
    assert page.get_by_role("dialog").evaluate("(e) => e.matches(':modal')")


def test_asked_before_it_is_put_into_the_page(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("", server.origin)))
    page.evaluate(
        """async () => {
          await customElements.whenDefined('medraad-chat');
          const chat = document.createElement('medraad-chat');
          chat.ask('Når skal verneombud involveres?');
          document.body.append(chat);
        }"""
    )
    expect(button(page, "kilde 1")).to_be_visible()


@pytest.mark.parametrize("hide", ["e.hide()", "e.removeAttribute('open')"])
def test_closing_by_script_leaves_the_keyboard_where_the_reader_has_it(
    hide: str, server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<input aria-label='Søk'><medraad-chat open></medraad-chat>", server.origin)
    page = open_page(host_page(host, html))
    search = page.get_by_label("Søk")
    expect(field(page)).to_be_visible()
    search.click()
    page.locator("medraad-chat").evaluate(f"(e) => {hide}")
    expect(field(page)).to_be_hidden()
    expect(search).to_be_focused()
    button(page, "Spør Medråd").click()
    page.locator("medraad-chat").evaluate(f"(e) => {hide}")
    expect(button(page, "Spør Medråd")).to_be_focused()


def test_escape_closes_the_bubble_and_not_the_dialog_it_stands_in(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<dialog><p>Skjema</p><medraad-chat></medraad-chat></dialog>", server.origin)
    page = open_page(host_page(host, html))
    page.locator("dialog").first.evaluate("(e) => e.showModal()")
    button(page, "Spør Medråd").click()
    page.keyboard.press("Escape")
    expect(field(page)).to_be_hidden()
    expect(page.get_by_text("Skjema")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Skjema")).to_be_hidden()


def test_escape_that_ends_a_composition_leaves_the_bubble_open(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("<medraad-chat open></medraad-chat>", server.origin)))
    field(page).dispatch_event("keydown", {"key": "Escape", "isComposing": True})
    expect(field(page)).to_be_visible()


def test_what_is_typed_is_not_for_the_host_pages_own_keys(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed("<medraad-chat open></medraad-chat>", server.origin)))
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ['keydown', 'keypress', 'keyup'])
            document.addEventListener(name, (event) => window.heard.push(event.key));
        }"""
    )
    expect(field(page)).to_be_focused()
    page.keyboard.type("når?")
    expect(field(page)).to_have_value("når?")
    assert page.evaluate("() => window.heard") == []
    page.keyboard.press("Control+k")
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("Escape")
    assert set(page.evaluate("() => window.heard")) == {"Control", "k", "Escape"}


def test_theme_of_the_host_page(server: FakeServer, host: FakeServer, open_page: OpenPage) -> None:
    style = (
        "<style>:root { --ds-color-accent-base-default: rgb(1, 99, 186); "
        "--ds-color-accent-base-contrast-default: rgb(255, 255, 255) } "
        "medraad-chat { --medraad-radius: 3px }</style>"
    )
    page = open_page(host_page(host, embed("<medraad-chat></medraad-chat>", server.origin, style)))
    colour = button(page, "Spør Medråd").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(1, 99, 186)"
    button(page, "Spør Medråd").click()
    assert page.get_by_role("dialog").evaluate("(e) => getComputedStyle(e).borderTopLeftRadius") == "3px"


def test_a_bubble_far_from_the_corner_is_whole_on_the_screen(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    style = "<style>medraad-chat { --medraad-inset-inline: 6em; --medraad-inset-block: 6em }</style>"
    html = embed("<medraad-chat open></medraad-chat>", server.origin, style)
    page = open_page(host_page(host, html), viewport={"width": 520, "height": 650}, reduced_motion="reduce")
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"] + box["width"], box["y"] + box["height"]) == (520 - 96, 650 - 96)
    assert box["x"] > 0
    assert box["y"] > 0


def test_a_theme_that_the_host_page_chooses(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    tag = '<medraad-chat inline theme="dark"></medraad-chat>'
    page = open_page(host_page(host, embed(tag, server.origin)), color_scheme="light")
    colour = page.locator("medraad-chat .panel").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(18, 24, 28)"


def test_a_small_screen_keeps_the_keyboard_in_the_panel(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat></medraad-chat><a href='#x'>utenfor</a>", server.origin)
    page = open_page(host_page(host, html), viewport={"width": 320, "height": 640})
    button(page, "Spør Medråd").click()
    assert page.get_by_role("dialog").evaluate("(e) => e.matches(':modal')")
    page.keyboard.press("Escape")
    expect(button(page, "Spør Medråd")).to_be_focused()


def test_a_bubble_is_modal_for_as_long_as_the_screen_is_small(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat open></medraad-chat>", server.origin)
    page = open_page(host_page(host, html), viewport={"width": 320, "height": 640})
    dialog = page.get_by_role("dialog")
    field(page).fill("Når skal")
    for width, modal in ((1100, False), (320, True)):
        page.set_viewport_size({"width": width, "height": 640})
        page.wait_for_function(
            f"(e) => e.matches(':modal') === {str(modal).lower()}", arg=dialog.element_handle()
        )
        expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("Når skal")
    assert page.locator("medraad-chat").get_attribute("open") is not None


def test_copied_from_a_modal_panel_without_the_clipboard_api(
    server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    html = embed("<medraad-chat></medraad-chat>", server.origin)
    page = open_page(host_page(host, html), viewport={"width": 320, "height": 640})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """() => {
          window.clipboard = navigator.clipboard;
          Object.defineProperty(navigator, 'clipboard', { value: undefined });
        }"""
    )
    button(page, "Spør Medråd").click()
    ask(page, "Når skal verneombud involveres?")
    button(page, "Kopier").click()
    expect(page.locator("medraad-chat .after").get_by_text("Svaret er kopiert")).to_be_visible()
    assert page.evaluate("() => window.clipboard.readText()").startswith("Når skal verneombud involveres?\n")


@pytest.mark.parametrize("attribute", ["", "open"])
def test_a_bubble_is_not_printed(
    attribute: str, server: FakeServer, host: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(host_page(host, embed(f"<medraad-chat {attribute}></medraad-chat>", server.origin)))
    shown = page.locator("medraad-chat :is(.launcher, .panel)").filter(visible=True)
    expect(shown).to_have_count(1)
    page.emulate_media(media="print")
    expect(shown).to_have_count(0)


def links(page: Page) -> list[str]:
    hrefs: list[str] = page.evaluate(
        """() => [...document.querySelector('medraad-chat').shadowRoot.querySelectorAll('a')]
          .map((link) => link.href)"""
    )
    return hrefs


def test_markup_and_script_addresses_stay_text(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    ask(page, "Gi meg et ond svar")
    button(page, "kilde 1").click()
    expect(page.locator("medraad-chat .text")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("medraad-chat .card")).to_contain_text("<script>alert(1)</script>")
    assert links(page) == []
    assert page.locator("medraad-chat .text img, medraad-chat .text b").count() == 0
    button(page, "Møtenotat").click()
    assert links(page) == []


def test_a_source_page_elsewhere_is_no_link(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin)
    ask(page, "fremmed")
    button(page, "kilde 1").click()
    expect(page.get_by_role("group", name="Kilde 1")).to_contain_text("Sitat")
    assert links(page) == []


def test_size() -> None:
    assert len(gzip.compress(widget_script().encode(), 9)) <= 25_000
