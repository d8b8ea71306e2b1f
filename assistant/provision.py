"""The text of a § that is asked for by its number: looked up exactly, given in its own order.

Where no source has the text, the sentences that name it stand in, and `unread` tells what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.cite import below_title, source_url
from assistant.editions import left_behind
from assistant.library import Shelf
from assistant.question import Query
from assistant.retrieve import may_be
from assistant.spans import Part, Span, complete, lead_in, paragraphs_of
from ingest.content import Mention, Stored
from ingest.document import Passage, Source
from ingest.law import ledd_of, letter_of, number_of
from ingest.references import Reference, find

MOST_WORDS = 220
"""A longer § is given as far as whole paragraphs go; the citation opens the rest."""
MOST_PLACES = 3
"""Texts with the same number (in two parts, in two agreements) that are given side by side."""
LEAST_WORDS = 7
"""What names a § in fewer says nothing of it."""

_IN_BRACKETS = re.compile(r"\((?:[^()]*\s)?(\w+)\)")
_LAW_ON = re.compile(r"^lov om (\w+)")
"""«Lov om ferie» is ferieloven."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_TOKEN = re.compile(r"\w{2,}")
_ASKING = frozenset(
    """
    hva kva what sier seier sa says say said står sto stod does do lyder lyd heter inneholder
    gir gjengi vis meg kan du kort fortalt korte trekk enkelt forklart oppsummert
    det den der dei de som i etter om av på er til med nå egentlig the of in about og and please
    ordlyden ordlyd teksten tekst innholdet innhold paragraf paragrafen paragraph section bestemmelsen
    bestemmelse ledd leddet bokstav bokstaven letter del delen part punkt kapittel
    avtale avtalen avtala lov loven lova lokal lokale lokalt forskrift forskriften agreement act law
    første andre annet tredje fjerde femte sjette sjuende first second third
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A § of one document, in the passages it is cut into; `section` is the path of its heading."""

    source: Source
    section: tuple[str, ...]
    rows: tuple[int, ...]
    reference: Reference


def asks_for_text(shelf: Shelf, query: Query) -> bool:
    """Say whether a question names a § and asks for nothing but what it says."""
    if not query.references:
        return False
    names = " ".join(name for work in shelf.manifest.works for name in work.names)
    titles = " ".join(source.title for source in shelf.index.content.sources.values())
    known = _ASKING | _words(names) | _words(titles)
    works = " ".join(reference.work or "" for reference in query.references)
    return _words(query.original) <= known | _words(works)


def provision(shelf: Shelf, query: Query) -> list[Part]:
    """Return the § that the question asks for, paragraph by paragraph; nothing if no source has its text."""
    shown = _shown(shelf, query)
    return [part for place, narrowed in shown for part in _parts(shelf, place, narrowed, len(shown) > 1)]


def naming(shelf: Shelf, query: Query) -> list[Part]:
    """Return the sentences that name the § that the question asks for, where that is all the sources do."""
    content = shelf.index.content
    spans: list[Span] = []
    exact: set[Span] = set()
    for reference in query.references:
        for row in dict.fromkeys(one.row for one in _mentions(shelf, reference)):
            stored = shelf.index.passage(row)
            source = content.sources[stored.passage.document]
            for at, sentence in enumerate(stored.passage.sentences):
                named = find(sentence.text, source.work, shelf.manifest.works)
                letters = {one.letter for one in named if may_be(one, reference)}
                span = _about(stored, at) if letters else None
                if span is not None:
                    spans.append(span)
                    exact |= {span} if reference.letter and reference.letter in letters else set()
    older = left_behind({span.stored.passage.document for span in spans}, content.sources, query.original)
    kept = [span for span in spans if span.stored.passage.document not in older]
    kept = [span for span in kept if span in exact] or kept
    return [_part(span) for span in kept[:MOST_PLACES]]


def _about(stored: Stored, at: int) -> Span | None:
    """Return what a sentence that names a § says, or what it is about where it is a bare reference."""
    span = complete(stored, at)
    return span if len(span.quote.split()) >= LEAST_WORDS else None


def unread(shelf: Shelf, query: Query) -> list[Reference]:
    """Return the § that the question asks for and whose text no source has, with the work if it is clear."""
    if not asks_for_text(shelf, query) or any(True for _ in _places(shelf, query)):
        return []
    return [_with_work(shelf, reference) for reference in query.references]


def undivided(shelf: Shelf, query: Query) -> list[Reference]:
    """Return the ledd and letters that the question asks for and no § shows: it is given whole."""
    if not asks_for_text(shelf, query):
        return []
    asked = (place.reference for place, narrowed in _shown(shelf, query) if not narrowed)
    return [one for one in dict.fromkeys(asked) if one.ledd is not None or one.letter is not None]


def name_of(reference: Reference) -> str:
    """Return a § with the law or agreement that it is of, if that is clear: «forvaltningsloven § 13»."""
    return f"{reference.work} {reference.label}" if reference.work else reference.text


def page_of(shelf: Shelf, reference: Reference, source: Source) -> str | None:
    """Return our page of the § that `source` names, if its text is among the sources and it is one only."""
    content = shelf.index.content
    found: dict[tuple[str, tuple[str, ...]], Passage] = {}
    for mention in content.mentions(reference.section):
        passage = shelf.index.passage(mention.row).passage
        # A § without a work is one of the same document: «etter § 3-1» in an agreement of no known name.
        known = reference.work is not None or passage.document == source.id
        if known and mention.is_text and _fits(mention, reference, content.sources[passage.document], shelf):
            found.setdefault((passage.document, _path_to(passage, reference)), passage)
    older = left_behind({document for document, _ in found}, content.sources, "") - {source.id}
    pages = [passage for (document, _), passage in found.items() if document not in older]
    inside = [passage for passage in pages if passage.document == source.id] or pages
    return source_url(inside[0].document, inside[0].start, inside[0].end) if len(inside) == 1 else None


def _with_work(shelf: Shelf, reference: Reference) -> Reference:
    """Return a reference that names no work with the one that the sources mean by it, if it is only one."""
    meant = {(one.work, one.part) for one in _mentions(shelf, reference)}
    if reference.work is not None or len(meant) != 1:
        return reference
    work, part = meant.pop()
    return replace(reference, work=work, part=reference.part or part)


def _mentions(shelf: Shelf, reference: Reference) -> list[Mention]:
    return [one for one in shelf.index.content.mentions(reference.section) if may_be(one, reference)]


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text.lower()))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _places(shelf: Shelf, query: Query) -> Iterator[_Place]:
    """Yield the texts of the references, of the documents that the question means."""
    content = shelf.index.content
    found: dict[tuple[str, tuple[str, ...]], tuple[Reference, list[int]]] = {}
    for reference in query.references:
        for mention in content.mentions(reference.section):
            passage = shelf.index.passage(mention.row).passage
            if mention.is_text and _fits(mention, reference, content.sources[passage.document], shelf):
                place = passage.document, _path_to(passage, reference)
                rows = found.setdefault(place, (reference, []))[1]
                if mention.row not in rows:
                    rows.append(mention.row)
    kept = _meant({document for document, _ in found}, content.sources, query.original)
    for (document, section), (reference, rows) in found.items():
        if document in kept:
            yield _Place(content.sources[document], section, tuple(rows), reference)


