"""Several benchmarks in one run, all told in one table; it can be written as a page."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks import (
    copying,
    footprint,
    gallery,
    gateway,
    growth,
    history,
    idling,
    latency,
    memory,
    queries,
    stalling,
    starting,
    transcode,
)
from benchmarks.figures import MOST_SPREAD, Figure, GoalVerdict, Spread, spread, table
from benchmarks.growth import GrowthPoint
from tools.environment import say


@dataclass(slots=True)
class Run:
    """What one run has found, and how busy the machine was."""

    times: int | None = None  #: in place of each benchmark's usual number
    generations: int = growth.MANY
    figures: dict[str, list[Figure]] = field(default_factory=dict[str, list[Figure]])
    points: list[GrowthPoint] = field(default_factory=list[GrowthPoint])
    notes: dict[str, str] = field(default_factory=dict[str, str])  #: Markdown below the tables
    loads: list[float] = field(default_factory=list[float])

    def number(self, usual: int) -> int:
        """Return how often to measure."""
        return self.times or usual

    @property
    def all(self) -> list[Figure]:
        """Every line, in the order of the run."""
        return [figure for found in self.figures.values() for figure in found]

    @property
    def ok(self) -> bool:
        """Whether no goal is broken; what was too noisy tells nothing."""
        return all(figure.verdict != GoalVerdict.BROKEN for figure in self.all)

    def as_json(self) -> str:
        """Return everything as one object."""
        found = {name: [figure.as_json() for figure in each] for name, each in self.figures.items()}
        return json.dumps({"benchmarks": found, "load": self.loads, "ok": self.ok})


def measure(names: Sequence[str], run: Run) -> None:
    """Run benchmarks by their names, one after the other, and keep what they find."""
    for name in names:
        say(f"{name}: {BENCHMARKS[name].what} ...")
        begun, before = time.monotonic(), yardstick()
        found = BENCHMARKS[name].run(run)
        run.figures[name] = with_noise(found, spread([*before, *yardstick()]))
        run.loads.append(round(os.getloadavg()[0], 2))
        say(f"{table(run.figures[name])}\n{name}: {time.monotonic() - begun:.0f} s")
        if name in run.notes:
            say(run.notes[name])


def with_noise(found: Sequence[Figure], calm: Spread) -> list[Figure]:
    """Mark the times with a goal of their own, if a yardstick spread too much meanwhile.

    Counts and bytes do not depend on how busy the machine is.
    """
    noisy = calm.ratio > MOST_SPREAD
    return [
        replace(figure, calm=False)
        if noisy and figure.ratio is None and figure.unit in ("ms", "s")
        else figure
        for figure in found
    ]


def yardstick() -> list[float]:
    """Return how long the same work takes, some times, in milliseconds."""
    work = bytes(8_000_000)
    found: list[float] = []
    for _ in range(10):
        begun = time.perf_counter()
        hashlib.sha256(work).digest()
        found.append(1000 * (time.perf_counter() - begun))
    return found


# --------------------------------------------------------------------------------- all of them


def _copy(run: Run) -> list[Figure]:
    found = asyncio.run(copying.costs(run.number(25)))
    run.notes["copy"] = "\n".join(found.notes)
    return found.figures


def _stall(run: Run) -> list[Figure]:
    found = stalling.watched(run.number(10))
    run.notes["stall"] = stalling.as_text(found)
    return [figure for each in found for figure in each.figures()]


def _growth(run: Run) -> list[Figure]:
    run.points = asyncio.run(growth.points(run.generations, say))
    return growth.figures(run.points)


def _gallery(_: Run) -> list[Figure]:
    found = gallery.costs(gallery.ROWS, say)
    times = [_alone(f"{c.page}: time", "ms", c.ms, gallery.MOST_MS) for c in found]
    weights = [_alone(f"{c.page}: weight", "kB", c.kb, gallery.MOST_KB) for c in found]
    return times + weights


def _history(_: Run) -> list[Figure]:
    few, many = history.costs(history.FEW, history.MANY, say)
    grown = many.grown_mb - few.grown_mb
    name = f"history of {many.messages:,} messages"
    return [
        _alone(f"{name}: longest stall", "ms", many.gap_ms, history.MOST_GAP_MS),
        _alone(f"{name}: memory beyond {few.messages:,}", "MB", grown, history.MOST_GROWTH_MB),
    ]


def _memory(_: Run) -> list[Figure]:
    found = memory.costs(memory.STORES, say)
    return [
        _alone(f"grid in HD, {cost.store}: peak of all", "MB", cost.all_mb, memory.MOST_MB)
        for cost in found
    ]


def _queries(_: Run) -> list[Figure]:
    found = queries.costs(queries.FEW, queries.MANY, say)
    worst = max(found, key=lambda cost: cost.ratio)
    name = f"pages read of a million rows, beside 10,000; worst: {worst.name}"
    return [_alone(name, "x", worst.ratio, queries.LIMIT)]


def _alone(name: str, unit: str, value: float, goal: float) -> Figure:
    return Figure(name=name, unit=unit, ours=spread([value]), goal=goal)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What it measures, and what does it."""

    what: str
    run: Callable[[Run], list[Figure]]


BENCHMARKS: Mapping[str, Benchmark] = {
    "copy": Benchmark(
        "pictures from a host into the folder and to Supabase, beside a bare copy",
        _copy,
    ),
    "footprint": Benchmark(
        "memory of an ordinary generation, and of the heaviest",
        lambda run: footprint.figures(run.number(3)),
    ),
    "start": Benchmark(
        "from the start to `ready`, beside importing the library",
        lambda run: asyncio.run(starting.figures(run.number(15))),
    ),
    "gateway": Benchmark(
        "other people's events, beside a bare client",
        lambda run: gateway.figures(run.number(9)),
    ),
    "latency": Benchmark(
        "from a command to its reply, from a grid to its row",
        lambda run: latency.figures(run.number(30)),
    ),
    "idle": Benchmark(
        "CPU and memory while nothing happens, in real time",
        lambda run: asyncio.run(idling.figures(run.number(3))),
    ),
    "transcode": Benchmark(
        "a grid in HD to PNG, beside Pillow",
        lambda run: asyncio.run(transcode.figures(run.number(7))),
    ),
    "stall": Benchmark("how long the event loop is held up while pictures flow", _stall),
    "growth": Benchmark("whether the last generation costs what the first did", _growth),
    "queries": Benchmark("pages that each question to Postgres reads", _queries),
    "history": Benchmark("what is held up while a long history is read", _history),
    "memory": Benchmark("memory that a grid in HD takes", _memory),
    "gallery": Benchmark("pages of the gallery with 10,000 generations", _gallery),
}
