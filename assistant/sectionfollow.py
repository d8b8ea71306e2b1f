"""A follow-up that asks for another § than the question before, or another part, ledd or letter of it."""

from __future__ import annotations

import re

from ingest.sections import NAMED_LETTER, ORDINAL_LEDD

_NUMBER = r"(?:(?<!§)§+|\bparagraf)\s*\d+(?:[-–.]\d+)*"
_SECTION = re.compile(_NUMBER, re.IGNORECASE)
_LETTERED = re.compile(rf"({_NUMBER})\s?[a-hj-zæø]\b", re.IGNORECASE)
_PART = re.compile(r"(?<!\s)\s*(?:\b(?:i|in)\s+)?\b(?:del|part)\s+[A-Z]\b", re.IGNORECASE)
_ASKING = re.compile(r"^(?:hva|kva|what)\s+(?:sier|seier|sto|står|does|i|in)\s+", re.IGNORECASE)


def readdressed(base: str, own: str) -> str | None:
    """Return the question before, asked of what the follow-up names; None if that is not all it names.

    Args:
        base: the question before: «Hva sier HA del B § 3-1 første ledd?».
        own: the follow-up without what opens it: «del C», «andre ledd», «bokstav b», «§ 3-2».
    """
    asked = _ASKING.sub("", own.strip(" ?."))
    part = bool(_PART.fullmatch(asked))
    narrower = NAMED_LETTER.sub("", ORDINAL_LEDD.sub("", _LETTERED.sub(r"\1", base)))
    rest = _PART.sub("", base) if part else narrower
    section = _SECTION.search(rest)
    if section is None:
        return None
    if _SECTION.fullmatch(asked):
        return rest[: section.start()] + asked + rest[section.end() :]
    if part or ORDINAL_LEDD.fullmatch(asked) or NAMED_LETTER.fullmatch(asked):
        asked = f"i {asked.removeprefix('i ')}" if part else asked
        return f"{rest[: section.end()]} {asked}{rest[section.end() :]}"
    return None
