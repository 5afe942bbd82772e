"""Identifiers like Discord's: 64-bit numbers that begin with a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.clock import SandboxClock

DISCORD_EPOCH = 1_420_070_400.0  # seconds since 1970: the first instant of 2015, UTC


class Snowflakes:
    """Identifiers that grow strictly, even when the clock stands still or jumps back."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return an identifier greater than every one before it."""
        self._last = max(snowflake_at(self._clock.now()), self._last + 1)
        return self._last


def snowflake_at(seconds: float) -> int:
    """Return the smallest identifier of this time (seconds since 1970)."""
    return int((seconds - DISCORD_EPOCH) * 1000) << 22


def seconds_of(snowflake: int) -> float:
    """Return when the identifier was made, in seconds since 1970."""
    return (snowflake >> 22) / 1000 + DISCORD_EPOCH
