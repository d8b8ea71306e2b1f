"""Cut a Norwegian paragraph into sentences, as spans of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    """adm alm aml anm apr arb arbml aug avd bl ca dr dvs eks ekskl evt feb fork forts fvl hhv hr ifm iht inkl
    jan dir jf jfr jr jul jun kap kl koml kr lign maks mnd mob nov nr obs offl okt pga pgf pkt pr prof pst ref
    popplyl resp sep sept skl stk strl tel tjml tlf utg vedk vedr vs årg""".split()
)
_INTRODUCING = re.compile(
    r"\b(?:bl\. ?a|f\. ?eks|d\. ?v\. ?s|t\. ?d|m\. ?a\. ?o|s\. ?k|p\. ?g\. ?a|i\. ?h\. ?t)\.$", re.I
)
"""Abbreviations of several parts that something always follows."""
_CLOSING = re.compile(r"\b(?:etc|osv|mfl|mv|ol|(?:\w{1,2}\. ?)+\w{1,3}|[mt] ?fl)\.$", re.I)
"""Abbreviations that may close a sentence: they do where a capital letter follows."""
_END = re.compile(r"[.!?…]+[»”’\")\]]*(?:(?<=[a-zæøå]{4}\.)\d{1,2})?(?=\s+[«“\"'’(\[→–-]*\s*[A-ZÆØÅÉ0-9§])")
"""Where a sentence ends, with the number of a note that was set high after it («helse.1 Rutinen»)."""
_LETTERED = re.compile(r"(?:\d|\b(?:del|bokstav|vedlegg|punkt|pkt\.|gruppe|alternativ)) ?[a-zæøå]\.$", re.I)
_MAX_QUOTE = 350
"""Characters of a «quotation» that is kept whole even if it holds several sentences."""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence; together they cover all of `text` but the space between."""
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if _goes_on(text, start, match):
            continue
        yield start, end
        start = end + len(text[end:]) - len(text[end:].lstrip())
    if text[start:].strip():
        yield start, len(text.rstrip())


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[start : match.end()]
    if match.group().startswith(".") and _is_abbreviation(before.rstrip('»”’")]'), text[match.end() :]):
        return True
    opened = before.count("«") - before.count("»")
    return opened > 0 and 0 <= text.find("»", match.end()) - start - before.rfind("«") < _MAX_QUOTE


def _is_abbreviation(before: str, after: str) -> bool:
    word = before.rstrip(".").rsplit(maxsplit=1)[-1].strip("(«").lower() if before.rstrip(".") else ""
    if word.isdigit() and len(word) <= 2:
        # Only a numeral that opens the text («1. Politikere …») is not the end of a sentence.
        return before.strip() == f"{word}."
    if len(word) == 1 and word.isalpha():
        # An initial («A. Hansen»), unless it names a part («del B. Partene …», «§ 3-1 c. Partene …»).
        return not (_LETTERED.search(before) and after.lstrip()[:1].isupper())
    if word in _ABBREVIATIONS or _INTRODUCING.search(before):
        return True
    return bool(_CLOSING.search(before)) and not after.lstrip()[:1].isupper()
