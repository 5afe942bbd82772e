"""What the process costs while nothing happens: CPU per hour, beside a bare bot, and memory."""

from __future__ import annotations

import asyncio
import time

from benchmarks.bare import bare_bot
from benchmarks.figures import Figure, spread
from benchmarks.worker import at_work, cpu_seconds, memory_mb

CPU, STRETCH_CPU = 10.0, 4.0
MEMORY_MB, STRETCH_MEMORY_MB = 100.0, 80.0
SETTLE = 10.0
"""Seconds after the start that do not count."""


async def figures(spans: int, seconds: float = 60.0) -> list[Figure]:
    """Measure so many spans of both processes at once, in real time; each stands for an hour."""
    ours: list[float] = []
    bare: list[float] = []
    async with at_work(picture_size=64) as worker, bare_bot(worker) as beside:
        await asyncio.sleep(SETTLE)
        memory = memory_mb(worker.pid)
        for _ in range(spans):
            begun, used, other = time.monotonic(), cpu_seconds(worker.pid), cpu_seconds(beside)
            await asyncio.sleep(seconds)
            hours = (time.monotonic() - begun) / 3600
            ours.append((cpu_seconds(worker.pid) - used) / hours)
            bare.append((cpu_seconds(beside) - other) / hours)
    return [
        Figure(
            name="CPU per hour, idle",
            unit="s",
            ours=spread(ours),
            reference=spread(bare),
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
