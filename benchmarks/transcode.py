"""A grid in HD from WebP to PNG, beside Pillow alone with the same pixels: time, CPU, memory."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, paired, spread
from benchmarks.peaks import Peaks
from sandbox.pictures import Scene, grid_file
from services.pictures.child import transcode_apart

GOAL = 1.25
MOST_MB = 64.0
PILLOW = """
import sys
from PIL import Image
with Image.open(sys.argv[1]) as image:
    image.save(sys.argv[2], "PNG", compress_level=1)
"""


async def figures(pairs: int) -> list[Figure]:
    """Transcode one file both ways, each time in a new process, in random order within a pair."""
    order = random.Random(1)  # noqa: S311 -- an order that is the same each time
    wall: list[tuple[float, float]] = []
    cpu: list[tuple[float, float]] = []
    peaks: list[float] = []
    with tempfile.TemporaryDirectory() as path:
        source, target = Path(path) / "grid.webp", Path(path) / "grid.png"
        await asyncio.to_thread(_draw, source, target)
        for _ in range(pairs):
            if order.random() < 0.5:  # noqa: PLR2004 -- a coin
                ours, bare = await _ours(source, target), await _pillow(source, target)
            else:
                bare, ours = await _pillow(source, target), await _ours(source, target)
            wall.append((ours[0], bare[0]))
            cpu.append((ours[1], bare[1]))
            peaks.append(ours[2])
    return [
        paired("grid in HD to PNG, beside Pillow", "ms", wall, goal=GOAL),
        paired("grid in HD to PNG: CPU", "ms", cpu, goal=GOAL),
        Figure(
            name="grid in HD to PNG: peak memory of its process",
            unit="MB",
            ours=spread(peaks),
            goal=MOST_MB,
        ),
    ]


def _draw(source: Path, target: Path) -> None:
    scene = Scene("a lighthouse --ar 16:9", "job", hd=True, grain=0.12)
    source.write_bytes(grid_file(scene, "webp")[0])
    target.touch()


async def _ours(source: Path, target: Path) -> tuple[float, float, float]:
    with Peaks(os.getpid()) as peaks:
        begun, used = time.perf_counter(), _used()
        await transcode_apart(
            source, target, max_pixels=40_000_000, max_bytes=640_000_000, seconds=180.0
        )
        taken = 1000 * (time.perf_counter() - begun), 1000 * (_used() - used)
    return *taken, max(peaks.children, default=0) / 2**20


async def _pillow(source: Path, target: Path) -> tuple[float, float]:
    begun, used = time.perf_counter(), _used()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PILLOW, source, target)
    await process.wait()
    return 1000 * (time.perf_counter() - begun), 1000 * (_used() - used)


def _used() -> float:
    """Return the CPU time of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
