"""Steps that several tests take with the widget."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const parts = [...(element.labels?.[0]?.childNodes ?? [])].filter((part) => !part.contains(element));
  const label = parts.map((part) => part.textContent).join('');
  return (label || element.getAttribute('aria-label') || element.textContent || '').trim();
}"""
RECORD = """() => {
  window.said = [];
  for (const host of document.querySelectorAll('medraad-chat')) {
    const live = host.shadowRoot.querySelector('[role=status]');
    new MutationObserver(() => live.textContent && window.said.push(live.textContent))
      .observe(live, { childList: true, characterData: true, subtree: true });
  }
}"""


def field(page: Page) -> Locator:
    return page.get_by_label("Still et spørsmål")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def ask(page: Page, question: str) -> None:
    """Write a question, send it and wait until there is an answer or an explanation."""
    turns = page.locator("medraad-chat .reply").count()
    field(page).fill(question)
    field(page).press("Enter")
    settled(page, turns + 1)


def settled(page: Page, turns: int = 1) -> None:
    """Wait until there are so many replies and the newest is whole."""
    replies = page.locator("medraad-chat .reply")
    expect(replies).to_have_count(turns)
    reply = replies.last
    expect(reply.locator(".after, .buttons").first).to_be_visible()


def record_live(page: Page) -> None:
    page.evaluate(RECORD)


def said(page: Page) -> list[str]:
    """What the live regions have said since `record_live`."""
    page.wait_for_timeout(50)  # announcements come with the next frame
    spoken: list[str] = page.evaluate("() => window.said")
    return spoken


def focused(page: Page) -> str:
    """The accessible name, roughly, of what the keyboard is at."""
    name: str = page.evaluate(FOCUSED)
    return name


def tab_to(page: Page, name: str, key: str = "Tab", most: int = 40) -> None:
    """Press `key` until the keyboard is at `name`."""
    for _ in range(most):
        page.keyboard.press(key)
        if focused(page) == name:
            return
    raise AssertionError(f"{key} never came to «{name}»; it is at «{focused(page)}»")
