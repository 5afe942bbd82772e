"""Time and tasks: one object that sets the speed and owns all running tasks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine


class SandboxClock:
    """Wall time for identifiers and links, quicker time for what Midjourney does.

    With `speed` 20, a job of 25 seconds takes 1.25. Everything of Discord's (heartbeats, the life
    of a link) keeps its real length.
    """

    def __init__(self, speed: float = 1.0) -> None:
        _check(speed)
        self._speed = speed
        self._paced = asyncio.Event()
        self.closing = asyncio.Event()
        self._now: Callable[[], float] = time.time
        self._sleep: Callable[[float], Awaitable[None]] = self._sleep_quicker
        self._offset = 0.0
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def speed(self) -> float:
        """How many times quicker than usual Midjourney is; a change counts at once."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        _check(speed)
        self._speed = speed
        self._paced.set()
        self._paced = asyncio.Event()

    def now(self) -> float:
        """Return the wall time in seconds since 1970, as shifted by `shift`."""
        return self._now() + self._offset

    def follow(
        self,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Take wall time and Midjourney's time from another clock, so that they stay in step."""
        self._now, self._sleep = now, sleep

    def shift(self, seconds: float) -> None:
        """Move the wall time, for instance past the end of a link's life."""
        self._offset += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait as long as Midjourney would take for `seconds`, divided by the speed."""
        await self._sleep(seconds)

    async def _sleep_quicker(self, seconds: float) -> None:
        """Sleep, and where the speed changes meanwhile, what is left of it at the new speed."""
        loop = asyncio.get_running_loop()
        while True:
            begun, speed = loop.time(), self._speed
            try:
                async with asyncio.timeout(seconds / speed):
                    await self._paced.wait()
            except TimeoutError:
                return
            seconds -= (loop.time() - begun) * speed

    async def pause(self, seconds: float) -> None:
        """Wait that many real seconds, or until the sandbox closes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.closing.wait(), seconds)

    def start(self, work: Coroutine[Any, Any, object], name: str) -> None:
        """Run a task; `close` cancels it, and raises its error."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - their owner is this object
        self._tasks.add(task)
        task.add_done_callback(self._forget_if_well)

    async def close(self) -> None:
        """Cancel all tasks; raise an error of the sandbox itself, if there was one."""
        self.closing.set()
        for task in self._tasks:
            task.cancel()
        outcomes = await asyncio.gather(*self._tasks, return_exceptions=True)
        errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        if errors:
            raise ExceptionGroup("the sandbox's own work failed", errors)

    def _forget_if_well(self, task: asyncio.Task[object]) -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)


def _check(speed: float) -> None:
    if speed <= 0:
        raise ValueError("speed must be greater than zero")


class ChangeSignal:
    """Wakes whoever waits for a change, so that nothing has to poll."""

    def __init__(self) -> None:
        self._notified = asyncio.Event()

    def notify(self) -> None:
        """Wake all current waiters."""
        self._notified.set()
        self._notified = asyncio.Event()

    async def until(self, condition: Callable[[], bool], timeout: float) -> None:  # noqa: ASYNC109 - the caller names the limit in one word
        """Return as soon as the condition holds; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not condition():
                await self._notified.wait()
