"""Links: a text that ends in ↗, and the bare addresses that an extraction leaves at the page's end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from ingest.segments import Part

_ARROW = re.compile(r"\s*[↗⬈🡕]\s*$")
_LONG_WORD = 10
"""A word of this length that stands in an address too is taken for the link's text."""


def attach_links(pages: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """Return the pages with link texts carrying their address; no bare address is left.

    Addresses are given to the link texts before them in order. An address without such a text goes
    to the word in the text that it names («…/samarbeidsmodellen-for-…»), else it keeps its host as text.
    """
    result = [[_as_link(part) for part in parts] for parts in pages]
    pending: list[tuple[int, int]] = []
    for p in range(len(result)):
        run: list[tuple[int, int]] = []
        for i, part in [*enumerate(result[p]), (-1, Part((), p))]:
            if part.kind == "url":
                run.append((p, i))
                continue
            if run:
                pending = _resolve(result, run, pending)
                run = []
            if part.kind == "link" and part.url is None:
                pending.append((p, i))
    return [[part for part in parts if part.kind != "url"] for parts in result]


def _as_link(part: Part) -> Part:
    if part.kind != "text" or not _ARROW.search(part.raw):
        return part
    return replace(part, kind="link", lines=(*part.lines[:-1], _ARROW.sub("", part.lines[-1])))


def _resolve(
    pages: list[list[Part]], run: Sequence[tuple[int, int]], pending: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Give the addresses of `run` to the `pending` texts; return those that got none."""
    first: dict[str, tuple[int, int]] = {}
    for p, i in run:
        first.setdefault(pages[p][i].url or "", (p, i))
    urls = list(first)
    chosen = _best_order([pages[p][i].raw for p, i in pending], urls)
    for (p, i), url in zip(pending, chosen, strict=False):
        pages[p][i] = replace(pages[p][i], url=url)
    for url in urls:
        if url not in chosen:
            _place(pages, first[url], url)
    return list(pending[len(chosen) :])


def _best_order(texts: Sequence[str], urls: Sequence[str]) -> list[str]:
    """Return one address per text, in order, that together fit the texts best."""
    if len(urls) <= len(texts):
        return list(urls)
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]  # for no text, the first one, the first two …
    for url in urls:
        longer = [
            (fit + _likeness(text, url), (*chosen, url))
            for text, (fit, chosen) in zip(texts, best, strict=False)
        ]
        kept = [max(pair, key=itemgetter(0)) for pair in zip(best[1:], longer, strict=False)]
        best = [best[0], *kept, *longer[len(kept) :]]
    return list(best[-1][1])


def _likeness(text: str, url: str) -> float:
    return fuzz.partial_ratio(text.lower(), urlsplit(url).path.lower().replace("-", " "))


def _place(pages: list[list[Part]], at: tuple[int, int], url: str) -> None:
    """Turn an address that has no link text into a link where the text names it."""
    p, i = at
    last = urlsplit(url).path.lower().rstrip("/").rsplit("/", 1)[-1]
    slug = {word for word in re.split(r"[^\w]+", last) if len(word) >= _LONG_WORD}
    for q in (p, p - 1):
        for k, part in enumerate(pages[q] if q >= 0 else ()):
            named = [word for word in re.findall(r"\w+", part.raw) if word.lower() in slug]
            if part.kind == "text" and named:
                pages[q].insert(k + 1, Part((named[0],), q, kind="link", url=url, chunk=part.chunk))
                return
    pages[p][i] = replace(pages[p][i], kind="link", lines=(urlsplit(url).netloc or url,))
