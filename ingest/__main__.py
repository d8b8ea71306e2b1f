"""`medraad ingest` and `python -m ingest`: bring the index up to date, with a progress bar and a summary."""

from __future__ import annotations

import argparse
import logging
import sys

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ingest.analysis import Analyzer
from ingest.embed import late_embedder
from ingest.errors import IngestError
from ingest.fetched import with_fetched
from ingest.manifest import load_manifest, printable, skipped
from ingest.report import Report
from ingest.settings import IngestSettings, load
from ingest.sync import synchronise
from ingest.words import WordList

SHOWN_LOST = 3
"""Example questions named of those that were left out."""
SHOWN_SKIPPED = 10
"""Files named of those that are no documents."""


def run(settings: IngestSettings, patience: float = 0.0) -> int:
    """Ingest the corpus of `settings`; returns 0, or 1 if a document could not be used.

    Args:
        settings: where everything lies.
        patience: seconds to wait for another ingestion.

    Raises:
        IngestError: nothing could be indexed; the old index is left as it was.
    """
    for name in ("chromadb", "pypdf", "trafilatura"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    console = Console()
    embedder = late_embedder(settings.embedder, settings.models, settings.threads)
    analyzer = Analyzer(WordList.open(settings.words))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Leser inn", total=None)
        report = synchronise(
            settings.index,
            lambda: with_fetched(load_manifest(settings.corpus), settings.fetched),
            embedder,
            analyzer,
            lambda done, total: bar.update(task, completed=done, total=total),
            settings.chroma_url,
            patience,
        )
    _show(report, console)
    if names := skipped(settings.corpus, (outcome.source for outcome in report.outcomes)):
        more = f" og {len(names) - SHOWN_SKIPPED} til" if len(names) > SHOWN_SKIPPED else ""
        console.print(
            f"Hoppet over: {', '.join(names[:SHOWN_SKIPPED])}{more} (leser .txt, .md, .pdf, .html, .docx).",
            markup=False,
        )
    return 0 if report.complete else 1


def _show(report: Report, console: Console) -> None:
    if report.generation is None:
        console.print("Det er ingen dokumenter igjen, så ingenting svarer før noe legges til.")
        return
    table = Table(title=f"Indeks {report.generation}", title_justify="left")
    for name in ("Dokument", "Passasjer", "Nye tekster", "Merknad"):
        table.add_column(name, justify="right" if name in ("Passasjer", "Nye tekster") else "left")
    for outcome in report.outcomes:
        failed = "[bold red]ikke med:[/] " if outcome.problem else ""
        remark = failed + escape(printable(outcome.problem or outcome.remark or ""))
        table.add_row(escape(outcome.source.id), str(outcome.passages), str(outcome.embedded), remark)
    console.print(table)
    if report.lost:
        console.print(
            f"{len(report.lost)} eksempelspørsmål er ikke med, for sitatene som svarer på dem, står ikke i "
            f"dokumentene. Blant dem: {'; '.join(report.lost[:SHOWN_LOST])}",
            markup=False,
        )
    if report.unchanged:
        console.print("Ingenting er endret siden sist.")


def main() -> int:
    """Run with the settings of the environment; there are no arguments."""
    argparse.ArgumentParser(
        prog="python -m ingest", description="Les dokumentene inn i indeksen, med innstillingene i miljøet."
    ).parse_args()
    try:
        return run(load(IngestSettings))
    except IngestError as error:
        sys.stderr.write(f"medraad ingest: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
