"""Sleeps until there is something to do, and is woken when that comes earlier than expected."""

from __future__ import annotations

import asyncio
import math

from domain.ports import Clock


class Alarm:
    """The sleep of one task."""

    def __init__(self, clock: Clock) -> None:
        """Nobody sleeps yet."""
        self._clock = clock
        self._ends = -math.inf
        self._woken = asyncio.Event()

    async def sleep(self, seconds: float) -> bool:
        """Sleep for so long; False if it was woken before: then look again how long to sleep."""
        self._ends = self._clock.monotonic() + seconds
        self._woken.clear()
        async with asyncio.TaskGroup() as tasks:
            sleeping = tasks.create_task(self._clock.sleep(seconds))
            waiting = tasks.create_task(self._woken.wait())
            await asyncio.wait({sleeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
            slept = sleeping.done()
            sleeping.cancel()
            waiting.cancel()
        return slept

    def bring_forward(self, seconds: float) -> None:
        """Wake the task if it would sleep for longer than these seconds."""
        if self._clock.monotonic() + seconds < self._ends:
            self._woken.set()
