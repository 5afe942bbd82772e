"""From the start of the process to its line `ready`, beside `import discord` in the same Python."""

from __future__ import annotations

import asyncio
import random
import time

from benchmarks import runtime
from benchmarks.figures import Figure, paired
from benchmarks.worker import at_work, cpu_seconds
from tools.environment import ROOT

GOAL, STRETCH = 3.0, 2.0


async def figures(pairs: int) -> list[Figure]:
    """Start both so many times, in random order; the first of each compiles, and does not count.

    Gateway, database and folder are part of it: the sandbox answers at once.
    """
    order = random.Random(1)  # noqa: S311 -- an order that is the same each time
    wall: list[tuple[float, float]] = []
    cpu: list[tuple[float, float]] = []
    for _ in range(pairs + 1):
        if order.random() < 0.5:  # noqa: PLR2004 -- a coin
            ours, bare = await _ours(), await _bare()
        else:
            bare, ours = await _bare(), await _ours()
        wall.append((ours[0], bare[0]))
        cpu.append((ours[1], bare[1]))
    return [
        paired("start to ready, beside import discord", "ms", wall[1:], goal=GOAL, stretch=STRETCH),
        paired("start to ready: CPU", "ms", cpu[1:], goal=GOAL, stretch=STRETCH),
    ]


async def _ours() -> tuple[float, float]:
    async with at_work(picture_size=64) as worker:
        return 1000 * worker.start_seconds, 1000 * cpu_seconds(worker.pid)


async def _bare() -> tuple[float, float]:
    program = "import discord, time; print(time.process_time())"
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *runtime.command(["-c", program]),
        cwd=ROOT,
        env=runtime.environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return 1000 * (time.monotonic() - begun), 1000 * float(said)
