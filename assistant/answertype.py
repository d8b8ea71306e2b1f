"""Whether a sentence holds what a question asks for: a number of these, a time, a role, a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.facts import MONTHS
from assistant.question import Kind, Query
from assistant.weights import Column
from ingest.content import CACHED, Stored

OTHERS = 0.5
"""How well a number fits that may count something else than what is asked."""

_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|én|ett|eitt|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tjue|femti|hundre"
    r"|tusen|halv\w*|dobbel\w*)"
)
_COUNT = (
    r"(?<![\w§.,-])(?<!§ )(?<!s\. )(?<!del )(?<!fase )(?<!råd )(?<!punkt )(?<!kapittel )"
    rf"(?!(?:19|20)\d\d\b|én\b|ett\b|eitt\b){_NUMBER}\b"
)
"""A number that counts: no year, page or number of a section, and not «én del»."""
_UNIT = (
    r"(?:sekund|minutt|time|(?:virke|yrke|arbeids|kalender)?dag|døgn|døger|uke|veke|måned|månad|kvartal|halvår"
    r"|år|gang|gong)"
)
_PERIOD = r"(?:dag|døgn|uk[ea]|vek[ea]|måned|månad|kvartal|halvår|år)\w{0,3}"
_WEEKDAY = r"(?:mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag)"
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_ORDINAL = r"(?:\d+\.|andre|anne[nt]|annan|anna|tredje|fjerde|femte|sjette|sjuende|åttende|niende|tiende)"
_DAY = rf"\b\d{{1,2}}\.\d{{1,2}}\.|\b\d{{1,2}}\. ?{_MONTH}"
_PATTERNS: Mapping[Kind, str] = {
    "amount": r"\b\d[\d .]*(?:kr|kroner|mill|mrd|prosent|%)|\bkr\.? ?\d|\b(?:gratis|kostnadsfri)\w*",
    "howmany": _COUNT,
    "howoften": (
        rf"\b{_NUMBER}(?:[ -]{_NUMBER})? g[ao]ng(?:er)?\b|\bg[ao]ng(?:er)? (?:i|per|pr)\b"
        # «hver 18. måned», «annenhver uke», «den første tirsdagen i hver måned»
        rf"|\b(?:an\w{{1,4}})?(?:hver[te]?|kvart?) (?:{_ORDINAL} )?(?:{_UNIT}|{_WEEKDAY}|{_MONTH})"
        # «fire ordinære møter i året», «minst én dag i måneden»
        rf"|\b{_NUMBER} (?:\w+ ){{1,3}}(?:i|per|pr\.?) {_PERIOD}\b"
        r"|\b(?:(?:halv)?år|måned|månad|uke|veke|dag)(?:e?nt)?(?:lig|leg)\w*"
        r"|\b(?:kvartalsvis|jevnlig|jamleg|regelmessig|kontinuerlig|løpende|løpande)\w*"
        r"|\bfaste? (?:møte|tidspunkt)\w*"
    ),
    "howlong": (
        rf"\b{_NUMBER}\b.{{0,12}}\b{_UNIT}|\but \d{{4}}|\b(?:varig|midlertidig|varsel)\w*"
        rf"|\btil og med\b|\bfra og til\b|{_DAY}"
        rf"|\binn[ea]n (?:en|ei|ein|et) {_UNIT}|\b(?:straks|snarest|snarast|omgående|senest|seinast)\b"
        r"|\bs[åo] (?:snart|raskt|fort)\b|\buten (?:ugrunnet )?opphold\b|\butan (?:ugrunna )?opphald\b"
    ),
    "date": rf"\b(?:19|20)\d\d\b|{_DAY}|\b{_WEEKDAY}",
    "when": (
        r"\b(?:19|20)\d\d\b|\b(?:ved|før|etter|innen|innan|under|underveis|undervegs|tidlig|oppstart|fase"
        r"|tidspunkt|stund|alltid|løpende|etterkant|deretter|samtidig|våren|høsten|innføring|hvis|dersom)\b|§"
        rf"|\bklokk(?:a|en)\b|\bkl\.? ?\d|{_DAY}|\b(?:i|{_ORDINAL}) {_MONTH}\b"
        rf"|\b(?:hver|kvar) (?:{_UNIT}|{_WEEKDAY})"
        r"|\bsaker som\b|(?<!ligge )\bi forkant\b"
        # «Når X, kan Y» tells what X leads to; «når X, skal Y» when Y is due.
        r"|(?<!^)\bnår\b|^når\b.*, (?:skal|må|bør|plikter)\b"
    ),
    "who": (
        r"\b\w*(?:leder|leiar|ledelse|leiing|tilsett|tillitsvald|tillitsvalgt|ombud|ombod|direktør|arbeidsgiver"
        r"|arbeidsgjevar|arbeidstaker|arbeidstakar|ansatt"
        r"|politiker|folkevalgt"
        r"|ordfører|utvalg|gruppe|organisasjon|departement|minister|enhet|part|forbund|medarbeider"
        r"|avdeling|styre"
        r"|kommune|(?<!pre)sent(?:er|re(?!r)|ra\b)|sjef|nemnd|direktorat|fond|rådgiver|koordinator|utval|komit[eé]|sekret[æa]r|rektor"
        r"|rederi|herre|ansvarl[ie]g|mottak[ea]r|representant|sakshandsamar|saksbehandler|kontoret|eigar|tilsynet)\w*\b"
        # No «område», «seier», «utfører» or «samråd».
        r"|\b\w*(?:mann(?:en|skap\w*)?|kvinnen?|før[ea]ren|[^\Wglrv]{3}eier(?:en|e|ne)?|\w{4}råd(?:et)?)\b"
        r"|\b\w*(?:organ(?:et|a|er|ene)?|institusjon\w*|virksomhet(?:en|er|ene)?|verksemd(?:a|er|ene)?)\b"
        r"|\b(?:skips|båt|regnskaps)før[ea]r\b|\b[a-zæøå]+ [a-zæøå]+, "
    ),
    "why": (
        r"\b(?:fordi|derfor|grunn\w*|slik at|for å|siden|ettersom|bidrar|fører til|gir|sikre\w*"
        r"|dermed|da|skaper"
        r"|øker|styrker|årsak\w*|nødvendig|viktig|(?:for|føre)mål(?:et)?|hensikt(?:en|a)?|mål(?:et)? med)\b"
        r"|\bdette (?:gjør|betyr)\b"
    ),
    "paragraph": r"§|\b\w*(?:lov|avtale)\w*\b",
    "yesno": r"\b(?:skal|må|bør|ikke|ingen|plikter|er|har|kan)\b",
}
_FITS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}


def fits(query: Query, text: str, terms: frozenset[str]) -> float:
    """Return how well a sentence holds what such a question asks for, 0 to 1.

    Args:
        query: the question.
        text: the sentence.
        terms: its index terms.
    """
    return _holds(query.kind, text) * _counting(query, terms)


def fitting(query: Query, stored: Stored) -> Column:
    """Return what `fits` says of each sentence of a passage."""
    return _holding(stored, query.kind) * [_counting(query, terms) for terms in stored.terms]


def _counting(query: Query, terms: frozenset[str]) -> float:
    """Return how well a number in a sentence of these terms counts what is asked."""
    counts = query.kind in _FITS and bool(query.counted)
    return OTHERS if counts and not query.counted & terms else 1.0


@lru_cache(CACHED)
def _holding(stored: Stored, kind: Kind) -> NDArray[np.bool_]:
    return np.array([_holds(kind, sentence.text) for sentence in stored.passage.sentences], np.bool_)


def _holds(kind: Kind, text: str) -> bool:
    return kind not in _FITS or bool(_FITS[kind].search(text.lower()))
