"""A run on the terminal: tables of figures, groups, latency, ablations, changes, and failures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from eval.figures import FIGURES, SUMMED, decimal
from eval.gate import Bound, Breach
from eval.metrics import without_marks
from eval.record import Change, Estimate, SplitSummary, SystemSummary
from eval.summary import Result, changes

TITLES = {"dev": "Utviklingshalvdelen (dev)", "heldout": "Den avholdte halvdelen (heldout)"}
WAYS = {"language": "Språk", "kind": "Type", "style": "Stil", "document": "Dokument"}
GROUP_FIGURES: dict[str, str] = {
    "R@1": "recall_1",
    "R@5": "recall_5",
    "MRR": "mrr",
    "alle fakta": "facts_all",
    "avvist feil": "wrongly_refused",
    "avvist rett": "rightly_refused",
}
"""Heading of each column, and its figure."""
SHOWN: dict[str, str] = {
    "recall_1": "R@1",
    "recall_5": "R@5",
    "mrr": "MRR",
    "facts_all": "fakta",
    "nearmiss_refused": "nesten",
    "offtopic_refused": "utenfor",
    "wrongly_refused": "feil",
}
"""Figures that a part is kept or deleted by, with the headings of the table of ablations."""
FAILURES: tuple[tuple[str, str], ...] = (
    ("wrongly_refused", "avvist, men kan besvares"),
    ("facts_all", "sier ikke alle fakta"),
    ("recall_5", "belegget er ikke blant fem"),
    ("nearmiss_refused", "nestentreff som ble besvart"),
    ("offtopic_refused", "utenfor temaet, men besvart"),
    ("quotes_verbatim", "sitat som ikke er ordrett"),
    ("citations_bear", "henvisning som ikke bærer utsagnet"),
)
MAX_SHOWN = 600
"""Characters of an answer in the list of failures."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's figures: `cells[column][system]`, None where the figure does not apply."""

    name: str
    n: int
    cells: tuple[tuple[float | None, ...], ...]


def title(split: SplitSummary) -> str:
    """Return what a person calls the split."""
    return f"{TITLES.get(split.name, split.name)}: {split.n} spørsmål"


def show_split(console: Console, split: SplitSummary, bounds: Mapping[str, Bound]) -> None:
    """Print the figures of all systems side by side, then by group, then latency and ablations."""
    console.rule(title(split))
    console.print(_figures(split, bounds))
    for way, name in WAYS.items():
        console.print(_groups(split, way, name))
    for system in split.systems:
        if system.stages:
            console.print(_stages(system))
    if split.ablations:
        console.print(_ablations(split))