def _path_to(passage: Passage, reference: Reference) -> tuple[str, ...]:
    """Return the heading path of a passage as far as the § that it is, or is part of, the text of."""
    numbers = [number_of(title) for title in passage.section]
    return passage.section[: numbers.index(reference.section) + 1]


def _fits(mention: Mention, reference: Reference, source: Source, shelf: Shelf) -> bool:
    if reference.part and mention.part and reference.part != mention.part:
        return False
    if reference.work is None or mention.work == reference.work:
        return True
    works = (work for work in shelf.manifest.works if work.key == reference.work)
    names = next((work.names for work in works), (reference.work,))
    called = _names(source)
    return mention.work is None and any(one.startswith(name.lower()) for one in called for name in names)


def _names(source: Source) -> list[str]:
    """Return what a law of no known work may be called: its title, its file, and what its title calls it."""
    title = source.title.lower()
    law_on = (f"{matter}loven" for matter in _LAW_ON.findall(title))
    return [title, source.id.lower(), *_IN_BRACKETS.findall(title), *law_on]


def _meant(documents: set[str], sources: Mapping[str, Source], question: str) -> set[str]:
    """Return the documents whose title the question names best, without those that another has replaced."""
    asked = _tokens(question) - _ASKING
    named = {one: len(asked & _tokens(sources[one].title)) for one in documents}
    best = {one for one in documents if named[one] == max(named.values())}
    return best - left_behind(best, sources, question)


