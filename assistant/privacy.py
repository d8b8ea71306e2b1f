"""Masks what points to a person: numbers of identity, accounts, cards and telephones, and e-mail addresses.

Names are not masked: no list or model at hand tells «Solveig Dal» from «Sola kommune» well enough, and a
mask that works at times only would be trusted.
"""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.no import fodselsnummer, kontonr

from ingest.normalise import visible

MASKED = re.compile(
    r"\[(?:e-postadresse|(?:konto|telefon|kort|fødsels)?nummer|personnummer eller kontonummer)\]"
)
"""What `mask` leaves in the place of something."""

_WORD = r"[^\s@<>,;:()\[\]\"«»]{1,64}"
_EMAIL = re.compile(rf"{_WORD}\s?(?:@|\(at\)|\[at\]|\(alfakrøll\))\s?{_WORD}\.[^\W\d_]{{2,}}")
_IBAN = re.compile(r"\bNO\s?\d{2}(?:[\s.-]?\d{4}){2}[\s.-]?\d{3}(?!\d)", re.IGNORECASE)
# Up to two separators in a row: «01 02 85 - 123 45».
_ELEVEN = re.compile(r"(?<!\d)\d(?:[\s.:/-]{0,3}\d){10}(?!\d)")
_LONG = re.compile(r"(?<!\d)\d{12,}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}(?:[\s-]\d{4}){3}(?!\d)")
_ABROAD = re.compile(r"(?<!\d)(?:\+|00)\d{1,3}(?:[\s().-]{0,2}\d){6,12}(?!\d)")
_PHONE = re.compile(
    r"(?<![\d§-])(?:\(?47\)?\s?)?(?:[2-9]\d{7}|[2-9]\d(?:[\s.]\d{2}){3}|[489]\d{2}[\s.]\d{2}[\s.]\d{3})(?![\d-])"
)
_PAIRS = re.compile(r"(?<!\d)([2-9]\d{3})[\s.](\d{4})(?!\d)")


def mask(text: str) -> str:
    """Return `text` with personal numbers and addresses replaced by what they were («[fødselsnummer]»).

    Eleven digits are masked whether or not their check digits are right: a mistyped number still points to
    its owner. The text comes back in Unicode's NFKC form, without invisible characters.
    """
    text = visible(text)
    text = _EMAIL.sub("[e-postadresse]", text)
    text = _IBAN.sub("[kontonummer]", text)
    text = _ABROAD.sub("[telefonnummer]", text)
    text = _ELEVEN.sub(_named, text)
    text = _LONG.sub("[nummer]", text)
    text = _CARD.sub(lambda found: "[kortnummer]" if luhn.is_valid(_digits(found)) else found.group(), text)
    text = _PHONE.sub("[telefonnummer]", text)
    return _PAIRS.sub(_pair, text)


def _digits(found: re.Match[str]) -> str:
    return "".join(character for character in found.group() if character.isdigit())


def _named(found: re.Match[str]) -> str:
    """Name eleven digits by their check digits. D-numbers are birth numbers with 40 added to the day."""
    digits = _digits(found)
    if fodselsnummer.is_valid(digits):
        return "[fødselsnummer]"
    return "[kontonummer]" if kontonr.is_valid(digits) else "[personnummer eller kontonummer]"


def _pair(found: re.Match[str]) -> str:
    """Mask «2233 4455», but not two years («2012 2021»)."""
    years = all(part[:2] in ("19", "20") for part in found.groups())
    return found.group() if years else "[telefonnummer]"
