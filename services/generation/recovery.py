"""Finds out what happened while nothing was heard: after a start, a gap, or a long silence.

Discord forgets the events that fall into a gap, but not the messages. They are read from the
channel's history and go through the same `parse`, matching and `apply` as live events do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from domain.errors import ChannelUnavailable
from domain.messages import MessageSnapshot, parse
from domain.ports import Clock
from domain.text_matching import EARLY
from services.generation.inbox import HistoryRead
from services.generation.orchestrator import Orchestrator

log = structlog.get_logger(__name__)

TICK_SECONDS = 1.0
SILENCE_SECONDS = 30.0
"""After how much silence about the active generation the history is read (again)."""
OTHERS_SECONDS = 5.0
"""How long after a connect it waits for those who look for missed commands: one reading is enough
for both, unless the database keeps them from it."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 40.0
"""After a history that could not be read, the pause before it is read again; it doubles up to the
longest."""
AGAIN_SECONDS = 10.0
"""The same if a progress message was deleted, and only the history can have the result."""


class HistoryReader(Protocol):
    """The channel's history, and how often the gateway was connected; Discord's has both."""

    connects: int

    @property
    def account_id(self) -> int:
        """The account that the bot is logged in with."""
        ...

    async def since(self, message_id: int) -> list[MessageSnapshot]:
        """Return what was said after a message, oldest first, or raise `ChannelUnavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """A look into the history that has begun: what was said after the message `since` is wanted."""

    since: int
    connects: int
    began: float
    at: datetime


class Recovery:
    """Reads the history when there is a reason to, or takes what somebody else has read of it."""

    def __init__(self, history: HistoryReader, orchestrator: Orchestrator, clock: Clock) -> None:
        """Keep the parts."""
        self._history = history
        self._orchestrator = orchestrator
        self._clock = clock
        self._seen_connects = 0
        self._connected_since: float | None = None
        self._looked_at = clock.monotonic()
        self._second_look_at: float | None = None
        self._pause = self._again_at = 0.0
        self._failed_in = 0

    async def run(self) -> None:
        """Look after each connect and in every long silence, until cancelled."""
        while True:
            await self._clock.sleep(TICK_SECONDS)
            if self._has_reason() and self._may_ask():
                try:
                    await self.look()
                except ChannelUnavailable as error:
                    self._wait_longer(str(error))

    def _wait_longer(self, why: str) -> None:
        """Ask again after a longer pause each time, and say so once."""
        if not self._pause:
            log.warning("history_not_read", why=why)
        self._pause = min(2 * self._pause or FIRST_PAUSE, LONGEST_PAUSE)
        self._again_at = self._clock.monotonic() + self._pause
        self._failed_in = self._history.connects

    def _may_ask(self) -> bool:
        """Whether it was read last time, or the pause is over, or the gateway is connected anew."""
        new = self._history.connects != self._failed_in
        return new or self._clock.monotonic() >= self._again_at

    def _has_reason(self) -> bool:
        """Look after each connect, and again when a request just before it has its message."""
        now = self._clock.monotonic()
        if self._waited_for_others(now):
            return True
        if self._second_look_at is not None and now >= self._second_look_at:
            return True
        since = now - self._looked_at
        if self._orchestrator.misses() and since >= AGAIN_SECONDS:
            return True
        return min(self._orchestrator.silence(), since) >= SILENCE_SECONDS

    def _waited_for_others(self, now: float) -> bool:
        """Whether there was a connect, and nobody who looks for missed commands has read for us."""
        if self._history.connects == self._seen_connects:
            self._connected_since = None
            return False
        if self._connected_since is None:
            self._connected_since = now
        return now - self._connected_since >= OTHERS_SECONDS

    async def look(self) -> None:
        """Look now, if anything is awaited, or raise `ChannelUnavailable`."""
        look = self.begin()
        if look is not None:
            self.finish(look, await self._history.since(look.since))

    def begin(self) -> Look | None:
        """Begin a look; None when nothing is awaited. Then give `finish` what was read."""
        since = self._orchestrator.first_unknown()
        if since is None:
            return None
        self._looked_at = self._clock.monotonic()
        return Look(since, self._history.connects, self._looked_at, self._clock.now())

    def finish(self, look: Look, snapshots: Sequence[MessageSnapshot]) -> None:
        """Hand on everything that was said since the look's message, oldest first."""
        self._pause = self._again_at = 0.0
        if look.connects != self._seen_connects:
            self._second_look_at = look.began + EARLY.total_seconds()
        elif self._second_look_at is not None and look.began >= self._second_look_at:
            self._second_look_at = None
        self._seen_connects = look.connects
        heard = tuple(h for h in map(parse, snapshots) if h is not None)
        log.info("history_read", since=look.since, messages=len(snapshots), about_jobs=len(heard))
        account_id = self._history.account_id
        self._orchestrator.look_back(HistoryRead(heard, look.since, account_id, look.at))
