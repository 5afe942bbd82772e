"""When Discord takes the next message, or the next edit of one.

Each of the two has a limit of its own, which is one for all messages of the channel.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
import structlog

from domain.ports import Clock

log = structlog.get_logger(__name__)

MOMENT = 0.01
"""Seconds more than Discord names: a sleeper may be woken a little early."""

T = TypeVar("T")


class MessageRate:
    """Holds requests back for as long as Discord says, if the library does not wait itself."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is held back."""
        self._clock = clock
        self._not_before = clock.monotonic()

    async def wait(self) -> bool:
        """Wait until a request may be sent; return whether that took any time."""
        waited = False
        while self._left > 0:
            waited = True
            await self._clock.sleep(self._left + MOMENT)
        return waited

    async def ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Send a request, or raise `discord.RateLimited` without asking Discord again too soon."""
        if self._left > 0:
            raise discord.RateLimited(self._left)
        try:
            return await request()
        except discord.RateLimited as error:
            log.warning("messages_held_back", seconds=error.retry_after)
            self._not_before = self._clock.monotonic() + error.retry_after
            raise

    @property
    def _left(self) -> float:
        return self._not_before - self._clock.monotonic()
