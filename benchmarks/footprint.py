"""How much memory the process holds at most in an ordinary generation, and in the heaviest one.

The sum of the peaks of the process and of its children counts, though they need not fall together.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from itertools import cycle, islice
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, spread
from benchmarks.foreign import foreign_events
from benchmarks.memory import MOST_MB, served_project
from benchmarks.peaks import Peaks
from benchmarks.worker import GRAIN, GRAIN_HD, MEGABYTE, at_work

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from sandbox.server import Sandbox

GOAL, STRETCH, SUPABASE = 160.0, 110.0, 140.0
PER_SECOND = 1000
_PAUSE = 0.02


def figures(times: int) -> list[Figure]:
    """Measure the ordinary one so many times in each store, and the heaviest one once."""
    folder = [asyncio.run(_peak({}, "a lighthouse")) for _ in range(times)]
    supabase = [_on_supabase("a lighthouse") for _ in range(times)]
    heavy = _on_supabase("a lighthouse --hd --ar 16:9", flood=True)
    return [
        _figure("peak of an ordinary generation, in the folder", folder, GOAL, STRETCH),
        _figure("the same on Supabase", supabase, SUPABASE, None),
        _figure(
            "in HD (46 MB, and four of 8), on Supabase, under "
            f"{PER_SECOND:,} foreign events a second",
            [heavy],
            MOST_MB,
            None,
        ),
    ]


def _on_supabase(prompt: str, *, flood: bool = False) -> float:
    """Measure in an empty project."""
    with served_project() as opened:
        facts = {"SUPABASE_URL": opened.url, "SUPABASE_KEY": opened.key, "ALLOW_COSTLY": "hd"}
        return asyncio.run(_peak(facts, prompt, flood=flood))


def _figure(name: str, found: list[float], goal: float, stretch: float | None) -> Figure:
    return Figure(name=name, unit="MB", ours=spread(found), goal=goal, stretch=stretch)


async def _peak(facts: Mapping[str, str], prompt: str, *, flood: bool = False) -> float:
    async with at_work(facts, grain=GRAIN_HD if flood else GRAIN) as worker:
        with Peaks(worker.pid) as peaks:
            if flood:
                async with _flood(worker.sandbox):
                    await worker.imagine(prompt)
            else:
                await worker.imagine(prompt)
        return (peaks.own + sum(peaks.children)) / MEGABYTE


@asynccontextmanager
async def _flood(sandbox: Sandbox) -> AsyncGenerator[None]:
    """Let other people write in other channels, all the time."""

    async def write() -> None:
        events = cycle(list(islice(foreign_events(sandbox), PER_SECOND)))
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            for _ in range(round(PER_SECOND * _PAUSE)):
                kind, data = next(events)
                sandbox.gateway.dispatch(kind, data)
            due += _PAUSE
            await asyncio.sleep(max(0.0, due - loop.time()))

    writing = asyncio.get_running_loop().create_task(write(), name="flood")
    try:
        yield
    finally:
        writing.cancel()
        await asyncio.wait([writing])
