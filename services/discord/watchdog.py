"""Notices what the library does not: a gateway that no longer answers.

It also notices when the gateway is away for so long that people should know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from domain.ports import Clock

log = structlog.get_logger(__name__)

TICK_SECONDS, ABSENT_SECONDS = 2.0, 1.0
"""How often it looks while the gateway is connected, and while it is away."""
UNANSWERED_SECONDS = 150.0
"""More than three heartbeats of 41.25 s. The library takes any frame as a sign of life, and does
not notice when its heartbeats are no longer answered."""
DOUBTFUL_SECONDS = 60.0
"""Since an answer to a heartbeat, after which another one is missing: perhaps nothing is heard."""
RECONNECTING_SECONDS = 8.0
"""How long the gateway may be away before people are told: most outages last a second or two."""


class GatewayState(Protocol):
    """What the watchdog watches; implemented by `DiscordConnection`."""

    @property
    def away(self) -> bool:
        """Whether the gateway was connected before, but is not now."""
        ...

    @property
    def heartbeat(self) -> float | None:
        """How long the last answer to a heartbeat took, unrounded; None while down."""
        ...

    @property
    def sequence(self) -> int | None:
        """The number of the last event, which each one changes; None before the first."""
        ...

    async def hang_up(self) -> None:
        """Close the socket, so that the library makes a new one and resumes the session."""
        ...


class GatewayWatchdog:
    """Watches the connection until cancelled.

    `reconnecting` is True while it has been away for so long that people are told.
    """

    def __init__(self, line: GatewayState, clock: Clock) -> None:
        """Start from the current state."""
        self._line = line
        self._clock = clock
        self._heartbeat: float | None = None
        self._sequence: int | None = None
        self._answered_at = self._there_at = self._heard_at = clock.monotonic()
        self._away = False
        self.reconnecting = False

    @property
    def hears(self) -> bool:
        """Whether heartbeats are answered, so that what is said comes through."""
        return self.heartbeat_age < DOUBTFUL_SECONDS

    @property
    def heartbeat_age(self) -> float:
        """How many seconds ago a heartbeat was answered, or the connection was gone."""
        return self._clock.monotonic() - self._answered_at

    @property
    def event_age(self) -> float:
        """How many seconds ago the gateway told of an event; at first, since the start.

        Up to `TICK_SECONDS` less than it was.
        """
        return self._clock.monotonic() - self._heard_at

    async def run(self, tell: Callable[[], None]) -> None:
        """Watch until cancelled; `tell` is called whenever `reconnecting` changes."""
        while True:
            await self._clock.sleep(ABSENT_SECONDS if self._away else TICK_SECONDS)
            self._measure_absence(tell)
            self._look_at_events()
            await self._look_at_heartbeats()

    def _measure_absence(self, tell: Callable[[], None]) -> None:
        now = self._clock.monotonic()
        if not (self._away and self._line.away):
            self._there_at = now
        self._away = self._line.away
        reconnecting = now - self._there_at >= RECONNECTING_SECONDS
        if reconnecting != self.reconnecting:
            self.reconnecting = reconnecting
            tell()

    def _look_at_events(self) -> None:
        sequence = self._line.sequence
        if sequence not in (None, self._sequence):
            self._sequence, self._heard_at = sequence, self._clock.monotonic()

    async def _look_at_heartbeats(self) -> None:
        """Hang up without a new answer; an identical duration means that it is the old one."""
        now, heartbeat = self._clock.monotonic(), self._line.heartbeat
        if heartbeat is None or heartbeat != self._heartbeat:
            self._heartbeat, self._answered_at = heartbeat, now
        elif now - self._answered_at >= UNANSWERED_SECONDS:
            log.warning("gateway_does_not_answer", seconds=now - self._answered_at)
            self._answered_at = now
            await self._line.hang_up()
