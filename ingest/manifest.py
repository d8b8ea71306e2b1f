"""What is known about a folder of documents: manifest.toml, or the folder itself where there is none.

A folder needs no manifest: each file that can be read is a document, its id the file name without
ending. With a manifest, files that it does not name are documents too. Facet rules and the works that
references name come from `defaults.toml`, beside this module; the manifest adds to them or, under the
same name, replaces them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.document import Source
from ingest.errors import ManifestError
from ingest.facets import FacetRule, FacetRules

NAME = "manifest.toml"
DEFAULTS = Path(__file__).with_name("defaults.toml")
ENDINGS = frozenset({".txt", ".text", ".md", ".markdown", ".pdf", ".html", ".htm", ".xhtml", ".docx"})
_NOT_DOCUMENTS = frozenset({"readme.md", "readme.txt", NAME})


@dataclass(frozen=True, slots=True)
class Remote:
    """A document that can be fetched. `format` is "pdf" or "html"; `work` as in `Source.work`.

    `member` is the file inside the tar archive at `url`, where the publisher gives out archives; the
    document's own page is then `external_url`.
    """

    id: str
    title: str
    url: str
    format: Literal["pdf", "html"]
    member: str | None = None
    external_url: str | None = None
    publisher: str | None = None
    language: str = "nb"
    kind: str = "annet"
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    edition: str | None = None
    supersedes: str | None = None
    contact: str | None = None
    work: str | None = None

    def source(self, path: Path) -> Source:
        """Return the document that the fetched file at `path` is."""
        own = {"url", "format", "member", "external_url"}
        same = {name: getattr(self, name) for name in self.__slots__ if name not in own}
        return Source(path=path, external_url=self.external_url or self.url, **same)


@dataclass(frozen=True, slots=True)
class Work:
    """A law or agreement that references name.

    `url` is the official page of a section, with {section} («9-2») or {page}; `pages` gives {page} by
    «B § 3-1»; `fallback_url` is the page of the whole work. Sections that match `older_pattern` count by
    an older edition, and `older_notice` says so.
    """

    key: str
    title: str
    names: tuple[str, ...]
    url: str | None = None
    fallback_url: str | None = None
    pages: dict[str, int] = field(default_factory=dict)
    older_pattern: str | None = None
    older_notice: str | None = None

    def is_older(self, section: str) -> bool:
        """Say whether a § number follows the numbering of an older edition."""
        return self.older_pattern is not None and re.match(self.older_pattern, section) is not None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Documents in the folder, documents to fetch, facet rules, and the works references name."""

    documents: tuple[Source, ...]
    remotes: tuple[Remote, ...]
    facets: FacetRules
    works: tuple[Work, ...]


_Text = Annotated[str, Field(min_length=1)]


def _safe_id(value: str) -> str:
    if not value.strip() or value != value.strip() or any(sign in value for sign in "/\\?#%\n"):
        raise ValueError("id må være ett navn uten / \\ ? # %")
    return value


_Id = Annotated[str, AfterValidator(_safe_id)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _About(_Strict):
    """The facts that a local and a remote document share."""

    id: _Id
    title: _Text
    publisher: _Text | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "nb"
    kind: _Text = "annet"
    published: date | None = None
    updated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    edition: _Text | None = None
    supersedes: _Text | None = None
    contact: _Text | None = None
    work: _Text | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> _About:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} er før valid_from {self.valid_from}")
        return self


class _DocumentEntry(_About):
    file: _Text
    layer: Literal["sentral", "lokal"] = "sentral"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    external_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class _RemoteEntry(_About):
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    format: Literal["pdf", "html"]
    member: _Text | None = None
    external_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class _RuleEntry(_Strict):
    headings: tuple[_Text, ...] = ()
    words: tuple[_Text, ...] = ()


class _WorkEntry(_Strict):
    key: _Text
    title: _Text
    names: Annotated[tuple[_Text, ...], Field(min_length=1)]
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    fallback_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    pages: dict[str, int] = {}
    older_pattern: _Text | None = None
    older_notice: _Text | None = None


class _File(_Strict):
    """manifest.toml as it is written."""

    document: tuple[_DocumentEntry, ...] = ()
    remote: tuple[_RemoteEntry, ...] = ()
    facets: dict[str, dict[str, _RuleEntry]] = {}
    work: tuple[_WorkEntry, ...] = ()


