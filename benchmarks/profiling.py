"""Which parts and functions of the real process take its CPU time, in generations and in between.

The process samples itself, which adds a little; what its child takes that decodes WebP is counted
apart.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.samples import Sample
from benchmarks.worker import at_work, cpu_of_children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GENERATIONS = 5
IDLE_SECONDS = 60.0
_FUNCTIONS, _PARTS = 20, 10
"""How many are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuProfile:
    """Milliseconds of CPU, of one generation or of one minute in which nothing happens."""

    parts: tuple[tuple[str, float], ...]  #: the greatest first, as in all of them
    functions: tuple[tuple[str, float], ...]
    children_ms: float = 0.0

    @property
    def ms(self) -> float:
        """All of the process itself."""
        return sum(ms for _, ms in self.parts)


async def profiles() -> tuple[CpuProfile, CpuProfile]:
    """Return what a generation takes, on average of some, and what a minute does after them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samples.json"
        program = ("-m", "benchmarks.inside", "profile", file)
        async with at_work(program=program) as worker:
            await worker.imagine("a lighthouse, warming up")
            begun, children = time.monotonic(), cpu_of_children(worker.pid)
            for number in range(GENERATIONS):
                await worker.imagine(f"a lighthouse, number {number}")
            done, children = time.monotonic(), cpu_of_children(worker.pid) - children
            await asyncio.sleep(2)  # what follows the last one
            idle = time.monotonic()
            await asyncio.sleep(IDLE_SECONDS)
        found = [Sample(**each) for each in json.loads(await asyncio.to_thread(file.read_text))]
    at_work_then = [each for each in found if begun <= each.at <= done]
    idle_then = [each for each in found if idle <= each.at <= idle + IDLE_SECONDS]
    return (
        profile(at_work_then, GENERATIONS, 1000 * children / GENERATIONS),
        profile(idle_then, IDLE_SECONDS / 60),
    )


def profile(found: Iterable[Sample], among: float, children_ms: float = 0.0) -> CpuProfile:
    """Return the sums of samples, as milliseconds, shared out among so many."""
    samples = tuple(found)

    def sums(of: Callable[[Sample], str]) -> tuple[tuple[str, float], ...]:
        total: Counter[str] = Counter()
        for each in samples:
            total[of(each)] += each.seconds  # pyright: ignore[reportArgumentType] -- a Counter sums any number
        return tuple((name, 1000 * seconds / among) for name, seconds in total.most_common())

    return CpuProfile(
        parts=sums(lambda each: each.part),
        functions=sums(lambda each: each.function),
        children_ms=children_ms,
    )


def as_text(found: CpuProfile) -> str:
    """Return both tables as Markdown; what little the others took is one line."""
    lines = ["| part | ms of CPU |", "| --- | --- |", *_rows(found.parts, _PARTS)]
    if found.children_ms:
        lines.append(f"| beside it, the child that decodes WebP | {found.children_ms:.1f} |")
    lines += ["", "| function, without what it calls in Python | ms of CPU |", "| --- | --- |"]
    return "\n".join((*lines, *_rows(found.functions, _FUNCTIONS, "`{}`")))


def _rows(found: tuple[tuple[str, float], ...], most: int, shape: str = "{}") -> list[str]:
    rows = [f"| {shape.format(name)} | {ms:.1f} |" for name, ms in found[:most]]
    rest = sum(ms for _, ms in found[most:])
    return [*rows, f"| all others | {rest:.1f} |"] if rest else rows
