"""What is known about a folder of documents: manifest.toml, or the folder itself where there is none.

A folder needs no manifest: each file that can be read is a document, its id the file name without
ending. With a manifest, files that it does not name are documents too. Facet rules and the works that
references name come from `defaults.toml`, beside this module; the manifest adds to them or, under the
same name, replaces them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from os.path import relpath
from pathlib import Path
from typing import Literal

from ingest.document import Source
from ingest.errors import ManifestError
from ingest.facets import FacetRule, FacetRules
from ingest.manifest_file import DocumentEntry, ManifestFile, parse

NAME = "manifest.toml"
EXAMPLES = "examples.jsonl"
DEFAULTS = Path(__file__).with_name("defaults.toml")
ENDINGS = frozenset({".txt", ".text", ".md", ".markdown", ".pdf", ".html", ".htm", ".xhtml", ".docx"})
Format = Literal["pdf", "html"]
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
    format: Format
    member: str | None = None
    external_url: str | None = None
    publisher: str | None = None
    language: str = ""
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
    """What a folder holds: documents, documents to fetch, facet rules, works, example questions."""

    documents: tuple[Source, ...]
    remotes: tuple[Remote, ...]
    facets: FacetRules
    works: tuple[Work, ...]
    examples: Path | None = None
    """The file of example questions, if the folder has one."""


def load_manifest(corpus: Path, path: Path | None = None) -> Manifest:
    """Read the manifest of a folder, or make one from the files that lie there.

    Args:
        corpus: the folder; sub-folders are not looked into.
        path: its manifest, if that is not the manifest.toml in it.

    Raises:
        ManifestError: no such folder, or manifest.toml is broken; names the line or the key.
    """
    if not corpus.is_dir():
        raise ManifestError(f"Fant ikke mappen {corpus}. Sett MEDRAAD_CORPUS eller --corpus til en mappe.")
    defaults = parse(DEFAULTS)
    path = path or corpus / NAME
    given = parse(path) if path.exists() else ManifestFile()
    documents = tuple(_source(entry, corpus, path) for entry in given.document)
    remotes = tuple(Remote(**entry.model_dump()) for entry in given.remote)
    _refuse_doubles(path, [*(source.id for source in documents), *(remote.id for remote in remotes)], "id")
    _refuse_doubles(path, [relpath(source.path, corpus) for source in documents], "file")
    _refuse_rings(path, (*documents, *remotes))
    works = {entry.key: Work(**entry.model_dump()) for entry in (*defaults.work, *given.work)}
    named = [source.work for source in documents] + [remote.work for remote in remotes]
    for key in filter(None, named):
        works.setdefault(key, Work(key, key.capitalize(), (key,)))
    return Manifest(
        documents=documents + unlisted(corpus, (*documents, *remotes)),
        remotes=remotes,
        facets=_rules(defaults).merged(_rules(given)),
        works=tuple(works.values()),
        examples=examples if (examples := corpus / EXAMPLES).exists() else None,
    )


def unlisted(folder: Path, known: tuple[Source | Remote, ...] = ()) -> tuple[Source, ...]:
    """Return the readable files of `folder` that `known` does not name, by name, as documents.

    The id is the file name without ending; with it, or with a number too, where that id is taken.
    """
    named = {relpath(source.path, folder) for source in known if isinstance(source, Source)}
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and path.name not in named
        and path.name.lower() not in _NOT_DOCUMENTS
        and not path.name.startswith((".", "~$"))
        and path.is_file()
    )
    stems = Counter(path.stem for path in files)
    taken = {source.id for source in known}
    found: list[Source] = []
    for path in files:
        stem, whole = printable(path.stem), printable(path.name)
        numbered = (f"{whole}-{number}" for number in count(2))
        names = chain([stem] if stems[path.stem] == 1 else [], [whole], numbered)
        name = next(name for name in names if name not in taken)
        taken.add(name)
        found.append(Source(id=name, path=path, title=name, kind="annet"))
    return tuple(found)


def skipped(folder: Path, documents: Iterable[Source]) -> list[str]:
    """Return the names in `folder` that none of `documents` comes from, folders with a slash.

    Hidden files, README and what tells about documents (.toml, .jsonl) are not among them.
    """
    known = {Path(relpath(source.path, folder)).parts[0] for source in documents}
    return [
        printable(path.name) + "/" * path.is_dir()
        for path in sorted(folder.iterdir())
        if path.name not in known
        and path.suffix.lower() not in {".toml", ".jsonl"}
        and not path.name.lower().startswith((".", "~$", "readme"))
    ]


def printable(text: str) -> str:
    """Return a file name, or what names one, with � for bytes that are not UTF-8: no output takes them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _source(entry: DocumentEntry, corpus: Path, manifest: Path) -> Source:
    path = corpus / entry.file
    if not path.resolve().is_relative_to(corpus.resolve()):
        raise ManifestError(f"{manifest}: «{entry.id}» peker ut av mappen (file = {entry.file!r}).")
    return Source(path=path, **entry.model_dump(exclude={"file"}))


def _rules(given: ManifestFile) -> FacetRules:
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


def _refuse_rings(path: Path, documents: Iterable[Source | Remote]) -> None:
    """Refuse a document that replaces itself, also by way of others: none of them would be the newest."""
    replaced = {one.id: one.supersedes for one in documents}
    for first in replaced:
        line, older = [first], replaced[first]
        while older is not None and older not in line:
            line.append(older)
            older = replaced.get(older)
        if older == first:
            ring = " → ".join(f"«{identity}»" for identity in (*line, first))
            raise ManifestError(f"{path}: supersedes går i ring: {ring}. Ta den bort hos den eldste.")
