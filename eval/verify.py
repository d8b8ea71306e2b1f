"""Measures the check of generated sentences: `python -m eval.verify`.

The made-up pairs of eval/support.jsonl: `calibration` those that the rules and limits were made with,
`heldout` those written afterwards (at the first look 0 of 40 unsupported ones were let through and 5 of 40
supported ones dropped; words that were missing have been added since). Inventions planted in the supported
ones, and the time that checking takes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.gloss import Gloss
from assistant.phrases import read
from assistant.settings import AssistantSettings
from assistant.verify import Checker
from eval.command import told
from eval.planted import Planted, plant
from eval.support import Half, Pair, read_pairs
from ingest.analysis import Analyzer
from ingest.settings import load
from ingest.words import WordList

MODEL_SPEED = 20
"""Tokens a second of the model that checking is compared with."""
CHARACTERS_A_TOKEN = 2.7
"""Norwegian in the tokenizer of Qwen2.5, measured on the supported statements."""


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Counts of one half in one written form."""

    half: Half
    language: str
    unsupported: int
    let_through: int
    supported: int
    dropped: int


@dataclass(frozen=True, slots=True)
class PlantedFigures:
    """How many inventions of one kind were planted and let through."""

    kind: str
    planted: int
    let_through: int


@dataclass(frozen=True, slots=True)
class TimeFigures:
    """Milliseconds a sentence, and the share of the whole time with a model of `MODEL_SPEED`."""

    p50: float
    p95: float
    share: float


def measure_pairs(checker: Checker, pairs: Sequence[Pair]) -> list[PairFigures]:
    """Count what is let through and what is dropped, by half and written form."""
    count: Counter[tuple[Half, str, bool, bool]] = Counter(
        (pair.half, pair.language, pair.supported, passes(checker, pair)) for pair in pairs
    )
    groups = sorted({(pair.half, pair.language) for pair in pairs})
    return [
        PairFigures(
            half,
            language,
            unsupported=count[half, language, False, True] + count[half, language, False, False],
            let_through=count[half, language, False, True],
            supported=count[half, language, True, True] + count[half, language, True, False],
            dropped=count[half, language, True, False],
        )
        for half, language in groups
    ]


def passes(checker: Checker, pair: Pair) -> bool:
    """Tell whether the statement of a pair would be shown."""
    return checker.check_sentence(pair.statement, [pair.given]).ok


def slipped(checker: Checker, pairs: Sequence[Pair]) -> list[Planted]:
    """Return the planted inventions that would be shown."""
    return [one for one in plant(pairs) if checker.check_sentence(one.statement, [one.cited]).ok]


def measure_planted(checker: Checker, pairs: Sequence[Pair]) -> list[PlantedFigures]:
    """Count planted inventions by kind."""
    planted = Counter(one.kind for one in plant(pairs))
    shown = Counter(one.kind for one in slipped(checker, pairs))
    return [PlantedFigures(kind, planted[kind], shown[kind]) for kind in sorted(planted)]


def measure_time(checker: Checker, pairs: Sequence[Pair]) -> TimeFigures:
    """Time each statement once against five passages, as answers have them; sources are read before."""
    passages = [pair.given for pair in pairs]
    taken: list[float] = []
    for number, pair in enumerate(pairs):
        cited = [pair.given, *passages[number : number + 4]]
        checker.check_sentence(passages[number - 1].text, cited)
        begun = time.perf_counter()
        checker.check_sentence(pair.statement, cited)
        taken.append(time.perf_counter() - begun)
    writing = sum(len(pair.statement) for pair in pairs) / CHARACTERS_A_TOKEN / MODEL_SPEED
    p50, p95 = np.percentile(taken, [50, 95]) * 1000
    return TimeFigures(float(p50), float(p95), sum(taken) / (sum(taken) + writing))


@told
def main() -> int:
    """Print the tables; 1 if a planted invention is let through."""
    console = Console()
    settings = load(AssistantSettings)
    checker = Checker(Analyzer(WordList.open(settings.words)), Gloss.of(read(settings.lexicon)))
    pairs = read_pairs()
    console.print(_pair_table(measure_pairs(checker, pairs)))
    planted = measure_planted(checker, pairs)
    console.print(_planted_table(planted))
    for one in slipped(checker, pairs):
        console.print(f"sluppet gjennom: {one.kind}: {one.statement}", markup=False)
    taken = measure_time(checker, pairs)
    console.print(
        f"Kontroll av en setning: p50 {taken.p50:.1f} ms, p95 {taken.p95:.1f} ms; {taken.share:.2%} av tiden "
        f"med en modell på {MODEL_SPEED} tokens i sekundet"
    )
    return int(any(figures.let_through for figures in planted))


def _pair_table(rows: Sequence[PairFigures]) -> Table:
    table = Table("halvdel", "målform", "uten støtte", "sluppet gjennom", "med støtte", "droppet", "andel")
    for row in rows:
        share = f"{row.dropped / row.supported:.1%}" if row.supported else "–"
        counts = (row.unsupported, row.let_through, row.supported, row.dropped)
        table.add_row(row.half, row.language, *map(str, counts), share)
    return table


def _planted_table(rows: Sequence[PlantedFigures]) -> Table:
    table = Table("plantet", "antall", "sluppet gjennom")
    for row in rows:
        table.add_row(row.kind, str(row.planted), str(row.let_through))
    table.add_row("i alt", str(sum(r.planted for r in rows)), str(sum(r.let_through for r in rows)))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
