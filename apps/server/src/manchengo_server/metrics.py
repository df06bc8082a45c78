"""The metrics of the server, for Prometheus. They name no person and no device."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from manchengo.domain.commit import Verdict

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several workers count together."""


def count_together() -> None:
    """In a worker, before its ``Metrics``: prometheus_client chose how to count when it was loaded,
    which may have been before the folder was named.
    """
    chosen = values.get_value_class()  # type: ignore[no-untyped-call] # published without types
    values.ValueClass = chosen


class Metrics:
    """What ``/metrics`` shows, counted and timed while requests are answered."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "manchengo_requests",
            "Requests answered.",
            ["route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "manchengo_request_seconds",
            "Time to answer, without what was waited for news.",
            ["route"],
            registry=self.registry,
        )
        self.commits = Counter(
            "manchengo_commits",
            "Commits that entered the log.",
            ["verdict"],
            registry=self.registry,
        )
        self.push_errors = Counter(
            "manchengo_push_errors",
            "Pushes that stopped at a commit.",
            ["code"],
            registry=self.registry,
        )
        self.two_histories = Counter(
            "manchengo_two_histories",
            "Commits whose authors had seen another log than this one.",
            registry=self.registry,
        )
        self.head = Gauge(
            "manchengo_log_head",
            "Where the log ends.",
            multiprocess_mode="max",
            registry=self.registry,
        )
        self.parked = Gauge(
            "manchengo_parked_commits",
            "Commits that wait to be understood.",
            multiprocess_mode="mostrecent",
            registry=self.registry,
        )
        self.waiting = Gauge(
            "manchengo_waiting_devices",
            "Devices that wait for news.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.programs = Gauge(
            "manchengo_devices",
            "Devices that exchanged, by how their program stands beside the server's.",
            ["program"],
            multiprocess_mode="mostrecent",
            registry=self.registry,
        )
        for verdict in Verdict:  # so that each is there from the start
            self.commits.labels(verdict.value)

    def exposition(self) -> bytes:
        """The text that Prometheus reads, of all processes together."""
        if SHARED not in os.environ:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # published without types
        return generate_latest(registry)
