"""Finds out what happened while nothing was heard: after a start, a gap, or a long silence.

Discord forgets the events that fall into a gap, but not the messages. They are read from the
channel's history and go through the same `parse`, matching and `apply` as live events do.
"""

from __future__ import annotations

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
"""How long nothing may be heard of the active generation before the history is read (again)."""
AGAIN_SECONDS = 10.0
"""The same where a progress message is gone, and only the history can tell what came of it."""


class History(Protocol):
    """The channel's history, and how often the gateway was connected; Discord's has both."""

    connects: int

    @property
    def account_id(self) -> int:
        """The account that the bot is logged in with."""
        ...

    async def since(self, message_id: int) -> list[MessageSnapshot]:
        """Return what was said after a message, oldest first, or raise `ChannelUnavailable`."""
        ...


class Recovery:
    """Reads the history when there is a reason to."""

    def __init__(self, history: History, orchestrator: Orchestrator, clock: Clock) -> None:
        """Keep the parts."""
        self._history = history
        self._orchestrator = orchestrator
        self._clock = clock
        self._seen_connects = 0
        self._looked_at = clock.monotonic()
        self._second_look_at: float | None = None

    async def run(self) -> None:
        """Look whenever the gateway has come back, and in every long silence, until cancelled."""
        while True:
            await self._clock.sleep(TICK_SECONDS)
            since = self._orchestrator.first_unknown()
            if since is not None and self._has_reason():
                try:
                    await self._look(since)
                except ChannelUnavailable as error:
                    log.warning("history_not_read", why=str(error))

    def _has_reason(self) -> bool:
        """Look after each connect, and again when a request just before it has its message."""
        if self._history.connects != self._seen_connects:
            return True
        now = self._clock.monotonic()
        if self._second_look_at is not None and now >= self._second_look_at:
            return True
        since = now - self._looked_at
        if self._orchestrator.misses() and since >= AGAIN_SECONDS:
            return True
        return min(self._orchestrator.silence(), since) >= SILENCE_SECONDS

    async def look(self) -> None:
        """Look now, if anything is awaited, or raise `ChannelUnavailable`."""
        since = self._orchestrator.first_unknown()
        if since is not None:
            await self._look(since)

    async def _look(self, since: int) -> None:
        """Hand on everything that was said since a message, or raise `ChannelUnavailable`."""
        connects = self._history.connects
        self._looked_at = self._clock.monotonic()
        at = self._clock.now()
        snapshots = await self._history.since(since)
        if connects != self._seen_connects:
            self._second_look_at = self._looked_at + EARLY.total_seconds()
        elif self._second_look_at is not None and self._looked_at >= self._second_look_at:
            self._second_look_at = None
        self._seen_connects = connects
        heard = tuple(h for h in map(parse, snapshots) if h is not None)
        log.info("history_read", since=since, messages=len(snapshots), about_jobs=len(heard))
        self._orchestrator.look_back(HistoryRead(heard, since, self._history.account_id, at))
