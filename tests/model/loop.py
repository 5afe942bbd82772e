"""An event loop without sockets and threads, whose time jumps to the next timer.

One run has one loop. Nothing waits for real time, and the same seed gives the same run.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any, cast

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOST_STEPS = 5_000
"""So many rounds of the loop at one moment mean that it turns without end."""
POLL = 1.0
"""Seconds: who sleeps for so long looks for something again and again."""
LIVELY_POLL, QUIET_POLL = 1.5, 6.0
LIVELY_SECONDS = 4.0


class Stalled(AssertionError):
    """The loop does not come to rest, or everything waits for something that never comes."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs what is ready; when nothing is, the next timer is due at once.

    It does what the standard loop does, without what only sockets, threads and debugging need.
    """

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _stopping: bool

    def __init__(self) -> None:
        super().__init__()
        self._passed = 0.0
        self._steps = 0

    def time(self) -> float:
        return self._passed

    def _run_once(self) -> None:
        """Run everything that is ready now, after time has passed if nothing is."""
        ready, timers = self._ready, self._scheduled
        if not ready and not self._stopping:
            self._jump()
        while timers and (timers[0].cancelled() or timers[0].when() <= self._passed):
            ready.append(heapq.heappop(timers))
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Stalled(f"{MOST_STEPS} rounds of the loop at one moment")
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                cast("Any", handle)._run()

    def _jump(self) -> None:
        """Let the time pass until the next timer is due."""
        timers = self._scheduled
        while timers and timers[0].cancelled():
            heapq.heappop(timers)
        if not timers:
            raise Stalled("everything waits, and nothing is due")
        self._passed = max(self._passed, timers[0].when())
        self._steps = 0

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Leave it in the heap until its time comes."""


class SimulatedClock:
    """The loop's time as the `Clock` port; who polls does so more rarely while nothing happens."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lively_until = 0.0
        self._quiet_until, self._longest = 0.0, QUIET_POLL

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Wait; a poll waits longer than its second."""
        await asyncio.sleep(self._poll() if seconds == POLL else seconds)

    def _poll(self) -> float:
        now = self._loop.time()
        if now < self._lively_until:
            return LIVELY_POLL
        return self._longest if now < self._quiet_until else QUIET_POLL

    def enliven(self) -> None:
        """Note that something happens: for some seconds, polls are as frequent as they may be."""
        self._lively_until = self._loop.time() + LIVELY_SECONDS

    def quieten(self, seconds: float) -> None:
        """Note that not much happens for so long: the longer it is, the rarer the polls."""
        until = self._loop.time() + seconds
        if until > self._quiet_until:
            self._quiet_until, self._longest = until, max(QUIET_POLL, min(seconds / 60, 30.0))
