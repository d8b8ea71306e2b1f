"""The prompt texts of prompts/, read once and checked: every variable is there, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from assistant.contract import Language
from assistant.errors import PromptError

Name = Literal["system", "answer", "condense", "gate"]

VARIABLES: Mapping[Name, frozenset[str]] = {
    "system": frozenset({"language"}),
    "answer": frozenset({"passages", "marks", "question", "role", "phase", "language"}),
    "condense": frozenset({"history", "question"}),
    "gate": frozenset({"question", "sentences"}),
}
"""What each text must name; the README in prompts/ says what they hold."""
LANGUAGES: Mapping[Language, str] = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts by name and language; a language without a text of its own takes the bokmål one."""

    templates: Mapping[tuple[Name, Language], Template]

    def fill(self, name: Name, spoken: Language, /, **values: str) -> str:
        """Return a text with its variables filled in.

        Raises:
            PromptError: `values` are not those that the text names.
        """
        if values.keys() != VARIABLES[name]:
            wrong = ", ".join(sorted(values.keys() ^ VARIABLES[name]))
            raise PromptError(f"Prompten {name} er fylt med feil variabler: {wrong}.")
        template = self.templates.get((name, spoken), self.templates[name, "nb"])
        return template.substitute(values).strip()

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts as they are written, for telling whether an answer repeats them."""
        return tuple(template.template for template in self.templates.values())


def load(folder: Path) -> Prompts:
    """Read the texts in `folder`.

    Raises:
        PromptError: a file is missing or unreadable, or its variables are not the ones it must have.
    """
    found: dict[tuple[Name, Language], Template] = {}
    for name in VARIABLES:
        for language in LANGUAGES:
            path = folder / (f"{name}.md" if language == "nb" else f"{name}.{language}.md")
            if language == "nb" or path.is_file():
                found[name, language] = _read(path, VARIABLES[name])
    return Prompts(found)


def _read(path: Path, expected: frozenset[str]) -> Template:
    try:
        template = Template(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"Prompten {path} kan ikke leses: {error}.") from error
    if not template.is_valid():
        raise PromptError(f"Prompten {path.name} har et dollartegn som ikke hører til en variabel. Skriv $$.")
    named = frozenset(template.get_identifiers())
    if expected - named:
        raise PromptError(f"Prompten {path.name} mangler {_listed(expected - named)}.")
    if named - expected:
        raise PromptError(f"Prompten {path.name} har ukjente variabler: {_listed(named - expected)}.")
    return template


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names))
