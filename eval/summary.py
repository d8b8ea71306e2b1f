"""A run in numbers: means with intervals, groups, the refusal curve and latency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.cases import Case
from eval.figures import PER_QUESTION, Figure
from eval.record import CaseLine, Change, CurvePoint, Estimate, Group, StageTime, SystemSummary

SEED = 20_260_122
RESAMPLES = 2_000
"""Resamples of the bootstrap; the ends of a 95 % interval then move by less than 0.005 between seeds."""
CURVE_POINTS = 60
TOTAL = "total"
EMBED = "embed"
"""Name of the stage in which the question is embedded; the ratio of the target is over this one."""


@dataclass(frozen=True, slots=True)
class Result:
    """One question put to one system.

    `stages` are milliseconds by stage, «total» among them. `certainty` is what refusal is decided on:
    higher is more certain that the sources answer; None where the system has no such number.
    """

    case: Case
    values: Mapping[str, float]
    stages: Mapping[str, float]
    certainty: float | None
    got: str
    """The answer, or the refusal, as a person reads it."""


Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Maps an array of shape (resamples, n) to one of shape (resamples,)."""


def estimate(values: Sequence[float], statistic: Statistic | None = None) -> Estimate:
    """Return the statistic (mean unless given) with its 95 % percentile bootstrap interval (Efron 1979).

    The seed is fixed: the same values give the same interval.
    """
    of = statistic or _mean
    data = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(SEED).integers(0, len(data), size=(RESAMPLES, len(data)))
    low, high = np.quantile(of(data[picks]), [0.025, 0.975])
    return Estimate(value=float(of(data[None, :])[0]), low=float(low), high=float(high), n=len(data))


