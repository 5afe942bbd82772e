"""Runs two things side by side, again and again, and says what each took: time and CPU."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class TimeTaken:
    """What one run took, in milliseconds."""

    wall: float
    cpu: float


def _nothing() -> None:
    pass


async def in_pairs(
    ours: Work,
    reference: Work,
    times: int,
    *,
    seed: int = 1,
    after: Callable[[], None] = _nothing,
) -> list[tuple[TimeTaken, TimeTaken]]:
    """Run both so many times in this process, in random order within each pair.

    One pair goes before and does not count: it loads what is loaded once. `after` each pair is done
    what neither of them shall pay for.
    """
    order = random.Random(seed)  # noqa: S311 -- an order that is the same each time
    found: list[tuple[TimeTaken, TimeTaken]] = []
    for _ in range(times + 1):
        if order.random() < 0.5:  # noqa: PLR2004 -- a coin
            first = await taken(ours)
            found.append((first, await taken(reference)))
        else:
            other = await taken(reference)
            found.append((await taken(ours), other))
        after()
    return found[1:]


async def taken(work: Work) -> TimeTaken:
    """Do it once; the CPU time is that of all threads of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return TimeTaken(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu))
