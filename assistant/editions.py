"""Which of several editions of a document a question means."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from assistant.retrieve import superseded
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


def _years(source: Source) -> set[str]:
    return {*_YEAR.findall(source.title), *_YEAR.findall(source.edition or "")}
