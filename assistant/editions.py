"""What of several editions of a document holds today, and which of them a question means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from ingest.document import Source

_YEAR = re.compile(r"\d{4}")
_PAST = re.compile(
    r"\b(gjaldt|galdt|tidligere|tidlegare|forrige|førre|eldre|gamle?|gammel|gammal|utløp\w*|"
    r"forskjell\w*|skilnad\w*|endre[dt]\w*|endring\w*|used to|previous\w*|earlier|former|older?|changed?)\b",
    re.IGNORECASE,
)


def left_behind(documents: Collection[str], sources: Mapping[str, Source], question: str) -> frozenset[str]:
    """Return those of `documents` that another of them replaces, unless the question means them too.

    It does where it asks about the past or names a year of the older one's title or edition.
    """
    if _PAST.search(question):
        return frozenset()
    newer = outranked(sources)
    years = set(_YEAR.findall(question))
    return frozenset(
        one for one in documents if newer.get(one) in documents and not years & _years(sources[one])
    )


def superseded(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return replaced documents, and what replaced each; a document that does not hold yet replaces none."""
    return {old: new for new, old in _editions(sources) if not is_coming(sources[new])}


def outranked(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return documents in whose place another holds today, and which: replaced or still to come."""
    coming = {new: old for new, old in _editions(sources) if is_coming(sources[new])}
    return superseded(sources) | coming


def _editions(sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    """Yield each document that replaces another here, and which."""
    for source in sources.values():
        old = source.supersedes
        if old is not None and old in sources and old != source.id:
            yield source.id, old


def is_coming(source: Source) -> bool:
    """Say whether a source does not hold yet."""
    return source.valid_from is not None and source.valid_from > date.today()


def is_expired(source: Source) -> bool:
    """Say whether a source's validity has run out today."""
    return source.valid_to is not None and source.valid_to < date.today()


def _years(source: Source) -> set[str]:
    return {*_YEAR.findall(source.title), *_YEAR.findall(source.edition or "")}
