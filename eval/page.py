"""The HTML report: one file, charts drawn as SVG in it, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from jinja2 import Environment, StrictUndefined

from eval.charts import charts_of, refusal_chart, verdict
from eval.figures import FIGURES, SUMMED
from eval.gate import Bound
from eval.record import Report
from eval.report import GROUP_FIGURES, SHOWN, WAYS, group_rows, title

TEMPLATE = "report.html.j2"


def page(report: Report, bounds: Mapping[str, Mapping[str, Bound]]) -> str:
    """Render the report.

    Args:
        report: the run.
        bounds: by split, the thresholds to show beside the figures.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = resources.files("eval").joinpath(TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(text).render(
        report=report,
        bounds=bounds,
        figures=SUMMED,
        named=FIGURES,
        ways=WAYS,
        shown=SHOWN,
        columns=list(GROUP_FIGURES),
        group_rows=group_rows,
        title=title,
        charts_of=charts_of,
        refusal_chart=refusal_chart,
        verdict=verdict,
    )
