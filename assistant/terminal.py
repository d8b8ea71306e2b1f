"""Answers, hits, the state of the index and of what is fetched, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.contract import ChatResponse, Citation, Passage, SearchResponse
from assistant.editions import is_expired, superseded
from assistant.settings import AssistantSettings
from ingest import generation
from ingest.content import Content
from ingest.document import Source
from ingest.fetched import FetchResult
from ingest.index import Note

_COLOURS = {"hentet": "green", "endret": "green", "uendret": "dim", "feilet": "bold red", "mangler": "yellow"}


def answer_with_sources(answer: ChatResponse) -> str:
    """Return an answer with its sources."""
    return "\n".join(_answer_lines(answer))


def _answer_lines(answer: ChatResponse) -> Iterator[str]:
    yield answer.answer
    for notice in answer.notices:
        yield f"\nMerk: {notice}"
    if answer.citations:
        yield "\nKilder"
        for citation in answer.citations:
            yield from _citation_lines(citation)
    if answer.nearest:
        yield "\nNærmeste treff"
        for hit in answer.nearest:
            yield f"  – {_place(hit)}"


def _citation_lines(citation: Citation) -> Iterator[str]:
    expired = " (utløpt)" if citation.status == "utløpt" else ""
    page = f", side {citation.page}" if citation.page else ""
    path = " › ".join((citation.title, *citation.section))
    yield f"[{citation.number}] {path}{page}{expired}"
    yield f"    «{' '.join(citation.quote.split())}»"
    for reference in citation.references:
        yield f"    {reference.text}: {reference.url}" if reference.url else f"    {reference.text}"


def hits_text(found: SearchResponse) -> str:
    """Return hits, best first."""
    lines = []
    for number, hit in enumerate(found.results, 1):
        lines += [f"{number}. {_place(hit)}  ({hit.score:.2f})", f"   {' '.join(hit.text.split())}", ""]
    return "\n".join(lines).rstrip()


def _place(hit: Passage) -> str:
    page = f", side {hit.page}" if hit.page else ""
    return " › ".join((hit.title, *hit.section)) + page


def show_status(settings: AssistantSettings) -> None:
    """Print what the live generation holds.

    Raises:
        IngestError: there is none, or it cannot be read.
    """
    folder = generation.live(settings.index)
    note = Note.read(folder)
    with closing(Content(folder / "content.sqlite")) as content:
        sources = content.sources
    table = Table(title=f"Generasjon {folder.name}, laget {note.created}", title_justify="left")
    for column in ("Id", "Tittel", "Utgiver", "Status", "Passasjer"):
        table.add_column(column, justify="right" if column == "Passasjer" else "left")
    newer = superseded(sources)
    for source in sources.values():
        state = ", ".join(_state(source, newer.get(source.id)))
        count = str(note.documents[source.id])
        table.add_row(escape(source.id), escape(source.title), escape(source.publisher or ""), state, count)
    console = Console()
    console.print(table)
    made = f"Embedding-modell: {note.fingerprint.embedder}\nMappe: {settings.index}"
    console.print(made, highlight=False, markup=False, soft_wrap=True)


def _state(source: Source, newer: str | None) -> Iterator[str]:
    """Yield what an owner should know of a source: its layer, how long it holds, what has replaced it."""
    if source.layer == "lokal":
        yield "lokal"
    if source.valid_to is not None:
        yield f"{'utløpt' if is_expired(source) else 'gjelder til'} {source.valid_to.strftime('%d.%m.%Y')}"
    if newer is not None:
        yield f"erstattet av {newer}"


def fetch_table(results: Sequence[FetchResult]) -> Table:
    """Return what became of each document that can be fetched."""
    table = Table(title="Dokumenter som kan hentes", title_justify="left")
    for name in ("Id", "Tittel", "Status", "Hentet", "Merknad"):
        table.add_column(name, overflow="fold")
    for result in results:
        fetched = result.fetched.astimezone().strftime("%d.%m.%Y") if result.fetched else ""
        remark = result.reason or ""
        if result.status == "feilet" and result.path is not None:
            remark += " Den forrige kopien brukes fortsatt."
        shown = f"[{_COLOURS[result.status]}]{result.status}[/]"
        table.add_row(escape(result.remote.id), escape(result.remote.title), shown, fetched, escape(remark))
    return table
