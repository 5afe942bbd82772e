"""When Discord takes the next message: its limit is one for all messages of the channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog

from domain.ports import Clock
from services.discord.message_parts import send_in_parts

log = structlog.get_logger(__name__)

MOMENT = 0.01
"""Seconds more than Discord names: a sleeper may be woken a little early."""

Send = Callable[..., Awaitable[discord.Message]]


class MessageRate:
    """Holds messages back for as long as Discord says, if the library does not wait itself."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is held back."""
        self._clock = clock
        self._not_before = clock.monotonic()

    async def wait(self) -> bool:
        """Wait until a message may be sent; return whether that took any time."""
        waited = False
        while self._left > 0:
            waited = True
            await self._clock.sleep(self._left + MOMENT)
        return waited

    async def send(self, send: Send, text: str, *, nonce: str, **facts: Any) -> discord.Message:
        """Send a text, or raise `discord.RateLimited` without asking Discord again too soon."""
        if self._left > 0:
            raise discord.RateLimited(self._left)
        try:
            return await send_in_parts(send, text, nonce=nonce, **facts)
        except discord.RateLimited as error:
            log.warning("messages_held_back", seconds=error.retry_after)
            self._not_before = self._clock.monotonic() + error.retry_after
            raise

    @property
    def _left(self) -> float:
        return self._not_before - self._clock.monotonic()
