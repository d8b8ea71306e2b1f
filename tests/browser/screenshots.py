"""The README's pictures: `python -m tests.browser.screenshots http://127.0.0.1:8000 docs/images`.

Takes them against a running server, so that they show real answers. The page that embeds the widget is an
invented intranet; it is never fetched, but given to the browser as if the server had it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.helpers import ask, button

SAFETY = "Når skal verneombud involveres?"
CHECKLIST = "Hva bør avklares i en omstillingsavtale?"
STYLE = """body { margin: 0; font: 1rem/1.6 Arial, sans-serif; color: #222 }
header { background: #0b3d5c; color: #fff; padding: 1rem 2rem; font-size: 1.25rem }
main { max-width: 60rem; margin: 2rem auto; padding: 0 2rem }
.cards { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; max-width: 42rem }
.cards div { border: 1px solid #ccd; padding: 0 1rem; border-radius: 6px }"""
INTRANET = f"""<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Intranett</title>
<style>{STYLE}</style><script type="module" src="/widget.js"></script></head><body>
<header>Fjordvik kommune – intranett</header>
<main><h1>Prosjekt: ny velferdsteknologi</h1><p>Kommunen innfører nye digitale verktøy i hjemmetjenesten.</p>
<div class="cards"><div><h2>Framdrift</h2><p>Konseptfasen er i gang. Drøftingsmøte 3. desember.</p></div>
<div><h2>Kontakt</h2><p>Prosjektleder, hovedtillitsvalgt og hovedverneombud.</p></div></div></main>
<medraad-chat></medraad-chat></body></html>"""
TOP = "(element, space) => window.scrollTo({ top: element.getBoundingClientRect().top + scrollY - space })"


def _page(browser: Browser, url: str, width: int, height: int, dark: bool = False) -> Page:
    page = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    ).new_page()
    page.route("**/intranett", _intranet)
    page.goto(url)
    return page


def _intranet(route: Route) -> None:
    route.fulfill(body=INTRANET, content_type="text/html; charset=utf-8")


def _save(page: Page, path: Path) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=path)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")


def _open_source(page: Page) -> Locator:
    button(page, "kilde 1").first.click()
    card = page.get_by_role("group", name="Kilde 1")
    expect(card).to_be_visible()
    return card


def take(browser: Browser, url: str, folder: Path) -> None:
    """Take the four pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    desktop = _page(browser, url, 1200, 760)
    ask(desktop, SAFETY)
    _open_source(desktop)
    desktop.get_by_role("heading", name=SAFETY).evaluate(TOP, 76)
    _save(desktop, folder / "chat-desktop.png")

    mobile = _page(browser, url, 390, 844)
    ask(mobile, SAFETY)
    _save(mobile, folder / "chat-mobile.png")

    dark = _page(browser, url, 1200, 760, dark=True)
    ask(dark, CHECKLIST)
    dark.get_by_role("heading", name=CHECKLIST).evaluate(TOP, 76)
    _save(dark, folder / "chat-dark.png")

    embedded = _page(browser, f"{url}/intranett", 1280, 860)
    button(embedded, "Spør Medråd").click()
    ask(embedded, SAFETY)
    _save(embedded, folder / "widget-embedded.png")


def main() -> None:
    """Take the pictures of the server and into the folder that the command line names."""
    url, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        take(browser, url, folder)
        browser.close()


if __name__ == "__main__":
    main()