def load_manifest(corpus: Path) -> Manifest:
    """Read the manifest of a folder, or make one from the files that lie there.

    Args:
        corpus: the folder; sub-folders are not looked into.

    Raises:
        ManifestError: no such folder, or manifest.toml is broken; names the line or the key.
    """
    if not corpus.is_dir():
        raise ManifestError(f"Fant ikke mappen {corpus}. Sett MEDRAAD_CORPUS eller --corpus til en mappe.")
    defaults = _parse(DEFAULTS)
    path = corpus / NAME
    given = _parse(path) if path.exists() else _File()
    documents = tuple(_source(entry, corpus, path) for entry in given.document)
    remotes = tuple(Remote(**entry.model_dump()) for entry in given.remote)
    _refuse_doubles(path, [*(source.id for source in documents), *(remote.id for remote in remotes)], "id")
    _refuse_doubles(path, [source.path.name for source in documents], "file")
    works = {entry.key: Work(**entry.model_dump()) for entry in (*defaults.work, *given.work)}
    return Manifest(
        documents=documents + unlisted(corpus, (*documents, *remotes)),
        remotes=remotes,
        facets=_rules(defaults).merged(_rules(given)),
        works=tuple(works.values()),
    )


def unlisted(folder: Path, known: tuple[Source | Remote, ...] = ()) -> tuple[Source, ...]:
    """Return the readable files of `folder` that `known` does not name, by name, as documents.

    The id is the file name without ending; with the ending where that id is taken.
    """
    named = {source.path.name for source in known if isinstance(source, Source)}
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and path.name not in named
        and path.name.lower() not in _NOT_DOCUMENTS
        and not path.name.startswith((".", "~$"))
        and path.is_file()
    )
    stems = Counter(path.stem for path in files) + Counter(source.id for source in known)
    ids = [path.stem if stems[path.stem] == 1 else path.name for path in files]
    return tuple(
        Source(id=name, path=path, title=name, kind="annet") for name, path in zip(ids, files, strict=True)
    )


def _parse(path: Path) -> _File:
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ManifestError(f"Kan ikke lese {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} er ikke lagret som UTF-8. Lagre den på nytt som UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path} er ikke gyldig TOML: {error}.") from error
    try:
        return _File.model_validate(data)
    except ValidationError as error:
        raise ManifestError(f"{path}: {_explain(error, data)}") from error


def _explain(error: ValidationError, data: dict[str, Any]) -> str:
    """Say in Norwegian what is wrong with the first wrong key, and where it stands."""
    first = error.errors()[0]
    place, key = _place(first["loc"], data)
    match first["type"]:
        case "missing":
            return f"{place} mangler «{key}»."
        case "extra_forbidden":
            return f"{place} har nøkkelen «{key}», som ikke finnes."
        case "value_error":
            return f"{place}: {first['ctx']['error']}."
        case _:
            return f"{place}: «{key}» kan ikke være {first['input']!r} ({first['msg']})."


def _place(loc: tuple[int | str, ...], data: dict[str, Any]) -> tuple[str, str]:
    """Return ("[[document]] nr. 2 («avtale»)", "file") for ("document", 1, "file")."""
    if len(loc) > 1 and isinstance(loc[1], int):
        entry = data[str(loc[0])][loc[1]]
        name = (entry.get("id") or entry.get("key")) if isinstance(entry, dict) else None
        label = f" («{name}»)" if name else ""
        return f"[[{loc[0]}]] nr. {loc[1] + 1}{label}", ".".join(map(str, loc[2:]))
    table = ".".join(map(str, loc[:-1]))
    return (f"[{table}]" if table else "filen"), str(loc[-1]) if loc else ""


def _source(entry: _DocumentEntry, corpus: Path, manifest: Path) -> Source:
    path = corpus / entry.file
    if not path.resolve().is_relative_to(corpus.resolve()):
        raise ManifestError(f"{manifest}: «{entry.id}» peker ut av mappen (file = {entry.file!r}).")
    return Source(path=path, **entry.model_dump(exclude={"file"}))


def _rules(given: _File) -> FacetRules:
    return FacetRules(
        tuple(
            FacetRule(facet, value, rule.headings, rule.words)
            for facet, values in given.facets.items()
            for value, rule in values.items()
        )
    )


def _refuse_doubles(path: Path, values: list[str], key: str) -> None:
    double = next((value for value, count in Counter(values).items() if count > 1), None)
    if double is not None:
        raise ManifestError(f"{path}: {key} «{double}» står flere ganger.")
