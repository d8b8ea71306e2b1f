"""A headless Chromium, the fake server, and pages that fail their test on any error or foreign request."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import FakeServer

CHROMIUM = shutil.which("chromium")
PATIENCE = 20_000
"""Milliseconds to wait for what must appear: a busy machine is slow, not wrong."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
LARGE_TEXT = "--blink-settings=defaultFontSize=32"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for this folder; it ends before other folders' tests begin an event loop of their own."""
    if not CHROMIUM:
        pytest.skip("Debian's chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _serve() -> Iterator[FakeServer]:
    server = FakeServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.orders.hold.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    yield from _serve()


@pytest.fixture
def host() -> Iterator[FakeServer]:
    """Another origin, for pages that embed the widget."""
    yield from _serve()


@dataclass
class Watched:
    """What went wrong in the pages of one test, and where they sent requests."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    expected: list[str] = field(default_factory=list)
    """Parts of errors that the test provokes."""

    def unexpected(self) -> list[str]:
        return [text for text in self.errors if not any(part in text for part in self.expected)]


@pytest.fixture
def watched() -> Iterator[Watched]:
    watch = Watched()
    yield watch
    assert watch.unexpected() == []
    assert watch.hosts <= {"127.0.0.1"}


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, watched: Watched) -> Iterator[OpenPage]:
    yield from _pages(browser, watched)


@pytest.fixture
def open_page_large(browser: Browser, watched: Watched) -> Iterator[OpenPage]:
    """Pages for a reader who has set the browser's text to twice the usual size."""
    larger = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, LARGE_TEXT])
    yield from _pages(larger, watched)
    larger.close()


def _pages(browser: Browser, watched: Watched) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.on(
            "console", lambda m: watched.errors.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("request", lambda request: _note(watched, request.url))

    def opened(url: str, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1100, "height": 800}} | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        context.on("page", watch)
        page = context.new_page()
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()


def _note(watched: Watched, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob", "about"):
        watched.hosts.add(parts.hostname or "")
