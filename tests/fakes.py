"""Stand-ins for what tests cannot use: real time, and Midjourney."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from domain.events import JobFinished
from domain.generation import Generation
from domain.sender import Answer, Press, Ready
from domain.slots import Slot
from tests.idle import nothing_under_way

MOST_SECONDS = 3600
"""How much time passes at most until something is as a test wants it."""


class FakeClock:
    """Time that stands still until a test lets it pass; the `Clock` port."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._passed + seconds, next(self._numbers), sleeper))
        await sleeper

    def jump(self, seconds: float) -> None:
        """Let much time pass at once; sleepers that were due wake with the next `advance`."""
        self._passed += seconds

    def put_back(self, hours: float) -> None:
        """Put the time of day back, or ahead; the time that never goes back goes on."""
        self._start -= timedelta(hours=hours)

    def until_next(self) -> float:
        """Return the seconds until somebody wakes; infinity if nobody sleeps."""
        return self._sleepers[0][0] - self._passed if self._sleepers else math.inf

    async def advance(self, seconds: float) -> None:
        """Let time pass; each sleeper wakes at its own time, and acts before the next one wakes.

        Time passes only when nothing is running; wait separately for anything that uses a socket.
        """
        until = self._passed + seconds
        await nothing_under_way()
        while self._sleepers and self._sleepers[0][0] <= until:
            wakes, _, sleeper = heapq.heappop(self._sleepers)
            self._passed = max(self._passed, wakes)
            if not sleeper.done():
                sleeper.set_result(None)
            await nothing_under_way()
        self._passed = until

    async def advance_until(self, condition: Callable[[], bool]) -> None:
        """Let time pass, one second at a time, until a condition is true."""
        await self.advance(0)
        for _ in range(MOST_SECONDS):
            if condition():
                return
            await self.advance(1)
        raise AssertionError(f"not so within {MOST_SECONDS} seconds")


class UnreachableSender:
    """A `Sender` in front of a gateway that never connects: nothing is ever sent."""

    def __init__(self, *parts: object, **named_parts: object) -> None:
        """Accept the same arguments as the real one."""

    def new_nonce(self) -> str:
        raise AssertionError

    async def prepare(self, press: Press | None) -> Ready:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(
        self,
        generation: Generation,
        slot: Slot,
        press: Press | None,
        may_go: Callable[[], bool],
    ) -> Answer:
        raise AssertionError

    async def read_grid(self, message_id: int) -> JobFinished | None:
        raise AssertionError

    async def stop_job(self, generation: Generation) -> None:
        raise AssertionError
