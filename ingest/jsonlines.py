"""Files of one JSON object a line: read, checked, and what is wrong with a line in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Form = TypeVar("Form", bound=BaseModel)
Refusal = Callable[[str], Exception]
"""Makes the error to raise of what is said about it."""


def read_lines(path: Path, form: type[Form], refusal: Refusal) -> Iterator[tuple[str, Form]]:
    """Yield (place, object) of each line that is not blank; the place names file and line.

    Raises:
        Exception: what `refusal` makes, where the file cannot be read or a line is not of the form; names
            the line and the field.
    """
    # Only «\n» ends a line: a question may hold other signs that Python would split at.
    for number, line in enumerate(_read(path, refusal).split("\n"), start=1):
        if line.strip():
            place = f"{path}, linje {number}"
            yield place, _parse(line, place, form, refusal)


def _read(path: Path, refusal: Refusal) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refusal(f"Kan ikke lese {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise refusal(
            f"{path} er ikke UTF-8 (feil ved byte {error.start}). Lagre den på nytt som UTF-8."
        ) from error


def _parse(line: str, place: str, form: type[Form], refusal: Refusal) -> Form:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise refusal(f"{place}, tegn {error.pos + 1}: ikke gyldig JSON ({error.msg}).") from error
    if not isinstance(data, dict):
        raise refusal(f"{place}: linjen må være ett JSON-objekt, ikke {type(data).__name__}.")
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise refusal(f"{place}, {explain(error)}") from error


_MESSAGES = {
    "missing": "mangler",
    "extra_forbidden": "finnes ikke i formatet",
    "string_type": "må være tekst",
    "string_too_short": "kan ikke være tomt",
    "string_pattern_mismatch": "må inneholde bokstaver eller tall, og ikke kontrolltegn",
    "bool_parsing": "må være true eller false",
    "bool_type": "må være true eller false",
    "tuple_type": "må være en liste",
    "too_short": "kan ikke være tomt",
    "model_type": "må være et objekt",
    "model_attributes_type": "må være et objekt",
}


def explain(error: ValidationError) -> str:
    """Say in Norwegian which field is wrong first, and how."""
    first = error.errors()[0]
    kind, context = first["type"], first.get("ctx", {})
    if not first["loc"]:
        return f"felt «{kind}»: {first['msg']}."
    if kind == "literal_error":
        said = f"må være {context['expected'].replace(' or ', ' eller ')}, ikke {first['input']!r}"
    elif kind == "string_too_long":
        said = f"er lengre enn {context['max_length']} tegn"
    else:
        said = _MESSAGES.get(kind, f"{first['msg']} ({first['input']!r})")
    return f"felt «{'.'.join(str(part) for part in first['loc'])}»: {said}."
