"""What one line of text shows: whether it ends or begins a sentence, is a label, a bullet or an address."""

from __future__ import annotations

import re

from ingest.clean import DISPLACED

_FUNCTION_WORDS = frozenset(
    "og eller i på for til av som er å med etter at en et ei den det de har ved om fra mellom mot under over "
    "kan skal vil må bør blir ble var når hvis enn ikke også sin sitt sine hos uten samt der hvor".split()
)
MARKER = re.compile(
    rf"^({DISPLACED}|[•→*]|[-–](?=\s)|\d{{1,2}}[.)](?=\s)|\(\d{{1,2}}\)|\([a-zæøå]\)|[a-zæøå][.)](?=\s))\s*(\S.*)$"
)
URL = re.compile(r"^\s*<?((https?://|www\.)\S+?)>?\s*$")


def terminated(text: str) -> bool:
    """Whether the text ends a sentence (or a lead-in, with a colon)."""
    return bool(re.search(r"[.!?:;…][»”\"'’)\]]*\s*$", text))


def starts_low(text: str) -> bool:
    """Whether the text begins in the middle of a sentence: with a small letter."""
    found = re.match(r"[\s«“\"'’‘(]*(\S)", text)
    return bool(found and found[1].islower() and not URL.match(text))


def words(text: str) -> list[str]:
    """Return the tokens that hold a letter or digit."""
    return [token for token in text.split() if any(c.isalnum() for c in token)]


def is_capitals(text: str) -> bool:
    """Whether the text is set in capitals (at least five letters)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 5 and all(c.isupper() for c in letters)


def is_label(line: str) -> bool:
    """«HUSK:», «LEDER:», «Husk:»: a word or two in capitals, or one word, with a colon."""
    text = line.strip()
    if not text.endswith(":") or re.search(r"\d", text):
        return False
    return (text == text.upper() and len(words(text)) <= 3) or len(words(text)) == 1


def ends_open(line: str) -> bool:
    """Whether a line cannot be the end of anything: hyphen, comma, slash or a function word."""
    text = line.rstrip()
    if re.search(r"[^\s]-$|[,/–(]$", text):
        return True
    last = text.split()[-1:] or [""]
    return last[0] in _FUNCTION_WORDS
