"""The geometry of the report's charts; report.html.j2 draws them as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.figures import FIGURES
from eval.record import Change, CurvePoint, SplitSummary, SystemSummary

BARS = (
    "recall_1",
    "recall_5",
    "mrr",
    "ndcg_10",
    "facts_all",
    "evidence_cited",
    "quotes_verbatim",
    "citations_bear",
    "statements_borne",
    "offtopic_refused",
    "nearmiss_refused",
    "wrongly_refused",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length as a share (0 to 1) of the axis, the text at its end, the interval's ends."""

    series: int
    length: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The bars of one measure or group, one a system."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars."""

    title: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: its points (x, y) as shares, ready for an SVG polyline of 100 by 100 units."""

    label: str
    series: int
    dashed: bool
    points: str
    dot: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class CurveChart:
    """Refused rightly over refused wrongly."""

    title: str
    lines: tuple[Line, ...]


def headline_chart(split: SplitSummary) -> BarChart:
    """Each share with its interval, ours beside the others."""
    rows = []
    for key in BARS:
        bars = []
        for series, system in enumerate(split.systems):
            if estimate := system.metrics.get(key):
                text = FIGURES[key].text(estimate.value)
                bars.append(Bar(series, estimate.value, text, estimate.low, estimate.high))
        if bars:
            rows.append(Row(FIGURES[key].label, tuple(bars)))
    return BarChart("Mål med 95 % konfidensintervall", _names(split), tuple(rows))


def group_chart(split: SplitSummary, way: str, key: str, title: str) -> BarChart:
    """One measure by language, kind, style or document."""
    rows = []
    for group in split.systems[0].groups[way]:
        bars = []
        for series, system in enumerate(split.systems):
            same = next((one for one in system.groups[way] if one.name == group.name), None)
            if same and key in same.values:
                bars.append(Bar(series, same.values[key], FIGURES[key].text(same.values[key])))
        if bars:
            rows.append(Row(f"{group.name} ({group.n})", tuple(bars)))
    return BarChart(title, _names(split), tuple(rows))


def latency_chart(system: SystemSummary) -> BarChart:
    """Median and 95th percentile of each stage, in milliseconds."""
    longest = max((stage.p95 for stage in system.stages), default=0.0) or 1.0
    rows = tuple(
        Row(
            stage.stage,
            tuple(
                Bar(series, value / longest, FIGURES["ms_p50"].text(value))
                for series, value in enumerate((stage.p50, stage.p95))
            ),
        )
        for stage in system.stages
    )
    return BarChart(f"Millisekunder per trinn: {system.system}", ("median", "95. persentil"), rows)


def refusal_chart(split: SplitSummary) -> CurveChart:
    """Refusals right and wrong over the threshold; the dot is where the system stands."""
    lines = []
    for series, system in enumerate(split.systems):
        for kind, label in (("offtopic", "utenfor temaet"), ("nearmiss", "nestentreff")):
            if not system.curve:
                continue
            points = " ".join(_point(point, kind) for point in system.curve)
            dot = _dot(system, kind)
            lines.append(Line(f"{system.system}: {label}", series, kind == "nearmiss", points, dot))
    return CurveChart("Avvist rett (loddrett) mot avvist feil (vannrett)", tuple(lines))


def _point(point: CurvePoint, kind: str) -> str:
    refused = point.offtopic if kind == "offtopic" else point.nearmiss
    return f"{100 * point.wrongly:.1f},{100 - 100 * refused:.1f}"


def _dot(system: SystemSummary, kind: str) -> tuple[float, float] | None:
    wrongly, rightly = system.metrics.get("wrongly_refused"), system.metrics.get(f"{kind}_refused")
    if wrongly is None or rightly is None:
        return None
    return 100 * wrongly.value, 100 - 100 * rightly.value


def _names(split: SplitSummary) -> tuple[str, ...]:
    return tuple(system.system for system in split.systems)


def verdict(key: str, change: Change | None) -> str:
    """Return «better» or «worse» for a change that is certain, else nothing: a CSS class."""
    if change is None or not change.certain:
        return ""
    return "better" if FIGURES[key].gain(change.by) > 0 else "worse"


def charts_of(split: SplitSummary) -> Sequence[BarChart]:
    """All bar charts of a split, in the order in which they stand on the page."""
    return [
        headline_chart(split),
        group_chart(split, "kind", "recall_5", "Belegg blant fem, etter type"),
        group_chart(split, "kind", "facts_all", "Svar som sier alle fakta, etter type"),
        group_chart(split, "language", "recall_5", "Belegg blant fem, etter språk"),
        group_chart(split, "style", "facts_all", "Svar som sier alle fakta, etter stil"),
        group_chart(split, "document", "recall_5", "Belegg blant fem, etter dokument"),
        *(latency_chart(system) for system in split.systems if system.stages),
    ]
