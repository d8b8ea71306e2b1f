"""The document owner's commands: `medraad fetch | add | remove`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.settings import AssistantSettings
from ingest.fetch import FetchResult, fetch, status
from ingest.manifest import load_manifest

_COLOURS = {"hentet": "green", "endret": "green", "uendret": "dim", "feilet": "bold red", "mangler": "yellow"}


def add_document_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 — argparse's own is private
    """Add the commands to the command line's parser."""
    get = commands.add_parser("fetch", parents=[common], help="hent dokumentene som manifestet peker til")
    get.add_argument("--list", action="store_true", help="vis bare hva som er hentet, uten å bruke nettet")
    get.set_defaults(run=_fetch)


def _fetch(settings: AssistantSettings, given: argparse.Namespace) -> int:
    remotes = load_manifest(settings.corpus).remotes
    console = Console()
    if not remotes:
        console.print("Manifestet peker ikke til noen dokumenter som kan hentes ([[remote]]).", markup=False)
        return 0
    if given.list:
        results = status(remotes, settings.fetched)
    else:
        with console.status("Henter"):
            results = fetch(remotes, settings.fetched)
    console.print(_table(results))
    if any(result.status in ("hentet", "endret") for result in results) and not given.list:
        console.print("Kjør `medraad ingest` for å ta dem i bruk.")
    return 1 if any(result.status == "feilet" for result in results) else 0


def _table(results: Sequence[FetchResult]) -> Table:
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
