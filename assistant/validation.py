"""What is wrong with a request, as one Norwegian sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

_FIELDS = {
    "question": "spørsmålet (question)",
    "history": "samtalen (history)",
    "q": "søket (q)",
    "k": "antallet (k)",
    "role": "rollen (role)",
    "phase": "fasen (phase)",
    "language": "språket (language)",
    "body": "forespørselen",
}

_LONGEST_KEY = 40


def in_norwegian(error: RequestValidationError) -> str:
    """Return the first problem of a request that does not fit the contract; never echoes what was sent."""
    problem = error.errors()[0]
    place = [_shown(str(part)) for part in problem["loc"] if part not in ("body", "query")]
    name = _FIELDS.get(place[0], f"feltet {'.'.join(place)}") if place else _FIELDS["body"]
    sentence = _sentence(problem["type"], name, problem.get("ctx") or {}, ".".join(place))
    return sentence[0].upper() + sentence[1:]


_SENTENCES = {
    "json_invalid": "forespørselen er ikke gyldig JSON.",
    "missing": "{name} mangler.",
    "extra_forbidden": "feltet «{path}» er ukjent. Se beskrivelsen av API-et i /openapi.json.",
    "string_too_short": "{name} er tomt. Skriv et spørsmål.",
    "blank": "{name} er tomt. Skriv et spørsmål.",
    "string_too_long": "{name} er for langt. Grensen er {max_length} tegn.",
    "too_long": "{name} er for lang. Grensen er {max_length} innslag.",
    "string_pattern_mismatch": "{name} har tegn som ikke kan leses (kontrolltegn).",
    "string_unicode": "{name} har tegn som ikke kan leses (kontrolltegn).",
    "literal_error": "{name} har en ukjent verdi. Tillatt: {expected}.",
    "greater_than_equal": "{name} må være minst {ge}.",
    "less_than_equal": "{name} kan være høyst {le}.",
    "int_parsing": "{name} må være et helt tall.",
    "string_type": "{name} må være tekst.",
}
_OTHERWISE = "{name} har feil form. Se beskrivelsen av API-et i /openapi.json."


def _shown(key: str) -> str:
    """Return a key that was sent so that it can be shown: one short line of printable characters."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in key[:_LONGEST_KEY])


def _sentence(kind: str, name: str, context: Mapping[str, Any], path: str) -> str:
    return _SENTENCES.get(kind, _OTHERWISE).format(name=name, path=path, **context).replace(" or ", " eller ")
