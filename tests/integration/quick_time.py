"""One clock for the bot and for Midjourney, which passes quickly, and only while nobody works.

From one moment at which somebody wakes to the next, time passes at the sandbox's speed. It stands
still while anything is under way: a frame or a request between the two, a thread, the database. So
what a slow or busy machine takes for its work makes no silence and brings nothing out of order.
What waits in real time (a heartbeat or a backoff of the library, a stalled connection) lets it
pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any, ParamSpec, TypeVar, cast
from unittest.mock import patch

import aiosqlite
import httpx

from sandbox import Sandbox
from tests.fakes import FakeClock

P = ParamSpec("P")
T = TypeVar("T")

STEP = 1.0
"""Seconds that pass at once at most."""
MOST_BEHIND = 4.0
"""Seconds that may be made up for when there was work."""
LONGEST_WORK = 1.0
"""Real seconds after which something under way is taken to wait for time to pass."""
BLINK = 0.0005
"""Real seconds without any event after which the event loop has nothing to do."""


class IdleWatch:
    """Knows whether anything is under way in this process, or for it."""

    def __init__(self) -> None:
        self._idle_turns = 0
        self._begun: dict[object, float] = {}

    async def rests(self) -> None:
        """Wait until there is nothing to do but to wait."""
        patience = time.monotonic() + LONGEST_WORK
        idle = False
        while not idle and time.monotonic() < patience:
            turns = self._idle_turns
            await asyncio.sleep(BLINK)
            idle = self._idle_turns > turns and not self._works()

    @contextlib.contextmanager
    def watched(self) -> Generator[None]:
        """See the running event loop, and what it leaves to threads and to servers."""
        loop = asyncio.get_running_loop()
        selector: Any = cast("Any", loop)._selector
        statements: Any = aiosqlite.Connection
        requests = httpx.AsyncClient
        with (
            patch.object(selector, "select", self._counting(selector.select)),
            patch.object(loop, "run_in_executor", self._noting_thread(loop.run_in_executor)),
            patch.object(statements, "_execute", self._noting(statements._execute)),
            patch.object(requests, "send", self._noting(requests.send)),
        ):
            yield

    def _works(self) -> bool:
        longest = time.monotonic() - LONGEST_WORK
        return any(begun > longest for begun in self._begun.values())

    def _counting(self, select: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        def counted(timeout: float | None = None) -> list[Any]:
            events = select(timeout)
            self._idle_turns += not events and timeout != 0
            return events

        return counted

    def _noting_thread(
        self, start: Callable[..., asyncio.Future[T]]
    ) -> Callable[..., asyncio.Future[T]]:
        def noted(*args: Any) -> asyncio.Future[T]:
            work = start(*args)
            self._begun[work] = time.monotonic()
            work.add_done_callback(self._begun.pop)
            return work

        return noted

    def _noting(self, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(call)
        async def noted(*args: P.args, **named: P.kwargs) -> T:
            work = object()
            self._begun[work] = time.monotonic()
            try:
                return await call(*args, **named)
            finally:
                del self._begun[work]

        return noted


@contextlib.asynccontextmanager
async def passing(clock: FakeClock, sandbox: Sandbox) -> AsyncGenerator[None]:
    """Let time pass as fast as Midjourney's does, which is from now on the same.

    The gateway's heartbeats are the library's, in real time: nobody waits for them in this one.
    """

    async def pass_by() -> None:
        speed, due = sandbox.clock.speed, time.monotonic()
        while True:
            step = min(STEP, clock.until_next())
            due = max(due + step / speed, time.monotonic() - MOST_BEHIND / speed)
            await asyncio.sleep(due - time.monotonic())
            await machine.rests()
            await clock.advance(step)

    machine = IdleWatch()
    sandbox.clock.follow(lambda: clock.now().timestamp(), clock.sleep)
    with machine.watched(), patch("services.discord.watchdog.UNANSWERED_SECONDS", math.inf):
        passing_by = asyncio.create_task(pass_by())
        yield
        passing_by.cancel()
