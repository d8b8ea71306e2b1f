"""A question that asks two things, as the questions it is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

ASKS = (
    r"(?:hva|hvem|hvor|hvordan|hvorfor|når|hvilke[nt]?|kva|kven|korleis|kvifor|kor|kvar|what|who|how|why|when"
    r"|where|which)"
)
"""A question word, as a pattern."""
_VERB = (
    r"(?:er|har|kan|skal|må|bør|får|vil|finnes|finst|gjelder|gjeld|trenger|treng|blir|ble|kreves|is|are|do|does"
    r"|can|must|should)"
)
_BEFORE = r"(?:(?:i|på|fra|frå|til|med|for|av|hos|in|on|at|to|from|with|by|under)\s+)"
_WE = r"(?:vi|me|jeg|eg|man|du|dere|de|dei)"
_SEAM = re.compile(
    rf"\?\s+(?=\S)|,?\s+(?:og|and)\s+(?={_BEFORE}?{ASKS}\b)"
    rf"|,\s+(?:og|eller|men|and|or|but)\s+(?={_VERB}\b|\w{{3,}}er\s+{_WE}\b)",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:forskjell\w*|skilnad\w*|differences?)\s+(?:på|mellom|between)\s+(?P<one>.+?)\s+(?:og|and)\s+(?P<other>.+)",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"^(?P<asked>.+?)\s(?P<of>fra|frå|i|for|på|med|av|til|om|hos|from|in|for|with|about)\s(?P<one>.+?)\s(?:og|and)\s"
    r"(?P=of)\s(?P<other>.+)$",
    re.IGNORECASE,
)
_MOST = 3
"""A message with more questions is searched as one: it is a text, not a question."""


def split(question: str) -> Sequence[str]:
    """Return the questions that `question` is made of, in order; empty if it is one question.

    The later ones may lean on the earlier («… og hvem godkjenner den?»), as a follow-up on its conversation.
    """
    pieces = [piece for part in _SEAM.split(question.strip()) if (piece := part.strip(" ?"))]
    if question.rstrip().endswith(".") and "?" in question and len(pieces) > 1:
        del pieces[-1]  # a remark after the question
    asked = [one for piece in pieces for one in _told_apart(piece)]
    if len(asked) > 1 and len(pieces) <= _MOST and len(asked[0].split()) > 2:
        return asked
    twice = _TWICE.match(question.strip(" ?"))
    if twice:
        return [f"{twice['asked']} {twice['of']} {twice[name]}?" for name in ("one", "other")]
    return []


def _told_apart(piece: str) -> list[str]:
    """Return what each of two things is, where their difference is asked for; else the question itself."""
    difference = _DIFFERENCE.search(piece)
    if difference is None:
        return [f"{piece}?"]
    return [f"Hva er {difference[name].rstrip(' .')}?" for name in ("one", "other")]
