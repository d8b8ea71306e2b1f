"""The conversation itself: by keyboard alone, aloud, streamed, cited, remembered, started again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import EXPIRED, OFFICIAL, SAFETY, SHORT, WARNING
from tests.browser.conftest import OpenPage, Watched
from tests.browser.helpers import ask, button, field, focused, record_live, said, settled, tab_to
from tests.browser.server import FakeServer
from tests.browser.test_accessibility import HOST

pytestmark = pytest.mark.browser


@pytest.fixture
def page(server: FakeServer, open_page: OpenPage) -> Page:
    """The chat page."""
    return open_page(server.origin)


@pytest.fixture
def bubble(server: FakeServer, open_page: OpenPage) -> Page:
    """A page with the closed bubble."""
    server.orders.pages["/host"] = (HOST, {})
    return open_page(f"{server.origin}/host")


def test_everything_by_keyboard_alone(bubble: Page, server: FakeServer) -> None:
    press = bubble.keyboard.press
    tab_to(bubble, "Spør Medråd")
    press("Enter")
    assert focused(bubble) == "Still et spørsmål"

    bubble.keyboard.type("Hva bør avklares i en omstillingsavtale?")
    press("Enter")
    settled(bubble)
    assert focused(bubble) == "Still et spørsmål"

    tab_to(bubble, "kilde 2", "Shift+Tab")
    press("Enter")
    assert focused(bubble) == "Kilde 2"
    press("Tab")
    assert focused(bubble) == "Lukk kilden"
    press("Tab")
    assert focused(bubble).startswith("Åpne kilden")
    press("Escape")
    assert focused(bubble) == "kilde 2"

    tab_to(bubble, "Ikke nyttig")
    press("Enter")
    assert focused(bubble) == "Feil svar"
    press("Space")
    tab_to(bubble, "Send tilbakemelding")
    press("Enter")
    expect(bubble.get_by_text("Takk for tilbakemeldingen.").first).to_be_attached()
    assert focused(bubble) == "Ikke nyttig"

    tab_to(bubble, "Sjekkliste", "Shift+Tab")
    press("Enter")
    assert focused(bubble) == "Sjekkliste"
    tab_to(bubble, "Hvem er parter i avtalen? [1]")
    press("Space")
    expect(bubble.get_by_role("checkbox", name="Hvem er parter i avtalen?")).to_be_checked()
    press("Escape")
    assert focused(bubble) == "Sjekkliste"

    tab_to(bubble, "Møtenotat", "Shift+Tab")
    press("Enter")
    press("Escape")
    assert focused(bubble) == "Møtenotat"

    press("Escape")
    expect(button(bubble, "Spør Medråd")).to_be_focused()
    expect(field(bubble)).to_be_hidden()
    press("Enter")
    expect(bubble.get_by_text("Involvering av verneombud")).to_be_visible()


def test_choosing_starting_again_and_stopping_by_keyboard(bubble: Page, server: FakeServer) -> None:
    press = bubble.keyboard.press
    tab_to(bubble, "Spør Medråd")
    press("Enter")
    tab_to(bubble, "Jeg er", "Shift+Tab")
    press("V")  # as in any list: the first letter chooses
    expect(bubble.get_by_label("Jeg er")).to_have_value("verneombud")
    tab_to(bubble, "Når skal verneombud involveres?")
    press("Enter")
    settled(bubble)
    assert focused(bubble).endswith("Når skal verneombud involveres?")
    tab_to(bubble, "Hva er hovedverneombudets rolle?")
    server.orders.stream = "slow"
    press("Enter")
    expect(button(bubble, "Stopp")).to_be_visible()
    tab_to(bubble, "Stopp")
    press("Enter")
    expect(bubble.locator("medraad-chat .notice")).to_have_text("Du stoppet svaret.")
    assert focused(bubble) == "Still et spørsmål"
    tab_to(bubble, "Start på nytt", "Shift+Tab")
    press("Enter")
    tab_to(bubble, "Angre", "Shift+Tab")
    press("Enter")
    expect(bubble.locator("medraad-chat .reply")).to_have_count(2)


def test_the_finished_answer_is_said_once_and_whole(page: Page, server: FakeServer) -> None:
    record_live(page)
    server.orders.pause = 0.3
    ask(page, "Når skal verneombud involveres?")
    spoken = said(page)
    assert spoken[0] == "Leter i kildene …"
    answers = [text for text in spoken if SAFETY in text]
    assert len(answers) == 1
    assert answers[0].startswith("Svar: ")
    assert "(kilde 1)" in answers[0]
    assert "[1]" not in answers[0]
    assert answers[0].endswith("2 kilder.")


def test_text_grows_before_the_answer_is_whole(page: Page, server: FakeServer) -> None:
    server.orders.stream = "half"
    field(page).fill("Når skal verneombud involveres?")
    field(page).press("Enter")
    reply = page.locator("medraad-chat .reply")
    expect(reply).to_contain_text(SAFETY)
    expect(reply).to_have_attribute("aria-busy", "true")
    expect(button(page, "Stopp")).to_be_visible()
    expect(button(page, "kilde 1")).to_have_count(0)
    server.orders.hold.set()
    settled(page)
    expect(reply).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("scroll", ["beside the conversation", "from the field"])
def test_the_page_stays_where_the_reader_has_scrolled_it(
    scroll: str, server: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(server.origin, viewport={"width": 1100, "height": 600})
    ask(page, "Hva bør avklares i en omstillingsavtale?")
    server.orders.stream = "half"
    field(page).fill("Når skal verneombud involveres?")
    field(page).press("Enter")
    question = page.locator("medraad-chat .question").last
    expect(question).to_be_in_viewport()
    expect(page.locator("medraad-chat .reply").last).to_contain_text(SAFETY)
    page.wait_for_timeout(100)  # the question comes to the top with the next frame
    if scroll == "from the field":
        field(page).press("Control+Home")
        page.keyboard.press("PageUp")
    else:
        page.mouse.move(1090, 300)
        page.mouse.wheel(0, -3000)
    expect(question).not_to_be_in_viewport()
    server.orders.hold.set()
    settled(page, 2)
    page.wait_for_timeout(100)
    expect(question).not_to_be_in_viewport()


def test_an_answer_that_grows_is_brought_into_view(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page(server.origin, viewport={"width": 1100, "height": 600})
    server.orders.stream = "half"
    field(page).fill("Hva bør avklares i en omstillingsavtale?")
    field(page).press("Enter")
    expect(page.locator("medraad-chat .status")).to_be_visible()
    server.orders.hold.set()
    settled(page)
    question = page.locator("medraad-chat .question")
    page.wait_for_function("(e) => e.getBoundingClientRect().top < 120", arg=question.element_handle())


def test_a_number_opens_its_source_and_closes_it_again(page: Page) -> None:
    ask(page, "Når skal verneombud involveres?")
    number = button(page, "kilde 1")
    expect(number).to_have_attribute("aria-expanded", "false")
    number.click()
    expect(number).to_have_attribute("aria-expanded", "true")
    card = page.get_by_role("group", name="Kilde 1")
    for text in (SAFETY, "Digital omstilling", "Partssamarbeid", "Plikt", "arbeidsmiljøloven § 6-2"):
        expect(card).to_contain_text(text)
    link = card.get_by_role("link", name="Åpne kilden (ny fane)")
    assert link.get_attribute("href") == f"{page.url}kilder/veileder?p=v1&s=0-10#sitat"
    assert "noopener" in (link.get_attribute("rel") or "")
    number.click()
    expect(card).to_have_count(0)


def test_an_expired_source_says_so_with_a_norwegian_date(page: Page) -> None:
    ask(page, "Hvor lenge gjaldt avtalen?")
    button(page, "kilde 1").click()
    card = page.get_by_role("group", name="Kilde 1")
    expect(card).to_contain_text(EXPIRED)
    expect(card).to_contain_text("Utløpt 31. desember 2019")
    expect(card).to_contain_text("Varighet › side 4")
    expect(page.locator("medraad-chat .notice.warn")).to_have_text(WARNING)


def test_addresses_in_our_own_words_are_links_there_and_in_the_note(page: Page) -> None:
    ask(page, "Hva er ordlyden i § 4-2?")
    links = page.locator("medraad-chat :is(.text, .notice)").get_by_role("link", name=f"{OFFICIAL} (ny fane)")
    assert links.evaluate_all("(all) => all.map((link) => link.getAttribute('href'))") == [OFFICIAL] * 2
    button(page, "Møtenotat").click()
    links = page.locator("medraad-chat .paper").get_by_role("link", name=OFFICIAL, exact=True)
    assert links.evaluate_all("(all) => all.map((link) => link.getAttribute('href'))") == [OFFICIAL] * 2


def test_it_says_how_an_answer_was_made(page: Page) -> None:
    reply = page.locator("medraad-chat .reply")
    ask(page, "Når skal verneombud involveres?")
    expect(reply.last).to_contain_text("Ordrett fra kildene")
    ask(page, "Gi meg det formulert med andre ord")
    expect(reply.last).to_contain_text("Skrevet av en språkmodell og kontrollert mot kildene")
    expect(reply.last.locator(".notice:not(.warn)")).to_contain_text("Én setning ble tatt ut")
    ask(page, "Hva er minstelønna for sykepleiere?")
    expect(reply.last).not_to_contain_text("rdrett")


def test_sources_stand_under_their_document(page: Page) -> None:
    ask(page, "Hva bør avklares i en omstillingsavtale?")
    sources = page.locator("medraad-chat .sources")
    expect(sources.get_by_text("Digital omstilling", exact=True)).to_have_count(1)
    row = sources.get_by_role("button", name="Kilde 2: Digital omstilling, Sjekkliste – omstillingsavtale")
    row.click()
    expect(page.get_by_role("group", name="Kilde 2")).to_contain_text("Informasjon")


def test_a_source_of_one_point_stands_at_that_point(page: Page) -> None:
    record_live(page)
    ask(page, "Hvilke råd gir KS?")
    points = page.locator("medraad-chat .text li")
    expect(points.nth(0).get_by_role("button", name="kilde 1")).to_be_visible()
    expect(points.nth(1).get_by_role("button", name="kilde 2")).to_be_visible()
    assert "Involver alle ansatte (kilde 1) • Planlegg gevinstene tidlig (kilde 2)" in said(page)[-1]


def test_headings_in_capitals_are_calmed_names_are_not(page: Page) -> None:
    calmed = page.evaluate(
        """async () => {
          const { place } = await import('/widget/dom.js');
          const part = 'DEL 2: PRAKTISK SAMARBEID PÅ ARBEIDSPLASSEN';
          const texts = [part, 'KS OG AMU I PROSJEKTET', 'HMS', 'Om AMU'];
          return texts.map((text) => place({ section: [text] }, {}));
        }"""
    )
    assert calmed == [
        "Del 2: Praktisk samarbeid på arbeidsplassen",
        "KS og AMU i prosjektet",
        "HMS",
        "Om AMU",
    ]


def test_a_printed_conversation_is_its_questions_and_answers(page: Page) -> None:
    ask(page, "Når skal verneombud involveres? " * 60)
    page.emulate_media(media="print")
    question = page.locator("medraad-chat .question")
    assert question.evaluate("(e) => e.scrollHeight <= e.clientHeight")  # whole
    expect(page.locator("medraad-chat .text")).to_be_visible()
    for left_out in (field(page), button(page, "Møtenotat"), button(page, "Kopier")):
        expect(left_out).to_be_hidden()
    head = page.locator("medraad-chat .head")
    assert head.evaluate("(e) => getComputedStyle(e).position") == "static"  # on each page, it would cover


def test_a_long_question_leaves_room_for_its_answer_and_is_read_by_keyboard(bubble: Page) -> None:
    question = " ".join(["Når skal verneombud involveres?"] * 60)
    button(bubble, "Spør Medråd").click()
    ask(bubble, question)
    expect(bubble.locator("medraad-chat .text p").first).to_be_in_viewport()
    tab_to(bubble, f"Du spurte: {question}", "Shift+Tab")
    bubble.keyboard.press("End")
    scrolled = "document.querySelector('medraad-chat').shadowRoot.querySelector('.question').scrollTop > 0"
    bubble.wait_for_function(scrolled)


def test_a_refusal_shows_the_nearest_and_no_source(page: Page) -> None:
    ask(page, "Hva er minstelønna for sykepleiere?")
    reply = page.locator("medraad-chat .reply")
    expect(reply).to_contain_text("Det finner jeg ikke i kildene.")
    expect(reply.get_by_role("heading", name="Nærmeste treff")).to_be_visible()
    expect(reply).to_contain_text("Tillitsvalgte tas med på råd")
    expect(reply.get_by_role("button", name="kilde 1")).to_have_count(0)


def test_start_questions_fit_who_asks_and_are_remembered_in_the_tab_only(
    page: Page, server: FakeServer
) -> None:
    page.get_by_label("Jeg er").select_option("Prosjektleder")
    page.get_by_label("Prosjektfase").select_option("Forme sammen")
    expect(page.get_by_text("Tilpasset: Prosjektleder, Forme sammen")).to_be_visible()
    button(page, "Hva skal drøftes i fasen Forme sammen?").click()
    settled(page)
    _, body = server.orders.requests[-1]
    assert (body["role"], body["phase"], body["language"]) == ("prosjektleder", "forme", "nb")
    page.reload()
    expect(page.get_by_label("Jeg er")).to_have_value("prosjektleder")
    assert page.evaluate("() => localStorage.length") == 0
    other = page.context.new_page()
    other.goto(server.origin)
    expect(other.get_by_label("Jeg er")).to_have_value("")


def test_a_follow_up_carries_the_conversation(page: Page, server: FakeServer) -> None:
    ask(page, "Når skal verneombud involveres?")
    button(page, "Hva er hovedverneombudets rolle?").click()
    settled(page, 2)
    assert focused(page).endswith("Hva er hovedverneombudets rolle?")
    _, body = server.orders.requests[-1]
    assert body["history"] == [
        {"role": "user", "content": "Når skal verneombud involveres?"},
        {"role": "assistant", "content": SHORT["answer"]},
    ]
    # The suggestions of the earlier answer are gone, those of the newest are there.
    expect(page.get_by_role("heading", name="Spør videre")).to_have_count(1)


def test_feedback_sends_reasons_and_comment(page: Page, server: FakeServer) -> None:
    ask(page, "Når skal verneombud involveres?")
    button(page, "Ikke nyttig").click()
    page.get_by_label("Utdatert").check()
    page.get_by_label("Kommentar (valgfritt)").fill("Gjelder ikke lenger")
    button(page, "Send tilbakemelding").click()
    expect(page.locator("medraad-chat .after").get_by_text("Takk for tilbakemeldingen.")).to_be_visible()
    assert server.orders.requests[-1] == (
        "/api/feedback",
        {"id": "a1", "vote": "ned", "reasons": ["utdatert"], "comment": "Gjelder ikke lenger"},
    )
    button(page, "Nyttig").click()
    expect(button(page, "Nyttig")).to_have_attribute("aria-pressed", "true")
    assert server.orders.requests[-1][1]["vote"] == "opp"


def test_feedback_that_fails_keeps_what_was_written(page: Page, watched: Watched) -> None:
    watched.expected.append("Failed to load resource")
    ask(page, "Når skal verneombud involveres?")
    button(page, "Ikke nyttig").click()
    page.get_by_label("Kommentar (valgfritt)").fill("Ta vare på meg")
    page.context.set_offline(True)
    button(page, "Send tilbakemelding").click()
    expect(page.locator("medraad-chat .after").get_by_text("ble ikke sendt")).to_be_visible()
    expect(page.get_by_label("Kommentar (valgfritt)")).to_have_value("Ta vare på meg")


def test_start_again_can_be_undone(page: Page) -> None:
    ask(page, "Når skal verneombud involveres?")
    button(page, "Start på nytt").click()
    expect(page.locator("medraad-chat .reply")).to_have_count(0)
    assert focused(page) == "Still et spørsmål"
    button(page, "Angre").click()
    expect(page.locator("medraad-chat .reply")).to_contain_text(SAFETY)


def test_copy_takes_the_sources_along(page: Page, server: FakeServer) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Når skal verneombud involveres?")
    button(page, "Kopier").click()
    expect(page.locator("medraad-chat .after").get_by_text("Svaret er kopiert")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("Når skal verneombud involveres?\n")
    assert (
        f"[1] Digital omstilling, Fagforbundet, Partssamarbeid: «{SAFETY}» {server.origin}/kilder/" in copied
    )


@pytest.mark.parametrize(
    ("language", "label", "heading"),
    [("nn", "Still eit spørsmål", "Kjelder"), ("en", "Ask a question", "Sources")],
)
def test_other_languages(
    language: str, label: str, heading: str, server: FakeServer, open_page: OpenPage
) -> None:
    page = open_page(f"{server.origin}/?lang={language}")
    page.get_by_label(label).fill("verneombud")
    page.get_by_label(label).press("Enter")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert server.orders.requests[-1][1]["language"] == language
    # The words of the page and those of the sources are marked as what they are.
    assert page.locator("medraad-chat .root").get_attribute("lang") == language
    assert page.locator("medraad-chat .text").get_attribute("lang") == "nb"
    page.get_by_label(label).fill("minstelønna")
    page.get_by_label(label).press("Enter")
    expect(page.locator("medraad-chat .text")).to_have_count(2)
    assert page.locator("medraad-chat .text").last.get_attribute("lang") == language


def test_texts_are_complete_in_all_languages(page: Page, server: FakeServer) -> None:
    missing = page.evaluate(
        """async () => {
          const paths = (value, at = '') => typeof value === 'object' && !Array.isArray(value)
            ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${at}/${key}`)) : [at];
          const [{ nb }, { nn }, { en }] = await Promise.all(
            ['nb', 'nn', 'en'].map((name) => import(`/widget/texts-${name}.js`)));
          const all = new Set(paths(nb));
          return [nn, en].flatMap((texts) => [...all].filter((path) => !paths(texts).includes(path))
            .concat(paths(texts).filter((path) => !all.has(path))));
        }"""
    )
    assert missing == []
