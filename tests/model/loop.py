"""An event loop without sockets and threads, whose time jumps to the next timer.

One run has one loop. Nothing waits for real time, and the same seed gives the same run.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Never

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOST_STEPS = 5_000
"""So many rounds of the loop at one moment mean that it turns without end."""
POLL = 1.0
"""Seconds: who sleeps for so long looks for something again and again."""


class Stalled(AssertionError):
    """The loop does not come to rest, or everything waits for something that never comes."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs what is ready; when nothing is, the next timer is due at once."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = 0.0
        self._steps = 0
        self._selector: Any = self

    def time(self) -> float:
        return self._passed

    def select(self, timeout: float | None) -> list[Never]:
        """Let the time pass for which there is nothing to do, instead of waiting for sockets."""
        if timeout is None:
            raise Stalled("everything waits, and nothing is due")
        if timeout > 0:
            self._passed += timeout
            self._steps = 0
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Stalled(f"{MOST_STEPS} rounds of the loop at one moment")
        return []

    def _process_events(self, event_list: list[Never]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""


class SimulatedClock:
    """The loop's time as the `Clock` port."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.poll = 2 * POLL
        self._long_poll, self._until = POLL, 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Wait; a poll takes longer while it is known that nothing happens for long."""
        if seconds == POLL:
            long = self._loop.time() < self._until
            seconds = max(self.poll, self._long_poll) if long else self.poll
        await asyncio.sleep(seconds)

    def stretch(self, seconds: float) -> None:
        """Poll more rarely for so long: sixty times in it, and at least twice a minute."""
        until = self._loop.time() + seconds
        if until > self._until:
            self._until, self._long_poll = until, min(seconds / 60, 30.0)
