"""When it goes wrong: what happened is said, nothing typed is lost, and it can be tried again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import SAFETY
from tests.browser.conftest import OpenPage, Watched
from tests.browser.helpers import ask, button, field, focused, record_live, said, settled
from tests.browser.server import FakeServer

pytestmark = pytest.mark.browser
QUESTION = "Når skal verneombud involveres?"


@pytest.fixture
def page(server: FakeServer, open_page: OpenPage, watched: Watched) -> Page:
    watched.expected.append("Failed to load resource")  # the browser's own note of a failed request
    return open_page(server.origin)


def recovers(page: Page, server: FakeServer) -> None:
    """The same question, tried again, is answered."""
    server.orders.stream = "ok"
    button(page, "Prøv igjen").click()
    expect(button(page, "kilde 1")).to_be_visible()
    assert server.orders.requests[-1][1]["question"] == QUESTION


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("busy", "Det kom mange spørsmål på én gang. Prøv igjen om 7 sekunder."),
        ("down", "Det finnes ingen indeks ennå."),
        ("invalid", "Spørsmålet er for langt."),
        ("error", "Noe gikk galt i tjenesten."),
        ("cut", "Forbindelsen ble brutt midt i svaret."),
        ("killed", "Forbindelsen ble brutt midt i svaret."),
    ],
)
def test_says_what_happened_and_tries_again(trouble: str, words: str, page: Page, server: FakeServer) -> None:
    server.orders.stream = trouble
    record_live(page)
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .problem")).to_contain_text(words)
    assert any(words in text for text in said(page))
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    recovers(page, server)


@pytest.mark.parametrize(
    ("trouble", "words", "language"),
    [
        ("busy", "Many questions came in a short time. Try again in 7 seconds.", ""),
        ("down", "The service cannot answer right now. Your question is kept.", ""),
        ("invalid", "Spørsmålet er for langt. Skriv høyst 2000 tegn.", "nb"),
    ],
)
def test_says_what_happened_in_the_readers_language(
    trouble: str,
    words: str,
    language: str,
    server: FakeServer,
    open_page: OpenPage,
    watched: Watched,
) -> None:
    watched.expected.append("Failed to load resource")
    page = open_page(f"{server.origin}/?lang=en")
    server.orders.stream = trouble
    page.get_by_label("Ask a question").fill(QUESTION)
    page.get_by_label("Ask a question").press("Enter")
    problem = page.locator("medraad-chat .problem")
    expect(problem).to_have_text(words)
    assert problem.locator("span span").evaluate("(span) => span.lang") == language


@pytest.mark.parametrize("trouble", ["cut", "killed"])
def test_what_had_arrived_stays(trouble: str, page: Page, server: FakeServer) -> None:
    server.orders.stream = trouble
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .reply")).to_contain_text(SAFETY)


@pytest.mark.parametrize("trouble", ["missing", "refuse"])
def test_without_a_stream_the_whole_answer_is_fetched(trouble: str, page: Page, server: FakeServer) -> None:
    server.orders.stream = trouble
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .reply")).to_contain_text(SAFETY)
    assert [path for path, _ in server.orders.requests][-1] == "/api/chat"


def test_streams_that_are_never_ended_leave_connections_for_the_next(page: Page, server: FakeServer) -> None:
    server.orders.stream = "kept"
    for _ in range(7):  # a browser has six for a server
        ask(page, QUESTION)


def test_offline(page: Page, server: FakeServer) -> None:
    page.context.set_offline(True)
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .problem")).to_contain_text("uten nett")
    page.context.set_offline(False)
    recovers(page, server)


def test_server_gone(page: Page, server: FakeServer) -> None:
    server.orders.stream = "gone"
    ask(page, QUESTION)
    expect(page.locator("medraad-chat .problem")).to_contain_text("Får ikke kontakt")
    recovers(page, server)


def process(port: int) -> subprocess.Popen[bytes]:
    """Start the fake server as a process that can be killed; it takes its time between sentences."""
    started = subprocess.Popen([sys.executable, "-m", "tests.browser.server", str(port)])
    for _ in range(400):
        with closing(socket.socket()) as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return started
        time.sleep(0.05)
    started.kill()
    raise AssertionError("the server never came up")


def test_a_process_killed_in_the_middle_comes_back(open_page: OpenPage, watched: Watched) -> None:
    watched.expected += ["Failed to load resource", "net::ERR"]
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    first = process(port)
    try:
        page = open_page(f"http://127.0.0.1:{port}")
        field(page).fill(QUESTION)
        field(page).press("Enter")
        expect(page.locator("medraad-chat .reply")).to_contain_text(SAFETY)
    finally:
        first.kill()
        first.wait()
    expect(page.locator("medraad-chat .problem")).to_contain_text("Forbindelsen ble brutt midt i svaret.")
    expect(page.locator("medraad-chat .reply")).to_contain_text(SAFETY)
    button(page, "Prøv igjen").click()
    expect(page.locator("medraad-chat .problem")).to_contain_text("Får ikke kontakt")
    second = process(port)
    try:
        button(page, "Prøv igjen").click()
        expect(button(page, "kilde 1")).to_be_visible()
    finally:
        second.kill()
        second.wait()


def test_an_earlier_question_tried_again_keeps_its_number_and_place(page: Page, server: FakeServer) -> None:
    page.evaluate(
        """() => {
          window.turns = [];
          for (const name of ['question', 'answer'])
            document.addEventListener(`medraad-${name}`, (event) => window.turns.push(event.detail.turn));
        }"""
    )
    server.orders.stream = "down"
    ask(page, QUESTION)
    server.orders.stream = "ok"
    ask(page, "Hva er hovedverneombudets rolle?")
    button(page, "Prøv igjen").click()
    expect(page.locator("medraad-chat .after")).to_have_count(2)
    assert page.evaluate("() => window.turns") == [1, 2, 2, 1, 1]
    # What leads on belongs to the newest answer.
    expect(page.get_by_role("heading", name="Spør videre")).to_have_count(1)


def test_what_is_written_meanwhile_is_kept(page: Page, server: FakeServer) -> None:
    server.orders.stream = "slow"
    field(page).fill(QUESTION)
    field(page).press("Enter")
    field(page).fill("Og i neste fase?")
    field(page).press("Enter")  # one at a time: it stays where it is
    server.orders.stream = "cut"
    server.orders.hold.set()
    settled(page)
    expect(field(page)).to_have_value("Og i neste fase?")
    button(page, "Rediger spørsmålet").click()
    expect(field(page)).to_have_value(f"{QUESTION}\nOg i neste fase?")


def test_a_question_that_is_too_long_stays_in_the_field(page: Page, server: FakeServer) -> None:
    hint = page.locator("medraad-chat #hint")
    record_live(page)
    field(page).fill("ord " * 1250)
    field(page).press("Enter")
    expect(hint).to_have_text("Spørsmålet er for langt (4999 tegn). Skriv høyst 2000.")
    assert said(page) == [hint.text_content()]
    assert len(field(page).input_value()) == 5000
    assert server.orders.requests == []
    field(page).fill("ord " * 500)
    expect(hint).to_contain_text("personopplysninger")
    ask(page, "ord " * 500)
    assert len(server.orders.requests) == 1


def test_slow_is_said_and_can_be_stopped(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(server.origin)
    server.orders.stream = "slow"
    field(page).fill(QUESTION)
    button(page, "Send").click()
    expect(button(page, "Stopp")).to_be_focused()
    page.clock.fast_forward(8_100)
    expect(page.locator("medraad-chat .status")).to_contain_text("Dette tar litt tid")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Du stoppet svaret.").first).to_be_visible()
    assert focused(page) == "Still et spørsmål"
    expect(button(page, "Prøv igjen")).to_be_visible()


def test_starting_again_says_that_and_no_more(page: Page, server: FakeServer) -> None:
    server.orders.stream = "slow"
    field(page).fill(QUESTION)
    field(page).press("Enter")
    expect(page.locator("medraad-chat .status")).to_be_visible()
    record_live(page)
    button(page, "Start på nytt").click()
    expect(button(page, "Send")).to_be_visible()
    assert said(page) == ["Samtalen er tømt."]


def test_a_double_click_on_send_does_not_stop_the_question(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(server.origin)
    server.orders.stream = "slow"
    field(page).fill(QUESTION)
    page.clock.pause_at(page.evaluate("() => Date.now()") + 1_000)
    button(page, "Send").click()
    page.clock.run_for(200)
    button(page, "Stopp").click()
    page.clock.run_for(400)
    expect(button(page, "Stopp")).to_be_visible()
    button(page, "Stopp").click()
    expect(page.get_by_text("Du stoppet svaret.").first).to_be_visible()


def test_a_minute_of_silence_ends_the_wait(server: FakeServer, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(server.origin)
    server.orders.stream = "slow"
    field(page).fill(QUESTION)
    field(page).press("Enter")
    expect(button(page, "Stopp")).to_be_visible()
    page.wait_for_timeout(300)
    page.clock.fast_forward(61_000)
    expect(page.locator("medraad-chat .problem")).to_contain_text("kom ikke i tide")


def test_a_throttled_line_still_brings_the_answer(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 300, "downloadThroughput": 6_000, "uploadThroughput": 6_000}
    session.send("Network.emulateNetworkConditions", limits)
    ask(page, QUESTION)
    expect(button(page, "kilde 2")).to_be_visible()