def _table(name: str, *columns: str) -> Table:
    table = Table(title=name, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(columns[0], overflow="fold", min_width=10)
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _figures(split: SplitSummary, bounds: Mapping[str, Bound]) -> Table:
    names = [system.system for system in split.systems]
    table = _table("Mål med 95 % konfidensintervall", "mål", *names, "krav")
    for figure in SUMMED:
        found = [system.metrics.get(figure.key) for system in split.systems]
        if not any(found):
            continue
        bound = bounds.get(figure.key)
        cells = [
            _estimate(figure.key, estimate, bound if not at else None) for at, estimate in enumerate(found)
        ]
        table.add_row(figure.label, *cells, str(bound or ""))
    return table


def _estimate(key: str, estimate: Estimate | None, bound: Bound | None) -> str:
    if estimate is None:
        return "–"
    text = FIGURES[key].text
    said = f"{text(estimate.value)} [dim]{text(estimate.low)}–{text(estimate.high)}[/dim]"
    if bound is None:
        return said
    return f"[green]{said}[/green]" if bound.holds(estimate.value) else f"[red]{said}[/red]"


def _groups(split: SplitSummary, way: str, name: str) -> Table:
    systems = " / ".join(system.system for system in split.systems)
    table = _table(f"Etter {name.lower()} ({systems})", name, "antall", *GROUP_FIGURES)
    for row in group_rows(split, way):
        cells = [" / ".join(_share(value) for value in values) for values in row.cells]
        table.add_row(escape(row.name), str(row.n), *cells)
    return table


def group_rows(split: SplitSummary, way: str) -> list[GroupRow]:
    """Return the groups of one way of dividing the questions, each with a cell a figure."""
    per_system = [{group.name: group for group in system.groups[way]} for system in split.systems]
    rows = []
    for group in split.systems[0].groups[way]:
        found = [groups[group.name].values for groups in per_system]
        cells = tuple(tuple(values.get(key) for values in found) for key in GROUP_FIGURES.values())
        rows.append(GroupRow(group.name, group.n, cells))
    return rows


def _share(value: float | None) -> str:
    return "–" if value is None else decimal(value, 2)


def _stages(system: SystemSummary) -> Table:
    table = _table(f"Millisekunder, {system.system}", "trinn", "median", "95. persentil")
    text = FIGURES["ms_p50"].text
    for stage in system.stages:
        table.add_row(stage.stage, text(stage.p50), text(stage.p95))
    return table


def _ablations(split: SplitSummary) -> Table:
    name = "Uten én del: endring fra helheten (uthevet: sikker). Avvist: nesten, utenfor, feil"
    table = _table(name, "uten", *SHOWN.values(), "ms")
    for ablation in split.ablations:
        cells = [_change(key, ablation.changes.get(key)) for key in SHOWN]
        table.add_row(escape(ablation.part), *cells, FIGURES["ms_p50"].text(ablation.p50))
    return table


def _change(key: str, change: Change | None) -> str:
    if change is None:
        return "–"
    figure = FIGURES[key]
    said = ("+" if change.by > 0 else "") + figure.text(change.by)
    if not change.certain:
        return said
    colour = "green" if figure.gain(change.by) > 0 else "red"
    return f"[bold {colour}]{said}[/bold {colour}]"


def show_changes(console: Console, new: SplitSummary, old: SplitSummary) -> None:
    """Print what has changed since an earlier run of the same split, system by system."""
    before = {system.system: system for system in old.systems}
    for system in new.systems:
        if system.system not in before:
            continue
        name = f"{title(new)}, {system.system}: endring siden sist (uthevet: sikker, 95 %)"
        table = _table(name, "", "nå", "endring")
        for key, change in changes(system, before[system.system]).items():
            table.add_row(FIGURES[key].label, FIGURES[key].text(change.value), _change(key, change))
        console.print(table)
        _show_turned(console, system, before[system.system])


def _show_turned(console: Console, new: SystemSummary, old: SystemSummary) -> None:
    """Name the questions that went from right to wrong and back; a held-out split has none listed."""
    was = {line.id: line.values for line in old.cases}
    pairs = [(line.id, dict(FAILURES).keys() & line.values.keys(), line.values) for line in new.cases]
    for verdict, sign in (("ble dårligere", -1), ("ble bedre", 1)):
        turned = [
            f"{id_} ({', '.join(keys)})"
            for id_, shared, values in pairs
            if (
                keys := [
                    k for k in sorted(shared) if k in was.get(id_, {}) and _turn(k, values, was[id_]) == sign
                ]
            )
        ]
        if turned:
            console.print(f"{len(turned)} spørsmål {verdict}: {escape('; '.join(turned))}", soft_wrap=True)


def _turn(key: str, now: dict[str, float], before: dict[str, float]) -> int:
    gain = FIGURES[key].gain(now[key] - before[key])
    return (gain > 0) - (gain < 0)


def show_failures(console: Console, results: Iterable[Result]) -> None:
    """Print each question that failed with what was expected and what came, and how many they are."""
    failed = [(result, reasons) for result in results if (reasons := failures(result))]
    for result, reasons in failed:
        console.print(
            Panel("\n".join(_failure(result, reasons)), title=escape(result.case.id), title_align="left")
        )
    console.print(f"{len(failed)} spørsmål med feil.")


def failures(result: Result) -> Sequence[str]:
    """Return what went wrong with a question, in words; empty if nothing did."""
    wrong = []
    for key, reason in FAILURES:
        value = result.values.get(key)
        if value is not None and value != FIGURES[key].best:
            wrong.append(reason)
    return wrong


def _failure(result: Result, reasons: Sequence[str]) -> list[str]:
    case = result.case
    got = without_marks(result.got)
    got = got if len(got) <= MAX_SHOWN else got[:MAX_SHOWN] + " …"
    before = [f"[dim]{turn.role}: {escape(turn.content[:200])}[/dim]" for turn in case.history]
    facts = " · ".join(" / ".join(fact) for fact in case.facts)
    spans = "\n".join(f"  «{span.quote}» ({span.document})" for span in case.evidence)
    lines = [
        *before,
        f"[bold]{escape(case.question)}[/bold]  [dim]{case.kind}, {case.language}, {case.style}[/dim]",
        f"[red]{'; '.join(reasons)}[/red]",
        f"Ventet: {escape(facts) or 'et svar' if case.answerable else 'et avslag'}",
    ]
    return [*lines, *([escape(spans)] if spans else []), f"Fikk: {escape(got) or '(avslag)'}"]


def show_breaches(console: Console, found: Sequence[Breach]) -> None:
    """Name each figure beyond its bound."""
    for breach in found:
        figure = FIGURES[breach.key]
        value = figure.text(breach.value) if breach.value is not None else "ikke målt"
        console.print(
            f"[red]Under kravet[/red] ({escape(breach.split)}): {figure.label} ({breach.key}) er {value}, "
            f"skal være {breach.bound}.",
            soft_wrap=True,
        )
