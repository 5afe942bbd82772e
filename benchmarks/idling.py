"""What the process costs while nothing happens: CPU per hour, and memory."""

from __future__ import annotations

import asyncio
import time

from benchmarks.figures import Figure, spread
from benchmarks.worker import at_work, cpu_seconds, memory_mb

CPU, STRETCH_CPU = 10.0, 4.0
MEMORY_MB, STRETCH_MEMORY_MB = 100.0, 80.0
SETTLE = 10.0
"""Seconds after the start that do not count."""


async def figures(spans: int, seconds: float = 60.0) -> list[Figure]:
    """Measure so many spans of one process, in real time; an hour is reckoned from each."""
    hours: list[float] = []
    async with at_work(picture_size=64) as worker:
        await asyncio.sleep(SETTLE)
        memory = memory_mb(worker.pid)
        for _ in range(spans):
            begun, used = time.monotonic(), cpu_seconds(worker.pid)
            await asyncio.sleep(seconds)
            used = cpu_seconds(worker.pid) - used
            hours.append(3600 * used / (time.monotonic() - begun))
    return [
        Figure(
            name="CPU per hour, idle",
            unit="s",
            ours=spread(hours),
            goal=CPU,
            stretch=STRETCH_CPU,
        ),
        Figure(
            name="memory, idle",
            unit="MB",
            ours=spread([memory]),
            goal=MEMORY_MB,
            stretch=STRETCH_MEMORY_MB,
        ),
    ]