def _mean(data: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(data.mean(axis=1), dtype=np.float64)


def _quantile(share: float) -> Statistic:
    return lambda data: np.asarray(np.quantile(data, share, axis=1), dtype=np.float64)


def summarize(system: str, results: Sequence[Result], *, held_out: bool) -> SystemSummary:
    """Put one system's results together. The single questions of a held-out split are left out."""
    return SystemSummary(
        system=system,
        n=len(results),
        metrics=_metrics(results),
        groups=_groups(results),
        curve=_curve(results),
        stages=_stages(results),
        cases=() if held_out else tuple(CaseLine(id=r.case.id, values=dict(r.values)) for r in results),
    )


def _metrics(results: Sequence[Result]) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    for figure, values in _measured(results):
        if figure.unit == "words":
            found[f"{figure.key}_p50"] = estimate(values, _quantile(0.5))
            found[f"{figure.key}_p90"] = estimate(values, _quantile(0.9))
        else:
            found[figure.key] = estimate(values)
    for language in ("nn", "en"):
        found |= _gap(results, language)
    return found | _separation(results) | _latency(results)


def _gap(results: Sequence[Result], language: str) -> dict[str, Estimate]:
    """recall@5 of bokmål minus that of another language; the two halves are resampled apart."""
    by = [
        [r.values["recall_5"] for r in results if r.case.language == one and "recall_5" in r.values]
        for one in ("nb", language)
    ]
    if not all(by):
        return {}
    draws = np.random.default_rng(SEED)
    means = [
        _mean(data[draws.integers(0, len(data), size=(RESAMPLES, len(data)))])
        for data in (np.asarray(values, dtype=np.float64) for values in by)
    ]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    value = float(np.mean(by[0]) - np.mean(by[1]))
    return {f"gap_{language}": Estimate(value=value, low=float(low), high=float(high), n=len(by[1]))}


def _latency(results: Sequence[Result]) -> dict[str, Estimate]:
    """p50 and p95 of an answer, and answer p50 / embedding p50, both resampled over questions."""
    timed = [r.stages for r in results if TOTAL in r.stages]
    if not timed:
        return {}
    totals = [stages[TOTAL] for stages in timed]
    found = {
        "ms_p50": estimate(totals, _quantile(0.5)),
        "ms_p95": estimate(totals, _quantile(0.95)),
    }
    pairs = np.asarray([(s[TOTAL], s[EMBED]) for s in timed if s.get(EMBED)], dtype=np.float64)
    if len(pairs):
        index = np.arange(len(pairs), dtype=np.float64)
        found["ms_over_embedding"] = estimate(index.tolist(), lambda picks: _ratio(pairs, picks))
    return found


def _ratio(pairs: NDArray[np.float64], picks: NDArray[np.float64]) -> NDArray[np.float64]:
    medians = np.median(pairs[picks.astype(np.int64)], axis=1)
    return np.asarray(medians[:, 0] / medians[:, 1], dtype=np.float64)


def _groups(results: Sequence[Result]) -> dict[str, tuple[Group, ...]]:
    ways: dict[str, Callable[[Case], Iterable[str]]] = {
        "language": lambda case: [case.language],
        "kind": lambda case: [case.kind],
        "style": lambda case: [case.style],
        "document": lambda case: case.documents,
    }
    return {way: _grouped(results, names) for way, names in ways.items()}


def _grouped(results: Sequence[Result], names: Callable[[Case], Iterable[str]]) -> tuple[Group, ...]:
    members: dict[str, list[Result]] = {}
    for result in results:
        for name in names(result.case):
            members.setdefault(name, []).append(result)
    return tuple(Group(name=name, n=len(rows), values=means(rows)) for name, rows in sorted(members.items()))


def means(results: Sequence[Result]) -> dict[str, float]:
    """Mean of each measure over the results that have it (the median for words)."""
    return {
        figure.key: float(np.median(values) if figure.unit == "words" else np.mean(values))
        for figure, values in _measured(results)
    }


def _measured(results: Sequence[Result]) -> Iterator[tuple[Figure, list[float]]]:
    """Yield each figure that any of the results has, with its values."""
    for figure in PER_QUESTION:
        values = [result.values[figure.key] for result in results if figure.key in result.values]
        if values:
            yield figure, values


def _stages(results: Sequence[Result]) -> tuple[StageTime, ...]:
    names = dict.fromkeys(name for result in results for name in result.stages)
    found = []
    for name in sorted(names, key=lambda name: name == TOTAL):
        p50, p95 = np.quantile([r.stages[name] for r in results if name in r.stages], [0.5, 0.95])
        found.append(StageTime(stage=name, p50=float(p50), p95=float(p95)))
    return tuple(found)


def _curve(results: Sequence[Result]) -> tuple[CurvePoint, ...]:
    """Return the shares refused at up to `CURVE_POINTS` thresholds, from none refused to all."""
    scores = _certainties(results)
    everything = np.concatenate(list(scores.values()))
    if not len(everything):
        return ()
    thresholds = np.unique(np.quantile(everything, np.linspace(0, 1, CURVE_POINTS)))
    return tuple(
        CurvePoint(threshold=float(at), **{name: _below(data, at) for name, data in scores.items()})
        for at in [*thresholds, float(np.nextafter(everything.max(), np.inf))]
    )


def _separation(results: Sequence[Result]) -> dict[str, Estimate]:
    """P(certainty of an answerable question > that of an unanswerable one): the area under the ROC curve."""
    scores = _certainties(results)
    right, wrong = scores["wrongly"], np.concatenate([scores["offtopic"], scores["nearmiss"]])
    if not len(right) or not len(wrong):
        return {}
    above = beats(right, wrong)
    draws = np.random.default_rng(SEED)
    rows = draws.integers(0, len(right), size=(RESAMPLES, len(right)))
    columns = draws.integers(0, len(wrong), size=(RESAMPLES, len(wrong)))
    areas = [above[np.ix_(row, column)].mean() for row, column in zip(rows, columns, strict=True)]
    low, high = np.quantile(areas, [0.025, 0.975])
    return {"separation": Estimate(value=float(above.mean()), low=low, high=high, n=len(right) + len(wrong))}


def beats(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (right, wrong) 1 where a right score is above a wrong one, ½ where they are equal.

    The mean of all is the area under the ROC curve.
    """
    return np.asarray(np.sign(right[:, None] - wrong[None, :]) / 2 + 0.5)


def _certainties(results: Sequence[Result]) -> dict[str, NDArray[np.float64]]:
    return {
        name: np.asarray(
            [r.certainty for r in results if r.certainty is not None and _side(r.case) == name],
            dtype=np.float64,
        )
        for name in ("offtopic", "nearmiss", "wrongly")
    }


def _side(case: Case) -> str:
    if case.answerable:
        return "wrongly"
    return "offtopic" if case.kind == "offtopic" else "nearmiss"


def _below(data: NDArray[np.float64], threshold: float) -> float:
    return float(np.mean(data < threshold)) if len(data) else 0.0


def changes(new: SystemSummary, old: SystemSummary) -> dict[str, Change]:
    """Return new minus old for each figure that both have, paired by question where both list them."""
    before = {line.id: line.values for line in old.cases}
    found: dict[str, Change] = {}
    for key, now in new.metrics.items():
        if key not in old.metrics:
            continue
        pairs = [
            line.values[key] - before[line.id][key]
            for line in new.cases
            if key in line.values and key in before.get(line.id, {})
        ]
        paired = estimate(pairs) if pairs else None
        found[key] = Change(
            value=now.value,
            by=now.value - old.metrics[key].value,
            low=paired.low if paired else None,
            high=paired.high if paired else None,
        )
    return found
