"""Limits how many bytes a second may go, for one connection or for all together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class TokenBucket:
    """Holds permission for some bytes, and gets more as time passes.

    Whoever takes more than there is waits until it would have been there; those that come later
    wait longer, so that together they never get more than `rate` bytes a second.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin full, with `burst` bytes."""
        self._rate = rate
        self._burst = burst
        self._now = now
        self._sleep = sleep
        self._tokens = burst
        self._filled_at = now()

    async def take(self, size: int) -> None:
        """Wait until so many bytes may go."""
        now = self._now()
        grown = self._tokens + (now - self._filled_at) * self._rate
        self._tokens, self._filled_at = min(self._burst, grown) - size, now
        if self._tokens < 0:
            await self._sleep(-self._tokens / self._rate)
