"""The HTML report: whole, self-contained, and with text from the questions made harmless."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.errors import ReportError
from eval.gate import Bound
from eval.page import page
from eval.record import Report, SplitSummary, read_report, writable, write_report
from eval.run import ablate, run
from eval.summary import summarize
from tests.eval.systems import TableSystem
from tests.eval.test_summary import CASES, SYSTEM

VOID = {"meta", "line", "rect", "circle", "polyline"}


class Balance(HTMLParser):
    """Knows which elements are open, and every attribute that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "xlink:href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def report(name: str = "ours") -> Report:
    results = run(SYSTEM, CASES)
    ours = summarize(name, results, held_out=False)
    stock = summarize("stock", run(TableSystem(), CASES), held_out=False)
    parts = ablate(results, {"dense": TableSystem()}, CASES, lambda: None)
    split = SplitSummary(name="dev", n=len(CASES), held_out=False, systems=(ours, stock), ablations=parts)
    return Report(made=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), splits=(split,))


def test_the_page_is_well_formed_and_fetches_nothing() -> None:
    text = page(report(), {"dev": {"recall_1": Bound(min=0.85)}})
    reader = Balance()
    reader.feed(text)
    assert reader.open == [] and reader.fetched == []
    assert not re.search(r"<script|@import|url\(|https?://", text)


def test_the_page_shows_figures_bounds_charts_and_ablations() -> None:
    text = page(report(), {"dev": {"recall_1": Bound(min=0.85)}})
    assert "0,333" in text and "minst 0,85" in text
    assert text.count("<svg") >= 7
    assert "<polyline" in text and "dense" in text


def test_names_are_escaped() -> None:
    assert "<b>" not in page(report("<b>ours"), {})


def test_a_report_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "mappe" / "rapport.json"
    write_report(report(), path)
    assert read_report(path) == report()


def test_a_file_that_will_be_written_keeps_what_it_holds_until_then(tmp_path: Path) -> None:
    path = tmp_path / "mappe" / "rapport.json"
    write_report(report(), writable(str(path)))
    assert read_report(writable(str(path))) == report()


def test_what_is_not_a_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"splits": 3}')
    with pytest.raises(ReportError, match=r"x\.json"):
        read_report(tmp_path / "x.json")
    with pytest.raises(ReportError, match=r"y\.json"):
        read_report(tmp_path / "y.json")
    with pytest.raises(ReportError, match="skrive"):
        write_report(report(), tmp_path / "x.json" / "under.json")
