"""How long a reader waits, against the API alone: `python -m tests.browser.clicktime http://127.0.0.1:8000`.

Each question is asked three times in turn: by a plain client, by a bare `fetch` in the browser, and by a
click in the chat page. All three end when the first words of the answer are there: read by the client, read
by the `fetch`, put into the page. What the bare `fetch` takes is the API's own time as any page on this
machine meets it; the click is held against that. Prints the medians, also of the frame in which the words
are drawn (a screen's next frame comes up to 17 ms later, whatever a page does), and ends with 1 where the
page takes more than `MOST` times as long as the API.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS

MOST = 1.2
"""Click to first text, as a multiple of the API's own time to its first text."""
ROUNDS = 24
WARM = 4
"""Questions before the measuring starts: neither side is to pay for the other's first time."""
QUESTIONS = (
    "Når skal verneombud involveres?",
    "Hva er forskjellen på informasjon og drøfting?",
    "Hva er en representativ ordning?",
    "Skal det skrives referat etter drøftingsmøter?",
)
WORDS = {"text", "answer"}
"""What the words of an answer are called in a stream: a refusal comes whole, in its last event."""
CLICK = """(question) => new Promise((resolve) => {
  const root = document.querySelector('medraad-chat').shadowRoot;
  const turns = root.querySelector('.turns');
  const before = turns.querySelectorAll('.reply .text').length;
  root.querySelector('textarea').value = question;
  const seen = new MutationObserver(() => {
    if (turns.querySelectorAll('.reply .text').length === before) return;
    seen.disconnect();
    const there = performance.now() - from;
    requestAnimationFrame(() => setTimeout(() => resolve([there, performance.now() - from])));
  });
  seen.observe(turns, { childList: true, subtree: true });
  const from = performance.now();
  root.querySelector('button[type=submit]').click();
})"""


BARE = """async (question) => {
  const body = JSON.stringify({ question, history: [], role: null, phase: null, language: 'nb' });
  const from = performance.now();
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch('/api/chat/stream', { method: 'POST', headers, body });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!/"(text|answer)"/.test(text)) text += decoder.decode((await reader.read()).value, { stream: true });
  const took = performance.now() - from;
  while (!(await reader.read()).done);
  return took;
}"""


SENT = """() => {
  const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return Object.fromEntries(loaded.filter((entry) => entry.encodedBodySize)
    .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize]));
}"""


def by_api(client: HTTPConnection, question: str) -> float:
    """Milliseconds from the request to the first words of the answer."""
    started = time.perf_counter()
    body = json.dumps({"question": question, "history": [], "language": "nb"})
    first = None
    client.request("POST", "/api/chat/stream", body, {"Content-Type": "application/json"})
    for line in client.getresponse():
        if first is None and line.startswith(b"data:") and WORDS & set(json.loads(line[5:])):
            first = (time.perf_counter() - started) * 1000
    if first is None:
        raise SystemExit(f"Ingen tekst i svaret på «{question}».")
    return first


def by_page(page: Page, question: str) -> list[float]:
    """Milliseconds from the click until the first words are in the page, and until they are drawn."""
    waited: list[float] = page.evaluate(CLICK, question)
    page.get_by_role("button", name="Send", exact=True).wait_for()
    page.get_by_role("button", name="Start på nytt", exact=True).click()
    return waited


def by_fetch(page: Page, question: str) -> float:
    """Milliseconds from the request to the first words, in a page that does nothing else."""
    waited: float = page.evaluate(BARE, question)
    return waited


def carried(page: Page) -> str:
    """Return what came over the wire for the page, in bytes as sent."""
    sent: dict[str, int] = page.evaluate(SENT)
    parts = ", ".join(f"{name} {size / 1000:.1f}" for name, size in sent.items())
    return f"sendt for siden: {sum(sent.values()) / 1000:.1f} kB ({parts})\n"


def measure(url: str, rounds: int) -> list[list[float]]:
    """Return what client, bare `fetch`, click and drawing took, in milliseconds, question by question."""
    times: list[list[float]] = []
    client = HTTPConnection(urlsplit(url).netloc, timeout=60)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page, bare = browser.new_page(), browser.new_page()
        bare.goto(f"{url}/tilgjengelighet")
        page.goto(url)
        sys.stdout.write(carried(page))
        for number in range(WARM + rounds):
            question = QUESTIONS[number % len(QUESTIONS)]
            times.append([by_api(client, question), by_fetch(bare, question), *by_page(page, question)])
        browser.close()
    return times[WARM:]


def main() -> None:
    """Measure the server that the command line names."""
    url = sys.argv[1].rstrip("/")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    client, api, click, drawn = (
        statistics.median(times) for times in zip(*measure(url, rounds), strict=True)
    )
    sys.stdout.write(
        f"{rounds} spørsmål, medianer: klikk til første tekst {click:.1f} ms (tegnet {drawn:.1f}), "
        f"API i samme nettleser {api:.1f} ms, API fra Python {client:.1f} ms; forhold {click / api:.2f}\n"
    )
    sys.exit(click / api > MOST)


if __name__ == "__main__":
    main()
