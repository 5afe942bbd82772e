"""Whether the 1,000th generation costs what the first did: time, memory, CPU, of one process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, spread
from benchmarks.worker import at_work, cpu_seconds, memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MANY = 1000
MOST_RATIO = 1.25
MOST_MB = 10.0
"""By how much the memory may grow after the first tenth."""
_SPEED = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPoint:
    """One generation: milliseconds from the command to its final notice, of them CPU; memory."""

    number: int
    ms: float
    cpu_ms: float
    mb: float


async def points(number: int, tell: Callable[[str], None]) -> list[GrowthPoint]:
    """Run so many generations, one after the other, with small pictures."""
    found: list[GrowthPoint] = []
    async with at_work(speed=_SPEED, picture_size=256) as worker:
        for at in range(1, number + 1):
            begun, used = time.perf_counter(), cpu_seconds(worker.pid)
            await worker.imagine(f"a lighthouse, number {at} of many")
            found.append(
                GrowthPoint(
                    number=at,
                    ms=1000 * (time.perf_counter() - begun),
                    cpu_ms=1000 * (cpu_seconds(worker.pid) - used),
                    mb=memory_mb(worker.pid),
                )
            )
            if at % max(1, number // 10) == 0:
                tell(f"{at} of {number} generations")
    return found


def figures(found: Sequence[GrowthPoint]) -> list[Figure]:
    """Compare the last tenth with the first one after the very first."""
    part = max(1, len(found) // 10)
    first, last = found[1 : part + 1] or found[:1], found[-part:]
    grown = spread([point.mb for point in last]).median - spread([p.mb for p in first]).median
    return [
        _compared(
            "time of the last generations, beside the first", [p.ms for p in last], first, "ms"
        ),
        _compared("CPU of the last", [p.cpu_ms for p in last], first, "cpu_ms"),
        Figure(
            name=f"memory grown until generation {len(found)}",
            unit="MB",
            ours=spread([grown]),
            goal=MOST_MB,
        ),
    ]


def _compared(name: str, last: list[float], first: Sequence[GrowthPoint], field: str) -> Figure:
    before = spread([getattr(point, field) for point in first])
    return Figure(
        name=name,
        unit="ms",
        ours=spread(last),
        reference=before,
        ratio=spread([value / before.median for value in last]),
        goal=MOST_RATIO,
    )
