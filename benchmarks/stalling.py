"""How long the loop of the real process does nothing else while pictures flow, and what held it up.

What counts is the longest stall of all generations, and the most work of the loop's own thread in
one. A process beside it only ticks: when even that one was held up, the machine was too busy to say
anything of the former.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, Spread, spread
from benchmarks.stalls import ENOUGH, Stall
from benchmarks.worker import GRAIN, GRAIN_HD, at_work
from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

GOAL_MS, STRETCH_MS = 100.0, 25.0
SHOWN = 3
"""Of the longest stalls, with what was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedGenerations:
    """When each began and ended, all stalls, and how late a process was that only ticked."""

    name: str
    spans: tuple[tuple[float, float], ...]
    stalls: tuple[Stall, ...]
    machine_seconds: float

    def figures(self) -> list[Figure]:
        """Return the longest, and the most work in one; the middle value is that of all."""
        longest = self._most(lambda each: each.seconds)
        work = self._most(lambda each: each.cpu_seconds)
        return [
            _of_most(f"longest stall of the loop, {self.name}", longest, calm=self.is_calm),
            _of_most(f"most CPU of the loop between two ticks, {self.name}", work, calm=True),
        ]

    @property
    def is_calm(self) -> bool:
        """Whether the machine let a process tick that does nothing else."""
        return 1000 * self.machine_seconds <= STRETCH_MS

    def during(self) -> list[Stall]:
        """Return those while a generation was at work: first those with the most work."""
        found = (each for each in self.stalls if any(a <= each.at <= b for a, b in self.spans))
        return sorted(found, key=lambda each: (-each.cpu_seconds, -each.seconds))

    def _most(self, of: Callable[[Stall], float]) -> list[float]:
        """Return the greatest of each generation, in milliseconds; what is never seen is less."""
        seen = [[of(one) for one in self.stalls if a <= one.at <= b] for a, b in self.spans]
        return [1000 * max(each, default=ENOUGH) for each in seen]


def _of_most(name: str, values: list[float], *, calm: bool) -> Figure:
    found = spread(values)
    return Figure(
        name=name,
        unit="ms",
        ours=Spread(max(values), found.p10, found.p90, found.n),
        goal=GOAL_MS,
        stretch=STRETCH_MS,
        calm=calm,
    )


def watched(times: int) -> tuple[WatchedGenerations, WatchedGenerations]:
    """Watch so many ordinary generations, and one in HD for every five of them."""
    few = max(1, times // 5)
    return (
        asyncio.run(_watched("ordinary generations", "a lighthouse", times, GRAIN)),
        asyncio.run(
            _watched("in HD, with four of 8 MB", "a lighthouse --hd --ar 16:9", few, GRAIN_HD)
        ),
    )


async def _watched(name: str, prompt: str, times: int, grain: float) -> WatchedGenerations:
    spans: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stalls.json"
        program = ("-m", "benchmarks.inside", "stalls", file)
        async with at_work({"ALLOW_COSTLY": "hd"}, grain=grain, program=program) as worker:
            await worker.imagine(prompt)  # loads what is loaded once
            async with _only_ticking() as machine:
                for _ in range(times):
                    begun = time.monotonic()
                    await worker.imagine(prompt)
                    spans.append((begun, time.monotonic()))
        seen = json.loads(await asyncio.to_thread(file.read_text, "utf-8"))
    return WatchedGenerations(
        name=name,
        spans=tuple(spans),
        stalls=tuple(Stall(**each) for each in seen),
        machine_seconds=machine[0],
    )


@asynccontextmanager
async def _only_ticking() -> AsyncGenerator[list[float]]:
    """Let another process tick; the list has its longest stall once the block is over."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.stalls"), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    found: list[float] = []
    try:
        yield found
    finally:
        said, _ = await process.communicate()
        found.append(float(said))


def as_text(found: Sequence[WatchedGenerations]) -> str:
    """Say of the longest stalls what was seen meanwhile, as Markdown."""
    return "\n\n".join(
        "\n\n".join((_summary(each), *map(_told, each.during()[:SHOWN]))) for each in found
    )


def _summary(found: WatchedGenerations) -> str:
    late, machine = len(found.during()), 1000 * found.machine_seconds
    return (
        f"Ticks more than {1000 * ENOUGH:.0f} ms late, {found.name}: {late}. Meanwhile, a process"
        f" that only ticks was late by {machine:.1f} ms at most."
    )


def _told(stall: Stall) -> str:
    late, used = 1000 * stall.seconds, 1000 * stall.cpu_seconds
    seen = stall.stack or "nothing"
    return (
        f"{late:.1f} ms late, CPU of the loop's thread {used:.1f} ms; seen:\n\n```text\n{seen}\n```"
    )
