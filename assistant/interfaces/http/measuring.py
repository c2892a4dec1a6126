"""Figures for Prometheus: requests, how long they took, outcomes of questions, places taken, memory."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from assistant.interfaces.working import Workers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """A registry of its own, so that several applications in one process do not share figures."""

    def __init__(self, workers: Workers) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "policy_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "policy_http_request_seconds", "Time to answer", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._outcomes = Counter("policy_questions", "Questions by outcome", ("outcome",), registry=self._registry)
        taken = Gauge("policy_answering_taken", "Questions being answered or waiting", registry=self._registry)
        taken.set_function(lambda: workers.taken)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered. `route` is a template of ours, never the address itself."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, outcome: str) -> None:
        """One question had this outcome: "answered", "clarify" or the reason of a refusal."""
        self._outcomes.labels(outcome).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)
