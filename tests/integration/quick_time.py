"""One clock for the bot, Midjourney and their libraries; it moves only while nothing runs.

It is the event loop's own clock, so all sleeps and timeouts use it. It stands still while anything
is running: a frame or a request between the two, a thread, a process, the database. So a slow or
busy machine causes no silence and changes no order. When there is nothing to do but wait, the clock
jumps to the moment when the next sleeper wakes.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import Awaitable, Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast
from unittest.mock import patch

import aiosqlite
import httpx
from curl_cffi.aio import CURL_POLL_NONE, CURL_SOCKET_TIMEOUT, AsyncCurl

from sandbox import Sandbox
from services.pictures import download

P = ParamSpec("P")
T = TypeVar("T")

BLINK, LONG_BLINK = 0.001, 0.03
"""Real seconds without any event after which the event loop has nothing to do; the long one before
a LEAP. A busy machine may bring an event late, and a deadline may be all that others wait for."""
LEAP = 20.0
"""Seconds: few ticks are so far apart, but the deadlines that end a login or a request are."""
BLINKS = 50
"""Such moments, one after the other, after which an answer to libcurl waits for time to pass.
Until then it may be libcurl that waits, for it has a clock of its own."""
LONGEST_REQUEST = 30.0
"""Real seconds after which a request to another process is taken to wait for time to pass. A busy
machine answers within them: else a deadline passes that had hours left."""
SHORTEST_SLEEP = 1e-6
"""Seconds. The loop's time has too few digits for a much shorter sleep: no time would pass in it,
and who sleeps until a moment would do so for ever."""
PATIENCE = 8 * 3600.0
"""Seconds until everything must have come to an end that a test waits for."""


class LoopClock:
    """The time of the running event loop, as the `Clock` port."""

    def __init__(self, now: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._start = datetime.fromtimestamp(now, UTC)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return self._loop.time() - self._begun

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(SHORTEST_SLEEP, seconds) if seconds > 0 else 0)


class QuickTime:
    """The time of one event loop: it jumps forward when nothing is running in this process."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, longest_request: float = LONGEST_REQUEST
    ) -> None:
        self._loop: Any = loop
        self._longest_request = longest_request
        self._select: Callable[[float | None], list[Any]] = self._loop._selector.select
        self._time = loop.time()
        self._freed_at: float | None = None
        self._at_work: set[object] = set()
        self._requests: dict[object, float] = {}
        self._curls: set[Any] = set()
        self._blinks = 0

    def time(self) -> float:
        """Return what `loop.time` returns."""
        if self._freed_at is None:
            return self._time
        return self._time + time.monotonic() - self._freed_at

    @contextlib.contextmanager
    def passing(self) -> Generator[None]:
        """Watch the event loop, its threads and servers; restore its clock after the block."""
        loop, database = self._loop, cast("Any", aiosqlite.Connection)
        requests = httpx.AsyncClient

        async def look(curl: Any) -> None:
            await self._noting_curl(curl)

        loop.time = self.time
        with (
            patch.object(loop._selector, "select", self._wait),
            patch.object(loop, "run_in_executor", self._noting_thread(loop.run_in_executor)),
            patch.object(download, "transcode_apart", self._noting(download.transcode_apart)),
            patch.object(database, "_connect", self._noting(database._connect)),
            patch.object(database, "_execute", self._noting(database._execute)),
            patch.object(database, "close", self._noting(database.close)),
            patch.object(requests, "send", self._noting_request(requests.send)),
            patch.object(AsyncCurl, "_force_timeout", look),
        ):
            yield
        self._freed_at = time.monotonic()

    def _wait(self, timeout: float | None = None) -> list[Any]:
        """Return the ready events; if there are none and nothing is running, let time pass."""
        events = self._select(0)
        if events or timeout == 0:
            return events
        if self._at_work or timeout is None:
            return self._select(None)  # their end is an event
        if under_way := self._longest_wait():
            return self._select(under_way)
        events = self._select(LONG_BLINK if timeout >= LEAP else BLINK)
        self._blinks = 0 if events else self._blinks + 1
        if not events and not self._curl_works():
            self._time += timeout
        return events

    def _curl_works(self) -> bool:
        """Let libcurl look at its clock; return whether it still has something to do."""
        waiting = [curl for curl in self._curls if curl._curl2future]
        for curl in waiting:
            curl.process_data(CURL_SOCKET_TIMEOUT, CURL_POLL_NONE)
        return bool(waiting) and self._blinks < BLINKS

    def _longest_wait(self) -> float:
        """Return how long to wait for a request."""
        waits = time.monotonic() - self._longest_request
        return max((begun - waits for begun in self._requests.values() if begun > waits), default=0)

    async def _noting_curl(self, curl: Any) -> None:
        """Replace the function that checks libcurl's clock ten times a second."""
        self._curls.add(curl)
        try:
            await asyncio.Event().wait()
        finally:
            self._curls.discard(curl)

    def _noting_thread(
        self, start: Callable[..., asyncio.Future[T]]
    ) -> Callable[..., asyncio.Future[T]]:
        def noted(*args: Any) -> asyncio.Future[T]:
            work = start(*args)
            self._at_work.add(work)
            work.add_done_callback(self._at_work.discard)
            return work

        return noted

    def _noting(self, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(call)
        async def noted(*args: P.args, **named: P.kwargs) -> T:
            work = object()
            self._at_work.add(work)
            try:
                return await call(*args, **named)
            finally:
                self._at_work.discard(work)

        return noted

    def _noting_request(self, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(call)
        async def noted(*args: P.args, **named: P.kwargs) -> T:
            request = object()
            self._requests[request] = time.monotonic()
            try:
                return await call(*args, **named)
            finally:
                del self._requests[request]

        return noted


@contextlib.contextmanager
def passing(sandbox: Sandbox, longest_request: float = LONGEST_REQUEST) -> Generator[LoopClock]:
    """Let time jump forward, for Midjourney as well; yield the clock."""
    with QuickTime(asyncio.get_running_loop(), longest_request).passing():
        clock = LoopClock(sandbox.clock.now())
        sandbox.patience = PATIENCE
        sandbox.clock.follow(lambda: clock.now().timestamp(), clock.sleep)
        yield clock
