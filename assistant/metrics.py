"""Figures for Prometheus: counts and durations, never a word of a question, an address or a name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from assistant.contract import ChatResponse

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client's own variable: the folder in which several server processes add up their figures."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """One server's figures."""

    def __init__(self) -> None:
        """Make all of them, at zero."""
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "medraad_requests", "Forespørsler", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "medraad_request_seconds", "Varighet", ("route",), registry=registry, buckets=_SECONDS
        )
        self._stages = Histogram(
            "medraad_stage_seconds",
            "Varighet av hvert trinn",
            ("stage",),
            registry=registry,
            buckets=_SECONDS,
        )
        self._answers = Counter("medraad_answers", "Svar og avslag", ("mode", "answered"), registry=registry)
        self._sentences = Counter(
            "medraad_sentences",
            "Setninger en språkmodell skrev: beholdt (kept) eller fjernet, etter grunn",
            ("result",),
            registry=registry,
        )
        self._failures = Counter("medraad_failures", "Feil etter type", ("kind",), registry=registry)
        self._votes = Counter("medraad_votes", "Tilbakemeldinger", ("vote",), registry=registry)
        self.working = Gauge(
            "medraad_answers_in_progress",
            "Svar under arbeid",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._generation = Gauge(
            "medraad_index_generation_timestamp_seconds",
            "Når indeksen som svarer, ble laget",
            registry=registry,
            multiprocess_mode="livemin",
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request by its route's template."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, stages: Mapping[str, float], answer: ChatResponse) -> None:
        """Count an answer or refusal. `stages` are milliseconds."""
        self._answers.labels(answer.mode, str(answer.answered).lower()).inc()
        for stage, milliseconds in stages.items():
            self._stages.labels(stage).observe(milliseconds / 1_000)

    def wrote(self, sentences: Mapping[str, int]) -> None:
        """Count what became of a language model's sentences."""
        for result, number in sentences.items():
            self._sentences.labels(result).inc(number)

    def failed(self, kind: str) -> None:
        """Count a failure: the name of an error's class, or a language model's kind of failure."""
        self._failures.labels(kind).inc()

    def voted(self, vote: str) -> None:
        """Count a reader's vote."""
        self._votes.labels(vote).inc()

    def generation(self, name: str | None) -> None:
        """Set the live generation, whose name is the time it was begun (UTC); 0 stands for none."""
        if name is None:
            self._generation.set(0)
            return
        begun = datetime.strptime(name, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        self._generation.set(begun.timestamp())

    def page(self) -> bytes:
        """Return all figures in Prometheus' text format, of all processes if there are several."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
        return generate_latest(everyone)
