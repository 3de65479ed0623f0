"""The figures in the text form that Prometheus reads.

All are gauges, read anew each time: they tell how things are, and go down as they go up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal.closure.figures import Due, Failing, Figures, Steps

Samples = Mapping[tuple[str, ...], float]
"""The values by the values of their labels."""


@dataclass(frozen=True)
class Metric:
    name: str
    meaning: str
    labels: tuple[str, ...]
    read: Callable[[Figures], Samples]


def as_text(figures: Figures) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collector(figures))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for metric in METRICS:
            family = GaugeMetricFamily(metric.name, metric.meaning, labels=metric.labels)
            for labels, value in metric.read(self._figures).items():
                family.add_metric(labels, value)
            yield family


def _by_name(numbers: Mapping[str, int]) -> Samples:
    return {(name,): number for name, number in numbers.items()}


def _due(figures: Figures, value: Callable[[Due], float]) -> Samples:
    return {(kind,): value(due) for kind, due in figures.due.items()}


def _failing(figures: Figures, value: Callable[[Failing], float]) -> Samples:
    return {(kind,): value(failing) for kind, failing in figures.failing.items()}


def _steps(figures: Figures, value: Callable[[Steps], float]) -> Samples:
    return {(category,): value(steps) for category, steps in figures.steps.items()}


def _one(value: float | timedelta | None) -> Samples:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return {} if seconds is None else {(): seconds}


METRICS = (
    Metric(
        "portal_closures",
        "Open closures.",
        ("state",),
        lambda f: _by_name(f.open_closures),
    ),
    Metric(
        "portal_ended_closures_day",
        "Closures that ended in the last 24 hours.",
        ("state",),
        lambda f: _by_name(f.ended_closures),
    ),
    Metric(
        "portal_overdue_closures",
        "Closures past the instant that was promised.",
        (),
        lambda f: _one(f.overdue_closures),
    ),
    Metric(
        "portal_due_tasks",
        "Tasks that are due and in nobody's hands.",
        ("kind",),
        lambda f: _due(f, lambda due: due.number),
    ),
    Metric(
        "portal_oldest_due_seconds",
        "How long the oldest of the due tasks has waited.",
        ("kind",),
        lambda f: _due(f, lambda due: due.oldest.total_seconds()),
    ),
    Metric(
        "portal_failing_tasks",
        "Tasks whose last try failed.",
        ("kind",),
        lambda f: _failing(f, lambda failing: failing.number),
    ),
    Metric(
        "portal_stuck_tasks",
        "Tasks that have failed PORTAL_TRIES times in a row or more.",
        ("kind",),
        lambda f: _failing(f, lambda failing: failing.stuck),
    ),
    Metric(
        "portal_erasure_steps_day",
        "Erasure steps done in the last 24 hours.",
        ("category",),
        lambda f: _steps(f, lambda steps: steps.number),
    ),
    Metric(
        "portal_erasure_step_seconds_day",
        "What the erasure steps of the last 24 hours took together.",
        ("category",),
        lambda f: _steps(f, lambda steps: steps.total.total_seconds()),
    ),
    Metric(
        "portal_erasure_step_longest_seconds_day",
        "What the longest erasure step of the last 24 hours took.",
        ("category",),
        lambda f: _steps(f, lambda steps: steps.longest.total_seconds()),
    ),
    Metric(
        "portal_messages_day",
        "SMS of about the last 24 hours.",
        ("kind", "state"),
        lambda f: f.messages,
    ),
    Metric(
        "portal_codes_half_day",
        "Codes for registered numbers in about the last 12 hours; used means verified.",
        ("state",),
        lambda f: _by_name(f.codes),
    ),
    Metric(
        "portal_ledger_events",
        "The number of the newest event in the ledger.",
        (),
        lambda f: _one(f.last_event),
    ),
    Metric(
        "portal_unanchored_events",
        "How many events the ledger is ahead of its last anchor.",
        (),
        lambda f: _one(f.unanchored),
    ),
    Metric(
        "portal_last_anchor_age_seconds",
        "Age of the last anchor; absent before the first.",
        (),
        lambda f: _one(f.anchor_age),
    ),
    Metric(
        "portal_open_alerts",
        "Alerts that nobody has acknowledged.",
        ("kind",),
        lambda f: _by_name(f.open_alerts),
    ),
    Metric(
        "portal_brake",
        "1 while erasing is stopped for everybody.",
        (),
        lambda f: _one(f.brake),
    ),
)
