"""What a reader must know besides the answer: how far its sources hold, and how the question was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant import messages
from assistant.cite import status
from assistant.contract import Citation, Language
from assistant.editions import is_coming, superseded
from assistant.library import Shelf
from assistant.provision import name_of, undivided, unread
from assistant.question import Query
from ingest.document import Source
from ingest.references import Reference, find, resolve

_ASKS_HOW_LONG = re.compile(
    r"\b(hvor lenge|kor lenge|how long|gyldig\w*|varighet\w*|valid|expires?)\b"
    r"|\b(går|løper|utløper|gjelder|gjeld|varer)\b.*\b(ut|til|når)\b|\bnår\b.*\b(ut|utløper)\b",
    re.IGNORECASE,
)


def notices(shelf: Shelf, query: Query, citations: Sequence[Citation], quoted: bool) -> Iterator[str]:
    """Yield what the reader must know about the sources cited and about how the question was read.

    `quoted` tells that the answer is in the sources' own words.
    """
    sources = shelf.index.content.sources
    newer = superseded(sources)
    language = query.language
    for id_ in dict.fromkeys(citation.document for citation in citations):
        source = sources[id_]
        yield from _held(source, query)
        if id_ in newer:
            yield messages.say("superseded", language, title=source.title, newer=sources[newer[id_]].title)
        if source.layer == "lokal":
            yield messages.say("local", language, title=source.title)
    yield from _older_editions(shelf, citations)
    yield from _beside(shelf, query, citations)
    for reference in undivided(shelf, query):
        yield messages.say("undivided", language, reference=reference.label)
    for reference in unread(shelf, query):
        yield not_here(shelf, reference, language)
    yield from read_as(query)
    if quoted and query.wish == "simpler":
        yield messages.say("word_for_word", language)
    if language == "en":
        yield messages.say("norwegian" if quoted else "translated", language)


def _held(source: Source, query: Query) -> Iterator[str]:
    """Yield how long a source holds, if it has expired or that is asked, and from when if it is to come."""
    expired = status(source) == "utløpt"
    if source.valid_to is not None and (expired or _ASKS_HOW_LONG.search(query.original)):
        until = _until(source.valid_to, query.language)
        yield messages.say("expired" if expired else "holds", query.language, title=source.title, until=until)
    if source.valid_from is not None and is_coming(source):
        day = source.valid_from.strftime("%d.%m.%Y")
        yield messages.say("coming", query.language, title=source.title, day=day)


def _beside(shelf: Shelf, query: Query, citations: Sequence[Citation]) -> Iterator[str]:
    """Yield that nothing of the document is cited that is asked what it says."""
    if query.consulted is not None and all(citation.document != query.consulted for citation in citations):
        title = shelf.index.content.sources[query.consulted].title
        yield messages.say("beside", query.language, title=title)


def read_as(query: Query) -> Iterator[str]:
    """Yield which misspelt words were read as which."""
    for given, meant in query.corrections:
        yield messages.say("corrected", query.language, given=given, meant=meant)


def not_here(shelf: Shelf, reference: Reference, language: Language) -> str:
    """Say that the wording of a § is not among the sources, and where it is published if that is known."""
    link = resolve(reference, shelf.manifest.works)
    if link is None:
        return messages.say("unread", language, reference=name_of(reference))
    wording = messages.say("unread", language, reference=link.title)
    return f"{wording} {messages.say('official', language, url=link.url)}"


def _older_editions(shelf: Shelf, citations: Sequence[Citation]) -> Iterator[str]:
    """Yield the notices of references that follow the numbering of an older edition."""
    works = shelf.manifest.works
    older = {
        work.older_notice
        for citation in citations
        for reference in find(citation.quote, shelf.index.content.sources[citation.document].work, works)
        for work in works
        if work.key == reference.work and work.older_notice and work.is_older(reference.section)
    }
    yield from sorted(older)


def _until(last: date, language: Language) -> str:
    if (last.month, last.day) == (12, 31):
        return messages.say("until_year", language, year=str(last.year))
    return messages.say("until_day", language, day=last.strftime("%d.%m.%Y"))
