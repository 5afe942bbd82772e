"""When the next request to Midjourney may be sent: `PRESS_INTERVAL` seconds after the last one."""

from __future__ import annotations

import asyncio

from domain.ports import Clock


class RequestRate:
    """Keeps a minimum interval between all requests, those of `/imagine` too."""

    def __init__(self, interval: float, clock: Clock) -> None:
        """Keep the interval in seconds; the first request need not wait."""
        self._interval = interval
        self._clock = clock
        self._one_by_one = asyncio.Lock()
        self._last_sent = float("-inf")

    async def wait(self) -> None:
        """Wait until the next request may be sent; a late answer delays nothing."""
        async with self._one_by_one:
            wait = self._last_sent + self._interval - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
            self._last_sent = self._clock.monotonic()
