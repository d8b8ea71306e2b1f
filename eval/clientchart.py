"""The chart of a run of `eval.clients`: times and memory over the run, in one SVG file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from eval.outcome import Outcome

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 720, 150, 70, 50, 60
_INK, _SOFT, _LINE = "#1b1f24", "#5b6470", "#d8dde3"
_COLOURS = ("#0b6e4f", "#b7791f", "#6b46c1")

Series = tuple[str, Sequence[float | None]]


def drawing(outcome: Outcome) -> str:
    """Return the chart as SVG."""
    times: list[Series] = [
        ("p50", [part.middle for part in outcome.slices]),
        ("p95", [part.slow for part in outcome.slices]),
    ]
    memory: list[Series] = [("minne", [part.memory for part in outcome.slices])]
    bottom = _TOP + _HEIGHT + _GAP
    run = f"{outcome.clients} samtidige i {outcome.seconds:.0f} s"
    title = f"{run}: {outcome.replies} svar, {outcome.errors} feil"
    parts = [
        _text(_LEFT, 22, title, _INK),
        *_panel(_TOP, f"Millisekunder (krav til p95: {outcome.allowed:.0f})", times, outcome.seconds),
        *_panel(bottom, "Tjenerens minne i MB", memory, outcome.seconds, first=2),
    ]
    size = f'viewBox="0 0 {_LEFT + _WIDTH + 20} {bottom + _HEIGHT + 40}"'
    style = "<style>text{font:13px system-ui,sans-serif}</style>"
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">\n'
        + "\n".join([style, ground, *parts])
        + "\n</svg>\n"
    )


def _panel(top: float, title: str, series: Sequence[Series], seconds: float, first: int = 0) -> Iterator[str]:
    """Yield one plot with its axes; values start at 0."""
    most = max((value for _, values in series for value in values if value is not None), default=0.0) or 1.0
    yield _text(_LEFT, top - 8, title, _SOFT)
    for share in (0.0, 0.5, 1.0):
        y = top + _HEIGHT * (1 - share)
        yield f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="{_LINE}"/>'
        yield _text(_LEFT - 8, y + 4, f"{most * share:.0f}", _SOFT, "end")
        yield _text(_LEFT + _WIDTH * share, top + _HEIGHT + 18, f"{seconds * share:.0f} s", _SOFT, "middle")
    for number, (name, values) in enumerate(series, first):
        points = _points(values, most, top)
        colour = _COLOURS[number]
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield _text(_LEFT + _WIDTH - 60 * (number - first), top - 8, name, colour, "end")


def _points(values: Sequence[float | None], most: float, top: float) -> str:
    """Return an SVG polyline's points; each value stands in the middle of its part of the run."""
    step = _WIDTH / len(values)
    return " ".join(
        f"{_LEFT + step * (place + 0.5):.1f},{top + _HEIGHT * (1 - value / most):.1f}"
        for place, value in enumerate(values)
        if value is not None
    )


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'
