"""`python -m eval`: measure the assistant on questions, with the stock pipeline beside it.

Exit status: 0 measured, 1 a figure is beyond its threshold (`--gate`), 2 nothing could be measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from assistant.settings import AssistantSettings
from eval.bench import Bench, open_bench
from eval.cases import DEV, HELD_OUT, Split, load_split
from eval.command import told
from eval.gate import Breach, bounds_of, breaches, load_thresholds
from eval.page import page
from eval.record import Report, SplitSummary, read_report, writable, write_report, write_text
from eval.report import show_breaches, show_changes, show_failures, show_split
from eval.run import ablate, run
from eval.summary import Result, summarize
from ingest.settings import load

Opener = Callable[[AssistantSettings, bool], AbstractContextManager[Bench]]

SPLITS: dict[str, tuple[Path, ...]] = {"dev": (DEV,), "heldout": (HELD_OUT,)}
SPLITS["both"] = SPLITS["dev"] + SPLITS["heldout"]


@told
def main(arguments: Sequence[str] | None = None, opener: Opener = open_bench) -> int:
    """Run the command; return its exit status."""
    return _evaluate(_parser().parse_args(arguments), opener)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Måler svarene på spørsmål med fasit."
    )
    add = parser.add_argument
    add("--questions", type=Path, metavar="FIL", help="en egen spørsmålsfil (se eval/questions/README.md)")
    add("--split", choices=tuple(SPLITS), default="both", help="hvilken halvdel av prosjektets spørsmål")
    add("--ablations", action="store_true", help="mål også med hver del slått av (ikke på den avholdte)")
    add(
        "--baseline",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="mål den vanlige oppskriften ved siden av",
    )
    add("--failures", action="store_true", help="vis spørsmålene som feilet (aldri på den avholdte)")
    add("--gate", action="store_true", help="avslutt med 1 når et krav i eval/thresholds.toml ikke er nådd")
    add("--compare", type=Path, metavar="JSON", help="vis endringer fra en tidligere kjøring")
    add("--json", type=writable, metavar="FIL", help="skriv rapporten som JSON")
    add("--html", type=writable, metavar="FIL", help="skriv rapporten som én HTML-fil")
    add("--corpus", type=Path, metavar="MAPPE", help="mappe med dokumentene (MEDRAAD_CORPUS)")
    add("--index", type=Path, metavar="MAPPE", help="mappe for indeksen (MEDRAAD_INDEX)")
    return parser


def _evaluate(options: argparse.Namespace, opener: Opener) -> int:
    # What can be wrong with the input is found before minutes are spent on measuring.
    splits = [
        load_split(path) for path in ([options.questions] if options.questions else SPLITS[options.split])
    ]
    thresholds = load_thresholds()
    before = read_report(options.compare) if options.compare else None
    settings = load(AssistantSettings, corpus=options.corpus, index=options.index)
    console = Console(highlight=False)
    found: list[SplitSummary] = []
    beyond: list[Breach] = []
    with opener(settings, options.baseline) as bench:
        for split in splits:
            summary, ours = _measure(bench, split, ablations=options.ablations)
            found.append(summary)
            beyond += breaches(split.name, summary.systems[0], thresholds)
            show_split(console, summary, bounds_of(split.name, thresholds))
            if options.failures and not split.held_out:
                show_failures(console, ours)
    report = Report(made=datetime.now(UTC), splits=tuple(found))
    if before:
        _show_changes(console, report, before)
    if options.json:
        write_report(report, options.json)
    if options.html:
        write_text(
            page(report, {split.name: bounds_of(split.name, thresholds) for split in splits}), options.html
        )
    return _gate(console, beyond) if options.gate else 0


def _measure(bench: Bench, split: Split, *, ablations: bool) -> tuple[SplitSummary, tuple[Result, ...]]:
    """Measure one split; the single results returned are those of our own system."""
    variants = bench.variants if ablations and not split.held_out else {}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        total = len(split.cases) * (len(bench.systems) + len(variants))
        task = progress.add_task(split.name, total=total)
        results = [run(system, split.cases, lambda: progress.advance(task)) for system in bench.systems]
        parts = ablate(results[0], variants, split.cases, lambda: progress.advance(task))
    systems = [
        summarize(system.name, rows, held_out=split.held_out)
        for system, rows in zip(bench.systems, results, strict=True)
    ]
    summary = SplitSummary(
        name=split.name,
        n=len(split.cases),
        held_out=split.held_out,
        systems=tuple(systems),
        ablations=parts,
    )
    return summary, results[0]


def _show_changes(console: Console, report: Report, before: Report) -> None:
    old = {split.name: split for split in before.splits}
    for split in report.splits:
        if split.name in old:
            show_changes(console, split, old[split.name])


def _gate(console: Console, beyond: Sequence[Breach]) -> int:
    show_breaches(console, beyond)
    if not beyond:
        console.print("Alle krav er nådd.")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
