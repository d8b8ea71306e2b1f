"""The figures of a report: their keys, their names for a person, which way is better, how to write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "words", "ms", "ratio", "gap"]


def decimal(value: float, digits: int) -> str:
    """Write a number with a decimal comma."""
    return f"{value:.{digits}f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: shares lie between 0 and 1, a gap is a difference of two shares."""

    key: str
    label: str
    better: Literal["high", "low"]
    unit: Unit = "share"

    @property
    def best(self) -> float:
        """The best value of a share."""
        return 1.0 if self.better == "high" else 0.0

    def gain(self, by: float) -> float:
        """Return a change as a gain: above 0 where it is for the better."""
        return by if self.better == "high" else -by

    def text(self, value: float) -> str:
        """Write the value as a table shows it, with a decimal comma."""
        digits = {"share": 3, "gap": 3, "words": 0, "ms": 1, "ratio": 2}[self.unit]
        return decimal(value, digits)


PER_QUESTION: tuple[Figure, ...] = (
    Figure("recall_1", "Belegg som første treff (recall@1)", "high"),
    Figure("recall_3", "Belegg blant tre (recall@3)", "high"),
    Figure("recall_5", "Belegg blant fem (recall@5)", "high"),
    Figure("recall_10", "Belegg blant ti (recall@10)", "high"),
    Figure("mrr", "Plass til første belegg (MRR)", "high"),
    Figure("ndcg_10", "Rekkefølge (nDCG@10)", "high"),
    Figure("facts_all", "Svar som sier alle fakta", "high"),
    Figure("facts_share", "Andel av fakta som blir sagt", "high"),
    Figure("evidence_cited", "Svar som siterer belegget", "high"),
    Figure("quotes_verbatim", "Sitater som står ordrett i kilden", "high"),
    Figure("citations_bear", "Henvisninger som bærer utsagnet", "high"),
    Figure("statements_borne", "Utsagn som står i sitatene sine", "high"),
    Figure("offtopic_refused", "Utenfor temaet: avvist", "high"),
    Figure("nearmiss_refused", "Nestentreff: avvist", "high"),
    Figure("rightly_refused", "Kan ikke besvares: avvist", "high"),
    Figure("wrongly_refused", "Kan besvares, men avvist", "low"),
    Figure("words", "Ord per svar", "low", "words"),
    Figure("words_fact", "Ord per svar på faktaspørsmål", "low", "words"),
)
"""What eval.metrics measures on one question, by the same keys."""


def _quantiles(figure: Figure) -> tuple[Figure, ...]:
    return (
        Figure(f"{figure.key}_p50", f"{figure.label}, median", "low", figure.unit),
        Figure(f"{figure.key}_p90", f"{figure.label}, 90. persentil", "low", figure.unit),
    )


SUMMED: tuple[Figure, ...] = (
    *(figure for figure in PER_QUESTION if figure.unit == "share"),
    *(half for figure in PER_QUESTION if figure.unit == "words" for half in _quantiles(figure)),
    Figure("separation", "Skiller det som kan besvares fra resten (AUC)", "high"),
    Figure("gap_nn", "Nynorsk under bokmål (recall@5)", "low", "gap"),
    Figure("gap_en", "Engelsk under bokmål (recall@5)", "low", "gap"),
    Figure("ms_p50", "Millisekunder per svar, median", "low", "ms"),
    Figure("ms_p95", "Millisekunder per svar, 95. persentil", "low", "ms"),
    Figure("ms_over_embedding", "Svartid delt på tiden for å embedde spørsmålet", "low", "ratio"),
)
"""What eval.summary makes of a whole run: the rows of a report and the keys of thresholds.toml."""

FIGURES: Mapping[str, Figure] = {figure.key: figure for figure in (*PER_QUESTION, *SUMMED)}
