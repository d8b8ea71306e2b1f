"""What of several editions of a document holds today, and which of them a question means."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
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
    newer = superseded(sources)
    years = set(_YEAR.findall(question))
    return frozenset(
        one for one in documents if newer.get(one) in documents and not years & _years(sources[one])
    )


def superseded(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return replaced documents, and what replaced each; a document that does not hold yet replaces none."""
    today = date.today()
    return {
        source.supersedes: source.id
        for source in sources.values()
        if source.supersedes is not None
        and source.supersedes in sources
        and (source.valid_from is None or source.valid_from <= today)
    }


def is_expired(source: Source) -> bool:
    """Say whether a source's validity has run out today."""
    return source.valid_to is not None and source.valid_to < date.today()


def _years(source: Source) -> set[str]:
    return {*_YEAR.findall(source.title), *_YEAR.findall(source.edition or "")}
