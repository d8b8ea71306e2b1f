"""Which words of a question say something of their own, beside those that only hold it together."""

from __future__ import annotations

import re

WORD = re.compile(r"[\wæøå§-]+", re.IGNORECASE)
FUNCTION = frozenset(
    """og i på av for til med som er det den de en et ei å at om har kan skal må bør vil blir ble var hva
    hvem hvor hvordan hvorfor når hvilken hvilke hvilket ofte lenge mange mye da så der dette disse
    denne dem vi jeg du dere oss meg deg man ikke også bare noe noen ved fra før etter under over
    mellom gjelder gjør gjøre står sier mener kva kven kor korleis kvifor ein eit eg me ikkje òg dei
    desse vera være the is are it they them what who when why how and or of to in on do does should
    must can that this he she which about kunne skulle ville måtte burde blei vart får fikk går gå gikk kom
    kommer ut inn opp ned deres hans hennes deira hennar først dersom hvis viss fordi
    siden mens enn noen nokon""".split()
)


def content(question: str) -> list[str]:
    """Return the words of a question that are no function words, in lower case."""
    return [word for word in WORD.findall(question.lower()) if word not in FUNCTION]
