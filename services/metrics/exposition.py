"""The numbers in Prometheus' text format; loaded with the first request that asks for them."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from domain.generation import ENDED
from services.generation.hold import FIRST
from services.metrics.counts import Counts
from services.metrics.state import PausedBy, WorkerState
from services.version import VERSION


def exposition(counts: Counts, state: WorkerState) -> bytes:
    """Return everything that is told, and what the system says of this process."""
    registry = CollectorRegistry()  # of its own: another bot in this process may use the usual one
    registry.register(AtelierCollector(counts, state))
    ProcessCollector(registry=registry)  # tells nothing where there is no /proc
    return generate_latest(registry)


@dataclass(frozen=True, slots=True)
class AtelierCollector:
    """Makes Prometheus' records of ours."""

    counts: Counts
    state: WorkerState

    def collect(self) -> Iterable[Metric]:
        """Yield all metrics."""
        yield _info()
        yield from self._generations()
        yield from self._gateway()
        yield from self._stores()
        yield from self._queue()

    def _generations(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "atelier_generations_ended",
            "Generations that ended, or need attention, since the start.",
            labels=("status", "problem"),
        )
        never = {(status, ""): 0 for status in ENDED}  # so that the first of each is an increase
        for (status, problem), number in sorted((never | self.counts.ended).items()):
            ended.add_metric((status.value, problem), number)
        yield ended
        took = HistogramMetricFamily(
            "atelier_step_seconds", "How long the steps of generations took.", labels=("step",)
        )
        for step, durations in self.counts.took.items():
            took.add_metric((step.value,), list(durations.up_to()), durations.sum)
        yield took

    def _gateway(self) -> Iterator[Metric]:
        state = self.state
        yield GaugeMetricFamily(
            "atelier_gateway_connected",
            "Whether Discord's gateway is connected.",
            int(state.connected),
        )
        connects = CounterMetricFamily(
            "atelier_gateway_connects",
            "Connections to the gateway since the start; resumed: in the session of before.",
            labels=("session",),
        )
        connects.add_metric(("new",), state.connects - state.resumes)
        connects.add_metric(("resumed",), state.resumes)
        yield connects
        yield GaugeMetricFamily(
            "atelier_gateway_event_age_seconds",
            "Since the gateway told of any event.",
            state.event_age,
        )
        yield GaugeMetricFamily(
            "atelier_gateway_heartbeat_age_seconds",
            "Since the gateway answered a heartbeat.",
            state.heartbeat_age,
        )

    def _stores(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "atelier_database_up",
            "Whether the database answered in time to renew the lease.",
            int(self.state.database_answers),
        )
        yield CounterMetricFamily(
            "atelier_database_outages",
            "Outages of the database that the channel was told of, since the start.",
            self.counts.outages,
        )
        yield GaugeMetricFamily(
            "atelier_pictures_delayed",
            "Whether a picture could not be fetched or stored yet, and is tried again.",
            int(self.counts.delayed),
        )

    def _queue(self) -> Iterator[Metric]:
        counts, state = self.counts, self.state
        yield GaugeMetricFamily(
            "atelier_queue_waiting", "Generations that wait for their turn.", counts.waiting
        )
        yield GaugeMetricFamily(
            "atelier_queue_active",
            "Whether a generation is at work.",
            int(counts.active is not None),
        )
        paused = GaugeMetricFamily(
            "atelier_queue_paused",
            "Whether a person has to let the queue go on, by what has paused it.",
            labels=("by",),
        )
        for by in PausedBy:
            paused.add_metric((by.value,), int(state.paused_by == by))
        yield paused
        held = GaugeMetricFamily(
            "atelier_queue_held_back",
            "Whether requests wait for a while, by the reason.",
            labels=("reason",),
        )
        for reason in FIRST:
            held.add_metric((reason.value,), int(state.held_back == reason))
        yield held
        yield CounterMetricFamily(
            "atelier_queue_stops", "Stops that needed a person, since the start.", counts.stops
        )


def _info() -> Metric:
    info = GaugeMetricFamily(
        "atelier_build_info", "What runs; always 1.", labels=("version", "python")
    )
    info.add_metric((VERSION, platform.python_version()), 1)
    return info