def _shown(shelf: Shelf, query: Query) -> list[tuple[_Place, list[Part]]]:
    """Return the texts of the references, and of each the ledd or letter that is asked for.

    Of texts with the same number those without it are left out where one has it.
    """
    found = [
        (place, _narrowed(_own(shelf, place), place.reference))
        for place in list(_places(shelf, query))[:MOST_PLACES]
    ]
    told = {place.reference for place, narrowed in found if narrowed}
    return [(place, narrowed) for place, narrowed in found if narrowed or place.reference not in told]


def _parts(shelf: Shelf, place: _Place, narrowed: Sequence[Part], several: bool) -> Iterator[Part]:
    """Yield the heading of the § and its paragraphs, or the one ledd or letter that is asked for."""
    section = place.section
    path = (place.source.title, *below_title(place.source, section))
    yield Part("heading", title=" › ".join(path) if several else section[-1])
    if narrowed:
        yield from narrowed
        return
    words = 0
    for span in (span for row in place.rows for span in paragraphs_of(shelf.index.passage(row))):
        if words and words + span.words > MOST_WORDS:
            return
        words += span.words
        under = span.stored.passage.section
        if under != section and len(under) > len(place.section):
            yield Part("heading", title=under[-1])
        section = under
        yield _part(span)


def _own(shelf: Shelf, place: _Place) -> list[Span]:
    """Return the paragraphs of a §, without those of the §§ inside it."""
    stored = [shelf.index.passage(row) for row in place.rows]
    inside = [one for one in stored if any(map(number_of, one.passage.section[len(place.section) :]))]
    return [span for one in stored if one not in inside for span in paragraphs_of(one)]


def _part(*spans: Span) -> Part:
    listed = any(sentence.kind == "item" for span in spans for sentence in span.sentences)
    return Part("list" if listed else "paragraph", spans)


def _narrowed(spans: Sequence[Span], reference: Reference) -> list[Part]:
    """Return the ledd or the letter of a §; nothing where none is asked for, or it is not there."""
    if reference.ledd is not None:
        numbered = [span for span in spans if ledd_of(span.quote) == reference.ledd]
        unnumbered = not any(ledd_of(span.quote) for span in spans)
        spans = numbered or (list(spans[reference.ledd - 1 : reference.ledd]) if unnumbered else [])
    if reference.letter is None:
        return [_part(span) for span in spans] if reference.ledd is not None else []
    return [part for span in spans for part in _letter(span, reference.letter)]


def _letter(span: Span, letter: str) -> Iterator[Part]:
    """Yield the item with a letter, after the sentence that introduces its list."""
    for at in range(span.first, span.last + 1):
        sentence = span.stored.passage.sentences[at]
        if sentence.kind == "item" and letter_of(sentence.text) == letter:
            yield _part(*filter(None, (lead_in(span.stored, at), Span(span.stored, at, at))))
