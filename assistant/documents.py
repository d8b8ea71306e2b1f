"""The document owner's commands: `medraad fetch | add | remove`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from assistant.output import write
from assistant.settings import AssistantSettings

PATIENCE = 600.0
"""Seconds that a document that was added or removed waits for an ingestion under way."""
_FACTS = ("title", "publisher", "kind", "edition", "valid_from", "valid_to", "supersedes", "work")


def add_document_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 — argparse's own is private
    """Add the commands to the command line's parser."""
    get = commands.add_parser("fetch", parents=[common], help="hent dokumentene som manifestet peker til")
    get.add_argument("--list", action="store_true", help="vis bare hva som er hentet, uten å bruke nettet")
    get.set_defaults(run=_fetch)

    put = commands.add_parser("add", parents=[common], help="legg til et dokument, og les det inn")
    put.add_argument("file", type=Path, metavar="FIL", help="PDF, DOCX, HTML, Markdown eller ren tekst")
    put.add_argument("--title", required=True, metavar="TITTEL")
    put.add_argument("--id", help="kort navn i adresser (standard: filnavnet uten endelse)")
    put.add_argument("--publisher", metavar="UTGIVER")
    put.add_argument("--kind", default="annet", help="veileder, håndbok, nettside, avtale, rapport, lov …")
    put.add_argument("--edition", metavar="UTGAVE", help="f.eks. 2026–2029")
    put.add_argument("--valid-from", type=_day, metavar="DATO", help="f.eks. 2026-01-01")
    put.add_argument("--valid-to", type=_day, metavar="DATO")
    put.add_argument("--supersedes", metavar="ID", help="dokumentet som dette erstatter")
    put.add_argument(
        "--work", metavar="NAVN", help="loven eller avtalen dette er teksten til: hovedavtalen …"
    )
    put.add_argument("--url", metavar="ADRESSE", help="der utgiveren har dokumentet")
    put.add_argument("--lokal", action="store_true", help="en lokal avtale, ikke en sentral")
    put.set_defaults(run=_add)

    out = commands.add_parser("remove", parents=[common], help="ta ut et dokument, og les inn på nytt")
    out.add_argument("id", metavar="ID")
    out.set_defaults(run=_remove)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} må være en dato som 2026-12-31") from error


def _fetch(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from rich.console import Console

    from assistant.terminal import fetch_table
    from ingest.fetch import fetch
    from ingest.fetched import status
    from ingest.manifest import load_manifest

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
    console.print(fetch_table(results))
    if any(result.status in ("hentet", "endret") for result in results) and not given.list:
        console.print("Kjør `medraad ingest` for å ta dem i bruk.")
    return 1 if any(result.status == "feilet" for result in results) else 0


def _add(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from ingest import register
    from ingest.__main__ import run

    facts = {name: getattr(given, name) for name in _FACTS}
    more = {"external_url": given.url, "layer": "lokal" if given.lokal else None}
    source = register.add(settings.corpus, given.file, given.id, facts | more)
    write(f"La til «{source.title}» som {source.id}.")
    return run(settings, PATIENCE)


def _remove(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from ingest import register
    from ingest.__main__ import run

    place = register.remove(settings.corpus, given.id, settings.fetched)
    write(f"Tok ut {given.id}." + (f" Filen ligger i {place}." if place else ""))
    return run(settings, PATIENCE)
