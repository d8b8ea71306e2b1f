"""What the owner fills in of the accessibility statement: a small TOML file, read once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assistant.errors import ConfigurationError

Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Statement(BaseModel):
    """The owner's part; what is None stands out on the page as missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: Words | None = None
    email: Words | None = None
    phone: Words | None = None
    checked: Words | None = None
    """When and by whom the service was last tried by hand."""
    declaration: Words | None = None
    """Where the statement to the authority stands."""
    shortcomings: tuple[Words, ...] = ()


def load_statement(path: Path | None) -> Statement:
    """Read the owner's part; without a file, nothing is filled in.

    Raises:
        ConfigurationError: the file is missing or broken; names the key.
    """
    if path is None:
        return Statement()
    try:
        return Statement.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigurationError(f"MEDRAAD_STATEMENT: {path} kan ikke leses: {error.strerror}.") from error
    except ValidationError as error:
        keys = ", ".join(sorted({str(found["loc"][0]) for found in error.errors()}))
        allowed = ", ".join(Statement.model_fields)
        raise ConfigurationError(
            f"MEDRAAD_STATEMENT: feil i {path} ved {keys}. Den kan ha {allowed}."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"MEDRAAD_STATEMENT: {path} er ikke gyldig TOML: {error}") from error
